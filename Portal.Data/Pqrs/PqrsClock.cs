namespace Portal.Data.Pqrs;

/// <summary>What one day is to a deadline.</summary>
public enum ClockDayKind
{
    /// <summary>Before the count began, or after its last day.</summary>
    Outside,

    /// <summary>Counted; today too, once it has begun.</summary>
    Counted,

    /// <summary>Not counted: it waited for the petitioner.</summary>
    Held,

    Holiday,

    /// <summary>Still to come.</summary>
    Left,

    /// <summary>Past the last day, and not answered.</summary>
    Late,
}

/// <summary>One weekday of the calendar that proves the number.</summary>
public sealed record ClockDay(DateOnly Date, ClockDayKind Kind, ColombianHoliday? Holiday, bool IsToday);

public enum ClockState { Running, Held, Stopped }

/// <summary>A case's legal clock as of a day.</summary>
/// <param name="Given">Business days given.</param>
/// <param name="Used">Business days used; more than given when late.</param>
/// <param name="HeldDays">Business days in which it was held.</param>
/// <param name="DueOn">The last day to answer; of a held one, the day it would be if the petitioner answered today.</param>
/// <param name="Days">Mondays to Fridays, whole weeks.</param>
public sealed record PqrsClock(ClockState State, int Given, int Used, int HeldDays, DateOnly DueOn, IReadOnlyList<ClockDay> Days)
{
    /// <summary>From this many days left on, the clock is amber and the list says so.</summary>
    public const int WarningDays = 3;

    /// <summary>The calendar of a case long overdue stops this many weeks after its last day.</summary>
    private const int LongestTail = 14;

    /// <summary>Negative when late.</summary>
    public int Left => Given - Used;

    public bool Late => Used > Given;

    public bool Warns => State == ClockState.Running && !Late && Left <= WarningDays;

    /// <param name="due">The last day, ended pauses included.</param>
    /// <param name="given">Business days given.</param>
    /// <param name="pauses">All of them, the one that lasts too.</param>
    /// <param name="today">The building's day.</param>
    /// <param name="stoppedOn">The day it was resolved or closed; null while it is open.</param>
    public static PqrsClock Of(DateOnly due, int given, IReadOnlyList<HeldDays> pauses, DateOnly today, DateOnly? stoppedOn)
    {
        var start = BusinessDays.Start(due, given, pauses);
        var until = stoppedOn is { } stopped && stopped < today ? stopped : today;
        var state = stoppedOn is not null ? ClockState.Stopped : pauses.Any(p => p.Until is null) ? ClockState.Held : ClockState.Running;
        if (state == ClockState.Held)
        {
            // Nobody knows how long it will be held: the last day is the one it would have if it ran again tomorrow.
            pauses = [.. pauses.Select(p => p.Until is null ? p with { Until = Later(p.From, today.AddDays(1)) } : p)];
            due = BusinessDays.Deadline(start, given, pauses);
        }

        var used = BusinessDays.Between(start, until, pauses);
        var held = BusinessDays.Held(start, until, pauses);
        return new PqrsClock(state, given, used, held, due, Calendar(start, due, until, today, pauses, stoppedOn is null));
    }

    private static List<ClockDay> Calendar(
        DateOnly start, DateOnly due, DateOnly until, DateOnly today, IReadOnlyList<HeldDays> pauses, bool open)
    {
        var first = BuildingClock.MondayOf(start);
        var last = due > until ? due : until < due.AddDays(LongestTail * 7) ? until : due.AddDays(LongestTail * 7);
        var days = new List<ClockDay>();
        for (var day = first; day <= BuildingClock.MondayOf(last).AddDays(4); day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            ColombianHoliday? holiday = ColombianHolidays.Of(day.Year).TryGetValue(day, out var name) ? name : null;
            days.Add(new ClockDay(day, Kind(day), holiday, day == today));
        }

        return days;

        ClockDayKind Kind(DateOnly day)
        {
            if (day <= start || day > (due > until ? due : until)) return ClockDayKind.Outside;
            if (!BusinessDays.IsBusinessDay(day)) return ClockDayKind.Holiday;
            if (day > until) return open ? ClockDayKind.Left : ClockDayKind.Outside;
            if (pauses.Any(p => p.Holds(day))) return ClockDayKind.Held;
            return day > due ? ClockDayKind.Late : ClockDayKind.Counted;
        }
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
