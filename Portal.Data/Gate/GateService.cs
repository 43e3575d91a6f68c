using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Gate;

/// <summary>What the terminal writes: entries, exits, refusals; and who is inside.</summary>
public sealed class GateService(PortalStore store, BuildingClock clock, SettingsService settings)
{
    private const int MostInside = 300, MostHosts = 8;

    /// <summary>Everybody inside, who is longest over the limit first. Needs <see cref="Permissions.GateView"/>.</summary>
    public async Task<IReadOnlyList<Home.InsideVisitor>> InsideAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateView)) return [];
        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var rows = await db
            .Visitors.AsNoTracking()
            .Where(v => v.State == VisitorState.Inside && v.EnterTime != null)
            .OrderBy(v => v.VisitDate)
            .ThenBy(v => v.EnterTime)
            .ThenBy(v => v.Id)
            .Take(MostInside)
            .Select(v => new
            {
                v.Id,
                v.Name,
                v.Kind,
                v.People,
                v.VisitDate,
                v.EnterTime,
                Tower = v.Apartment == null ? "" : v.Apartment.Tower!.Name,
                Unit = UnitName.Of(v.Apartment) ?? "",
            })
            .ToListAsync(ct);
        var now = clock.Now;
        return
        [
            .. rows.Select(v => new Home.InsideVisitor(
                    v.Id,
                    v.Name,
                    v.Kind,
                    v.Tower,
                    v.Unit,
                    v.People,
                    v.VisitDate.ToDateTime(v.EnterTime!.Value),
                    limits.Overstay(v.Kind)
                ))
                .OrderByDescending(v => v.Overstays(now))
                .ThenBy(v => v.Entered),
        ];
    }

    /// <summary>Lets an announced visitor in. Two guards at once: one logs the visitor, the other is told that they are inside.</summary>
    /// <param name="approved">The host said yes by telephone although the window is over or not yet come.</param>
    public Task<Result> AdmitAsync(long visitId, bool approved, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(visitId, user, visit => visit.Admit(clock.Now, approved, user.AccountId), ct);

    /// <summary>
    /// Logs somebody who was not announced. What the terminal sends twice (a lost connection) is logged once and answered the same.
    /// </summary>
    /// <returns>The visit.</returns>
    public async Task<Result<long>> EnterAsync(WalkIn walkIn, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        var errors = Check(walkIn);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var sent = await db
                    .Visitors.AsNoTracking()
                    .Where(v => v.ClientKey == walkIn.ClientKey)
                    .Select(v => v.Id)
                    .FirstOrDefaultAsync(token);
                if (sent != 0) return sent;
                if (await HostAsync(db, walkIn.ApartmentId, token) is not { } host)
                    return Error.NotFound with { Field = nameof(WalkIn.ApartmentId) };
                var visit = Visitor.WalkIn(host, walkIn, clock.Now, user.AccountId);
                db.Visitors.Add(visit);
                await db.SaveChangesAsync(token);
                return visit.Id;
            },
            ct
        );
    }

    /// <summary>Logs that somebody was not let in. An announced visit ends by it.</summary>
    public Task<Result> DenyAsync(long visitId, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(visitId, user, visit => visit.Deny(user.AccountId), ct);

    public Task<Result> ExitAsync(long visitId, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(visitId, user, visit => visit.Leave(clock.Now, user.AccountId), ct);

    /// <summary>Takes an exit back that was logged by mistake, within ten minutes.</summary>
    public Task<Result> UndoExitAsync(long visitId, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(visitId, user, visit => visit.UndoLeave(clock.Now), ct);

    /// <summary>Apartments that fit what was typed, for the form. Needs <see cref="Permissions.GateLog"/>.</summary>
    public async Task<IReadOnlyList<HostOption>> HostsAsync(string typed, CurrentUser user, CancellationToken ct)
    {
        typed = typed.Trim();
        if (!user.Can(Permissions.GateLog) || typed.Length is 0 or > ListQuery.LongestSearch) return [];
        await using var db = await store.OpenAsync(user, ct);
        var units = await UnitSearch.ReadAsync(db, typed, ct);
        var hosts = await GateQueries.HostsAsync(db, units.Beginning(db), MostHosts, ct);
        if (hosts.Count == MostHosts || await db.AccountsNamedAsync(typed, MostHosts, ct) is not { Count: > 0 } people) return hosts;
        var homes = await GateQueries.ApartmentsOf(db, people, clock.Today).Take(MostHosts).ToListAsync(ct);
        return
        [
            .. hosts.Concat(await GateQueries.HostsAsync(db, homes, MostHosts, ct)).DistinctBy(host => host.ApartmentId).Take(MostHosts),
        ];
    }

    /// <summary>The log of visits: all for the gate and the office, a resident's own for them.</summary>
    public async Task<Page<VisitRow>> LogAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var visits = db.Visitors.AsNoTracking().VisibleTo(user);
        if (query.Filter<VisitorState>("state") is { } state) visits = visits.Where(v => v.State == state);
        if (query.Filter<VisitorKind>("kind") is { } kind) visits = visits.Where(v => v.Kind == kind);
        if (query.FilterDate("from") is { } from) visits = visits.Where(v => v.VisitDate >= from);
        if (query.FilterDate("to") is { } to) visits = visits.Where(v => v.VisitDate <= to);
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
            var (plate, document) = ($"{Plates.Key(text)}%", $"{DocumentNumbers.Key(text)}%");
            visits = plate.Length == 1
                ? visits.Where(v => v.Name.Contains(text))
                : visits.Where(v =>
                    v.Name.Contains(text)
                    || EF.Functions.Like(v.IdentificationKey!, document)
                    || EF.Functions.Like(v.LicensePlateKey!, plate)
                    || units.Contains(v.ApartmentId ?? 0)
                );
        }

        var ordered = (query.Sort, query.Descending) switch
        {
            ("name", false) => visits.OrderBy(v => v.Name).ThenBy(v => v.Id),
            ("name", true) => visits.OrderByDescending(v => v.Name).ThenByDescending(v => v.Id),
            ("date", false) => visits.OrderBy(v => v.VisitDate).ThenBy(v => v.EnterTime).ThenBy(v => v.Id),
            _ => visits.OrderByDescending(v => v.VisitDate).ThenByDescending(v => v.EnterTime).ThenByDescending(v => v.Id),
        };
        var cases = user.Can(Permissions.PqrsHandle);
        return await ordered
            .Select(v => new VisitRow(
                v.Id, v.Name, v.Identification, v.Kind, v.State,
                UnitName.Of(v.Apartment) ?? "",
                db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.FullName).FirstOrDefault() ?? "",
                v.People, v.LicensePlate, v.VisitDate, v.EnterTime, v.ExitDate, v.ExitTime, v.AutoClosed,
                cases ? v.Pqrs!.Number : null))
            .PageAsync(query, ct);
    }

    private async Task<Result> ChangeAsync(long visitId, CurrentUser user, Func<Visitor, Result> change, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateLog)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var visit = await db.Visitors.Where(v => v.Id == visitId).ForUpdate().SingleOrDefaultAsync(token);
            return visit is null ? Error.NotFound : change(visit);
        }, ct);
    }

    private static List<Error> Check(WalkIn walkIn)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(walkIn.Name)) errors.Add(Error.Required(nameof(WalkIn.Name)));
        else if (walkIn.Name.Length > 200) errors.Add(Error.TooLong(nameof(WalkIn.Name), 200));
        // A taxi and a delivery come and go: the plate or the company is enough.
        if (walkIn.Kind is not (VisitorKind.Taxi or VisitorKind.Delivery) && string.IsNullOrWhiteSpace(walkIn.Identification))
            errors.Add(Error.Required(nameof(WalkIn.Identification)));
        else if (walkIn.Identification.Length > 50) errors.Add(Error.TooLong(nameof(WalkIn.Identification), 50));
        if (walkIn.Plate?.Length > 20) errors.Add(Error.TooLong(nameof(WalkIn.Plate), 20));
        if (walkIn.Company?.Length > 100) errors.Add(Error.TooLong(nameof(WalkIn.Company), 100));
        if (walkIn.Purpose?.Length > 255) errors.Add(Error.TooLong(nameof(WalkIn.Purpose), 255));
        if (walkIn.ApartmentId == 0) errors.Add(Error.Required(nameof(WalkIn.ApartmentId)));
        if (walkIn.People is < 1 or > 99) errors.Add(new Error("gate.people", nameof(WalkIn.People)));
        if (walkIn.Plate?.Trim().Length > Plates.Longest) errors.Add(Error.TooLong(nameof(WalkIn.Plate), Plates.Longest));
        if (!Guid.TryParse(walkIn.ClientKey, out _)) errors.Add(Error.Required(nameof(WalkIn.ClientKey)));
        return errors;
    }

    internal static Task<long?> HostAsync(PortalDb db, long apartment, CancellationToken ct) =>
        db.Apartments.Where(a => a.Id == apartment).Select(a => a.OwnerId).FirstOrDefaultAsync(ct);
}
