using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Documents;

/// <summary>Keeps the library. Needs <see cref="Permissions.DocumentsEdit"/> throughout.</summary>
public sealed class DocumentDesk(PortalStore store, DocumentService documents, BuildingClock clock)
{
    /// <summary>Characters of a reason, at least: "no" is none.</summary>
    public const int ShortestReason = 10;

    public const int LongestReason = 500;

    /// <summary>A slip of the first day is put right; later a document is not made one that is kept for less long.</summary>
    private static readonly TimeSpan Slip = TimeSpan.FromDays(1);

    /// <summary>Puts a file that has come whole into a folder, as the first version of a new document.</summary>
    /// <returns>Its id. Refusals: <c>gone</c> for the file or the folder, <c>document.date</c>, what is missing.</returns>
    public async Task<Result<long>> AddAsync(DocumentInput input, long uploadId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (!await db.DocumentFolders.AnyAsync(f => f.Id == input.FolderId, token)) return Gone(nameof(DocumentInput.FolderId));
                if (await DocumentUploads.TakeAsync(db, uploadId, user, token) is not { } upload) return Gone("File");
                var document = Document.Begin(input, input.FolderId, null, user.AccountId);
                db.Documents.Add(document);
                await KeepAsync(db, document, upload, null, user, token);
                return document.Id;
            },
            ct);
    }

    /// <summary>Puts a file that has come whole in the place of the last version; the versions before it stay.</summary>
    /// <param name="note">What is different; needed.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>gone</c>, <c>document.same</c> where it is the last version's file again.</returns>
    public async Task<Result> AddVersionAsync(long id, long uploadId, string? note, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Error.Forbidden;
        if (note.TrimToNull() is not { } said) return Error.Required("Note");
        if (said.Length > LongestReason) return Error.TooLong("Note", LongestReason);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Documents.Where(d => d.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } document)
                    return Error.NotFound;
                if (await DocumentUploads.TakeAsync(db, uploadId, user, token) is not { } upload) return Gone("File");
                if (await db.DocumentVersions.AnyAsync(v => v.DocumentId == id
                    && v.Number == document.Version && v.Sha256 == upload.Sha256, token))
                    return new Error("document.same", "File");
                await KeepAsync(db, document, upload, said, user, token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Says anew what a document is, where it lies and whom it is for.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>gone</c>, <c>document.shorter</c> with the kept-until day where it would be kept for less
    /// long, <c>edit.changed</c>.</returns>
    public async Task<Result> ChangeAsync(long id, DocumentInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Documents.Where(d => d.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } document)
                    return Error.NotFound;
                var merged = Edits.Merge(input, InputOf(document), one => Check(one).Count == 0);
                if (!merged.Ok) return merged;
                var given = merged.Value;
                if (!await db.DocumentFolders.AnyAsync(f => f.Id == given.FolderId, token)) return Gone(nameof(DocumentInput.FolderId));
                var last = await LastAsync(db, document, token);
                var years = (await BuildingSettings.ReadAsync(db, "document_", token)).DocumentYears;
                var (now, then) = (
                    documents.Until(document.Kind, document.DatedOn, last, years), documents.Until(given.Kind, given.DatedOn, last, years));
                if (clock.UtcNow - document.CreatedAt > Slip && (then ?? DateOnly.MaxValue) < (now ?? DateOnly.MaxValue))
                    return now is { } day ? new Error("document.shorter", nameof(DocumentInput.Kind), day)
                        : new Error("document.shorter.ever", nameof(DocumentInput.Kind));
                document.Describe(given, given.FolderId);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Deletes a document with all its versions, after the time for which it is kept.</summary>
    /// <param name="reason">Stands in the audit log beside what was deleted.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>document.reason</c>, <c>document.kept</c> with the day until which,
    /// <c>document.kept.ever</c>.
    /// </returns>
    public async Task<Result> DeleteAsync(long id, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Error.Forbidden;
        if (reason.TrimToNull() is not { Length: >= ShortestReason } said) return new Error("document.reason", "Reason", ShortestReason);
        if (said.Length > LongestReason) return Error.TooLong("Reason", LongestReason);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Documents.Where(d => d.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } document)
                    return Error.NotFound;
                var years = (await BuildingSettings.ReadAsync(db, "document_", token)).DocumentYears;
                if (documents.Until(document.Kind, document.DatedOn, await LastAsync(db, document, token), years) is not { } until)
                    return new Error("document.kept.ever");
                if (clock.Today < until) return new Error("document.kept", null, until);
                var versions = await db.DocumentVersions.Where(v => v.DocumentId == id).OrderBy(v => v.Number)
                    .Select(v => new { v.Number, v.FileName, v.Size, v.Sha256 }).ToListAsync(token);
                await db.WriteEventAsync(
                    "document_deleted", "documents", id,
                    new { document.Title, Reason = said, KeptUntil = until, Versions = versions }, token);
                db.Documents.Remove(document);
                return Result.Done;
            },
            ct);
    }

    /// <summary>A new folder, or another name for one.</summary>
    /// <returns>Its id. Refusals: <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>folder.name</c> where another has it.</returns>
    public async Task<Result<long>> SaveFolderAsync(long? id, string? name, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Error.Forbidden;
        if (name.TrimToNull() is not { } called) return Error.Required("Name");
        if (called.Length > 80) return Error.TooLong("Name", 80);
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var folders = await db.DocumentFolders.ToListAsync(token);
                if (folders.Exists(f => f.Id != id && Spelling.SameName(f.Name, called))) return new Error("folder.name", "Name", called);
                var folder = id is null ? new DocumentFolder() : folders.Find(f => f.Id == id);
                if (folder is null) return Error.NotFound;
                folder.Name = called;
                if (id is null) db.DocumentFolders.Add(folder);
                await db.SaveChangesAsync(token);
                return folder.Id;
            },
            ct);
    }

    /// <summary>Takes an empty folder away. Refusals: <c>not_found</c>, <c>folder.full</c>, <c>folder.lands</c>.</summary>
    public async Task<Result> DeleteFolderAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.DocumentsEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.DocumentFolders.SingleOrDefaultAsync(f => f.Id == id, token) is not { } folder) return Error.NotFound;
                if (folder.Lands is not null) return new Error("folder.lands");
                if (await db.Documents.AnyAsync(d => d.FolderId == id, token)) return new Error("folder.full");
                db.DocumentFolders.Remove(folder);
                return Result.Done;
            },
            ct);
    }

    internal static DocumentInput InputOf(Document d) => new(d.Title, d.FolderId, d.Kind, d.DatedOn, d.Towers, d.Roles, d.Residents);

    private static Task<DateTime> LastAsync(PortalDb db, Document document, CancellationToken ct) =>
        db.DocumentVersions.Where(v => v.DocumentId == document.Id).MaxAsync(v => v.CreatedAt!.Value, ct);

    private static Error Gone(string field) => new("gone", field);

    private static async Task KeepAsync(
        PortalDb db, Document document, DocumentUpload upload, string? note, CurrentUser user, CancellationToken ct)
    {
        var version = document.Add(new DocumentVersion
        {
            FileName = upload.FileName, ContentType = upload.ContentType!, Size = upload.Size, Sha256 = upload.Sha256!, Note = note,
            AddedBy = user.AccountId,
        });
        await db.SaveChangesAsync(ct);
        await DocumentUploads.BecomeAsync(db, upload, version.Id, ct);
    }

    private List<Error> Check(DocumentInput input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Title)) errors.Add(Error.Required(nameof(DocumentInput.Title)));
        else if (input.Title.Trim().Length > 200) errors.Add(Error.TooLong(nameof(DocumentInput.Title), 200));
        if (input.FolderId <= 0) errors.Add(Error.Required(nameof(DocumentInput.FolderId)));
        if (!Enum.IsDefined(input.Kind)) errors.Add(Gone(nameof(DocumentInput.Kind)));
        if (input.DatedOn > clock.Today.AddYears(1) || input.DatedOn.Year < 1900)
            errors.Add(new Error("document.date", nameof(DocumentInput.DatedOn)));
        return errors;
    }
}
