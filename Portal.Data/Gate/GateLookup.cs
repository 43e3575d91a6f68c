using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Gate;

/// <summary>
/// Answers what the guard typed or scanned: a six-digit code, a booking's code or number, an apartment, a plate, a document number or a
/// name, tried in this order. What fits several is listed; nothing is chosen for the guard.
/// </summary>
public sealed partial class GateLookup(PortalStore store, BuildingClock clock)
{
    private const int MostChoices = 6;

    private const string ApartmentSign = "#", VisitSign = "#v";

    /// <summary>What <see cref="VerdictChoice.Typed"/> holds: names may be those of several, an id is not.</summary>
    internal static string Visit(long id) => string.Create(CultureInfo.InvariantCulture, $"{VisitSign}{id}");

    private static string Unit(long id) => string.Create(CultureInfo.InvariantCulture, $"{ApartmentSign}{id}");

    /// <summary>Needs <see cref="Permissions.GateLog"/>; without it nothing is known.</summary>
    public async Task<Verdict> AskAsync(string typed, CurrentUser user, CancellationToken ct)
    {
        typed = typed.Trim();
        if (!user.Can(Permissions.GateLog) || typed.Length is 0 or > ListQuery.LongestSearch) return new Verdict(VerdictKind.Unknown);
        await using var db = await store.OpenAsync(user, ct);
        if (typed.StartsWith(ApartmentSign, StringComparison.Ordinal) && await ChosenAsync(db, typed, ct) is { } chosen) return chosen;

        var key = Spelling.Key(typed);
        if (Code().IsMatch(typed) && await ByCodeAsync(db, key, ct) is { } pass) return pass;
        if (user.Can(Permissions.ReservationsCheckIn) && await GateBookings.FindAsync(db, typed, clock, ct) is { } booking) return booking;
        return await ByUnitOrPlateAsync(db, typed, key, ct) ?? await ByPersonAsync(db, typed, ct) ?? new Verdict(VerdictKind.Unknown);
    }

    private async Task<Verdict?> ChosenAsync(PortalDb db, string typed, CancellationToken ct)
    {
        var visit = typed.StartsWith(VisitSign, StringComparison.Ordinal);
        var digits = typed.AsSpan(visit ? VisitSign.Length : ApartmentSign.Length);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        if (visit) return await OfVisitAsync(db, id, ct);
        return await GateQueries.HostsAsync(db, [id], 1, ct) is [var host] ? await OfHostAsync(db, host, ct) : null;
    }

    private async Task<Verdict?> ByCodeAsync(PortalDb db, string code, CancellationToken ct)
    {
        // A code comes back after months: the latest visit that carried it counts.
        var visit = await db
            .Visitors.AsNoTracking()
            .Where(v => v.PassCode == code)
            .OrderByDescending(v => v.Id)
            .Select(v => v.Id)
            .FirstOrDefaultAsync(ct);
        return visit == 0 ? null : await OfVisitAsync(db, visit, ct);
    }

    private async Task<Verdict?> ByUnitOrPlateAsync(PortalDb db, string typed, string key, CancellationToken ct)
    {
        var units = await UnitSearch.ReadAsync(db, typed, ct);
        var hosts = await GateQueries.HostsAsync(db, await units.FindAsync(db, MostChoices, ct), MostChoices, ct);
        if (!Plates.CanBe(key)) return await OfHostsAsync(db, hosts, [], ct);

        if (await GateVisits.ByPlateAsync(db, key, clock.Now, MostChoices, ct) is { Count: > 0 } expected)
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
        var residents = new List<(HostOption, string?)>();
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
            return await GateVisits.ByDocumentAsync(db, documents, now, MostChoices, ct) is { Count: > 0 } expected
                ? await OfChoicesAsync(db, expected, ct)
                : await OfLastAsync(db, await GateVisits.LastAsync(db, documents, [], ct), ct);
        }

        var words = PersonNames.Words(typed);
        if (words.Sum(word => word.Length) < 3) return null;
        var announced = await GateVisits.ByNameAsync(db, words, now, MostChoices, ct);
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

    private static VerdictChoice Choice(HostOption host) => new(host.Unit, host.Host, Unit(host.ApartmentId));

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
                Choices: [.. visits.Take(MostChoices).Select(v => new VerdictChoice(v.Name, v.Unit, v.Identification))]
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

    private async Task<Verdict?> OfVisitAsync(PortalDb db, long id, CancellationToken ct)
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
                Unit = UnitName.Of(v.Apartment) ?? "",
                Host = db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.FullName).FirstOrDefault(),
                Phone = db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.Phone).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (v is null) return null;
        var kind = v.State switch
        {
            VisitorState.Inside or VisitorState.Left => VerdictKind.Used,
            VisitorState.Revoked or VisitorState.Denied => VerdictKind.Revoked,
            _ when v.ExpectedUntil < now => VerdictKind.Expired,
            _ when v.ExpectedFrom > now => VerdictKind.TooEarly,
            _ => VerdictKind.Expected,
        };
        return new Verdict(
            kind, v.Id, v.ApartmentId, v.Unit, v.Host, v.Phone, v.Name, v.Identification, v.Kind, v.People, v.LicensePlate, v.ExpectedFrom,
            v.ExpectedUntil, v.VisitDate);
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
