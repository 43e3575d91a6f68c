using System.Globalization;
using Portal.Components.Shared;
using Xunit;

namespace Portal.Tests.Components;

/// <summary>What people type, and what it means; whatever could mean two things is refused with the reason.</summary>
public sealed class TypedTextTests
{
    private static readonly DateOnly Today = new(2026, 11, 28);

    [Theory]
    [InlineData("5/12/26", "2026-12-05")]
    [InlineData("05-12-2026", "2026-12-05")]
    [InlineData("5.12.2026", "2026-12-05")]
    [InlineData("5 12 26", "2026-12-05")]
    [InlineData("5 dic", "2026-12-05")]
    [InlineData("5 Dic.", "2026-12-05")]
    [InlineData("5 Dec 2026", "2026-12-05")]
    [InlineData("5 de diciembre de 2026", "2026-12-05")]
    [InlineData("5 dic 2026", "2026-12-05")]
    [InlineData("051226", "2026-12-05")]
    [InlineData("05122026", "2026-12-05")]
    [InlineData("2026-12-05", "2026-12-05")]
    [InlineData("5/12", "2026-12-05")]
    [InlineData("29/02/2028", "2028-02-29")]
    [InlineData("3 sept 2026", "2026-09-03")]
    [InlineData("14/3/85", "1985-03-14")]
    [InlineData(" 28 nov 2026 ", "2026-11-28")]
    public void A_date_is_read_as_it_is_written(string typed, string meant) =>
        Assert.Equal(DateOnly.Parse(meant, CultureInfo.InvariantCulture), TypedText.Date(typed, Today).Value);

    [Theory]
    [InlineData("31/02/2026", "form.date.none")]
    [InlineData("29/02/2026", "form.date.none")]
    [InlineData("13/13/2026", "form.date.none")]
    [InlineData("0/1/2026", "form.date.none")]
    [InlineData("ayer no", "form.date")]
    [InlineData("5", "form.date")]
    [InlineData("5/12/2", "form.date")]
    [InlineData("5 abc", "form.date")]
    [InlineData("12345", "form.date")]
    public void What_is_no_date_is_refused_and_is_never_another_day(string typed, string reason)
    {
        var read = TypedText.Date(typed, Today);
        Assert.Null(read.Value);
        Assert.Equal(reason, read.Reason);
    }

    [Fact]
    public void A_date_outside_what_is_allowed_is_refused_with_the_reason()
    {
        Assert.Equal("form.date.max", TypedText.Date("29/11/2026", Today, max: Today).Reason);
        Assert.Equal("form.date.min", TypedText.Date("27/11/2026", Today, min: Today).Reason);
        Assert.Equal(Today, TypedText.Date("28/11/2026", Today, Today, Today).Value);
    }

    [Fact]
    public void Without_its_year_a_date_is_the_one_that_is_allowed()
    {
        Assert.Equal(new DateOnly(2025, 12, 5), TypedText.Date("5 dic", Today, max: Today).Value);
        Assert.Equal(new DateOnly(2027, 1, 5), TypedText.Date("5 ene", Today, min: Today).Value);
        Assert.Equal(new DateOnly(2026, 11, 20), TypedText.Date("20 nov", Today, max: Today).Value);
    }

    [Theory]
    [InlineData("480000,00", 480_000)]
    [InlineData("480.000,00", 480_000)]
    [InlineData("480,000.00", 480_000)]
    [InlineData("$ 480.000", 480_000)]
    [InlineData("$480,000", 480_000)]
    [InlineData("480 000", 480_000)]
    [InlineData("480\u00a0000", 480_000)]
    [InlineData("480'000", 480_000)]
    [InlineData("480000", 480_000)]
    [InlineData("COP 480.000", 480_000)]
    [InlineData("480.000 pesos", 480_000)]
    [InlineData("1.100.000", 1_100_000)]
    [InlineData("1,100,000.0", 1_100_000)]
    [InlineData("0", 0)]
    [InlineData("-5.000", -5_000)]
    public void A_sum_is_read_as_it_is_written(string typed, int meant) => Assert.Equal(meant, TypedText.Amount(typed).Value);

    [Theory]
    [InlineData("480.000,50", "form.amount.cents")]
    [InlineData("10,50", "form.amount.cents")]
    [InlineData("10.5", "form.amount.cents")]
    [InlineData("480,000.01", "form.amount.cents")]
    [InlineData("1.100,000", "form.amount")]
    [InlineData("11.00.000", "form.amount")]
    [InlineData("0.500", "form.amount")]
    [InlineData("1.0000", "form.amount")]
    [InlineData("48O000", "form.amount")]
    [InlineData("480 00", "form.amount")]
    [InlineData("1e5", "form.amount")]
    [InlineData("--5", "form.amount")]
    [InlineData("1234567890123456", "form.amount")]
    public void What_could_be_two_sums_is_refused(string typed, string reason)
    {
        var read = TypedText.Amount(typed);
        Assert.Null(read.Value);
        Assert.Equal(reason, read.Reason);
    }

    [Theory]
    [InlineData("14:30", "14:30")]
    [InlineData("1430", "14:30")]
    [InlineData("14.30", "14:30")]
    [InlineData("14h30", "14:30")]
    [InlineData("930", "09:30")]
    [InlineData("9", "09:00")]
    [InlineData("9:05", "09:05")]
    [InlineData("2 pm", "14:00")]
    [InlineData("2:30 p. m.", "14:30")]
    [InlineData("12 am", "00:00")]
    [InlineData("12 pm", "12:00")]
    [InlineData("23:59", "23:59")]
    [InlineData("0:00", "00:00")]
    public void A_time_is_read_as_it_is_written(string typed, string meant) =>
        Assert.Equal(TimeOnly.Parse(meant, CultureInfo.InvariantCulture), TypedText.Time(typed).Value);

    [Theory]
    [InlineData("24:00")]
    [InlineData("14:60")]
    [InlineData("13 pm")]
    [InlineData("mediodía")]
    [InlineData("14:3")]
    public void What_is_no_time_is_refused(string typed)
    {
        Assert.Null(TypedText.Time(typed).Value);
        Assert.Equal("form.time", TypedText.Time(typed).Reason);
    }

    [Theory]
    [InlineData("0,4032", "0.4032")]
    [InlineData("84.5", "84.5")]
    [InlineData("1200", "1200")]
    public void A_number_may_have_decimals_after_either_point(string typed, string meant) =>
        Assert.Equal(decimal.Parse(meant, CultureInfo.InvariantCulture), TypedText.Number(typed).Value);

    [Theory]
    [InlineData("1.234,5")]
    [InlineData("1,2,3")]
    [InlineData("1/2")]
    public void A_number_that_could_be_two_is_refused(string typed) => Assert.Equal("form.number", TypedText.Number(typed).Reason);

    [Fact]
    public void Nothing_typed_is_nothing_and_no_fault()
    {
        Assert.Equal(default, TypedText.Date(" ", Today));
        Assert.Equal(default, TypedText.Amount(null));
        Assert.Equal(default, TypedText.Time(""));
        Assert.Equal(default, TypedText.Whole(""));
    }
}
