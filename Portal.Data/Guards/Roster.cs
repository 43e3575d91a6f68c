namespace Portal.Data.Guards;

/// <summary>A stretch of time on the building's wall clock.</summary>
public sealed record Span(DateTime From, DateTime Until)
{
    public TimeSpan Length => Until - From;
}

/// <summary>What should be looked at before somebody is put on the roster. None of them forbids it.</summary>
public enum RosterWarning
{
    /// <summary>The insurance against accidents at work is over on that day.</summary>
    ArlExpired,

    /// <summary>The health insurance is over on that day.</summary>
    EpsExpired,

    /// <summary>More than <see cref="Roster.MostADay"/> hours that begin on one day (Ley 1920 of 2018, art. 7).</summary>
    LongDay,

    /// <summary>More than <see cref="Roster.MostAWeek"/> hours from Monday to Sunday (Ley 1920 of 2018, art. 7).</summary>
    LongWeek,
}

/// <summary>What a week's shifts leave uncovered, and what the law says of them. Reads nothing: a table of cases is its test.</summary>
public static class Roster
{
    /// <summary>
    /// In hours, what was agreed beyond eight included: a guard works at most twelve a day and sixty a week (Ley 1920 of 2018, art. 7). A
    /// shift counts for the day and the week in which it begins.
    /// </summary>
    public const int MostADay = 12, MostAWeek = 60;

    /// <summary>Where nobody is on duty, in order. Shifts may overlap and may reach beyond both ends.</summary>
    public static IReadOnlyList<Span> Gaps(IEnumerable<Span> shifts, DateTime from, DateTime until)
    {
        List<Span> gaps = [];
        var covered = from;
        foreach (var shift in shifts.Where(s => s.Until > from && s.From < until).OrderBy(s => s.From).ThenBy(s => s.Until))
        {
            if (shift.From > covered) gaps.Add(new Span(covered, shift.From));
            if (shift.Until > covered) covered = shift.Until;
        }

        if (covered < until) gaps.Add(new Span(covered, until));
        return gaps;
    }

    /// <summary>A gap that goes past midnight belongs to both days.</summary>
    public static IReadOnlyList<Span> OfDay(IEnumerable<Span> spans, DateOnly day)
    {
        var (from, until) = (day.ToDateTime(TimeOnly.MinValue), day.AddDays(1).ToDateTime(TimeOnly.MinValue));
        return
        [
            .. spans.Where(s => s.Until > from && s.From < until)
                .Select(s => new Span(s.From > from ? s.From : from, s.Until < until ? s.Until : until)),
        ];
    }

    /// <summary>What is to be said of a guard's shift beside their others of that week.</summary>
    /// <param name="others">Their other shifts that begin in the same week.</param>
    public static IReadOnlyList<RosterWarning> Warnings(Span shift, IEnumerable<Span> others, DateOnly? arl, DateOnly? eps)
    {
        var day = DateOnly.FromDateTime(shift.From);
        var week = others.Where(o => BuildingClock.MondayOf(DateOnly.FromDateTime(o.From)) == BuildingClock.MondayOf(day)).ToList();
        var today = shift.Length + Sum(week.Where(o => DateOnly.FromDateTime(o.From) == day));
        List<RosterWarning> warnings = [];
        if (arl < day) warnings.Add(RosterWarning.ArlExpired);
        if (eps < day) warnings.Add(RosterWarning.EpsExpired);
        if (today > TimeSpan.FromHours(MostADay)) warnings.Add(RosterWarning.LongDay);
        if (shift.Length + Sum(week) > TimeSpan.FromHours(MostAWeek)) warnings.Add(RosterWarning.LongWeek);
        return warnings;
    }

    private static TimeSpan Sum(IEnumerable<Span> spans) => spans.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Length);
}
