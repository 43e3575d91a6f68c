namespace Portal.Data.Facilities.Rules;

/// <summary>One stretch of a day in which the facility is open.</summary>
public readonly record struct Opening(DateTime Opens, DateTime Closes)
{
    /// <summary>The stretches of a day, in order; none when it is closed.</summary>
    public static IReadOnlyList<Opening> Of(Facility facility, DateOnly day)
    {
        var weekday = Weekday(day);
        return
        [
            .. facility.Hours.Where(h => h.Weekday == weekday).OrderBy(h => h.OpensAt).Select(h => new Opening(
                day.ToDateTime(h.OpensAt),
                h.ClosesAt == TimeOnly.MinValue ? day.AddDays(1).ToDateTime(TimeOnly.MinValue) : day.ToDateTime(h.ClosesAt))),
        ];
    }

    /// <summary>1 Monday to 7 Sunday.</summary>
    public static int Weekday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    public bool Holds(DateTime start, DateTime end) => start >= Opens && end <= Closes;

    /// <summary>The stretch a start falls into.</summary>
    internal static Opening? Around(BookingAttempt attempt) =>
        Of(attempt.Facility, attempt.Day).Where(o => attempt.Start >= o.Opens && attempt.Start < o.Closes).Select(o => (Opening?)o).FirstOrDefault();
}

/// <param name="Day">The day that was wanted.</param>
/// <param name="NextOpen">The next day on which it opens; null where it never does.</param>
public sealed record ClosedThatDay(DateOnly Day, DateOnly? NextOpen) : Refusal("closed_day")
{
    public static ClosedThatDay? Check(BookingAttempt attempt)
    {
        if (Opening.Of(attempt.Facility, attempt.Day).Count > 0) return null;
        var next = Enumerable.Range(1, 7).Select(attempt.Day.AddDays).Where(d => Opening.Of(attempt.Facility, d).Count > 0).Select(d => (DateOnly?)d).FirstOrDefault();
        return new(attempt.Day, next);
    }
}

/// <param name="Day">The day that was wanted.</param>
/// <param name="Openings">When it is open on it.</param>
/// <param name="Start">When it was to begin.</param>
/// <param name="End">When it was to end.</param>
public sealed record OutsideHours(DateOnly Day, IReadOnlyList<Opening> Openings, DateTime Start, DateTime End) : Refusal("hours")
{
    public static OutsideHours? Check(BookingAttempt attempt)
    {
        var openings = Opening.Of(attempt.Facility, attempt.Day);
        return openings.Count == 0 || openings.Any(o => o.Holds(attempt.Start, attempt.End)) ? null : new(attempt.Day, openings, attempt.Start, attempt.End);
    }
}

/// <summary>A booking starts a whole number of slots after the facility opens and lasts a whole number of slots.</summary>
/// <param name="SlotMinutes">The length of a slot.</param>
/// <param name="Before">The nearest right start at or before the wanted one.</param>
/// <param name="After">The next right start.</param>
public sealed record OffTheGrid(int SlotMinutes, DateTime Start, DateTime End, DateTime Before, DateTime After) : Refusal("grid")
{
    public static OffTheGrid? Check(BookingAttempt attempt)
    {
        if (Opening.Around(attempt) is not { } opening) return null;
        var slot = TimeSpan.FromMinutes(attempt.Facility.SlotMinutes);
        var since = attempt.Start - opening.Opens;
        if (since.Ticks % slot.Ticks == 0 && (attempt.End - attempt.Start).Ticks % slot.Ticks == 0) return null;
        var before = opening.Opens + slot * (since.Ticks / slot.Ticks);
        return new(attempt.Facility.SlotMinutes, attempt.Start, attempt.End, before, before + slot);
    }
}

public sealed record TooShort(int Minutes, int Least) : Refusal("short")
{
    public static TooShort? Check(BookingAttempt attempt) =>
        (attempt.End - attempt.Start).TotalMinutes is var minutes && minutes < attempt.Facility.MinMinutes ? new((int)Math.Max(minutes, 0), attempt.Facility.MinMinutes) : null;
}

public sealed record TooLong(int Minutes, int Most) : Refusal("long")
{
    public static TooLong? Check(BookingAttempt attempt) =>
        (attempt.End - attempt.Start).TotalMinutes is var minutes && minutes > attempt.Facility.MaxMinutes ? new((int)minutes, attempt.Facility.MaxMinutes) : null;
}

public sealed record BlackedOut(DateTime From, DateTime To, string Reason) : Refusal("blackout")
{
    public static BlackedOut? Check(BookingAttempt attempt) =>
        attempt.Closures.Where(c => c.Start < attempt.End && attempt.Start < c.End).MinBy(c => c.Start) is { } closure ? new(closure.Start, closure.End, closure.Reason) : null;
}
