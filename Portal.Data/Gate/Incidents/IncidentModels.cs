using Portal.Data.Pqrs;

namespace Portal.Data.Gate;

/// <summary>An incident in the office's list. Times are the building's wall clock.</summary>
/// <param name="Photos">How many have arrived.</param>
/// <param name="Expected">How many the terminal has of it.</param>
public sealed record IncidentRow(
    long Id, string Number, IncidentKind Kind, DateTime Happened, string Place, string? Unit, string Guard, int Photos, int Expected,
    bool Open, string? Case);

/// <summary>An incident wherever another page speaks of it.</summary>
public sealed record IncidentRef(long Id, string Number);

/// <summary>All there is of an incident. Times are the building's wall clock.</summary>
/// <param name="Petitioner">Who answers for the apartment, where it names one: in their name a case can be filed.</param>
public sealed record IncidentDetail(
    long Id, string Number, IncidentKind Kind, DateTime Happened, DateTime Reported, string Place, string Text, string? People,
    long? ApartmentId, string? Unit, string? Terminal, string Guard, bool Offline, bool TimeDoubt, int Expected, DateTime? Closed,
    long? CaseId, string? Case, long? Petitioner, string? PetitionerName, IReadOnlyList<long> Photos,
    IReadOnlyList<IncidentEntry> Entries, IReadOnlyList<IncidentVisit> Visits);

/// <summary>A line of its history.</summary>
public sealed record IncidentEntry(long Id, IncidentEntryKind Kind, string? Text, string? By, DateTime At);

/// <summary>A visit that it is about.</summary>
public sealed record IncidentVisit(long Id, string Name, string? Unit, VisitorState State, DateTime? Entered, DateTime? Left);

/// <summary>A photo as it is sent.</summary>
public sealed record IncidentPicture(string Name, string ContentType, byte[] Content);

/// <summary>How a case is made of an incident.</summary>
/// <param name="OwnerId">In whose name; null: of who answers for the apartment that the incident names.</param>
/// <param name="Title">In the words of the one who files, as is <paramref name="Description"/>.</param>
public sealed record IncidentFiling(long? OwnerId, PqrsKind Kind, int? CategoryId, string Title, string Description);
