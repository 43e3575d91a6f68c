using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Pqrs;

/// <summary>What a case warns of, from the mildest to the gravest.</summary>
[StoredByName]
public enum PqrsAlarmStep
{
    /// <summary>Three business days are left, or two.</summary>
    ThreeLeft,

    /// <summary>One business day is left.</summary>
    OneLeft,

    /// <summary>Today is the last day.</summary>
    LastDay,

    /// <summary>The last day has passed: the administrators hear of it.</summary>
    Overdue,

    /// <summary>
    /// It asked for information and was not answered: it counts as granted (Ley 1755 of 2015, art. 14, num. 1).
    /// </summary>
    Granted,

    /// <summary>The petitioner was asked and has not answered for a month (Ley 1755 of 2015, art. 17).</summary>
    Silent,
}

/// <summary>A warning that was given: once for each case, last day and step.</summary>
[Table("pqrs_alarms"), NotAudited]
public sealed class PqrsAlarm : Stamped
{
    public long Id { get; set; }

    public long PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }

    /// <summary>The last day of which it warned; of a silent one, the day until which the petitioner could answer.</summary>
    public DateOnly DueOn { get; set; }

    public PqrsAlarmStep Step { get; set; }
}

/// <summary>The days of the law around a case's last day.</summary>
public static class PqrsTerms
{
    /// <summary>Business days within which a petition is to be found incomplete (Ley 1755 of 2015, art. 17).</summary>
    public const int AskDays = 10;

    /// <summary>Business days for handing over copies of what counts as granted (Ley 1755 of 2015, art. 14, num. 1).</summary>
    private const int CopyDays = 3;

    /// <summary>The first day of the warning of three days.</summary>
    public static DateOnly WarnFrom(DateOnly due)
    {
        var day = BusinessDays.Start(due, PqrsClock.WarningDays, []);
        while (!BusinessDays.IsBusinessDay(day)) day = day.AddDays(-1);
        return day;
    }

    /// <summary>The day on which the administrators hear that it was not answered: the first business day after the last.</summary>
    public static DateOnly EscalateOn(DateOnly due) => BusinessDays.Deadline(due, 1, []);

    /// <summary>From when information that was asked for and not given counts as granted.</summary>
    public static DateOnly GrantedFrom(DateOnly due) => BusinessDays.Deadline(due, 1, []);

    /// <summary>The last day for handing over its copies.</summary>
    public static DateOnly CopiesBy(DateOnly due) => BusinessDays.Deadline(due, CopyDays, []);

    /// <summary>
    /// The last day on which the petitioner can answer what they were asked: a calendar month, or two when they asked for more. After it,
    /// closing as withdrawn may be proposed; nothing closes by itself (art. 17).
    /// </summary>
    public static DateOnly AnswerBy(DateOnly asked, bool extended = false) => asked.AddMonths(extended ? 2 : 1);

    /// <summary>What is to be warned of on a business day; null where nothing.</summary>
    public static PqrsAlarmStep? StepOn(DateOnly today, DateOnly due, PqrsKind? kind)
    {
        if (!BusinessDays.IsBusinessDay(today)) return null;
        if (today > due) return kind == PqrsKind.Information ? PqrsAlarmStep.Granted : PqrsAlarmStep.Overdue;
        return BusinessDays.Between(today, due) switch
        {
            0 => PqrsAlarmStep.LastDay,
            1 => PqrsAlarmStep.OneLeft,
            <= PqrsClock.WarningDays => PqrsAlarmStep.ThreeLeft,
            _ => null,
        };
    }
}
