using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notices;
using Portal.Data.Operations;

namespace Portal.Data.Documents;

/// <summary>
/// Reads the library. Who may change it (<see cref="Permissions.DocumentsEdit"/>) sees all, and who opened what; anybody else
/// (<see cref="Permissions.DocumentsView"/>) what is for them as they are today.
/// </summary>
public sealed class DocumentService(PortalStore store, BuildingClock clock)
{
    /// <summary>The latest first. Filters: <c>folder</c>, <c>kind</c>. The search looks at titles, whatever their accents.</summary>
    public async Task<Page<DocumentRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var documents = VisibleTo(db, user).AsNoTracking();
        foreach (var word in Document.KeyOf(query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
            documents = documents.Where(d => d.TitleKey.Contains(word));
        if (query.FilterNumber("folder") is { } folder) documents = documents.Where(d => d.FolderId == folder);
        if (query.Filter<DocumentKind>("kind") is { } kind) documents = documents.Where(d => d.Kind == kind);
        var ordered = (query.Sort, query.Descending) switch
        {
            ("title", false) => documents.OrderBy(d => d.Title).ThenBy(d => d.Id),
            ("title", true) => documents.OrderByDescending(d => d.Title).ThenBy(d => d.Id),
            ("date", false) => documents.OrderBy(d => d.DatedOn).ThenBy(d => d.Id),
            _ => documents.OrderByDescending(d => d.DatedOn).ThenByDescending(d => d.Id),
        };
        return await Rows(db, ordered, user).PageAsync(query, ct);
    }

    /// <summary>
    /// Folders by name, with how many documents of each the person sees; others than the office see only those that have some.
    /// </summary>
    public async Task<IReadOnlyList<FolderRow>> FoldersAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsView) && !user.Can(Permissions.DocumentsEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var counts = await VisibleTo(db, user).GroupBy(d => d.FolderId).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var folders = await db.DocumentFolders.AsNoTracking().OrderBy(f => f.Name).ThenBy(f => f.Id)
            .Select(f => new { f.Id, f.Name, Lands = f.Lands != null }).ToListAsync(ct);
        return
        [
            .. folders.Select(f => new FolderRow(f.Id, f.Name, f.Lands, counts.GetValueOrDefault(f.Id)))
                .Where(f => f.Documents > 0 || user.Can(Permissions.DocumentsEdit)),
        ];
    }

    /// <summary>One document with its versions, the latest first; null out of reach.</summary>
    public async Task<DocumentView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var one = VisibleTo(db, user).AsNoTracking().Where(d => d.Id == id);
        if (await Rows(db, one.OrderBy(d => d.Id), user).SingleOrDefaultAsync(ct) is not { } row) return null;
        var office = user.Can(Permissions.DocumentsEdit);
        var versions = await db.DocumentVersions.AsNoTracking().Where(v => v.DocumentId == id).OrderByDescending(v => v.Number)
            .Select(v => new VersionRow(
                v.Id, v.Number, v.FileName, v.ContentType, v.Size, v.Sha256, v.Note, v.CreatedAt!.Value,
                office ? db.Profiles.Where(p => p.UserId == v.AddedBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault() : null,
                office ? db.DocumentReads.Count(r => r.VersionId == v.Id) : null))
            .ToListAsync(ct);
        var settings = await BuildingSettings.ReadAsync(db, "document_", ct);
        var filed = await one.AnyAsync(d => d.Source != null, ct);
        return new DocumentView(row, versions, Until(row.Kind, row.DatedOn, row.At, settings.DocumentYears), filed);
    }

