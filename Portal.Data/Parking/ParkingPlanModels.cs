using Portal.Data.Gate;

namespace Portal.Data.Parking;

/// <summary>What a space on the plan is now: the worst of what there is to say of it.</summary>
public enum SpotState
{
    /// <summary>An apartment's own.</summary>
    Assigned,

    /// <summary>Nobody's.</summary>
    Unassigned,

    /// <summary>Rented to an apartment, beside its own.</summary>
    Leased,

    /// <summary>Kept for somebody or something.</summary>
    Reserved,

    /// <summary>Out of use.</summary>
    Closed,

    /// <summary>For visitors, and nothing stands in it.</summary>
    VisitorFree,

    /// <summary>A visitor's car.</summary>
    VisitorInside,

    /// <summary>A visitor's car past its time.</summary>
    VisitorOver,

    /// <summary>A car that should not stand there. It stays counted as what it is beside that.</summary>
    Invaded,
}

/// <param name="Key">0: spaces that are on no level.</param>
/// <param name="Drawn">Whether any of its spaces has a place on the plan.</param>
public sealed record LevelRow(long Key, string? Name, int Spaces, bool Drawn);

/// <summary>A space on the plan.</summary>
/// <param name="Unit">Short: <c>B 1204</c>.</param>
/// <param name="Stay">The visitor's car in it.</param>
public sealed record SpotRow(
    long Id, string Number, SpotState State, ParkingUse Use, int? Row, int? Column, bool Accessible, string? Unit, long? ApartmentId,
    string? Plate, string? Intruder, DateTime? IntruderAt, StayNow? Stay)
{
    /// <summary>What it is counted as: an invaded space stays what it was.</summary>
    public SpotState Counted { get; init; } = State;
}

/// <summary>A visitor's car that is inside.</summary>
/// <param name="Since">Its entry, on the building's wall.</param>
/// <param name="Limit">How long it may stand, in minutes; 0: as long as it likes.</param>
/// <param name="Nth">Which of its apartment's cars that are inside it is, by entry: the first is 1.</param>
/// <param name="Nights">The nights of this month that cars of its apartment's visitors spent inside.</param>
public sealed record StayNow(
    long VisitId, long? SpaceId, string? Space, long? ApartmentId, string? Unit, string Plate, string Name, VisitorKind Kind,
    DateTime Since, int Limit, int Nth, int Nights)
{
    public bool Over(DateTime now) => Limit > 0 && now - Since > TimeSpan.FromMinutes(Limit);
}

/// <param name="Cars">Visitors' cars that an apartment may have inside at a time; 0: as many as it likes.</param>
/// <param name="Nights">Nights a month; 0: as many as it likes.</param>
public sealed record ParkingLimits(int Cars, int Nights, int AlarmMinutes, int AlarmHours);

/// <summary>The plan of a level, and all visitors' cars of the building.</summary>
/// <param name="Level">Which level's spaces these are.</param>
/// <param name="Invaded">Spaces of the whole building in which another's car stands.</param>
public sealed record ParkingPlan(
    IReadOnlyList<LevelRow> Levels, long Level, IReadOnlyList<SpotRow> Spots, IReadOnlyList<StayNow> Stays,
    IReadOnlyList<SpotRow> Invaded, int VisitorSpaces, ParkingLimits Limits, DateTime Now);

/// <summary>What there is to say of one space.</summary>
/// <param name="Since">When the present apartment got it (UTC); null: it is no longer known.</param>
public sealed record SpotDetail(
    long Id, string Number, long LevelKey, string? Level, ParkingState State, ParkingUse Use, string? Type, string? Plate,
    long? ApartmentId, string? Unit, string? Owner, bool Leased, bool Accessible, IReadOnlyList<string> Vehicles, DateTime? Since);
