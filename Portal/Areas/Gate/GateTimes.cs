using Microsoft.Extensions.Localization;

namespace Portal.Areas.Gate;

/// <summary>How the gate writes the time of a booking: in a glance, with its day where that is not today.</summary>
internal static class GateTimes
{
    /// <summary><c>hoy 18:00–22:00</c>, <c>mañana 8:00–12:00</c>, <c>sáb 28 nov, 18:00–22:00</c>.</summary>
    public static string When(DateTime from, DateTime until, DateTime now, IStringLocalizer words)
    {
        var (day, today) = (DateOnly.FromDateTime(from), DateOnly.FromDateTime(now));
        if (day == today) return words["day.today", Span(from, until)];
        if (day == today.AddDays(1)) return words["day.tomorrow", Span(from, until)];

        // What began yesterday and goes on over midnight is still of this night.
        if (from <= now && until > now) return words["day.since", Formats.WeekdayDate(day), Span(from, until)];
        return $"{Formats.WeekdayDate(day)}, {Span(from, until)}";
    }

    /// <summary><c>18:00–22:00</c>; the end of the day is 24:00.</summary>
    public static string Span(DateTime from, DateTime until) =>
        $"{Formats.Time(TimeOnly.FromDateTime(from))}–{(until == from.Date.AddDays(1) ? "24:00" : Formats.Time(TimeOnly.FromDateTime(until)))}";
}
