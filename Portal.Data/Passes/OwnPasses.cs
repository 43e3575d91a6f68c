using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;

namespace Portal.Data.Passes;

/// <summary>A host's own passes: what there is, who came with them, and taking them back. Another's is not found.</summary>
public sealed class OwnPasses(PortalStore store, BuildingClock clock)
{
    private const int MostKnown = 12;

    /// <summary>Those that open or will, the next first; with the filter <c>state=past</c> the others, the latest first.</summary>
    public async Task<Page<PassRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var (passes, now) = (Mine(db, user), clock.Now);
        if (query.Search?.Trim() is { Length: > 0 } text) passes = passes.Where(p => p.Title!.Contains(text) || p.Company!.Contains(text));
        var ordered = query.Filter("state") == "past"
            ? Past(db, passes, now).OrderByDescending(p => p.EndsAt).ThenByDescending(p => p.Id)
            : Live(db, passes, now).OrderBy(p => p.StartsAt).ThenBy(p => p.Id);
        return await Rows(db, ordered).PageAsync(query, ct);
    }

    /// <summary>One of the person's passes; null where it is not theirs.</summary>
    public async Task<PassView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var passes = Mine(db, user).Where(p => p.Id == id);
        if (await Rows(db, passes).SingleOrDefaultAsync(ct) is not { } row) return null;
        var more = await passes.Select(p => new { Pass = p, Facility = p.Reservation!.Facility!.Name }).SingleAsync(ct);
        var visits = row.Kind == PassKind.Recurring
            ? PassRules.Visits(more.Pass, clock.Now, PassRules.HolidaysBetween(more.Pass.StartsAt, more.Pass.EndsAt))
            : 0;
        return new PassView(row, more.Pass.Token, more.Pass.Identification, more.Facility, visits);
    }

    /// <summary>The names of an event, in the order in which they were invited.</summary>
    public async Task<Page<PassGuestRow>> GuestsAsync(long id, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var mine = Mine(db, user).Where(p => p.Id == id).Select(p => p.Id);
        var guests = db.PassGuests.AsNoTracking().Where(g => mine.Contains(g.PassId));
        if (query.Search?.Trim() is { Length: > 0 } text) guests = guests.Where(g => g.Name.Contains(text));
        return await guests
            .OrderBy(g => g.Id)
            .Select(g => new PassGuestRow(
                g.Id, g.Name, g.LicensePlate, g.Code ?? "", g.Token, g.RevokedAt != null,
                db.Visitors.Count(v => v.PassGuestId == g.Id && (v.State == VisitorState.Inside || v.State == VisitorState.Left)),
                db.Visitors.Any(v => v.PassGuestId == g.Id && v.State == VisitorState.Inside)))
            .PageAsync(query, ct);
    }

    /// <summary>Who came with a pass, the latest first.</summary>
    public async Task<Page<PassStay>> CameAsync(long id, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var mine = Mine(db, user).Where(p => p.Id == id).Select(p => (long?)p.Id);
        return await db.Visitors.AsNoTracking()
            .Where(v => mine.Contains(v.PassId) && v.EnterTime != null && (v.State == VisitorState.Inside || v.State == VisitorState.Left))
            .OrderByDescending(v => v.VisitDate)
            .ThenByDescending(v => v.EnterTime)
            .ThenByDescending(v => v.Id)
            .Select(v => new PassStay(
                v.Id, v.Name, v.VisitDate.ToDateTime(v.EnterTime!.Value),
                v.ExitTime == null ? null : (v.ExitDate ?? v.VisitDate).ToDateTime(v.ExitTime.Value), v.People, v.LicensePlate))
            .PageAsync(query, ct);
    }

    /// <summary>Who came to the person before, who comes most first: those that one press invites.</summary>
    public async Task<IReadOnlyList<KnownVisitor>> KnownAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return [];
        var mine = user.OwnerIds;
        await using var db = await store.OpenAsync(user, ct);
        var known = await db.Visitors.AsNoTracking()
            .Where(v => mine.Contains(v.Host!.Id) && v.EnterTime != null && v.Kind != VisitorKind.Taxi && v.Kind != VisitorKind.Delivery
                && (v.State == VisitorState.Inside || v.State == VisitorState.Left))
            .GroupBy(v => v.Name)
            .Select(g => new { Name = g.Key, Times = g.Count(), Last = g.Max(v => v.VisitDate), Id = g.Max(v => v.Id) })
            .OrderByDescending(g => g.Times)
            .ThenByDescending(g => g.Last)
            .ThenBy(g => g.Name)
            .Take(MostKnown)
            .ToListAsync(ct);
        var ids = known.Select(k => k.Id).ToList();
        var latest = await db.Visitors.AsNoTracking()
            .Where(v => ids.Contains(v.Id))
            .Select(v => new { v.Id, v.Kind, v.LicensePlate, v.Identification, v.People })
            .ToDictionaryAsync(v => v.Id, ct);
        return
        [
            .. known.Where(k => latest.ContainsKey(k.Id)).Select(k => new KnownVisitor(
                k.Name, latest[k.Id].Kind, k.Times, k.Last, latest[k.Id].LicensePlate, latest[k.Id].Identification.TrimToNull(),
                latest[k.Id].People)),
        ];
    }

    /// <summary>It opens nothing from now on; who is inside stays.</summary>
    public Task<Result> RevokeAsync(long id, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(
            id, user,
            async (db, pass, token) =>
            {
                var revoked = pass.Revoke(clock.Now);
                if (!revoked.Ok || pass.Kind != PassKind.Single) return revoked;
                foreach (var visit in await db.Visitors.Where(v => v.PassId == id && v.State == VisitorState.Announced).ForUpdate()
                    .ToListAsync(token))
                    visit.Revoke();
                return Result.Done;
            },
            ct);

    /// <summary>One name of an event: their code opens nothing from now on.</summary>
    public Task<Result> RevokeGuestAsync(long id, long guest, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(
            id, user,
            async (db, pass, token) => await db.PassGuests.SingleOrDefaultAsync(g => g.Id == guest && g.PassId == pass.Id, token)
                is { } found
                ? found.Revoke(clock.Now)
                : Error.NotFound,
            ct);

    public Task<Result> PauseAsync(long id, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(id, user, (_, pass, _) => Task.FromResult(pass.Pause(clock.UtcNow, clock.Now)), ct);

    public Task<Result> ResumeAsync(long id, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(id, user, (_, pass, _) => Task.FromResult(pass.Resume(clock.Now)), ct);

    private async Task<Result> ChangeAsync(
        long id, CurrentUser user, Func<PortalDb, Pass, CancellationToken, Task<Result>> change, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return Error.Forbidden;
        var mine = user.OwnerIds;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var pass = await db.Passes.Where(p => p.Id == id && mine.Contains(p.HostId)).ForUpdate().SingleOrDefaultAsync(token);
                return pass is null ? Error.NotFound : await change(db, pass, token);
            },
            ct);
    }

    private static IQueryable<Pass> Mine(PortalDb db, CurrentUser user)
    {
        var mine = user.OwnerIds;
        return user.Can(Permissions.GateAnnounceOwn)
            ? db.Passes.AsNoTracking().Where(p => mine.Contains(p.HostId))
            : db.Passes.AsNoTracking().Where(p => false);
    }

    /// <summary>Opens or will, or somebody is inside with it.</summary>
    private static IQueryable<Pass> Live(PortalDb db, IQueryable<Pass> passes, DateTime now) =>
        passes.Where(p => db.Visitors.Any(v => v.PassId == p.Id && v.State == VisitorState.Inside)
            || (p.RevokedAt == null && p.EndsAt >= now
                && (p.Kind != PassKind.Single || db.Visitors.Any(v => v.PassId == p.Id && v.State == VisitorState.Announced))
                && (p.Kind != PassKind.Delivery || !db.Visitors.Any(v => v.PassId == p.Id && v.EnterTime != null))));

    private static IQueryable<Pass> Past(PortalDb db, IQueryable<Pass> passes, DateTime now) =>
        passes.Where(p => !db.Visitors.Any(v => v.PassId == p.Id && v.State == VisitorState.Inside)
            && (p.RevokedAt != null || p.EndsAt < now
                || (p.Kind == PassKind.Single && !db.Visitors.Any(v => v.PassId == p.Id && v.State == VisitorState.Announced))
                || (p.Kind == PassKind.Delivery && db.Visitors.Any(v => v.PassId == p.Id && v.EnterTime != null))));

    private static IQueryable<PassRow> Rows(PortalDb db, IQueryable<Pass> passes) =>
        passes.Select(p => new PassRow(
            p.Id, p.Kind, p.Title, p.VisitorKind, p.ApartmentId, UnitName.Of(p.Apartment) ?? "", p.People, p.LicensePlate, p.Company,
            p.StartsAt, p.EndsAt, p.Weekdays, p.FromTime, p.UntilTime, p.Holidays, p.PausedAt != null, p.RevokedAt, p.Capacity,
            p.LeaveAtGate, p.Code, db.PassGuests.Count(g => g.PassId == p.Id && g.RevokedAt == null),
            db.Visitors.Count(v => v.PassId == p.Id && (v.State == VisitorState.Inside || v.State == VisitorState.Left)),
            db.Visitors.Where(v => v.PassId == p.Id && v.State == VisitorState.Inside).Sum(v => (int?)v.People) ?? 0,
            db.Visitors.Any(v => v.PassId == p.Id && v.State == VisitorState.Announced)));
}
