using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.Passes;
using Portal.Data.People;

namespace Portal.Data.Gate;

/// <summary>
/// Answers what the guard typed or scanned: the address of a pass, a six-digit code, a booking's code or number, an apartment, a plate, a
/// document number or a name, tried in this order. Who is inside with that plate, document or name is answered as inside: they leave. What
/// fits several is listed; nothing is chosen for the guard.
/// </summary>
public sealed partial class GateLookup(PortalStore store, BuildingClock clock)
{
    private const int MostChoices = 6;

    private const string ApartmentSign = "#", VisitSign = "#v", KnownSign = "#k";

    /// <summary>What <see cref="VerdictChoice.Typed"/> holds: names may be those of several, an id is not.</summary>
    internal static string Visit(long id) => string.Create(CultureInfo.InvariantCulture, $"{VisitSign}{id}");

    private static string Known(long id) => string.Create(CultureInfo.InvariantCulture, $"{KnownSign}{id}");

    private static string Unit(long id) => string.Create(CultureInfo.InvariantCulture, $"{ApartmentSign}{id}");

    /// <summary>Needs <see cref="Permissions.GateLog"/>; without it nothing is known.</summary>
    public async Task<Verdict> AskAsync(string typed, CurrentUser user, CancellationToken ct)
    {
        typed = typed.Trim();
        if (!user.Can(Permissions.GateLog) || typed.Length is 0 or > ListQuery.LongestSearch) return new Verdict(VerdictKind.Unknown);
        await using var db = await store.OpenAsync(user, ct);
        return await GuardedAsync(db, await FindAsync(db, typed, user, ct), ct);
    }

    /// <summary>Whether it could be the code of a pass.</summary>
    public static bool IsCode(string typed) => Code().IsMatch(typed.Trim());

    private async Task<Verdict> FindAsync(PortalDb db, string typed, CurrentUser user, CancellationToken ct)
    {
        if (typed.StartsWith(ApartmentSign, StringComparison.Ordinal) && await ChosenAsync(db, typed, ct) is { } chosen) return chosen;

        // An address is a pass's or nobody's; its letters are no name to look for.
        if (Tokens.Read(typed) is { } token) return await ByTokenAsync(db, token, ct) ?? new Verdict(VerdictKind.Unknown);
        var key = Spelling.Key(typed);
        if (Code().IsMatch(typed) && await ByCodeAsync(db, key, ct) is { } pass) return pass;
        if (user.Can(Permissions.ReservationsCheckIn) && await GateBookings.FindAsync(db, typed, clock, ct) is { } booking) return booking;
        return await ByUnitOrPlateAsync(db, typed, key, ct) ?? await ByPersonAsync(db, typed, ct) ?? new Verdict(VerdictKind.Unknown);
    }

    private async Task<Verdict?> ChosenAsync(PortalDb db, string typed, CancellationToken ct)
    {
        var visit = typed.StartsWith(VisitSign, StringComparison.Ordinal);
        var known = typed.StartsWith(KnownSign, StringComparison.Ordinal);
        var digits = typed.AsSpan(visit || known ? VisitSign.Length : ApartmentSign.Length);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        if (visit) return await OfVisitAsync(db, id, chosen: true, ct);
        if (known) return await GateVisits.LastAsync(db, id, ct) is { } last ? await OfLastAsync(db, [last], ct) : null;
        return await GateQueries.HostsAsync(db, [id], 1, ct) is [var host] ? await OfHostAsync(db, host, ct) : null;
    }

