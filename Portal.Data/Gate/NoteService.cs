using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Gate;

/// <param name="MustRead">Each guard reads it before they go on.</param>
/// <param name="Until">The building's wall clock: as long as it holds.</param>
public sealed record NoteInput(string? Text, bool MustRead = false, DateTime? Until = null);

/// <summary>What one shift writes for the next, which says that it has read it.</summary>
public sealed class NoteService(PortalStore store, BuildingClock clock)
{
    public const int Longest = 2000;

    /// <summary>So long a note that must be read holds where nobody says how long, and at most.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromDays(7), HoldsAtMost = TimeSpan.FromDays(31);

    /// <summary>
    /// Those to be read first, then the latest. Needs <see cref="Permissions.GateView"/>. Filters: <c>state</c> (open, done), <c>must</c>
    /// (yes).
    /// </summary>
    public async Task<Page<NoteRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateView)) return Page<NoteRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        var notes = db.GateNotes.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text) notes = notes.Where(n => n.Text.Contains(text));
        if (query.Filter("must") == "yes") notes = notes.Where(n => n.MustRead);
        notes = query.Filter("state") switch
        {
            "open" => notes.Where(n => n.MustRead ? n.ValidUntil >= now : n.ReadAt == null && (n.ValidUntil == null || n.ValidUntil >= now)),
            "done" => notes.Where(n => n.MustRead ? n.ValidUntil < now : n.ReadAt != null || n.ValidUntil < now),
            _ => notes,
        };
        var page = await notes
            .OrderBy(n => n.MustRead ? n.ValidUntil < now : n.ReadAt != null || n.ValidUntil < now)
            .ThenByDescending(n => n.Id)
            .Select(n => new
            {
                n.Id, n.Text, n.CreatedAt, n.ReadAt, n.MustRead, n.ValidUntil,
                By = db.Profiles.Where(p => p.UserId == n.WrittenBy).Select(p => p.FullName).FirstOrDefault(),
                ReadBy = db.Profiles.Where(p => p.UserId == n.ReadBy).Select(p => p.FullName).FirstOrDefault(),
            })
            .PageAsync(query, ct);
        var ids = page.Rows.Select(n => n.Id).ToList();
        var readers = (await db.GateNoteReaders.AsNoTracking().Where(r => ids.Contains(r.NoteId)).OrderBy(r => r.ReadAt).ThenBy(r => r.Id)
                .Select(r => new
                {
                    r.NoteId, r.ReadAt, Name = db.Profiles.Where(p => p.UserId == r.ReaderId).Select(p => p.FullName).FirstOrDefault(),
                }).ToListAsync(ct))
            .ToLookup(r => r.NoteId, r => new NoteReader(r.Name ?? "", clock.ToWall(r.ReadAt)));
        return new Page<NoteRow>(
            [
                .. page.Rows.Select(n => new NoteRow(
                    n.Id, n.Text, n.By ?? "", clock.ToWall(n.CreatedAt ?? clock.UtcNow), n.ReadBy,
                    n.ReadAt is { } at ? clock.ToWall(at) : null, n.MustRead, n.ValidUntil,
                    n.MustRead ? n.ValidUntil >= now : n.ReadAt is null && !(n.ValidUntil < now), [.. readers[n.Id]])),
            ],
            page.Total);
    }

    /// <summary>Needs <see cref="Permissions.GateLog"/>.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>required</c>, <c>too_long</c>, <c>note.until</c> (over already, or more than a month
    /// away).</returns>
    public async Task<Result> WriteAsync(NoteInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        if (input.Until is { } until && (until <= clock.Now || until > clock.Now + HoldsAtMost))
            return new Error("note.until", nameof(NoteInput.Until), (int)HoldsAtMost.TotalDays);
        return await store.WriteAsync(user, (db, _) => Task.FromResult(Write(db, input, user.Id, clock.UtcNow)), ct);
    }

    /// <summary>
    /// As <see cref="WriteAsync"/>, within a write that decides who may. How long it holds is bounded rather than refused: it may have been
    /// written hours ago.
    /// </summary>
    /// <param name="at">When it was written, in UTC.</param>
    internal static Result Write(PortalDb db, NoteInput input, long by, DateTime at)
    {
        if (string.IsNullOrWhiteSpace(input.Text)) return Error.Required(nameof(NoteInput.Text));
        if (input.Text.Length > Longest) return Error.TooLong(nameof(NoteInput.Text), Longest);
        var wall = db.Building.ToWall(at);
        var until = input.Until is { } given && given > wall ? given : input.MustRead ? wall + Holds : (DateTime?)null;
        if (until > wall + HoldsAtMost) until = wall + HoldsAtMost;
        db.GateNotes.Add(
            new GateNote { Text = input.Text.Trim(), WrittenBy = by, CreatedAt = at, MustRead = input.MustRead, ValidUntil = until });
        return Result.Done;
    }

    /// <summary>The one who comes on duty has read it.</summary>
    public async Task<Result> ReadAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        return await store.WriteAsync(user, (db, token) => ReadAsync(db, id, user.Id, clock.UtcNow, token), ct);
    }

    /// <summary>
    /// As <see cref="ReadAsync(long, CurrentUser, CancellationToken)"/>, within a write that decides who may. Read again it is as it was.
    /// </summary>
    /// <param name="at">When it was read, in UTC.</param>
    internal static async Task<Result> ReadAsync(PortalDb db, long id, long by, DateTime at, CancellationToken ct)
    {
        if (await db.GateNotes.Where(n => n.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } note) return Error.NotFound;
        if (note.ReadAt is null) (note.ReadBy, note.ReadAt) = (by, at);
        if (note.MustRead && !await db.GateNoteReaders.AnyAsync(r => r.NoteId == id && r.ReaderId == by, ct))
            db.GateNoteReaders.Add(new GateNoteReader { NoteId = id, ReaderId = by, ReadAt = at });
        return Result.Done;
    }

    /// <summary>What somebody has to read before they go on: not what they wrote themselves.</summary>
    internal static IQueryable<GateNote> ToRead(PortalDb db, long reader, DateTime now) =>
        db.GateNotes.Where(n => n.MustRead && n.ValidUntil >= now && n.WrittenBy != reader
            && !db.GateNoteReaders.Any(r => r.NoteId == n.Id && r.ReaderId == reader));
}
