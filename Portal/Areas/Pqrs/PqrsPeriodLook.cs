using System.Globalization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Pqrs;

namespace Portal.Areas.Pqrs;

/// <summary>What the report of a period is called, on the screen and on paper.</summary>
public static class PqrsPeriodLook
{
    /// <summary>A whole calendar month, or the days that are over of one.</summary>
    public static bool IsMonth(PqrsPeriod period) =>
        period.From.Day == 1 && period.To == period.From.AddMonths(1).AddDays(-1);

    /// <summary><c>IP-2026-10</c> of a whole month, <c>IP-20261001-20261015</c> of other days.</summary>
    public static string Number(PqrsPeriod period) => IsMonth(period)
        ? string.Create(CultureInfo.InvariantCulture, $"IP-{period.From:yyyy-MM}")
        : string.Create(CultureInfo.InvariantCulture, $"IP-{period.From:yyyyMMdd}-{period.To:yyyyMMdd}");

    /// <summary>"oct".</summary>
    public static string ShortMonth(DateOnly month, CultureInfo culture) => month.ToString("MMM", culture).TrimEnd('.');

    /// <summary>"PQRS de octubre de 2026".</summary>
    public static string Title(PqrsPeriod period, CultureInfo culture, Func<string, string> words) => string.Format(
        culture, words("period.title"),
        IsMonth(period) ? Formats.MonthYear(period.From, culture) : Formats.DateRange(period.From, period.To, culture));
}
