namespace Portal.Data.Notices;

/// <summary>Where a notice stands against the clock.</summary>
public enum NoticePhase { Scheduled, Current, Expired }

/// <param name="Tower">Null: to all towers.</param>
/// <param name="RoleId">Null: to all roles.</param>
/// <param name="Readers">How many accounts have read it.</param>
/// <param name="Seen">Whether the person asking has.</param>
public sealed record NoticeRow(
    long Id, string Title, string Body, int? TowerId, string? Tower, int? RoleId, string? Role, DateTime PublishAt, DateTime? ExpiresAt,
    string? By, int Readers, bool Seen)
{
    public NoticePhase Phase(DateTime now) =>
        PublishAt > now ? NoticePhase.Scheduled
        : ExpiresAt <= now ? NoticePhase.Expired
        : NoticePhase.Current;
}

/// <summary>A notice as it is written. Times are the building's wall clock.</summary>
public sealed record NoticeInput(string Title, string Body, int? TowerId, int? RoleId, DateTime PublishAt, DateTime? ExpiresAt)
    : IEdit<NoticeInput>
{
    /// <inheritdoc/>
    public NoticeInput? Read { get; init; }
}

/// <summary>To whom a notice may go.</summary>
public sealed record NoticeAudiences(IReadOnlyList<(int Id, string Name)> Towers, IReadOnlyList<(int Id, string Name)> Roles);

/// <param name="At">UTC.</param>
public sealed record NoticeReader(string Name, DateTime At);
