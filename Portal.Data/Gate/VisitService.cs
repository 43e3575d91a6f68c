using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Passes;

namespace Portal.Data.Gate;

/// <summary>Residents announce their visitors: each by a single pass (<see cref="PassService"/>).</summary>
public sealed class VisitService(PortalStore store, PassService passes, BuildingClock clock)
{
    /// <summary>How long a visit may be announced for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(PassRules.LongestSingleDays);

    /// <summary>Announces a visit to an apartment in which the person lives or that they own.</summary>
    public async Task<Result<AnnouncedVisit>> AnnounceAsync(Announcement visit, CurrentUser user, CancellationToken ct)
    {
        var made = await passes.InviteAsync(visit, user, ct);
        if (!made.Ok) return Result<AnnouncedVisit>.Refused(made);
        return await FindAsync(made.Value.VisitId!.Value, user, ct) is { } done ? done : Error.NotFound;
    }

    /// <summary>Takes back a visit that has not come yet, with its pass.</summary>
    public async Task<Result> RevokeAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var mine = user.OwnerIds;
                // The pass first, as whoever takes back a pass does it.
                var pass = await db.Passes.Where(p => db.Visitors.Any(v => v.Id == id && mine.Contains(v.Host!.Id) && v.PassId == p.Id))
                    .ForUpdate().SingleOrDefaultAsync(token);
                var visit = await db
                    .Visitors.Where(v => v.Id == id && mine.Contains(v.Host!.Id))
                    .ForUpdate()
                    .SingleOrDefaultAsync(token);
                if (visit is null) return Error.NotFound;
                if (pass is { RevokedAt: null } && pass.EndsAt >= clock.Now) pass.Revoke(clock.Now);
                return visit.Revoke();
            },
            ct
        );
    }

    /// <summary>One of the person's own visits; null where it is not theirs.</summary>
    public async Task<AnnouncedVisit?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        var mine = user.OwnerIds;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Visitors.AsNoTracking()
            .Where(v => v.Id == id && mine.Contains(v.Host!.Id))
            .Select(v => new AnnouncedVisit(
                v.Id, v.Name, v.Kind, UnitName.Of(v.Apartment) ?? "", v.People,
                v.LicensePlate, v.ExpectedFrom ?? v.VisitDate.ToDateTime(v.EnterTime ?? TimeOnly.MinValue),
                v.ExpectedUntil ?? v.VisitDate.ToDateTime(v.ExitTime ?? TimeOnly.MinValue), v.PassCode, v.State,
                v.EnterTime == null ? null : v.VisitDate.ToDateTime(v.EnterTime.Value),
                v.ExitTime == null ? null : (v.ExitDate ?? v.VisitDate).ToDateTime(v.ExitTime.Value)))
            .SingleOrDefaultAsync(ct);
    }
}