    private async Task<Verdict?> ByCodeAsync(PortalDb db, string code, CancellationToken ct)
    {
        // A code comes back after months: an open pass comes first, then the latest that carried it.
        var now = clock.Now;
        var others = await db.Passes.AsNoTracking().Where(p => p.Code == code && p.Kind != PassKind.Single)
            .OrderByDescending(p => p.RevokedAt == null && p.EndsAt >= now).ThenByDescending(p => p.Id).FirstOrDefaultAsync(ct);
        if (others is { RevokedAt: null } && others.EndsAt >= now) return await OfPassAsync(db, others, null, ct);
        var guest = await db.PassGuests.AsNoTracking().Include(g => g.Pass).Where(g => g.Code == code)
            .OrderByDescending(g => g.RevokedAt == null && g.Pass!.EndsAt >= now).ThenByDescending(g => g.Id).FirstOrDefaultAsync(ct);
        if (guest?.Pass!.EndsAt >= now) return await OfPassAsync(db, guest.Pass!, guest, ct);
        var visit = await db
            .Visitors.AsNoTracking()
            .Where(v => v.PassCode == code)
            .OrderByDescending(v => v.Id)
            .Select(v => v.Id)
            .FirstOrDefaultAsync(ct);
        return visit != 0 ? await OfVisitAsync(db, visit, chosen: false, ct)
            : guest is not null ? await OfPassAsync(db, guest.Pass!, guest, ct)
            : others is not null ? await OfPassAsync(db, others, null, ct)
            : null;
    }

    private async Task<Verdict?> ByTokenAsync(PortalDb db, string token, CancellationToken ct)
    {
        if (await db.Passes.AsNoTracking().SingleOrDefaultAsync(p => p.Token == token, ct) is { } pass)
        {
            if (pass.Kind != PassKind.Single) return await OfPassAsync(db, pass, null, ct);
            var visit = await db.Visitors.AsNoTracking().Where(v => v.PassId == pass.Id && v.ExpectedFrom != null).OrderBy(v => v.Id)
                .Select(v => v.Id).FirstOrDefaultAsync(ct);
            return visit == 0 ? await OfPassAsync(db, pass, null, ct) : await OfVisitAsync(db, visit, chosen: false, ct);
        }

        var guest = await db.PassGuests.AsNoTracking().Include(g => g.Pass).SingleOrDefaultAsync(g => g.Token == token, ct);
        return guest is null ? null : await OfPassAsync(db, guest.Pass!, guest, ct);
    }

    private async Task<Verdict> OfPassAsync(PortalDb db, Pass pass, PassGuest? guest, CancellationToken ct)
    {
        var stays = db.Visitors.AsNoTracking().Where(v => v.PassId == pass.Id);
        var inside = await stays.Where(v => v.State == VisitorState.Inside).SumAsync(v => v.People, ct);
        var entered = pass.Kind switch
        {
            PassKind.Delivery => await stays.CountAsync(v => v.State == VisitorState.Inside || v.State == VisitorState.Left, ct),
            _ when guest is not null => await stays.CountAsync(v => v.PassGuestId == guest.Id && v.State == VisitorState.Inside, ct),
            _ => 0,
        };
        var now = clock.Now;
        var judged = PassRules.Judge(pass, guest, now, PassRules.HolidaysBetween(now, pass.EndsAt), inside, entered);
        var kind = judged.Kind switch
        {
            PassVerdictKind.Revoked => VerdictKind.Revoked,
            PassVerdictKind.Paused => VerdictKind.Paused,
            PassVerdictKind.Early => VerdictKind.TooEarly,
            PassVerdictKind.Expired => VerdictKind.Expired,
            PassVerdictKind.WrongDay or PassVerdictKind.WrongHour => VerdictKind.WrongDay,
            PassVerdictKind.Used => VerdictKind.Used,
            PassVerdictKind.OverCapacity => VerdictKind.OverCapacity,
            _ => VerdictKind.Expected,
        };
        var host = await db.Owners.AsNoTracking().Where(o => o.Id == pass.HostId)
            .Select(o => db.Profiles.Where(p => p.UserId == o.UserId).Select(p => new { p.FullName, p.Phone }).FirstOrDefault())
            .FirstOrDefaultAsync(ct);
        var unit = await db.Apartments.AsNoTracking().Where(a => a.Id == pass.ApartmentId).Select(a =>
            UnitName.Of(a)).FirstOrDefaultAsync(ct);
        return new Verdict(
            kind, ApartmentId: pass.ApartmentId, Unit: unit, Host: host?.FullName, HostPhone: host?.Phone,
            Visitor: guest?.Name ?? pass.Title ?? pass.Company, Identification: guest is null ? pass.Identification : null,
            VisitorKind: pass.VisitorKind, People: guest is null ? pass.People : 1, Plate: guest?.LicensePlate ?? pass.LicensePlate,
            From: judged.From ?? pass.StartsAt, Until: judged.Until ?? pass.EndsAt, PassId: pass.Id, GuestId: guest?.Id,
                Company: pass.Company);
    }

