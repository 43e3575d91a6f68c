namespace Portal.Data.Facilities.Rules;

/// <summary>One stretch of time in which the facility is open. It belongs to the day it begins on, and may go on into the next.</summary>
public readonly record struct Opening(DateTime Opens, DateTime Closes)
{
    /// <summary>The stretches that begin on a day, in order; none when it does not open.</summary>
    public static IReadOnlyList<Opening> Of(Facility facility, DateOnly day)
    {
        var weekday = Weekday(day);
        return
        [
            .. facility.Hours.Where(h => h.Weekday == weekday).OrderBy(h => h.OpensAt)
                .Select(h => new Opening(day.ToDateTime(h.OpensAt), day.AddDays(h.ClosesAt <= h.OpensAt ? 1 : 0).ToDateTime(h.ClosesAt))),
        ];
    }

    /// <summary>The stretches that reach into a day: its own, and what the day before left open.</summary>
    public static IEnumerable<Opening> Touching(Facility facility, DateOnly day) =>
        Of(facility, day.AddDays(-1)).Where(o => o.Closes > day.ToDateTime(TimeOnly.MinValue)).Concat(Of(facility, day));

    /// <summary>1 Monday to 7 Sunday.</summary>
    public static int Weekday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    /// <summary>Until when it stays open without a pause: stretches that touch are one.</summary>
    internal DateTime Through(Facility facility)
    {
        // A booking is a day long at the most, so two days further are enough.
        var closes = Closes;
        for (var day = DateOnly.FromDateTime(Opens); day <= DateOnly.FromDateTime(Opens).AddDays(2); day = day.AddDays(1))
        {
            foreach (var next in Of(facility, day).Where(n => n.Opens <= closes && n.Closes > closes)) closes = next.Closes;
        }

        return closes;
    }

    /// <summary>The stretch a start falls into.</summary>
    internal static Opening? Around(BookingAttempt attempt) =>
        Touching(attempt.Facility, attempt.Day)
            .Where(o => attempt.Start >= o.Opens && attempt.Start < o.Closes)
            .Select(o => (Opening?)o)
            .FirstOrDefault();
}

/// <param name="Day">The day that was wanted.</param>
/// <param name="NextOpen">The next day on which it opens; null where it never does.</param>
public sealed record ClosedThatDay(DateOnly Day, DateOnly? NextOpen) : Refusal("closed_day")
{
    public static ClosedThatDay? Check(BookingAttempt attempt)
    {
        if (Opening.Of(attempt.Facility, attempt.Day).Count > 0 || Opening.Around(attempt) is not null) return null;
        var next = Enumerable
            .Range(1, 7)
            .Select(attempt.Day.AddDays)
            .Where(d => Opening.Of(attempt.Facility, d).Count > 0)
            .Select(d => (DateOnly?)d)
            .FirstOrDefault();
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
        if (ClosedThatDay.Check(attempt) is not null) return null;
        return Opening.Around(attempt) is { } opening && attempt.End <= opening.Through(attempt.Facility)
            ? null
            : new(attempt.Day, [.. Opening.Touching(attempt.Facility, attempt.Day)], attempt.Start, attempt.End);
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
        (attempt.End - attempt.Start).TotalMinutes is var minutes && minutes < attempt.Facility.MinMinutes
            ? new((int)Math.Max(minutes, 0), attempt.Facility.MinMinutes)
            : null;
}

public sealed record TooLong(int Minutes, int Most) : Refusal("long")
{
    public static TooLong? Check(BookingAttempt attempt) =>
        (attempt.End - attempt.Start).TotalMinutes is var minutes && minutes > attempt.Facility.MaxMinutes
            ? new((int)minutes, attempt.Facility.MaxMinutes)
            : null;
}

public sealed record BlackedOut(DateTime From, DateTime To, string Reason) : Refusal("blackout")
{
    public static BlackedOut? Check(BookingAttempt attempt) =>
        attempt.Closures.Where(c => c.Start < attempt.End && attempt.Start < c.End).MinBy(c => c.Start) is { } closure
            ? new(closure.Start, closure.End, closure.Reason)
            : null;
}
