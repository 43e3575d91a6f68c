using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Pqrs;

/// <summary>Somebody else is at a case.</summary>
/// <param name="Writing">Types in it; else reads it.</param>
public sealed record PqrsPresent(long CaseId, PqrsPerson Person, bool Writing);

/// <summary>
/// Who is at which case, so that two do not answer it at once. Kept for as long as a page says so and <see cref="Lasting"/> more, in a table
/// that every portal sees; never audited. Needs <see cref="Permissions.PqrsHandle"/>.
/// </summary>
public sealed class PqrsPresenceService(PortalStore store, BuildingClock clock)
{
    /// <summary>How long somebody is taken to be there after their page last said so.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromSeconds(45);

    /// <summary>A page says that its reader is at a case, and hears who else is.</summary>
    public async Task<IReadOnlyList<PqrsPresent>> BeatAsync(long id, bool writing, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle) || user.AccountId is not { } me) return [];
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.UtcNow;
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO pqrs_presence (pqrs_id, user_id, writing, seen_at) SELECT id, {me}, {writing}, {now} FROM pqrs WHERE id = {id}
            ON DUPLICATE KEY UPDATE writing = VALUES(writing), seen_at = VALUES(seen_at)
            """,
            ct);
        return await Others(db, me, id).ToListAsync(ct);
    }

    /// <summary>Its reader has left the page.</summary>
    public async Task LeaveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } me) return;
        await using var db = await store.OpenAsync(user, ct);
        await db.PqrsPresence.Where(p => p.PqrsId == id && p.UserId == me).ExecuteDeleteAsync(ct);
    }

    /// <summary>Who else is at which case now.</summary>
    public async Task<IReadOnlyList<PqrsPresent>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle) || user.AccountId is not { } me) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await Others(db, me, null).ToListAsync(ct);
    }

    private IQueryable<PqrsPresent> Others(PortalDb db, long me, long? id)
    {
        var since = clock.UtcNow - Lasting;
        return db.PqrsPresence.AsNoTracking().Where(p => p.UserId != me && p.SeenAt >= since && (id == null || p.PqrsId == id))
            .OrderByDescending(p => p.Writing).ThenBy(p => p.Id)
            .Select(p => new PqrsPresent(
                p.PqrsId,
                new PqrsPerson(p.UserId, db.Profiles.Where(f => f.UserId == p.UserId).Min(f => f.FullName) ?? p.User!.UserName ?? ""),
                p.Writing));
    }
}