    /// <summary>Somebody who is not to be let in, or is to be looked at twice. The guard reads no reason.</summary>
    private async Task<Verdict> GuardedAsync(PortalDb db, Verdict found, CancellationToken ct)
    {
        if (found.Kind is VerdictKind.Several or VerdictKind.Unknown or VerdictKind.Apartment or VerdictKind.Booking or VerdictKind.Resident)
            return found;
        var (plate, document) = (Plates.Key(found.Plate), DocumentNumbers.Key(found.Identification));
        if (plate.Length == 0 && document.Length == 0) return found;
        var block = await GateBlocks.FindAsync(db, document, plate, found.ApartmentId, clock.Today, ct);
        return block?.Effect switch
        {
            BlockEffect.Watch => found with { Watch = true },
            BlockEffect.Block when found.Kind is VerdictKind.Expected or VerdictKind.Known or VerdictKind.TooEarly or VerdictKind.Expired =>
                found with { Kind = VerdictKind.Blocked },
            _ => found,
        };
    }

    private async Task<Verdict?> ByUnitOrPlateAsync(PortalDb db, string typed, string key, CancellationToken ct)
    {
        var units = await UnitSearch.ReadAsync(db, typed, ct);
        var hosts = await GateQueries.HostsAsync(db, await units.FindAsync(db, MostChoices, ct), MostChoices, ct);
        if (!Plates.CanBe(key)) return await OfHostsAsync(db, hosts, [], ct);

        List<VerdictChoice> expected =
        [
            .. await GateVisits.InsideByPlateAsync(db, key, MostChoices, ct),
            .. await GateVisits.ByPlateAsync(db, key, clock.Now, MostChoices, ct),
        ];
        if (expected.Count > 0)
        {
            return hosts.Count == 0 && expected is [var only]
                ? await ChosenAsync(db, only.Typed, ct)
                : new Verdict(VerdictKind.Several, Choices: [.. expected, .. hosts.Select(Choice)]);
        }

        var residents = await ResidentsAsync(db, key, ct);
        return hosts.Count == 0 && residents is [var resident]
            ? new Verdict(
                VerdictKind.Resident, ApartmentId: resident.Host.ApartmentId, Unit: resident.Host.Unit, Host: resident.Host.Host,
                Plate: resident.Plate)
            : await OfHostsAsync(db, hosts, [.. residents.Select(r => r.Host)], ct);
    }

