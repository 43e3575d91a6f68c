using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <summary>The days of a plan.</summary>
internal static class PlanDates
{
    /// <summary>
    /// The day after <paramref name="n"/> intervals. Always from the first one: a plan of the 31st that went from day to day would stay on
    /// the 28th after one February. Where a month has no such day its last one stands (Código Civil, art. 67).
    /// </summary>
    public static DateOnly Nth(DateOnly start, int every, PlanUnit unit, int n) => unit switch
    {
        PlanUnit.Day => start.AddDays(every * n),
        PlanUnit.Week => start.AddDays(7 * every * n),
        PlanUnit.Month => start.AddMonths(every * n),
        _ => start.AddYears(every * n),
    };

    /// <summary>The first of the plan's days after a day; the first of all where that is later.</summary>
    public static DateOnly After(DateOnly start, int every, PlanUnit unit, DateOnly day)
    {
        if (start > day) return start;

        // No interval is longer than this: begun from there it is found in a few steps, however old the plan is.
        var longest = unit switch { PlanUnit.Day => 1, PlanUnit.Week => 7, PlanUnit.Month => 31, _ => 366 } * every;
        var n = (day.DayNumber - start.DayNumber) / longest;
        while (Nth(start, every, unit, n) <= day) n++;
        return Nth(start, every, unit, n);
    }

    /// <summary>Those between two days, of which neither counts.</summary>
    public static IReadOnlyList<DateOnly> Between(DateOnly start, int every, PlanUnit unit, DateOnly after, DateOnly before)
    {
        var days = new List<DateOnly>();
        for (var day = After(start, every, unit, after); day < before; day = After(start, every, unit, day)) days.Add(day);
        return days;
    }

    /// <summary>The day that is shown and promised: of business, where the plan says so. The count goes on from the other.</summary>
    public static DateOnly Shown(DateOnly day, PlanShift shift)
    {
        var step = shift switch { PlanShift.Before => -1, PlanShift.After => 1, _ => 0 };
        while (step != 0 && !BusinessDays.IsBusinessDay(day)) day = day.AddDays(step);
        return day;
    }

    /// <summary>
    /// The next one after that of <paramref name="due"/> was done (or given up) on a day. Done late, those that went by meanwhile are
    /// skipped; done early, it was that one all the same.
    /// </summary>
    /// <param name="latest">The plan's latest day so far, which is not asked for again, nor any before it.</param>
    public static (DateOnly Next, IReadOnlyList<DateOnly> Skipped) Follow(
        DateOnly start, int every, PlanUnit unit, PlanCount count, DateOnly due, DateOnly done, DateOnly latest)
    {
        if (count == PlanCount.Completion) return (FirstFrom(done, every, unit, latest), []);
        var next = After(start, every, unit, new[] { due, done, latest }.Max());
        return (next, Between(start, every, unit, due, next));
    }

    /// <summary>Counted from the day on which one was done: the first after a day.</summary>
    public static DateOnly FirstFrom(DateOnly done, int every, PlanUnit unit, DateOnly after)
    {
        var next = Nth(done, every, unit, 1);
        return next > after ? next : After(done, every, unit, after);
    }
}
