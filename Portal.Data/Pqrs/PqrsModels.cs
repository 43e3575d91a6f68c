namespace Portal.Data.Pqrs;

/// <summary>A person as a case names them.</summary>
/// <param name="Id">The account.</param>
public sealed record PqrsPerson(long Id, string Name);

/// <summary>An apartment as a case names it: "Torre B", "1204".</summary>
public sealed record PqrsPlace(long Id, string Tower, string Number);

/// <summary>A choice in a form or a filter.</summary>
public sealed record PqrsOption(long Id, string Name);

/// <summary>One line of the list.</summary>
/// <param name="FiledAt">Wall clock.</param>
/// <param name="ChangedAt">Wall clock.</param>
/// <param name="DaysLeft">Business days; negative when late, null where there is no deadline or it does not run.</param>
/// <param name="Merged">It is answered with another.</param>
/// <param name="DoneAt">Wall clock; when it was resolved, or closed without.</param>
/// <param name="Together">How many are answered with it.</param>
public sealed record PqrsRow(
    long Id, string Number, string Title, string Petitioner, PqrsPlace? Apartment, PqrsKind? Kind, string Category, PqrsPriority? Priority,
    PqrsState State, PqrsPerson? Assignee, DateTime? FiledAt, DateTime? ChangedAt, DateOnly? DueOn, int? Given, int? DaysLeft, bool Overdue,
    bool Unread, bool Merged, int Together, int? Rating, DateTime? DoneAt);

/// <summary>A column of the board.</summary>
/// <param name="Total">How many it has; more than its rows where it is long.</param>
public sealed record PqrsColumn(PqrsState State, IReadOnlyList<PqrsRow> Rows, int Total);

/// <summary>The figures on the list's tabs, of everything the person may see.</summary>
public sealed record PqrsCounts(int All, int Active, int Overdue, int Waiting, int Mine, int Done);

/// <summary>A file of a case, without its content.</summary>
/// <param name="Size">In bytes.</param>
public sealed record PqrsFileInfo(long Id, string Name, string ContentType, int Size);

/// <summary>One entry of a case's history as this reader may see it.</summary>
/// <param name="Text">As written; of <see cref="PqrsEntryKind.Filed"/> the case's own description.</param>
/// <param name="At">Wall clock.</param>
/// <param name="SeenAt">Wall clock; when the petitioner first saw a reply.</param>
/// <param name="HeldDays">Of an entry with which a held deadline ran again: how many business days it was held.</param>
/// <param name="DueOn">Of an entry that moved the deadline: its new last day.</param>
/// <param name="Previous">The state before it, where it changed.</param>
/// <param name="LastDay">The case's last day after it, where that is known.</param>
public sealed record PqrsEntry(
    long Id, PqrsEntryKind Kind, PqrsState State, PqrsState? Previous, bool Internal, PqrsPerson Author, bool ByPetitioner, string? Text,
    DateTime? At, DateTime? SeenAt, int? HeldDays, DateOnly? DueOn, IReadOnlyList<PqrsFileInfo> Files,
    DateOnly? LastDay);

/// <summary>Another case of the same apartment.</summary>
public sealed record PqrsRelated(long Id, string Number, string Title, PqrsState State, DateTime? FiledAt);

/// <summary>A case that is answered with another.</summary>
/// <param name="DueOn">Its own last day: the earliest of them is the one to keep.</param>
public sealed record PqrsMerged(
    long Id, string Number, string Title, string Petitioner, PqrsPlace? Apartment, PqrsState State, DateOnly? DueOn);

/// <summary>A case as this reader may see it.</summary>
/// <param name="Priority">How the office ranks it; null for a petitioner.</param>
/// <param name="Handles">The reader handles cases: sees notes and may act.</param>
/// <param name="Petitions">It is the reader's own.</param>
/// <param name="MergedInto">The case with which it is answered; for those who handle cases.</param>
/// <param name="Merged">Those answered with it; for those who handle cases.</param>
/// <param name="AnswerBy">While it waits for the petitioner: the last day of their month (Ley 1755 of 2015, art. 17).</param>
public sealed record PqrsDetail(
    long Id, string Number, string Title, PqrsState State, PqrsKind? Kind, string Category, PqrsPriority? Priority, PqrsChannel Channel,
    PqrsPerson Petitioner, long PetitionerOwnerId, bool PetitionerIsTenant, PqrsPlace? Apartment, PqrsPerson? Assignee, DateTime? FiledAt,
    DateTime? ResolvedAt, DateTime? ClosedAt, int ReopenedCount, int? Rating, string? VerificationCode, DateOnly? DueOn, PqrsClock? Clock,
    IReadOnlyList<PqrsEntry> Entries, IReadOnlyList<PqrsRelated> Related, bool Handles, bool Petitions,
    int CategoryId, PqrsRelated? MergedInto, IReadOnlyList<PqrsMerged> Merged, DateOnly? AnswerBy)
{
    /// <summary>What the page showed when the person decided; a write refuses when it is no longer so.</summary>
    public PqrsSeen Seen => new(State, Assignee?.Id, Priority, DueOn);

    /// <summary>All that was shown, also what was said; for programs, which do not see a new line come in.</summary>
    public PqrsVersion Version => new(Seen, Entries.Select(e => e.Id).DefaultIfEmpty(0).Max());

    /// <summary>It is answered with another.</summary>
    public bool IsMerged => MergedInto is not null && PqrsFlow.IsActive(State);

    public bool MayRate => Petitions && ResolvedAt is not null && !PqrsFlow.IsActive(State);
}

/// <summary>A case as the person saw it when they acted, so that two people who act at once do not undo each other unawares.</summary>
public sealed record PqrsSeen(PqrsState State, long? AssignedTo, PqrsPriority? Priority, DateOnly? DueOn);

/// <summary>A case as it was read, with the last line of its history that was shown.</summary>
public sealed record PqrsVersion(PqrsSeen Seen, long LastEntry);

/// <summary>A file as it was uploaded.</summary>
public sealed record PqrsUpload(string Name, byte[] Content);

/// <summary>What a resident files in their own name.</summary>
/// <param name="ApartmentId">One of theirs; null where they have none.</param>
public sealed record PqrsFiling(
    PqrsKind? Kind, int? CategoryId, long? ApartmentId, string? Title, string? Description, IReadOnlyList<PqrsUpload> Files);

/// <summary>What staff file for somebody who came, called or spoke.</summary>
/// <param name="OwnerId">The petitioner's row in <c>owners</c>.</param>
/// <param name="Channel">Not the web.</param>
public sealed record PqrsDeskFiling(long? OwnerId, PqrsChannel Channel, PqrsPriority Priority, PqrsFiling Case);

/// <summary>A filed case's address and number.</summary>
public sealed record PqrsFiled(long Id, string Number);

/// <summary>What a form needs to offer: categories, and the apartments of the petitioner.</summary>
public sealed record PqrsFormChoices(IReadOnlyList<PqrsOption> Categories, IReadOnlyList<PqrsPlace> Apartments, int LeftToday);

/// <summary>A resident whom staff may file for.</summary>
public sealed record PqrsPetitionerOption(long OwnerId, string Name, string? Document, IReadOnlyList<PqrsPlace> Apartments);

/// <summary>An attachment's content for download.</summary>
public sealed record PqrsFileContent(string Name, string ContentType, byte[] Content);