    /// <summary>A document as its form begins; null for who may not change it.</summary>
    public async Task<DocumentInput?> EditAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Documents.AsNoTracking().Where(d => d.Id == id).SingleOrDefaultAsync(ct) is { } found
            ? DocumentDesk.InputOf(found) : null;
    }

    /// <summary>
    /// Opens a version, and notes who did, in the same breath: what could not be noted is not shown. Null out of reach.
    /// </summary>
    public async Task<DocumentFile?> OpenAsync(long versionId, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return null;
        var opened = await store.WriteAsync<DocumentVersion>(
            user,
            async (db, token) =>
            {
                var reach = VisibleTo(db, user).Select(d => d.Id);
                var found = await db.DocumentVersions.AsNoTracking().Where(v => v.Id == versionId && reach.Contains(v.DocumentId))
                    .SingleOrDefaultAsync(token);
                if (found is null) return Error.NotFound;
                db.DocumentReads.Add(new DocumentRead { VersionId = versionId, UserId = user.Id, ReadAt = clock.UtcNow });
                return found;
            },
            ct);
        return opened is { Ok: true, Value: var version }
            ? new DocumentFile(
                version.FileName, version.ContentType, version.Size, version.Sha256, (to, token) => CopyAsync(versionId, to, token))
            : null;
    }

    /// <summary>Who opened which version and when, the latest first. Needs <see cref="Permissions.DocumentsEdit"/>.</summary>
    public async Task<Page<DocumentReadRow>> ReadersAsync(long id, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Page<DocumentReadRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await db.DocumentReads.AsNoTracking().Where(r => r.Version!.DocumentId == id)
            .OrderByDescending(r => r.ReadAt).ThenByDescending(r => r.Id)
            .Select(r => new DocumentReadRow(
                r.Id,
                db.Profiles.Where(p => p.UserId == r.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault()
                    ?? r.User!.UserName!,
                r.Version!.Number, r.ReadAt))
            .PageAsync(query, ct);
    }

    /// <summary>To whom a document may be shown; null for who may not change it.</summary>
    public async Task<NoticeAudiences?> AudiencesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var towers = await db.Towers.AsNoTracking().OrderBy(t => t.Name).ThenBy(t => t.Id).Select(t => new { t.Id, t.Name })
            .ToListAsync(ct);
        var roles = await db.Roles.AsNoTracking().OrderBy(r => r.Id).Select(r => new { r.Id, r.Name }).ToListAsync(ct);
        return new NoticeAudiences([.. towers.Select(t => (t.Id, t.Name))], [.. roles.Select(r => (r.Id, r.Name ?? ""))]);
    }

    /// <summary>Those that a person may open, as they are today.</summary>
    internal static IQueryable<Document> VisibleTo(PortalDb db, CurrentUser user)
    {
        if (user.Can(Permissions.DocumentsEdit)) return db.Documents;
        if (!user.Can(Permissions.DocumentsView)) return db.Documents.Where(d => false);
        var (owned, lived) = (user.OwnedApartmentIds, user.ApartmentIds.Except(user.OwnedApartmentIds).ToList());
        var role = $",{user.RoleId},";
        return db.Documents.Where(d =>
            (d.Roles == "" || ("," + d.Roles + ",").Contains(role))
            && (d.Towers == "" && d.Residents == NoticeResidents.All
                || db.Apartments.Any(a =>
                    (d.Residents != NoticeResidents.Tenants && owned.Contains(a.Id)
                        || d.Residents != NoticeResidents.Owners && lived.Contains(a.Id))
                    && (d.Towers == "" || ("," + d.Towers + ",").Contains("," + a.TowerId + ",")))));
    }

    internal DateOnly? Until(DocumentKind kind, DateOnly datedOn, DateTime lastVersion, int setting) =>
        DocumentRetention.Until(kind, datedOn, DateOnly.FromDateTime(clock.ToWall(lastVersion)), setting);

    private static IQueryable<DocumentRow> Rows(PortalDb db, IQueryable<Document> documents, CurrentUser user)
    {
        var office = user.Can(Permissions.DocumentsEdit);
        return documents
            .Join(
                db.DocumentVersions, d => new { d.Id, Number = d.Version }, v => new { Id = v.DocumentId, v.Number },
                (d, v) => new DocumentRow(
                    d.Id, d.Title, d.FolderId, d.Folder!.Name, d.Kind, d.DatedOn, d.Version, v.Id, v.FileName, v.ContentType, v.Size,
                    v.CreatedAt!.Value, new NoticeAudience(d.Towers, d.Roles, "", d.Residents),
                    office ? db.DocumentReads.Count(r => r.Version!.DocumentId == d.Id) : null));
    }

    private async Task CopyAsync(long versionId, Stream to, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        for (var number = 0; ; number++)
        {
            var piece = await db.DocumentParts.AsNoTracking().Where(p => p.VersionId == versionId && p.Number == number)
                .Select(p => p.Content)
                .SingleOrDefaultAsync(ct);
            if (piece is null) return;
            await to.WriteAsync(piece, ct);
        }
    }
}
