using System.Globalization;
using Xunit;

namespace Portal.Tests;

public sealed class FormatsTests
{
    private static readonly CultureInfo Es = CultureInfo.GetCultureInfo("es-CO");
    private static readonly CultureInfo En = CultureInfo.GetCultureInfo("en-US");
    private static readonly DateOnly Day = new(2026, 11, 20);
    private static readonly DateTime Now = new(2026, 11, 20, 10, 31, 0);

    [Theory]
    [InlineData("1100000", "$ 1.100.000", "$1,100,000")]
    [InlineData("0", "$ 0", "$0")]
    [InlineData("-0.4", "$ 0", "$0")]
    [InlineData("-5000", "-$ 5.000", "-$5,000")]
    [InlineData("999.5", "$ 1.000", "$1,000")]
    public void Money_is_pesos_without_decimals(string amount, string spanish, string english)
    {
        var value = decimal.Parse(amount, CultureInfo.InvariantCulture);
        Assert.Equal(spanish, Formats.Money(value, Es));
        Assert.Equal(english, Formats.Money(value, En));
    }

    [Fact]
    public void Rates_and_numbers_take_the_separators_of_the_language()
    {
        Assert.Equal("1,98 %", Formats.Percent(1.98m, culture: Es));
        Assert.Equal("1.98%", Formats.Percent(1.98m, culture: En));
        Assert.Equal("-1.234,50", Formats.Number(-1234.5m, 2, Es));
        Assert.Equal("1,234", Formats.Number(1234m, 0, En));
    }

    [Fact]
    public void Dates_write_the_month_in_words_day_first()
    {
        Assert.Equal("20 de noviembre de 2026", Formats.LongDate(Day, Es));
        Assert.Equal("20 November 2026", Formats.LongDate(Day, En));
        Assert.Equal("20 nov 2026", Formats.ShortDate(Day, Es));
        Assert.Equal("20 Nov 2026", Formats.ShortDate(Day, En));
        Assert.Equal("20 nov", Formats.DayMonth(Day, Es));
        Assert.Equal("viernes 20 de noviembre", Formats.WeekdayDate(Day, Es));
        Assert.Equal("Friday 20 November", Formats.WeekdayDate(Day, En));
        Assert.Equal("viernes 20 de noviembre de 2026", Formats.LongWeekdayDate(Day, Es));
        Assert.Equal("Friday 20 November 2026", Formats.LongWeekdayDate(Day, En));
        Assert.Equal("noviembre de 2026", Formats.MonthYear(Day, Es));
        Assert.Equal("20 nov 2026, 09:52", Formats.DateAndTime(new(2026, 11, 20, 9, 52, 0), Es));
        Assert.Equal("20 November 2026, 10:31", Formats.LongDateAndTime(Now, En));
    }

    [Fact]
    public void Ranges_write_once_what_both_ends_share()
    {
        Assert.Equal("18:00 a 20:00", Formats.TimeRange(new(18, 0), new(20, 0), Es));
        Assert.Equal("18:00 to 20:00", Formats.TimeRange(new(18, 0), new(20, 0), En));
        Assert.Equal("16 a 31 oct 2026", Formats.DateRange(new(2026, 10, 16), new(2026, 10, 31), Es));
        Assert.Equal("28 oct a 3 nov 2026", Formats.DateRange(new(2026, 10, 28), new(2026, 11, 3), Es));
        Assert.Equal("30 Dec 2026 to 2 Jan 2027", Formats.DateRange(new(2026, 12, 30), new(2027, 1, 2), En));
        Assert.Equal("20 nov 2026", Formats.DateRange(Day, Day, Es));
    }

    [Theory]
    [InlineData(0, "0 min")]
    [InlineData(-3, "0 min")]
    [InlineData(40, "40 min")]
    [InlineData(120, "2 h")]
    [InlineData(135, "2 h 15 min")]
    [InlineData(4560, "3 d 4 h")]
    [InlineData(2890, "2 d")]
    public void A_duration_shows_its_two_largest_parts(int minutes, string expected) =>
        Assert.Equal(expected, Formats.Duration(TimeSpan.FromMinutes(minutes), Es));

    [Theory]
    [InlineData("2026-11-20T10:30:30", "ahora", "now")]
    [InlineData("2026-11-20T10:30:00", "hace 1 minuto", "1 minute ago")]
    [InlineData("2026-11-20T10:26:00", "hace 5 minutos", "5 minutes ago")]
    [InlineData("2026-11-20T09:00:00", "hace 1 hora", "1 hour ago")]
    [InlineData("2026-11-20T01:00:00", "hace 9 horas", "9 hours ago")]
    [InlineData("2026-11-19T23:00:00", "ayer", "yesterday")]
    [InlineData("2026-11-17T10:00:00", "hace 3 días", "3 days ago")]
    [InlineData("2026-11-20T12:31:00", "en 2 horas", "in 2 hours")]
    [InlineData("2026-11-21T18:00:00", "mañana", "tomorrow")]
    [InlineData("2026-11-30T18:00:00", "en 10 días", "in 10 days")]
    [InlineData("2026-01-05T18:00:00", "5 ene 2026", "5 Jan 2026")]
    public void A_moment_is_told_by_its_distance(string moment, string spanish, string english)
    {
        var when = DateTime.Parse(moment, CultureInfo.InvariantCulture);
        Assert.Equal(spanish, Formats.Relative(when, Now, Es));
        Assert.Equal(english, Formats.Relative(when, Now, En));
    }

    [Fact]
    public void A_language_we_do_not_speak_is_written_in_Spanish() =>
        Assert.Equal("$ 1.100.000", Formats.Money(1_100_000m, CultureInfo.GetCultureInfo("fr-FR")));

    [Fact]
    public void Without_a_given_culture_the_reader_s_own_is_taken()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = En;
            Assert.Equal("in 3 days", Formats.Relative(Now.AddDays(3), Now));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
