using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>How times and facts of bookings are written on these pages. Days and months come in the person's language.</summary>
public static class BookingText
{
    /// <summary><c>08:00–12:00</c>; the end of the day is 24:00, an hour of the next <c>02:00 dom</c>.</summary>
    public static string Span(DateTime start, DateTime end) =>
        $"{Hours(start, end)}{(NextDay(start, end) ? " " + Weekday(DateOnly.FromDateTime(end)) : "")}";

    /// <summary><c>22:00–02:00</c>, where the day is plain from what is around it.</summary>
    public static string Hours(DateTime start, DateTime end) => Hour(start) + "–" + EndHour(start, end);

    /// <summary><c>08:00 a 12:00</c>, <c>22:00 a 02:00 del domingo</c>, within a sentence.</summary>
    public static string Range(DateTime start, DateTime end, IStringLocalizer words) =>
        words[
            "range",
            Hour(start),
            NextDay(start, end) ? words["hour.of", Hour(end), end.ToString("dddd", Formats.LanguageOf())].Value : EndHour(start, end)
        ];

    public static string Hour(DateTime time) => Formats.Time(TimeOnly.FromDateTime(time));

    /// <summary><c>sáb 7</c>.</summary>
    public static string ShortDay(DateTime day) => day.ToString("ddd d", Formats.LanguageOf()).Replace(".", "", StringComparison.Ordinal);

    /// <summary><c>sáb</c>.</summary>
    public static string Weekday(DateOnly day) => day.ToString("ddd", Formats.LanguageOf()).Replace(".", "", StringComparison.Ordinal);

    public static string Weekday(int isoWeekday) => Formats.LanguageOf().DateTimeFormat.GetDayName((DayOfWeek)(isoWeekday % 7));

    /// <summary><c>Noviembre</c>.</summary>
    public static string Month(DateOnly day) => Capital(day.ToString("MMMM", Formats.LanguageOf()));

    /// <summary><c>Sábado 28</c>.</summary>
    public static string DayOfMonth(DateOnly day) => Capital(day.ToString("dddd d", Formats.LanguageOf()));

    /// <summary><c>sábado 28 de noviembre, 12:00</c>.</summary>
    public static string Moment(DateTime moment) => $"{Formats.WeekdayDate(DateOnly.FromDateTime(moment))}, {Hour(moment)}";

    /// <summary><c>4 horas</c>, <c>1 h 30 min</c>, <c>45 minutos</c>, <c>3 d</c>.</summary>
    public static string Length(int minutes, IStringLocalizer words) => minutes switch
    {
        60 => words["hours.one"],
        >= 60 and <= 1440 when minutes % 60 == 0 => words["hours.many", minutes / 60],
        < 60 => words["hours.min", minutes],
        > 1440 when minutes % 1440 == 0 => words["days.many", minutes / 1440],
        _ => Formats.Duration(TimeSpan.FromMinutes(minutes)),
    };

    public static string Rate(decimal rate, IStringLocalizer words) =>
        rate > 0 ? words["rate.hour", Formats.Money(rate)] : words["rate.free"];

    public static string Capacity(int? capacity, bool shared, IStringLocalizer words) =>
        capacity is not { } people ? words["capacity.any"] : words[shared ? "capacity.places" : "capacity.people", people];

    /// <summary><c>hoy 16:00–20:00</c>, <c>sáb 28, 12:00–16:00</c>.</summary>
    public static string Near(FreeSlot slot, DateOnly today, IStringLocalizer words)
    {
        var day = DateOnly.FromDateTime(slot.Start);
        var name = day == today ? words["day.today"].Value : day == today.AddDays(1) ? words["day.tomorrow"].Value : ShortDay(slot.Start);
        return $"{name}, {Span(slot.Start, slot.End)}";
    }

    /// <summary>A list in a sentence: a, b y c.</summary>
    public static string Join(IReadOnlyList<string> parts, IStringLocalizer words) =>
        parts.Count < 2 ? string.Concat(parts) : words["join.and", string.Join(", ", parts.SkipLast(1)), parts[^1]];

