using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.Passes;

namespace Portal.Data.Gate;

/// <summary>Residents announce their visitors. Each visit has a code that its visitor shows at the gate.</summary>
public sealed class VisitService(PortalStore store, BuildingClock clock)
{
    /// <summary>How far ahead, and how long, a visit may be announced.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(90), Longest = TimeSpan.FromDays(7);

    /// <summary>Announces a visit to an apartment in which the person lives or that they own.</summary>
    public async Task<Result<AnnouncedVisit>> AnnounceAsync(Announcement visit, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn) || user.OwnerIds is not [var host, ..]) return Error.Forbidden;
        var errors = Check(visit);
        if (visit.ApartmentId != 0 && !user.ApartmentIds.Contains(visit.ApartmentId))
            errors.Add(Error.NotFound with { Field = nameof(Announcement.ApartmentId) });
        if (errors.Count > 0) return errors;
        var made = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var code = await FreeCodeAsync(db, token);
                var row = Visitor.Announce(host, visit, code);
                row.With(Pass.Single(host, visit, code, RandomNumberGenerator.GetHexString(32, lowercase: true)));
                db.Visitors.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct
        );
        return made.Ok
            ? await FindAsync(made.Value, user, ct) is { } done
                ? done
                : Error.NotFound
            : Result<AnnouncedVisit>.Refused(made);
    }

    /// <summary>Takes back a visit that has not come yet.</summary>
    public async Task<Result> RevokeAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var mine = user.OwnerIds;
                var visit = await db
                    .Visitors.Where(v => v.Id == id && mine.Contains(v.HostId ?? 0))
                    .ForUpdate()
                    .SingleOrDefaultAsync(token);
                if (visit is null) return Error.NotFound;
                var revoked = visit.Revoke();
                if (revoked.Ok && await db.Passes.SingleOrDefaultAsync(p => p.Id == visit.PassId, token) is { } pass)
                    pass.RevokedAt = clock.Now;
                return revoked;
            },
            ct
        );
    }

    /// <summary>The person's own visits: those to come first, then the last ones.</summary>
    public async Task<IReadOnlyList<AnnouncedVisit>> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateAnnounceOwn)) return [];
        var mine = user.OwnerIds;
        await using var db = await store.OpenAsync(user, ct);
        var rows = await Announced(
                db.Visitors.Where(v => mine.Contains(v.HostId ?? 0))
                    .OrderByDescending(v => v.ExpectedFrom ?? v.CreatedAt)
                    .ThenByDescending(v => v.Id)
            )
            .Take(40)
            .ToListAsync(ct);
        var now = clock.Now;
        return
        [
            .. rows.Where(v => v.State == VisitorState.Announced && v.Until >= now).OrderBy(v => v.From),
            .. rows.Where(v => v.State != VisitorState.Announced || v.Until < now),
        ];
    }

    /// <summary>One of the person's own visits; null where it is not theirs.</summary>
    public async Task<AnnouncedVisit?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        var mine = user.OwnerIds;
        await using var db = await store.OpenAsync(user, ct);
        return await Announced(db.Visitors.Where(v => v.Id == id && mine.Contains(v.HostId ?? 0))).SingleOrDefaultAsync(ct);
    }

    private static IQueryable<AnnouncedVisit> Announced(IQueryable<Visitor> visits) =>
        visits
            .AsNoTracking()
            .Select(v => new AnnouncedVisit(
                v.Id, v.Name, v.Kind, UnitName.Of(v.Apartment) ?? "", v.People,
                v.LicensePlate, v.ExpectedFrom ?? v.VisitDate.ToDateTime(v.EnterTime ?? TimeOnly.MinValue),
                v.ExpectedUntil ?? v.VisitDate.ToDateTime(v.ExitTime ?? TimeOnly.MinValue), v.PassCode, v.State,
                v.EnterTime == null ? null : v.VisitDate.ToDateTime(v.EnterTime.Value),
                v.ExitTime == null ? null : (v.ExitDate ?? v.VisitDate).ToDateTime(v.ExitTime.Value)));

    private List<Error> Check(Announcement visit)
    {
        var errors = new List<Error>();
        var now = clock.Now;
        if (string.IsNullOrWhiteSpace(visit.Name)) errors.Add(Error.Required(nameof(Announcement.Name)));
        else if (visit.Name.Length > 200) errors.Add(Error.TooLong(nameof(Announcement.Name), 200));
        if (visit.Identification?.Length > 50) errors.Add(Error.TooLong(nameof(Announcement.Identification), 50));
        if (visit.Plate?.Length > 20) errors.Add(Error.TooLong(nameof(Announcement.Plate), 20));
        if (visit.Company?.Length > 100) errors.Add(Error.TooLong(nameof(Announcement.Company), 100));
        if (visit.ApartmentId == 0) errors.Add(Error.Required(nameof(Announcement.ApartmentId)));
        if (visit.Identification?.Trim().Length > 50) errors.Add(Error.TooLong(nameof(Announcement.Identification), 50));
        if (visit.Plate?.Trim().Length > Plates.Longest) errors.Add(Error.TooLong(nameof(Announcement.Plate), Plates.Longest));
        if (visit.People is < 1 or > 99) errors.Add(new Error("gate.people", nameof(Announcement.People)));
        if (visit.Until <= visit.From) errors.Add(new Error("gate.window", nameof(Announcement.Until)));
        else if (visit.Until - visit.From > Longest) errors.Add(new Error("gate.window_long", nameof(Announcement.Until), Longest.Days));
        if (visit.Until <= now) errors.Add(new Error("gate.past", nameof(Announcement.Until)));
        else if (visit.From - now > Furthest) errors.Add(new Error("gate.far", nameof(Announcement.From), Furthest.Days));
        return errors;
    }

    /// <summary>Six digits that no visit still to come has; a million of them, a few hundred in use.</summary>
    private static async Task<string> FreeCodeAsync(PortalDb db, CancellationToken ct)
    {
        while (true)
        {
            var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
            if (!await db.Visitors.AnyAsync(v => v.PassCode == code && v.State == VisitorState.Announced, ct)) return code;
        }
    }
}
