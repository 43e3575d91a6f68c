using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Gate;

/// <summary>What one shift writes for the next, which says that it has read it.</summary>
public sealed class NoteService(PortalStore store, BuildingClock clock)
{
    /// <summary>The unread ones first, then the latest. Needs <see cref="Permissions.GateView"/>.</summary>
    public async Task<IReadOnlyList<NoteRow>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var rows = await db
            .GateNotes.AsNoTracking()
            .OrderBy(n => n.ReadAt != null)
            .ThenByDescending(n => n.Id)
            .Take(50)
            .Select(n => new
            {
                n.Id,
                n.Text,
                n.CreatedAt,
                n.ReadAt,
                By = db.Profiles.Where(p => p.UserId == n.WrittenBy).Select(p => p.FullName).FirstOrDefault(),
                ReadBy = db.Profiles.Where(p => p.UserId == n.ReadBy).Select(p => p.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        return
        [
            .. rows.Select(n => new NoteRow(
                n.Id, n.Text, n.By ?? "", clock.ToWall(n.CreatedAt ?? clock.UtcNow), n.ReadBy,
                n.ReadAt is { } at ? clock.ToWall(at) : null)),
        ];
    }

    public async Task<Result> WriteAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        return await store.WriteAsync(user, (db, _) => Task.FromResult(Write(db, text, user.Id, clock.UtcNow)), ct);
    }

    /// <summary>As <see cref="WriteAsync"/>, within a write that decides who may.</summary>
    /// <param name="at">When it was written, in UTC.</param>
    internal static Result Write(PortalDb db, string? text, long by, DateTime at)
    {
        if (string.IsNullOrWhiteSpace(text)) return Error.Required("Text");
        if (text.Length > 2000) return Error.TooLong("Text", 2000);
        db.GateNotes.Add(new GateNote { Text = text.Trim(), WrittenBy = by, CreatedAt = at });
        return Result.Done;
    }

    /// <summary>The one who comes on duty has read it.</summary>
    public async Task<Result> ReadAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        return await store.WriteAsync(user, (db, token) => ReadAsync(db, id, user.Id, clock.UtcNow, token), ct);
    }

    /// <summary>As <see cref="ReadAsync(long, CurrentUser, CancellationToken)"/>, within a write that decides who may.</summary>
    /// <param name="at">When it was read, in UTC.</param>
    internal static async Task<Result> ReadAsync(PortalDb db, long id, long by, DateTime at, CancellationToken ct)
    {
        if (await db.GateNotes.SingleOrDefaultAsync(n => n.Id == id, ct) is not { } note) return Error.NotFound;
        if (note.ReadAt is null) (note.ReadBy, note.ReadAt) = (by, at);
        return Result.Done;
    }
}