    /// <summary>"Each apartment may have 2 a month."</summary>
    public static string Quota(QuotaInput quota, IStringLocalizer words) =>
        words[
            $"sum.quota.{(quota.Subject == QuotaSubject.Person ? "person." : "")}{quota.Period.ToString().ToLowerInvariant()}",
            quota.Most
        ];

    /// <summary><c>martes y jueves de 18:00 a 19:00, del 1 dic 2026 al 1 mar 2027</c>.</summary>
    public static string Series(SeriesRow row, IStringLocalizer words)
    {
        var start = DateTime.UnixEpoch + row.Start.ToTimeSpan();
        return Capital(
            words[
                row.EveryWeeks == 1 ? "series.line" : "series.line.every",
                Join([.. row.Weekdays.Select(Weekday)], words),
                Range(start, start.AddMinutes(row.Minutes), words),
                Formats.ShortDate(row.StartsOn),
                Formats.ShortDate(row.EndsOn),
                row.EveryWeeks
            ]
        );
    }

    public static (Tone Tone, Glyph Icon, string Key) Chip(ReservationRow row, DateTime now) => row.State switch
    {
        ReservationState.Cancelled => (Tone.Neutral, Glyph.Stop, "state.cancelled"),
        ReservationState.Completed => (Tone.Neutral, Glyph.Check, "state.completed"),
        ReservationState.Expired => (Tone.Neutral, Glyph.Stop, "state.expired"),
        ReservationState.NoShow => (Tone.Bad, Glyph.Stop, "state.no_show"),
        ReservationState.Held => (Tone.Warn, Glyph.Clock, "state.held"),
        _ when row.End <= now => (Tone.Neutral, Glyph.Check, "state.completed"),
        ReservationState.Pending => (Tone.Warn, Glyph.Clock, "state.pending"),
        _ when row.CheckedInAt is not null => (Tone.Ok, Glyph.CheckCircle, "state.in"),
        _ when row.Start <= now => (Tone.Ok, Glyph.Play, "state.now"),
        _ => (Tone.Ok, Glyph.CheckCircle, "state.confirmed"),
    };

    /// <summary>Its state with what belongs to it: "Apartada hasta las 10:39".</summary>
    public static string State(ReservationRow row, BuildingClock clock, IStringLocalizer words) =>
        row is { State: ReservationState.Held, HoldUntil: { } until }
            ? words[row.Offered ? "state.offered.until" : "state.held.until", Hour(clock.ToWall(until))]
            : words[Chip(row, clock.Now).Key];

    /// <summary>What tells its state on a board without a word; null where nothing is to be told.</summary>
    public static Glyph? Mark(ReservationRow row) => row.State switch
    {
        ReservationState.Pending or ReservationState.Held => Glyph.Clock,
        ReservationState.NoShow => Glyph.Stop,
        _ => row.CheckedInAt is not null ? Glyph.Check : null,
    };

    public static (Tone Tone, Glyph Icon, string Key) Chip(FacilityState state) => state switch
    {
        FacilityState.Available => (Tone.Ok, Glyph.CheckCircle, "facility.available"),
        FacilityState.Maintenance => (Tone.Warn, Glyph.Settings, "facility.maintenance"),
        _ => (Tone.Neutral, Glyph.Stop, "facility.unavailable"),
    };

    /// <summary>It goes on past the midnight after it began.</summary>
    private static bool NextDay(DateTime start, DateTime end) => end > start.Date.AddDays(1);

    /// <summary>When something is closed: whole days by their names, else with the hours.</summary>
    public static string Closure(DateTime start, DateTime end, IStringLocalizer words)
    {
        var (first, last) = (DateOnly.FromDateTime(start), DateOnly.FromDateTime(end.AddTicks(-1)));
        if (start.TimeOfDay != TimeSpan.Zero || end.TimeOfDay != TimeSpan.Zero) return words["range.from", Moment(start), Moment(end)];
        return words[
            "blackout.whole",
            first == last ? Formats.WeekdayDate(first) : words["range.from", Formats.WeekdayDate(first), Formats.WeekdayDate(last)].Value
        ];
    }

    private static string EndHour(DateTime start, DateTime end) => end == start.Date.AddDays(1) ? "24:00" : Hour(end);

    /// <summary>With its first letter large, as at the beginning of a line.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];
}
