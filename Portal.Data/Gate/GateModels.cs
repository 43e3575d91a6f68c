namespace Portal.Data.Gate;

/// <summary>
/// What the terminal answers to what was typed or scanned. The guard sees the minimum: the apartment, the host's name, whether the visit is
/// expected.
/// </summary>
public enum VerdictKind
{
    /// <summary>Expected, within its window: come in.</summary>
    Expected,

    /// <summary>The pass is for later today or another day.</summary>
    TooEarly,

    /// <summary>The window is over.</summary>
    Expired,

    /// <summary>The pass was used: its visitor is inside or has left.</summary>
    Used,

    /// <summary>The host took it back.</summary>
    Revoked,

    /// <summary>A known visitor without an announcement: the last visit's data come back.</summary>
    Known,

    /// <summary>An apartment was named: its host, and whom it expects.</summary>
    Apartment,

    /// <summary>A resident's vehicle.</summary>
    Resident,

    /// <summary>The booking of a facility.</summary>
    Booking,

    /// <summary>They are inside: asked by plate, document or name.</summary>
    Inside,

    /// <summary>Not to be let in; the guard is told no reason.</summary>
    Blocked,

    /// <summary>The host has paused the pass.</summary>
    Paused,

    /// <summary>The pass is for other days of the week, or other hours.</summary>
    WrongDay,

    /// <summary>The event has all the people it may have.</summary>
    OverCapacity,

    /// <summary>Several fit; the guard picks.</summary>
    Several,

    /// <summary>Nobody and nothing fits.</summary>
    Unknown,
}

/// <param name="VisitId">The announced visit, where there is one.</param>
/// <param name="HostPhone">To call; null where none is known.</param>
/// <param name="Booking">For <see cref="VerdictKind.Booking"/>.</param>
/// <param name="PassId">The pass it came with, where that is not an announced visit's own.</param>
/// <param name="Since">For <see cref="VerdictKind.Inside"/>: when they came in.</param>
/// <param name="Watch">To be looked at twice.</param>
/// <param name="Choices">For <see cref="VerdictKind.Several"/> and <see cref="VerdictKind.Apartment"/>.</param>
public sealed record Verdict(
    VerdictKind Kind,
    long? VisitId = null,
    long? ApartmentId = null,
    string? Unit = null,
    string? Host = null,
    string? HostPhone = null,
    string? Visitor = null,
    string? Identification = null,
    VisitorKind VisitorKind = VisitorKind.Guest,
    int People = 1,
    string? Plate = null,
    DateTime? From = null,
    DateTime? Until = null,
    DateOnly? LastVisit = null,
    IReadOnlyList<VerdictChoice>? Choices = null,
    GateBooking? Booking = null,
    long? PassId = null,
    long? GuestId = null,
    string? Company = null,
    DateTime? Since = null,
    bool Watch = false);

/// <summary>What one of several is.</summary>
public enum ChoiceState
{
    Expected,
    Inside,

    /// <summary>A resident: somebody who may be visited.</summary>
    Host,

    /// <summary>Somebody who has been here.</summary>
    Known,
    Apartment,
}

/// <summary>One of several visits, people or apartments that fit. <paramref name="Typed"/> asks for exactly this one.</summary>
public sealed record VerdictChoice(string Title, string Detail, string Typed, ChoiceState State = ChoiceState.Expected);

/// <summary>A visit that a resident announces.</summary>
public sealed record Announcement(
    VisitorKind Kind, long ApartmentId, string Name, string? Identification, int People, string? Plate, string? Company, DateTime From,
    DateTime Until);

/// <summary>An announced visit with the code its visitor shows.</summary>
public sealed record AnnouncedVisit(
    long Id, string Name, VisitorKind Kind, string Unit, int People, string? Plate, DateTime From, DateTime Until, string? Code,
    VisitorState State, DateTime? Entered, DateTime? Left);

/// <summary>One line of the log of visits.</summary>
/// <param name="Case">The number of the case it is kept for; only for who handles cases.</param>
public sealed record VisitRow(
    long Id, string Name, string Identification, VisitorKind Kind, VisitorState State, string Unit, string Host, int People, string? Plate,
    DateOnly Date, TimeOnly? Entered, DateOnly? LeftOn, TimeOnly? Left, bool AutoClosed, string? Case);

/// <summary>An apartment and its host, for the form of a visit.</summary>
public sealed record HostOption(long ApartmentId, string Unit, string Host);

/// <summary>Somebody who has read a note, and when.</summary>
public sealed record NoteReader(string Name, DateTime At);

/// <summary>A line of the hand-over book.</summary>
/// <param name="Until">As long as it holds (wall clock).</param>
/// <param name="Open">It is still to be read.</param>
/// <param name="Readers">Of one that must be read.</param>
public sealed record NoteRow(
    long Id, string Text, string By, DateTime At, string? ReadBy, DateTime? ReadAt, bool MustRead, DateTime? Until, bool Open,
    IReadOnlyList<NoteReader> Readers);
