using Portal.Data.Notices;

namespace Portal.Data.Documents;

/// <summary>A document as it is described.</summary>
/// <param name="Towers">Ids with commas between; empty: all.</param>
/// <param name="Roles">As <paramref name="Towers"/>.</param>
/// <param name="DatedOn">The day on the paper.</param>
public sealed record DocumentInput(
    string Title, long FolderId, DocumentKind Kind, DateOnly DatedOn, string Towers, string Roles, NoticeResidents Residents)
    : IEdit<DocumentInput>
{
    /// <inheritdoc/>
    public DocumentInput? Read { get; init; }
}

/// <param name="At">When its last version came (UTC).</param>
/// <param name="Opened">How often any version was opened; null for who may not know.</param>
public sealed record DocumentRow(
    long Id, string Title, long FolderId, string Folder, DocumentKind Kind, DateOnly DatedOn, int Version, long VersionId, string FileName,
    string ContentType, long Size, DateTime At, NoticeAudience To, int? Opened);

/// <param name="At">UTC.</param>
/// <param name="By">Null: the portal, or who is not to be told.</param>
/// <param name="Opened">How often; null for who may not know.</param>
public sealed record VersionRow(
    long Id, int Number, string FileName, string ContentType, long Size, string Sha256, string? Note, DateTime At, string? By, int? Opened);

/// <param name="KeptUntil">The first day on which it may be deleted; null: never.</param>
public sealed record DocumentView(DocumentRow Document, IReadOnlyList<VersionRow> Versions, DateOnly? KeptUntil, bool Filed)
{
    /// <summary>Whether it may be deleted on a day.</summary>
    public bool MayGo(DateOnly today) => KeptUntil <= today;
}

/// <param name="Documents">How many of them the person sees.</param>
/// <param name="Lands">Papers that other rooms make are put here: it stays.</param>
public sealed record FolderRow(long Id, string Name, bool Lands, int Documents);

/// <summary>Somebody opened a version.</summary>
/// <param name="At">UTC.</param>
public sealed record DocumentReadRow(long Id, string Name, int Version, DateTime At);

/// <summary>A file that is about to be read.</summary>
/// <param name="CopyAsync">Writes it, piece by piece.</param>
public sealed record DocumentFile(
    string Name, string ContentType, long Size, string Sha256, Func<Stream, CancellationToken, Task> CopyAsync);

/// <summary>A file that has come whole and was looked at.</summary>
/// <param name="Name">As it will be called: what its content is decides the ending.</param>
public sealed record UploadedFile(long Id, string Name, string ContentType, long Size);
