using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Pqrs;

namespace Portal.Data.Documents;

/// <summary>
/// Files on their way, piece by piece: what was interrupted goes on with the piece that is missing. Who may change the library or write
/// notices sends them, and each sees their own alone.
/// </summary>
public sealed class DocumentUploads(PortalStore store)
{
    /// <summary>Files of one person that are on their way at one time.</summary>
    private const int Most = 20;

    /// <summary>Says which file will come.</summary>
    /// <returns>Its id. Refusals: those of <see cref="DocumentFiles.Picked"/>, <c>document.many</c>.</returns>
    public async Task<Result<long>> BeginAsync(string name, long size, CurrentUser user, CancellationToken ct)
    {
        if (!May(user)) return Error.Forbidden;
        if (DocumentFiles.Picked(name, size) is { } wrong) return wrong;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await db.DocumentUploads.CountAsync(u => u.UserId == user.Id, token) >= Most)
                    return new Error("document.many", null, Most);
                var upload = new DocumentUpload { UserId = user.Id, FileName = PqrsFiles.Name(name), Size = size };
                db.DocumentUploads.Add(upload);
                await db.SaveChangesAsync(token);
                return upload.Id;
            },
            ct);
    }

    /// <summary>A piece. The same one twice is one: its answer may have been lost on the way.</summary>
    /// <param name="number">From 0; all but the last are <see cref="DocumentFiles.Piece"/> long.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>document.piece</c> for one of another length than it has to be.</returns>
    public async Task<Result> PieceAsync(long id, int number, byte[] content, CurrentUser user, CancellationToken ct)
    {
        if (!May(user)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var size = await db.DocumentUploads.Where(u => u.Id == id && u.UserId == user.Id && u.Sha256 == null)
                    .Select(u => (long?)u.Size).SingleOrDefaultAsync(token);
                if (size is not { } whole) return Error.NotFound;
                if (number < 0 || content.Length != Math.Min(DocumentFiles.Piece, whole - (long)number * DocumentFiles.Piece)
                    || content.Length == 0)
                    return new Error("document.piece");
                await db.Database.ExecuteSqlAsync(
                    $"INSERT INTO document_parts (upload_id, number, content) VALUES ({id}, {number}, {content}) ON DUPLICATE KEY UPDATE content = VALUES(content)",
                    token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>The first piece that is missing, from 0; their number where all are there. Null out of reach.</summary>
    public async Task<int?> NextAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!May(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (!await db.DocumentUploads.AnyAsync(u => u.Id == id && u.UserId == user.Id, ct)) return null;
        var numbers = await db.DocumentParts.Where(p => p.UploadId == id).OrderBy(p => p.Number).Select(p => p.Number).ToListAsync(ct);
        return numbers.TakeWhile((number, index) => number == index).Count();
    }

    /// <summary>All of it is here: looks at what it is, by its content. What is not taken is thrown away at once.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>document.incomplete</c>, <c>document.kind</c> with its name.</returns>
    public async Task<Result<UploadedFile>> FinishAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!May(user)) return Error.Forbidden;
        Error? not = null;
        var done = await store.WriteAsync<UploadedFile>(
            user,
            async (db, token) =>
            {
                not = null;
                var upload = await db.DocumentUploads.Where(u => u.Id == id && u.UserId == user.Id).ForUpdate().SingleOrDefaultAsync(token);
                if (upload is null) return Error.NotFound;
                var pieces = await db.DocumentParts.AsNoTracking().Where(p => p.UploadId == id).OrderBy(p => p.Number)
                    .Select(p => p.Content)
                    .ToListAsync(token);
                if (pieces.Sum(p => (long)p.Length) != upload.Size) return new Error("document.incomplete");
                byte[] content = [.. pieces.SelectMany(p => p)];
                if (PqrsFiles.Recognise(upload.FileName, content) is not { } known)
                    return not = new Error("document.kind", null, upload.FileName);
                (upload.FileName, upload.ContentType) = known;
                upload.Sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
                return new UploadedFile(upload.Id, upload.FileName, known.Type, upload.Size);
            },
            ct);
        if (not is not null) await DropAsync(id, user, ct);
        return done;
    }

    /// <summary>Throws a file away that has not become anything.</summary>
    public async Task<Result> DropAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!May(user)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) => await db.DocumentUploads.Where(u => u.Id == id && u.UserId == user.Id).ExecuteDeleteAsync(token) == 0
                ? Error.NotFound
                : Result.Done,
            ct);
    }

    /// <summary>A file of the person's that has come whole, for the write that keeps it.</summary>
    internal static Task<DocumentUpload?> TakeAsync(PortalDb db, long id, CurrentUser user, CancellationToken ct) =>
        db.DocumentUploads.Where(u => u.Id == id && u.UserId == user.Id && u.Sha256 != null).ForUpdate().SingleOrDefaultAsync(ct);

    /// <summary>Its pieces become the version's, where they are.</summary>
    internal static async Task BecomeAsync(PortalDb db, DocumentUpload upload, long versionId, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"UPDATE document_parts SET version_id = {versionId}, upload_id = NULL WHERE upload_id = {upload.Id}", ct);
        db.DocumentUploads.Remove(upload);
        await db.SaveChangesAsync(ct);
    }

    private static bool May(CurrentUser user) => user.Id != 0 && user.Can(Permissions.DocumentsEdit);
}

/// <summary>Throws away what somebody began to send and did not keep, a day later.</summary>
public sealed class SpentUploads(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("document_uploads");

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var before = clock.UtcNow.AddDays(-1);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        await db.DocumentUploads.Where(u => u.CreatedAt < before).ExecuteDeleteAsync(ct);
    }
}