    /// <summary>
    /// The apartments of a vehicle. An older system's space may name its person and no apartment: then it is that person's.
    /// </summary>
    private async Task<List<(HostOption Host, string? Plate)>> ResidentsAsync(PortalDb db, string key, CancellationToken ct)
    {
        var spaces = await db
            .Parking.AsNoTracking()
            .Where(p => p.LicensePlateKey == key && (p.ApartmentId != null || p.UserId != null))
            .OrderBy(p => p.Id)
            .Take(MostChoices)
            .Select(p => new
            {
                p.ApartmentId,
                p.LicensePlate,
                Account = p.UserId,
                Person = db.Profiles.Where(o => o.UserId == p.UserId).Select(o => o.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        var residents = (await db.Vehicles.AsNoTracking().Where(v => v.LicensePlateKey == key)
            .Select(v => new
            {
                v.ApartmentId, Unit = UnitName.Of(v.Apartment!), v.LicensePlate,
                Person = db.Profiles.Where(o => o.UserId == v.Apartment!.Owner!.UserId).Select(o => o.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct))
            .ConvertAll(v => (new HostOption(v.ApartmentId, v.Unit, v.Person ?? ""), (string?)v.LicensePlate));
        foreach (var space in spaces)
        {
            List<long> apartments = space.ApartmentId is { } apartment
                ? [apartment]
                : await GateQueries.ApartmentsOf(db, [space.Account!.Value], clock.Today).Take(MostChoices).ToListAsync(ct);
            var found = await db.Apartments.AsNoTracking().Where(a => apartments.Contains(a.Id))
                .Select(a => new { a.Id, Unit = UnitName.Of(a) }).ToListAsync(ct);
            residents.AddRange(found.Select(a => (new HostOption(a.Id, a.Unit, space.Person ?? ""), space.LicensePlate)));
        }

        return [.. residents.DistinctBy(resident => resident.Item1.ApartmentId)];
    }

    private async Task<Verdict?> ByPersonAsync(PortalDb db, string typed, CancellationToken ct)
    {
        var (now, documents) = (clock.Now, DocumentNumbers.Keys(typed));
        if (documents is [var key, ..] && DocumentNumbers.CanBe(key))
        {
            List<VerdictChoice> expected =
            [
                .. await GateVisits.InsideByDocumentAsync(db, documents, MostChoices, ct),
                .. await GateVisits.ByDocumentAsync(db, documents, now, MostChoices, ct),
            ];
            return expected.Count > 0
                ? await OfChoicesAsync(db, expected, ct)
                : await OfLastAsync(db, await GateVisits.LastAsync(db, documents, [], ct), ct);
        }

        var words = PersonNames.Words(typed);
        if (words.Sum(word => word.Length) < 3) return null;
        List<VerdictChoice> announced =
        [
            .. await GateVisits.InsideByNameAsync(db, words, MostChoices, ct),
            .. await GateVisits.ByNameAsync(db, words, now, MostChoices, ct),
        ];
        if (announced.Count == 0 && await OfLastAsync(db, await GateVisits.LastAsync(db, [], words, ct), ct) is { } known) return known;
        var people = await db.AccountsNamedAsync(typed, MostChoices * MostChoices, ct);
        var apartments = await GateQueries.ApartmentsOf(db, people, clock.Today).Take(MostChoices).ToListAsync(ct);
        var hosts = await GateQueries.HostsAsync(db, apartments, MostChoices, ct);
        return hosts.Count == 0 && announced.Count > 0
            ? await OfChoicesAsync(db, announced, ct)
            : announced.Count == 0
                ? await OfHostsAsync(db, hosts, [], ct)
                : new Verdict(VerdictKind.Several, Choices: [.. announced, .. hosts.Select(Choice)]);
    }

    private static VerdictChoice Choice(HostOption host) => 
        new(host.Unit, host.Host, Unit(host.ApartmentId), ChoiceState.Apartment);

    private async Task<Verdict?> OfHostsAsync(PortalDb db, List<HostOption> hosts, List<HostOption> more, CancellationToken ct)
    {
        List<HostOption> all = [.. hosts.Concat(more).DistinctBy(host => host.ApartmentId)];
        return all.Count switch
        {
            0 => null,
            1 => await OfHostAsync(db, all[0], ct),
            _ => new Verdict(VerdictKind.Several, Choices: [.. all.Select(Choice)]),
        };
    }

    private async Task<Verdict?> OfChoicesAsync(PortalDb db, List<VerdictChoice> choices, CancellationToken ct) =>
        choices is [var only] ? await ChosenAsync(db, only.Typed, ct) : new Verdict(VerdictKind.Several, Choices: choices);

    private static async Task<Verdict?> OfLastAsync(PortalDb db, List<LastVisit> visits, CancellationToken ct) =>
        visits switch
        {
            [] => null,
            [var last] => new Verdict(
                VerdictKind.Known, ApartmentId: last.ApartmentId, Unit: last.Unit, Host: last.Host,
                HostPhone: await PhoneAsync(db, last.ApartmentId, ct), Visitor: last.Name, Identification: last.Identification,
                VisitorKind: last.Kind, Plate: last.Plate, LastVisit: last.On),
            _ => new Verdict(
                VerdictKind.Several,
                Choices: [.. visits.Take(MostChoices).Select(v => new VerdictChoice(v.Name, v.Unit, Known(v.Id), ChoiceState.Known))]
            ),
        };

    private async Task<Verdict> OfHostAsync(PortalDb db, HostOption host, CancellationToken ct)
    {
        var (now, apartment) = (clock.Now, host.ApartmentId);
        var expected = await db.Visitors.AsNoTracking()
            .Where(v => v.ApartmentId == apartment && v.State == VisitorState.Announced && v.ExpectedFrom <= now && v.ExpectedUntil >= now)
            .OrderBy(v => v.ExpectedFrom)
            .ThenBy(v => v.Id)
            .Take(MostChoices)
            .Select(v => new
            {
                v.Id,
                v.Name,
                v.LicensePlate,
            })
            .ToListAsync(ct);
        return new Verdict(
            VerdictKind.Apartment,
            ApartmentId: apartment,
            Unit: host.Unit,
            Host: host.Host,
            HostPhone: await PhoneAsync(db, apartment, ct),
            Choices: [.. expected.Select(e => new VerdictChoice(e.Name, e.LicensePlate ?? "", Visit(e.Id)))]
        );
    }

    /// <param name="chosen">By itself, not by its code: then who is inside is to leave, and with the code it is used.</param>
    private async Task<Verdict?> OfVisitAsync(PortalDb db, long id, bool chosen, CancellationToken ct)
    {
        var now = clock.Now;
        var v = await db
            .Visitors.AsNoTracking()
            .Where(v => v.Id == id)
            .Select(v => new
            {
                v.Id,
                v.ApartmentId,
                v.Name,
                v.Identification,
                v.Kind,
                v.People,
                v.LicensePlate,
                v.ExpectedFrom,
                v.ExpectedUntil,
                v.State,
                v.VisitDate,
                v.EnterTime,
                v.Company,
                v.PassId,
                Again = v.PassId != null
                    && db.Visitors.Any(o => o.PassId == v.PassId && o.Id != v.Id
                        && (o.State == VisitorState.Inside || o.State == VisitorState.Left)),
                Unit = UnitName.Of(v.Apartment) ?? "",
                Host = db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.FullName).FirstOrDefault(),
                Phone = db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.Phone).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (v is null) return null;
        var kind = v.State switch
        {
            VisitorState.Inside when chosen => VerdictKind.Inside,
            VisitorState.Inside or VisitorState.Left => VerdictKind.Used,

            // An entry that was taken back leaves its pass as it was, until somebody comes with it.
            VisitorState.Void when v.ExpectedFrom is null || v.Again => VerdictKind.Used,
            VisitorState.Revoked or VisitorState.Denied => VerdictKind.Revoked,
            _ when v.ExpectedUntil < now => VerdictKind.Expired,
            _ when v.ExpectedFrom > now => VerdictKind.TooEarly,
            _ => VerdictKind.Expected,
        };
        return new Verdict(
            kind, v.Id, v.ApartmentId, v.Unit, v.Host, v.Phone, v.Name, v.Identification, v.Kind, v.People, v.LicensePlate, v.ExpectedFrom,
            v.ExpectedUntil, v.VisitDate, PassId: v.PassId, Company: v.Company,
            Since: v.State == VisitorState.Inside && v.EnterTime is { } entered ? v.VisitDate.ToDateTime(entered) : null);
    }

    /// <summary>As it is said: in one or in two halves. "12 1204" is a tower and a number.</summary>
    [GeneratedRegex("^[0-9]{3}[ -]?[0-9]{3}$")]
    private static partial Regex Code();

    private static Task<string?> PhoneAsync(PortalDb db, long apartment, CancellationToken ct) =>
        db
            .Apartments.AsNoTracking()
            .Where(a => a.Id == apartment)
            .Select(a => db.Profiles.Where(p => p.UserId == a.Owner!.UserId).Select(p => p.Phone).FirstOrDefault())
            .FirstOrDefaultAsync(ct);
}
