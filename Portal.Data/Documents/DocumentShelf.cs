using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Notices;
using Portal.Data.Operations;
using Portal.Data.Pqrs;
using Portal.Data.Schema;

namespace Portal.Data.Documents;

/// <summary>A paper that another room has made, to be put on the shelf.</summary>
/// <param name="Document">Which document it is, such as <c>budget:2026</c>; what has the same is another version of it.</param>
/// <param name="Version">Which version, such as <c>budget:12</c>: filed once.</param>
/// <param name="Title">In the building's language.</param>
/// <param name="Note">What is different from the version before.</param>
/// <param name="To">Whom it is for; apartments one by one are not asked for here.</param>
public sealed record ShelfPaper(
    string Document, string Version, DocumentKind Kind, string Title, string FileName, byte[] Content, DateOnly DatedOn, NoticeAudience To,
    string? Note = null);

/// <summary>
/// Makes the paper of another room's thing, in the building's language; null where it is none of this room's, or not to be had.
/// </summary>
/// <param name="room">As <c>budget</c>, <c>survey</c>, <c>assembly</c>.</param>
public delegate Task<ShelfPaper?> ShelfPaperMaker(string room, long id, CancellationToken ct);

/// <summary>Where other rooms put their papers, inside a write of theirs.</summary>
public static class DocumentShelf
{
    /// <summary>
    /// Files a paper in the folder of its kind: as a new document, or as the next version of the one it belongs to, which is then for those
    /// whom the paper is for. What is there already is left as it is.
    /// </summary>
    /// <returns>The document; null where this version was there.</returns>
    /// <exception cref="InvalidOperationException">The content is of no kind that the library takes.</exception>
    public static async Task<long?> FileAsync(PortalDb db, ShelfPaper paper, CancellationToken ct)
    {
        if (await db.DocumentVersions.AnyAsync(v => v.Source == paper.Version, ct)) return null;
        if (PqrsFiles.Recognise(paper.FileName, paper.Content) is not { } known)
            throw new InvalidOperationException(
                $"The paper {paper.Version} is of no kind that the library takes: file PDF, pictures, Office or text.");
        var document = await db.Documents.Where(d => d.Source == paper.Document).ForUpdate().SingleOrDefaultAsync(ct);
        if (document is null)
        {
            var input = new DocumentInput(
                paper.Title.Length <= 200 ? paper.Title : paper.Title[..200], 0, paper.Kind, paper.DatedOn, paper.To.Towers, paper.To.Roles,
                paper.To.Residents);
            document = Document.Begin(input, await FolderAsync(db, paper.Kind, ct), paper.Document, null);
            db.Documents.Add(document);
        }
        else
        {
            document.Address(paper.To);
        }

        var version = document.Add(new DocumentVersion
        {
            FileName = known.Name, ContentType = known.Type, Size = paper.Content.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(paper.Content)), Note = paper.Note, Source = paper.Version,
            AddedBy = db.Actor.AccountId,
        });
        await db.SaveChangesAsync(ct);
        foreach (var (number, piece) in paper.Content.Chunk(DocumentFiles.Piece).Index())
            db.DocumentParts.Add(new DocumentPart { VersionId = version.Id, Number = number, Content = piece });
        await db.SaveChangesAsync(ct);
        return document.Id;
    }

    private static async Task<long> FolderAsync(PortalDb db, DocumentKind kind, CancellationToken ct)
    {
        string[] lands = [PortalModel.Snake(kind.ToString()), PortalModel.Snake(nameof(DocumentKind.Other))];
        var folders = await db.DocumentFolders.Where(f => lands.Contains(f.Lands)).Select(f => new { f.Id, f.Lands }).ToListAsync(ct);
        return (folders.Find(f => f.Lands == lands[0]) ?? folders[0]).Id;
    }
}

