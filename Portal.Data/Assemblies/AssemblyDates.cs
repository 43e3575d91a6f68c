using Portal.Data.Pqrs;

namespace Portal.Data.Assemblies;

/// <summary>
/// The days that Ley 675 of 2001 sets for an assembly. The call counts calendar days, neither its own nor that of the meeting; the second
/// call and the act count business days (<see cref="BusinessDays"/>).
/// </summary>
public static class AssemblyDates
{
    /// <summary>Calendar days between the call of an ordinary assembly and its meeting (art. 39).</summary>
    public const int DaysOfCall = 15;

    /// <summary>Business days to the second call (art. 41).</summary>
    public const int DaysToSecondCall = 3;

    /// <summary>Business days within which the act is at the owners' disposal (art. 47).</summary>
    public const int DaysToPublish = 20;

    /// <summary>Calendar days within which the act of a meeting from afar is made (art. 44).</summary>
    public const int DaysToActRemotely = 10;

    /// <summary>Months to go against what was decided (art. 49; CGP, art. 382).</summary>
    public const int MonthsToContest = 2;

    /// <summary>When a second call, and one that nobody called, meets.</summary>
    public static readonly TimeOnly Evening = new(20, 0);

    /// <summary>The last day on which an ordinary assembly can be called.</summary>
    public static DateOnly LatestCall(DateOnly meeting) => meeting.AddDays(-(DaysOfCall + 1));

    /// <summary>The last day of the ordinary assembly of a year: three months after the budget year, which is the calendar's.</summary>
    public static DateOnly LatestOrdinary(int year) => new(year, 3, 31);

    public static DateTime SecondCall(DateOnly meeting) =>
        BusinessDays.Deadline(meeting, DaysToSecondCall, []).ToDateTime(Evening);

    /// <summary>
    /// When owners meet by themselves in a year in which nobody called them (art. 40): the first business day of the fourth month.
    /// </summary>
    public static DateTime OwnMeeting(int year) =>
        BusinessDays.Deadline(new DateOnly(year, 3, 31), 1, []).ToDateTime(Evening);

    public static DateOnly PublishBy(DateOnly meeting) => BusinessDays.Deadline(meeting, DaysToPublish, []);

    /// <summary>Null where people met in one place.</summary>
    public static DateOnly? ActBy(DateOnly meeting, AssemblyMode mode) =>
        mode == AssemblyMode.InPerson ? null : meeting.AddDays(DaysToActRemotely);

    /// <param name="meeting">
    /// The day on which it was decided: the Code counts from the decision and not from when its act was published, and is the earlier
    /// reading.
    /// </param>
    public static DateOnly ContestUntil(DateOnly meeting) => meeting.AddMonths(MonthsToContest);
}
