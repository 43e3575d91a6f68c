using System.Globalization;
using Portal.Documents;
using Xunit;

namespace Portal.Tests.Documents;

public sealed class NumberWordsTests
{
    [Theory]
    [InlineData(0, "Cero pesos colombianos", "Zero Colombian pesos")]
    [InlineData(1, "Un peso colombiano", "One Colombian peso")]
    [InlineData(16, "Dieciséis pesos colombianos", "Sixteen Colombian pesos")]
    [InlineData(21, "Veintiún pesos colombianos", "Twenty-one Colombian pesos")]
    [InlineData(31, "Treinta y un pesos colombianos", "Thirty-one Colombian pesos")]
    [InlineData(100, "Cien pesos colombianos", "One hundred Colombian pesos")]
    [InlineData(101, "Ciento un pesos colombianos", "One hundred one Colombian pesos")]
    [InlineData(555, "Quinientos cincuenta y cinco pesos colombianos", "Five hundred fifty-five Colombian pesos")]
    [InlineData(1_000, "Mil pesos colombianos", "One thousand Colombian pesos")]
    [InlineData(21_000, "Veintiún mil pesos colombianos", "Twenty-one thousand Colombian pesos")]
    [InlineData(32_016, "Treinta y dos mil dieciséis pesos colombianos", "Thirty-two thousand sixteen Colombian pesos")]
    [InlineData(700_700, "Setecientos mil setecientos pesos colombianos", "Seven hundred thousand seven hundred Colombian pesos")]
    [InlineData(1_000_000, "Un millón de pesos colombianos", "One million Colombian pesos")]
    [InlineData(1_100_000, "Un millón cien mil pesos colombianos", "One million one hundred thousand Colombian pesos")]
    [InlineData(21_000_000, "Veintiún millones de pesos colombianos", "Twenty-one million Colombian pesos")]
    [InlineData(1_000_000_000, "Mil millones de pesos colombianos", "One billion Colombian pesos")]
    [InlineData(1_200_000_001, "Mil doscientos millones un pesos colombianos", "One billion two hundred million one Colombian pesos")]
    [InlineData(1_000_000_000_000, "Un billón de pesos colombianos", "One trillion Colombian pesos")]
    [InlineData(2_000_001_000_000, "Dos billones un millón de pesos colombianos", "Two trillion one million Colombian pesos")]
    [InlineData(-5_000, "Menos cinco mil pesos colombianos", "Minus five thousand Colombian pesos")]
    public void A_sum_is_written_in_words(long amount, string spanish, string english)
    {
        Assert.Equal(spanish, NumberWords.Pesos(amount, CultureInfo.GetCultureInfo("es-CO")));
        Assert.Equal(english, NumberWords.Pesos(amount, CultureInfo.GetCultureInfo("en")));
    }

    [Fact]
    public void Fractions_are_rounded_as_the_figure_beside_them() =>
        Assert.Equal("Mil pesos colombianos", NumberWords.Pesos(999.5m, CultureInfo.GetCultureInfo("es")));

    [Fact]
    public void Every_number_up_to_a_hundred_thousand_is_written_differently() =>
        Assert.Equal(
            100_000,
            Enumerable.Range(0, 100_000).Select(n => NumberWords.Pesos(n, CultureInfo.GetCultureInfo("es"))).Distinct().Count()
        );

    [Fact]
    public void A_sum_too_large_for_words_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NumberWords.Pesos(NumberWords.Most + 1));
}
