using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Areas.Payments;
using Portal.Data.Payments;
using Portal.Hosting;
using Portal.Resources;
using Xunit;

namespace Portal.Tests.Components;

/// <summary>One is one and many are many, and what the portal wrote into the books is read in one's own language.</summary>
public sealed partial class CountWordsTests
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().AddWords().BuildServiceProvider();

    [Theory]
    [InlineData("es", 1, "1 respuesta")]
    [InlineData("es", 2, "2 respuestas")]
    [InlineData("es", 0, "0 respuestas")]
    [InlineData("en", 1, "1 answer")]
    [InlineData("en", 21, "21 answers")]
    public void What_is_counted_agrees_with_its_number(string language, int count, string expected)
    {
        var words = In<SurveyWords>(language);
        Assert.Equal(expected, words["answers", count]);
        Assert.Equal(expected, words["answers", Formats.Number(count)]);
    }

    /// <summary>A text that counts is asked for with its count: brackets never reach a page.</summary>
    [Fact]
    public void Every_choice_between_one_and_many_is_written_so_that_it_is_understood()
    {
        foreach (var (file, key, text) in Texts())
        {
            var holes = Holes().Matches(text).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1);
            var arguments = Enumerable.Repeat<object>(1, holes.Max() + 1).ToArray();
            Assert.False(CountWords.Choose(text, arguments).Contains('|', StringComparison.Ordinal), $"{file} {key}: {text}");
        }
    }

    [Theory]
    [InlineData("es", ChargeKind.Interest, "Intereses de mora, octubre", "Intereses de mora, octubre")]
    [InlineData("en", ChargeKind.Interest, "Intereses de mora, octubre", "Late interest, October")]
    [InlineData("en", ChargeKind.Fee, "Administración de octubre de 2026", "Administration fee, October 2026")]
    [InlineData("es", ChargeKind.Fee, "Administración de octubre de 2026", "Administración de octubre de 2026")]
    [InlineData("en", ChargeKind.Booking, "Reserva Salón social, 5 dic 2026", "Booking Salón social, 5 Dec 2026")]
    [InlineData("en", ChargeKind.Deposit, "Depósito BBQ, 5 dic 2026", "Deposit BBQ, 5 Dec 2026")]
    [InlineData("en", ChargeKind.Fine, "Multa por ruido", "Multa por ruido")]
    public void What_the_portal_wrote_into_the_books_is_read_in_ones_own_language(
        string language, ChargeKind kind, string concept, string expected) =>
        Assert.Equal(expected, In<PaymentsWords>(language).Concept(kind, new DateOnly(2026, 10, 1), concept));

    private static IStringLocalizer<TWords> In<TWords>(string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        return Services.GetRequiredService<IStringLocalizer<TWords>>();
    }

    private static IEnumerable<(string File, string Key, string Text)> Texts() =>
        Directory.GetFiles(Path.Combine(WordsTests.Portal, "Resources"), "*.resx").SelectMany(file =>
            XDocument.Load(file).Root!.Elements("data").Select(word =>
                (Path.GetFileName(file), word.Attribute("name")!.Value, word.Element("value")!.Value)));

    [GeneratedRegex(@"\{(\d+)")]
    private static partial Regex Holes();
}
