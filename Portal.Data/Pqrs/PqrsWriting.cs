using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Pqrs;

/// <summary>What every write to a case does: lock it, tell its history, tell whom it concerns.</summary>
internal static class PqrsWriting
{
    public const int LongestText = 10_000;

    /// <summary>In bytes.</summary>
    private const int Piece = 1_900_000;

    /// <summary>
    /// The case with its row locked until the transaction ends, so that of two who act at once the second sees what the first did; null
    /// where out of reach.
    /// </summary>
    public static async Task<PqrsCase?> LockAsync(PortalDb db, long id, CurrentUser user, CancellationToken ct)
    {
        if (await db.Pqrs.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } found) return null;
        if (!user.Can(Permissions.PqrsView) && !(user.Can(Permissions.PqrsFileOwn) && user.OwnerIds.Contains(found.OwnerId))) return null;
        await db.Entry(found).Collection(c => c.Pauses).LoadAsync(ct);
        return found;
    }

    /// <summary>Whoever may see the case hears that they may not do this; to anybody else it is not there.</summary>
    public static async Task<Error> OutOfReachAsync(PortalStore store, long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await db.Pqrs.VisibleTo(user).AnyAsync(p => p.Id == id, ct) ? Error.Forbidden : Error.NotFound;
    }

    /// <summary>Adds an entry in the case's present state.</summary>
    public static PqrsTracking Tell(PortalDb db, PqrsCase c, CurrentUser user, PqrsEntryKind kind, string? text, bool inside = false)
    {
        var entry = new PqrsTracking
        {
            Pqrs = c, StatusId = c.StatusId, UserId = user.Id, Kind = kind, Comments = text, Internal = inside, DueOn = c.DueOn,
        };
        db.PqrsTracking.Add(entry);
        return entry;
    }

    /// <summary>The cases that are answered with this one and still open, locked, in the order of their rows.</summary>
    public static async Task<List<PqrsCase>> MergedAsync(PortalDb db, PqrsCase c, CancellationToken ct)
    {
        var found = await db.Pqrs.Where(p => p.MergedIntoId == c.Id).OrderBy(p => p.Id).ForUpdate().ToListAsync(ct);
        found.RemoveAll(m => !PqrsFlow.IsActive(m.StatusId));
        foreach (var one in found) await db.Entry(one).Collection(m => m.Pauses).LoadAsync(ct);
        return found;
    }

    /// <summary>A case that is answered with another is not answered by itself; the refusal names the other.</summary>
    public static async Task<Error?> MergedRefusalAsync(PortalDb db, PqrsCase c, CancellationToken ct) =>
        c.MergedIntoId is not { } into || !PqrsFlow.IsActive(c.StatusId) ? null
            : new Error(
                "pqrs.merged", null,
                await db.Pqrs.Where(p => p.Id == into).Select(p => p.Number).SingleAsync(ct) ?? PqrsService.NumberOf(into));

    /// <summary>
    /// Saves what is pending and then the files, in pieces that fit a server's smallest usual packet (4 MB) even when every byte of one has
    /// to be escaped.
    /// </summary>
    public static async Task AttachAsync(PortalDb db, PqrsCase c, PqrsTracking entry, List<PqrsAttachment> files, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        foreach (var file in files)
        {
            var content = file.Content;
            file.PqrsId = c.Id;
            file.TrackingId = entry.Id;
            file.Content = content.Length <= Piece ? content : content[..Piece];
            db.PqrsAttachments.Add(file);
            await db.SaveChangesAsync(ct);
            for (var at = Piece; at < content.Length; at += Piece)
            {
                var more = content[at..Math.Min(at + Piece, content.Length)];
                await db.Database.ExecuteSqlAsync(
                    $"UPDATE pqrs_attachments SET content = CONCAT(content, {more}) WHERE id = {file.Id}",
                    ct
                );
            }
        }
    }

    /// <summary>Tells some people, but not who did it. The reader's words are made from the type; number and title go with it.</summary>
    public static Task NotifyAsync(
        PortalDb db, PqrsCase c, CurrentUser by, string type, RecipientType recipient, IEnumerable<long> accounts, CancellationToken ct)
    {
        var number = c.Number ?? PqrsService.NumberOf(c.Id);
        return new NotificationDraft(type, recipient, number, c.Title, $"/pqrs/{c.Id}", [new(Text: number), new(Text: c.Title)]).AddAsync(
            db, accounts.Where(id => id != by.Id), ct);
    }

    public static async Task NotifyPetitionerAsync(PortalDb db, PqrsCase c, CurrentUser by, string type, CancellationToken ct)
    {
        // Who gave no name asks for the answer with their code.
        if (c.AccessHash is not null) return;
        var account = await db.Owners.Where(o => o.Id == c.OwnerId).Select(o => o.UserId).SingleAsync(ct);
        await NotifyAsync(db, c, by, type, RecipientType.Owner, [account], ct);
    }

    /// <summary>Whoever has the case; while nobody has it, all who handle cases.</summary>
    public static async Task NotifyHandlersAsync(PortalDb db, PqrsCase c, CurrentUser by, string type, CancellationToken ct) =>
        await NotifyAsync(
            db, c, by, type, RecipientType.User,
            c.AssignedTo is { } assignee ? [assignee] : await PqrsService.Handlers(db).Select(u => u.Id).ToListAsync(ct), ct);

    /// <summary>Words of a person: trimmed; refused when missing or longer than the column holds.</summary>
    public static string Text(string? given, string field, List<Error> errors, bool required = true, int most = LongestText)
    {
        var text = (given ?? "").Trim();
        if (text.Length == 0 && required) errors.Add(Error.Required(field));
        if (text.Length > most) errors.Add(Error.TooLong(field, most));
        return text;
    }

    /// <summary>Rows for one attempt: a retry begins on a fresh context.</summary>
    public static List<PqrsAttachment> Fresh(List<PqrsAttachment> files) =>
        [
            .. files.Select(f => new PqrsAttachment
            {
                FileName = f.FileName,
                ContentType = f.ContentType,
                Size = f.Size,
                Content = f.Content,
            }),
        ];

    /// <summary>Lists ordered by the last change see a new entry too.</summary>
    public static void Touch(PortalDb db, PqrsCase c) => db.Entry(c).Property(p => p.UpdatedAt).IsModified = true;
}
