using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;

namespace Portal.Data.Pqrs;

/// <summary>
/// Answers alike cases together: each keeps its number, its petitioner and its last day, and what answers one answers all. Needs
/// <see cref="Permissions.PqrsHandle"/>.
/// </summary>
public sealed class PqrsMergeService(PortalStore store, BuildingClock clock)
{
    /// <summary>No more together, so that one answer stays one short write.</summary>
    public const int Most = 50;

    private const int MostOffered = 20;

    /// <summary>Open cases into which this one could be merged: its own apartment and category first; by number or title when searched.</summary>
    public async Task<IReadOnlyList<PqrsRelated>> CandidatesAsync(long id, string? search, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var own = await db.Pqrs.AsNoTracking().Where(p => p.Id == id)
            .Select(p => new { p.CategoryId, p.ApartmentId, Tower = (int?)p.Apartment!.TowerId }).SingleOrDefaultAsync(ct);
        if (own is null) return [];
        var cases = db.Pqrs.AsNoTracking().Active().Where(p => p.Id != id && p.MergedIntoId == null);
        if (search?.Trim() is { Length: > 0 } text)
            cases = cases.Where(p => p.Number!.Contains(text) || p.Title.Contains(text));
        var rows = await cases
            .OrderBy(p => p.CategoryId == own.CategoryId ? 0 : 1).ThenBy(p => p.Apartment!.TowerId == own.Tower ? 0 : 1)
            .ThenByDescending(p => p.Id).Take(MostOffered)
            .Select(p => new { p.Id, p.Number, p.Title, p.StatusId, p.CreatedAt })
            .ToListAsync(ct);
        return
        [
            .. rows.Select(p => new PqrsRelated(
                p.Id, p.Number ?? PqrsService.NumberOf(p.Id), p.Title, p.StatusId, p.CreatedAt is { } at ? clock.ToWall(at) : null)),
        ];
    }

    /// <summary>From now on it is answered with the other; its petitioner is told so, without learning whose the other is.</summary>
    /// <param name="into">The case that is answered.</param>
    public async Task<Result> MergeAsync(long id, long into, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle) || user.AccountId is null) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (id == into) return new Error("pqrs.merge.itself", "Into");
                // In the order of their rows, so that two who merge each into the other wait and do not lock each other out.
                var first = await PqrsWriting.LockAsync(db, Math.Min(id, into), user, token);
                var second = await PqrsWriting.LockAsync(db, Math.Max(id, into), user, token);
                var (c, other) = id < into ? (first, second) : (second, first);
                if (c is null) return Error.NotFound;
                if (other is null) return Error.NotFound with { Field = "Into" };
                if (await db.Pqrs.AnyAsync(p => p.MergedIntoId == id, token)) return new Error("pqrs.merge.has", "Into");
                if (await db.Pqrs.CountAsync(p => p.MergedIntoId == into, token) >= Most) return new Error("pqrs.merge.most", "Into", Most);
                if (c.Merge(other) is { Ok: false } refused) return refused;
                c.Assign(other.AssignedTo ?? c.AssignedTo);
                // One history tells of the other by number; the petitioner's own says only that it is answered with others.
                PqrsWriting.Tell(db, c, user, PqrsEntryKind.Merged, other.Number ?? PqrsService.NumberOf(other.Id));
                PqrsWriting.Tell(db, other, user, PqrsEntryKind.Merged, c.Number ?? PqrsService.NumberOf(c.Id), inside: true);
                PqrsWriting.Touch(db, other);
                await PqrsWriting.NotifyPetitionerAsync(db, c, user, "pqrs.merged", token);
                if (c.AssignedTo is { } assignee)
                    await PqrsWriting.NotifyAsync(db, c, user, "pqrs.moved", RecipientType.User, [assignee], token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>It is answered by itself again.</summary>
    public async Task<Result> UndoAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsHandle) || user.AccountId is null) return await PqrsWriting.OutOfReachAsync(store, id, user, ct);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await PqrsWriting.LockAsync(db, id, user, token) is not { } c) return Error.NotFound;
                if (c.MergedIntoId is not { } into) return new Error("pqrs.merge.none");
                if (!PqrsFlow.IsActive(c.StatusId)) return new Error("pqrs.not_active", null, c.StatusId);
                c.Unmerge();
                PqrsWriting.Tell(db, c, user, PqrsEntryKind.Unmerged, null);
                var other = await db.Pqrs.SingleAsync(p => p.Id == into, token);
                PqrsWriting.Tell(db, other, user, PqrsEntryKind.Unmerged, c.Number ?? PqrsService.NumberOf(c.Id), inside: true);
                PqrsWriting.Touch(db, other);
                return Result.Done;
            },
            ct);
    }
}