/// <summary>
/// Looks several times an hour for what other rooms have finished and the shelf has not: approved budgets, closed surveys, published acts,
/// files of notices.
/// What could not be filed is tried again the next time.
/// </summary>
public sealed class DocumentIntake(
    PortalStore store, BuildingClock clock, IEnumerable<ShelfPaperMaker> makers, ILogger<DocumentIntake> logger)
    : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("document_intake");

    /// <summary>
    /// Surveys and notices older than this are not looked at: what was deleted after its time
    /// (<see cref="BuildingSettings.DocumentYears"/>, two at least) does not come back.
    /// </summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(365);

    private const string Notice = "notice-file";

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        foreach (var (room, id) in await MissingAsync(ct))
        {
            try
            {
                var paper = room == Notice ? await NoticeFileAsync(id, ct) : null;
                foreach (var make in makers) paper ??= await make(room, id, ct);
                if (paper is null) continue;
                var filed = await store.WriteAsync(CurrentUser.System, async (db, token) =>
                {
                    await DocumentShelf.FileAsync(db, paper, token);
                    return Result.Done;
                }, ct);
                if (!filed.Ok)
                {
                    logger.LogWarning(
                        "The paper of {Room} {Id} was not filed ({Code}); it is tried again", room, id, filed.Error!.Code);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException && Database.Outages.Of(exception) is null)
            {
                // One paper that cannot be made keeps no other from the shelf.
                logger.LogError(exception, "The paper of {Room} {Id} could not be made; it is tried again", room, id);
            }
        }
    }

    /// <summary>The name of a survey's result on the shelf: closed again after it was taken up again, it is another version.</summary>
    public static string VersionOf(long survey, DateTime closedAt) => $"survey:{survey}:{closedAt:yyyyMMddHHmm}";

    /// <summary>
    /// A file of a notice that has reached all: with the notice's title, for its audience. The same file of a correction is a
    /// version of it.
    /// </summary>
    private async Task<ShelfPaper?> NoticeFileAsync(long id, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        if (await db.NoticeFiles.AsNoTracking().Include(f => f.Notice).SingleOrDefaultAsync(f => f.Id == id, ct)
            is not { Notice: { } notice } file)
            return null;
        var first = notice;
        while (first.CorrectsId is { } before) first = await db.Notices.AsNoTracking().SingleAsync(n => n.Id == before, ct);
        var name = Path.GetFileNameWithoutExtension(file.FileName);
        return new ShelfPaper(
            $"notice:{first.Id}:{(name.Length <= 30 ? name : name[..30])}", $"{Notice}:{id}", DocumentKind.Notice,
            $"{notice.Title}: {name}",
            file.FileName, file.Content, DateOnly.FromDateTime(notice.PublishAt), NoticeService.ToOf(notice));
    }

    private async Task<List<(string Room, long Id)>> MissingAsync(CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var (now, since) = (clock.Now, clock.Now - Recent);
        var budgets = await db.Budgets.Where(b => b.Draft == null).OrderBy(b => b.Id).Select(b => b.Id).ToListAsync(ct);
        var surveys = await db.Surveys.Where(s => s.OpenedAt != null && s.ClosesAt <= now && s.ClosesAt > since).OrderBy(s => s.Id)
            .Select(s => new { s.Id, ClosesAt = s.ClosesAt!.Value }).ToListAsync(ct);
        var acts = await db.Assemblies.Where(a => a.ActNumber != null).OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(ct);
        // What went to some apartments one by one stays with them: the library knows towers, roles and owners.
        var files = await db.NoticeFiles
            .Where(f => f.Notice!.DeliveredAt != null && f.Notice.PublishAt > since && f.Notice.Apartments == ""
                && !db.Notices.Any(c => c.CorrectsId == f.NoticeId))
            .OrderBy(f => f.Id).Select(f => f.Id).ToListAsync(ct);
        var there = (await db.DocumentVersions.Where(v => v.Source != null).Select(v => v.Source!).ToListAsync(ct)).ToHashSet();
        return
        [
            .. budgets.Where(id => !there.Contains($"budget:{id}")).Select(id => ("budget", id)),
            .. surveys.Where(s => !there.Contains(VersionOf(s.Id, s.ClosesAt))).Select(s => ("survey", s.Id)),
            .. acts.Where(id => !there.Contains($"assembly:{id}")).Select(id => ("assembly", id)),
            .. files.Where(id => !there.Contains($"{Notice}:{id}")).Select(id => (Notice, id)),
        ];
    }
}
