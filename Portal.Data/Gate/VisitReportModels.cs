namespace Portal.Data.Gate;

/// <param name="Announced">Of the visits those that a resident had announced, or that came with a pass.</param>
public sealed record VisitCount(int Visits, int People, int Announced)
{
    public static VisitCount None { get; } = new(0, 0, 0);

    public static VisitCount operator +(VisitCount a, VisitCount b) =>
        new(a.Visits + b.Visits, a.People + b.People, a.Announced + b.Announced);
}

public sealed record DayVisits(DateOnly Day, VisitCount Count);

/// <param name="Hour">0 to 23: those who came in from then to the next full hour.</param>
public sealed record HourVisits(int Hour, VisitCount Count);

/// <param name="Tower">Null: nobody knows whom they were with.</param>
/// <param name="Apartments">How many of its apartments had visits.</param>
public sealed record TowerVisits(string? Tower, VisitCount Count, int Apartments);

/// <param name="Minutes">How long they stayed on average, of those whose exit was logged; null: of none it was.</param>
/// <param name="Overstays">How many stayed longer than they may.</param>
public sealed record KindVisits(VisitorKind Kind, VisitCount Count, int? Minutes, int Overstays);

/// <summary>Who came in over a period. What was taken back or denied is not counted, nor exits without an entry.</summary>
/// <param name="Days">Those on which somebody came, in their order.</param>
/// <param name="Hours">All 24.</param>
/// <param name="Kept">The first day of which visits are still kept.</param>
public sealed record VisitReport(
    DateOnly From, DateOnly To, IReadOnlyList<DayVisits> Days, IReadOnlyList<HourVisits> Hours, IReadOnlyList<TowerVisits> Towers,
    IReadOnlyList<KindVisits> Kinds, DateOnly Kept)
{
    public VisitCount Total => Days.Aggregate(VisitCount.None, (sum, day) => sum + day.Count);

    public int Overstays => Kinds.Sum(k => k.Overstays);
}

/// <summary>A stay: who, with whom, from when until when, on the building's wall.</summary>
/// <param name="Entered">Null: nobody logged it.</param>
/// <param name="Left">Null: inside, or nobody logged it.</param>
/// <param name="AutoClosed">Nobody logged the exit; the time is when the portal closed it.</param>
/// <param name="Limit">How long they may stay, in minutes; 0: as long as they like.</param>
public sealed record StayRow(
    long Id, string Name, string Identification, VisitorKind Kind, VisitorState State, string Unit, string Host, int People, string? Plate,
    DateTime? Entered, DateTime? Left, bool AutoClosed, bool Offline, int Limit)
{
    /// <summary>How long they stayed, or have been inside.</summary>
    public TimeSpan? Stayed(DateTime now) => Entered is not { } entered ? null
        : State == VisitorState.Inside ? now - entered
        : Left - entered;
}
