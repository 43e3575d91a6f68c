using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Facilities.Occupancy;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>
/// The period of an occupancy report as its address holds it: <c>?period=last-month</c>, or <c>?from=2026-11-01&amp;to=2026-11-20</c>. This
/// month where nothing is said.
/// </summary>
public sealed record OccupancyPeriod(string Name, DateOnly From, DateOnly To)
{
    public const string Own = "own";

    /// <summary>The periods with a name, in the order they are offered.</summary>
    public static readonly string[] Names = ["month", "last-month", "quarter", "year", "last-year"];

    public static OccupancyPeriod Read(string? name, string? from, string? to, DateOnly today)
    {
        if (AddressValue.Day(from) is { } first && AddressValue.Day(to) is { } last) return new(Own, first, last);
        var month = new DateOnly(today.Year, today.Month, 1);
        return name switch
        {
            "last-month" => Months(name, month.AddMonths(-1), 1),
            "quarter" => Months(name, month.AddMonths(-2), 3),
            "year" => Months(name, new DateOnly(today.Year, 1, 1), 12),
            "last-year" => Months(name, new DateOnly(today.Year - 1, 1, 1), 12),
            _ => Months("month", month, 1),
        };
    }

    /// <summary>The part of an address that leads back to it.</summary>
    public string Query(long? facility)
    {
        var period =
            Name == Own ? string.Create(CultureInfo.InvariantCulture, $"from={From:yyyy-MM-dd}&to={To:yyyy-MM-dd}") : $"period={Name}";
        return facility is { } id ? string.Create(CultureInfo.InvariantCulture, $"{period}&facility={id}") : period;
    }

    private static OccupancyPeriod Months(string name, DateOnly first, int months) => new(name, first, first.AddMonths(months).AddDays(-1));
}

/// <summary>How an occupancy report is written, on the page and in files.</summary>
internal static class OccupancyText
{
    /// <summary><c>61 %</c>; a dash where it was never open.</summary>
    public static string Share(double? share) => share is { } part ? Formats.Percent((decimal)Math.Round(part * 100), 0) : "–";

    /// <summary>Whole hours; one decimal where there are few.</summary>
    public static string Hours(double hours) => Formats.Number((decimal)hours, hours is > 0 and < 10 && hours != Math.Round(hours) ? 1 : 0);

    /// <summary>Under a bar: the day, the week's Monday, or the month; the year where there is more than one.</summary>
    public static string Step(OccupancyStep step, OccupancyReport report) =>
        report.Scale switch
        {
            OccupancyScale.Day => step.From.Day.ToString(CultureInfo.InvariantCulture),
            OccupancyScale.Week => Formats.DayMonth(step.From),
            _ => step
                .From.ToString(report.From.Year == report.To.Year ? "MMM" : "MMM yy", Formats.LanguageOf())
                .Replace(".", "", StringComparison.Ordinal),
        };

    /// <summary>How dark a cell is: 0 for none, 5 for nearly always.</summary>
    public static int Level(double share) => share switch { <= 0 => 0, < 0.1 => 1, < 0.25 => 2, < 0.5 => 3, < 0.75 => 4, _ => 5 };

    public static string Title(IStringLocalizer<OccupancyWords> words, OccupancyReport report) =>
        report is { Facilities: [var one] } ? words["title.of", one.Name] : words["title"];
}
