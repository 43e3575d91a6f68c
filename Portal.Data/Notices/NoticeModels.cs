using Portal.Data.Pqrs;

namespace Portal.Data.Notices;

/// <summary>Where a notice stands against the clock.</summary>
public enum NoticePhase { Scheduled, Current, Expired }

/// <summary>To whom a notice goes. A person is in it once, however many apartments they have.</summary>
/// <param name="Towers">Ids with commas between, rising; empty: all.</param>
/// <param name="Roles">As <paramref name="Towers"/>.</param>
/// <param name="Apartments">As <paramref name="Towers"/>.</param>
public sealed record NoticeAudience(
    string Towers = "", string Roles = "", string Apartments = "", NoticeResidents Residents = NoticeResidents.All)
{
    public static NoticeAudience Everybody { get; } = new();

    /// <summary>It asks for an apartment, so who has none is not in it.</summary>
    public bool OfApartments => Towers.Length > 0 || Apartments.Length > 0 || Residents != NoticeResidents.All;

    /// <summary>As a notice holds them.</summary>
    public static string Write(IEnumerable<long> ids) => string.Join(',', ids.Distinct().Order());

    /// <inheritdoc cref="Write"/>
    public static IReadOnlyList<long> Read(string ids) =>
        [.. ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => long.TryParse(id, out var known) ? known : 0).Where(id => id > 0)];
}

/// <param name="Reached">How many it has reached.</param>
/// <param name="Readers">How many of them have read it.</param>
/// <param name="Delivered">All of the audience have it.</param>
/// <param name="Corrected">Another has taken its place.</param>
/// <param name="Seen">Whether the person asking has read it.</param>
public sealed record NoticeRow(
    long Id, string Title, string Body, NoticeAudience To, bool Urgent, DateTime PublishAt, DateTime? ExpiresAt, string? By, int Version,
    bool Delivered, bool Corrected, DateOnly? RemindedOn, int Reached, int Readers, bool Seen)
{
    /// <summary>What goes with it.</summary>
    public IReadOnlyList<NoticeFileRow> Files { get; init; } = [];

    public NoticePhase Phase(DateTime now) =>
        PublishAt > now ? NoticePhase.Scheduled
        : Corrected || ExpiresAt <= now ? NoticePhase.Expired
        : NoticePhase.Current;
}

/// <summary>A notice as it is written. Times are the building's wall clock.</summary>
/// <param name="Units">Names of apartments with commas between, "A 101, B 1204"; empty: all. Takes the place of the audience's ids.</param>
public sealed record NoticeInput(
    string Title, string Body, string Towers, string Roles, string Units, NoticeResidents Residents, bool Urgent, DateTime PublishAt,
    DateTime? ExpiresAt)
    : IEdit<NoticeInput>
{
    /// <inheritdoc/>
    public NoticeInput? Read { get; init; }

    /// <summary>What is put to it and taken from it.</summary>
    public NoticeFileChange Files { get; init; } = NoticeFileChange.None;
}

/// <summary>A file of a notice in a list.</summary>
/// <param name="Size">In bytes.</param>
public sealed record NoticeFileRow(long Id, string Name, string ContentType, int Size);

public sealed record NoticeFileContent(string Name, string ContentType, byte[] Content);

/// <param name="Removed">Ids of files that were there.</param>
public sealed record NoticeFileChange(IReadOnlyList<PqrsUpload> Added, IReadOnlyList<long> Removed)
{
    public static NoticeFileChange None { get; } = new([], []);
}

/// <summary>A notice to be changed, or corrected where it has reached somebody.</summary>
public sealed record NoticeEdit(NoticeInput Input, int Version, bool Delivered, IReadOnlyList<NoticeFileRow> Files);

/// <summary>To whom a notice may go.</summary>
public sealed record NoticeAudiences(IReadOnlyList<(int Id, string Name)> Towers, IReadOnlyList<(int Id, string Name)> Roles);

/// <param name="Tower">Null: of those who have no apartment.</param>
/// <param name="Reached">They will have it in their bell.</param>
/// <param name="Mailed">Of them, those who also get it by mail.</param>
/// <param name="Missed">It will not reach them.</param>
public sealed record TowerReach(string? Tower, int Reached, int Mailed, int Missed);

/// <param name="Unit">One of theirs.</param>
/// <param name="Why"><c>none</c>: no account; <c>Inactive</c>, <c>Suspended</c>, <c>Pending</c>: the state of the account.</param>
public sealed record MissedPerson(string? Unit, string Name, string Why);

/// <summary>Whom an audience is, before anything is sent.</summary>
/// <param name="Missing">Those it will not reach, the first of them.</param>
public sealed record NoticeReach(IReadOnlyList<TowerReach> Towers, IReadOnlyList<MissedPerson> Missing)
{
    public int Reached => Towers.Sum(t => t.Reached);

    public int Mailed => Towers.Sum(t => t.Mailed);

    public int Missed => Towers.Sum(t => t.Missed);
}

/// <param name="At">UTC; null: it has reached them and they have not read it.</param>
public sealed record NoticeReader(string Name, DateTime? At);
