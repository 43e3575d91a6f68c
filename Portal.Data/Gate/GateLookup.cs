using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Gate;

/// <summary>
/// Answers what the guard typed or scanned: a six-digit code, a booking's code or number, an apartment, a plate, a document number or a
/// name, tried in this
/// order.
/// </summary>
public sealed class GateLookup(PortalStore store, BuildingClock clock)
{
    private const int MostChoices = 6;

    /// <summary>Needs <see cref="Permissions.GateLog"/>; without it nothing is known.</summary>
    public async Task<Verdict> AskAsync(string typed, CurrentUser user, CancellationToken ct)
    {
        typed = typed.Trim();
        if (!user.Can(Permissions.GateLog) || typed.Length == 0) return new Verdict(VerdictKind.Unknown);
        await using var db = await store.OpenAsync(user, ct);
        var compact = typed.Replace(" ", "", StringComparison.Ordinal);

        if (compact.Length == 6 && compact.All(char.IsAsciiDigit) && await ByCodeAsync(db, compact, ct) is { } pass) return pass;
        if (user.Can(Permissions.ReservationsCheckIn) && await GateBookings.FindAsync(db, typed, clock, ct) is { } booking) return booking;
        if (await ByApartmentAsync(db, typed, ct) is { } apartment) return apartment;
        if (await ByPlateAsync(db, compact, ct) is { } plate) return plate;
        return await ByPersonAsync(db, typed, compact, ct) ?? new Verdict(VerdictKind.Unknown);
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

    private async Task<Verdict?> ByApartmentAsync(PortalDb db, string typed, CancellationToken ct)
    {
        var found = await GateQueries.HostsAsync(db, db.Apartments.Named(typed), MostChoices, ct);
        if (found.Count == 0) return null;
        if (found.Count > 1)
            return new Verdict(VerdictKind.Several, Choices: [.. found.Select(f => new VerdictChoice(f.Unit, f.Host, f.Unit))]);
        var now = clock.Now;
        var (apartment, unit, host) = (found[0].ApartmentId, found[0].Unit, found[0].Host);
        var expected = await db.Visitors.AsNoTracking()
            .Where(v => v.ApartmentId == apartment && v.State == VisitorState.Announced && v.ExpectedFrom <= now && v.ExpectedUntil >= now)
            .OrderBy(v => v.ExpectedFrom)
            .ThenBy(v => v.Id)
            .Take(MostChoices)
            .Select(v => new
            {
                v.Name,
                v.People,
                v.PassCode,
                v.LicensePlate,
            })
            .ToListAsync(ct);
        return new Verdict(
            VerdictKind.Apartment,
            ApartmentId: apartment,
            Unit: unit,
            Host: host,
            HostPhone: await PhoneAsync(db, apartment, ct),
            Choices: [.. expected.Where(e => e.PassCode != null).Select(e => new VerdictChoice(e.Name, e.LicensePlate ?? "", e.PassCode!))]
        );
    }

    private async Task<Verdict?> ByPlateAsync(PortalDb db, string compact, CancellationToken ct)
    {
        if (compact.Length is < 5 or > 7 || !compact.Any(char.IsAsciiDigit) || !compact.Any(char.IsAsciiLetter)) return null;
        var now = clock.Now;
        var visit = await db.Visitors.AsNoTracking()
            .Where(v => v.LicensePlate!.Replace(" ", "") == compact && v.State == VisitorState.Announced && v.ExpectedUntil >= now)
            .OrderBy(v => v.ExpectedFrom).ThenBy(v => v.Id).Select(v => v.Id).FirstOrDefaultAsync(ct);
        if (visit != 0) return await OfVisitAsync(db, visit, ct);

        var space = await db
            .Parking.AsNoTracking()
            .Where(p => p.LicensePlate!.Replace(" ", "") == compact && p.ApartmentId != null)
            .OrderBy(p => p.Id)
            .Select(p => new
            {
                p.ApartmentId,
                p.LicensePlate,
                Unit = p.Apartment!.Tower!.Name + " " + p.Apartment.ApartmentNumber,
                Host = db.Profiles.Where(o => o.UserId == p.UserId).Select(o => o.FirstName + " " + o.LastName).FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        return space is null
            ? null
            : new Verdict(
                VerdictKind.Resident, ApartmentId: space.ApartmentId, Unit: space.Unit, Host: space.Host, Plate: space.LicensePlate);
    }

    private async Task<Verdict?> ByPersonAsync(PortalDb db, string typed, string compact, CancellationToken ct)
    {
        var now = clock.Now;
        var byDocument = compact.Length >= 5 && compact.All(char.IsAsciiDigit);
        if (!byDocument && typed.Length < 3) return null;

        var announced = await db
            .Visitors.AsNoTracking()
            .Where(v =>
                v.State == VisitorState.Announced
                && v.ExpectedUntil >= now
                && (byDocument ? v.Identification == compact : v.Name.Contains(typed))
            )
            .OrderBy(v => v.ExpectedFrom)
            .ThenBy(v => v.Id)
            .Take(MostChoices)
            .Select(v => new
            {
                v.Id,
                v.Name,
                v.PassCode,
                Unit = v.Apartment!.Tower!.Name + " " + v.Apartment.ApartmentNumber,
            })
            .ToListAsync(ct);
        if (announced.Count == 1) return await OfVisitAsync(db, announced[0].Id, ct);
        if (announced.Count > 1)
            return new Verdict(
                VerdictKind.Several,
                Choices: [.. announced.Select(a => new VerdictChoice(a.Name, a.Unit, a.PassCode ?? a.Name))]
            );

        var last = await db
            .Visitors.AsNoTracking()
            .Where(v =>
                (byDocument ? v.Identification == compact : v.Name == typed && v.Identification != "")
                && v.EnterTime != null
                && v.ApartmentId != null
            )
            .OrderByDescending(v => v.VisitDate)
            .ThenByDescending(v => v.Id)
            .Select(v => new
            {
                v.ApartmentId,
                v.Name,
                v.Identification,
                v.Kind,
                v.LicensePlate,
                v.VisitDate,
                Unit = v.Apartment!.Tower!.Name + " " + v.Apartment.ApartmentNumber,
                Host = db.Profiles.Where(o => o.UserId == v.Host!.UserId).Select(o => o.FirstName + " " + o.LastName).FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        if (last is not null)
        {
            return new Verdict(
                VerdictKind.Known, ApartmentId: last.ApartmentId, Unit: last.Unit, Host: last.Host,
                HostPhone: await PhoneAsync(db, last.ApartmentId!.Value, ct), Visitor: last.Name, Identification: last.Identification,
                VisitorKind: last.Kind, Plate: last.LicensePlate, LastVisit: last.VisitDate);
        }

        if (byDocument) return null;
        var hosts = await GateQueries.HostsAsync(
            db,
            db.Apartments.Where(a => db.Profiles.Any(p => p.UserId == a.Owner!.UserId && (p.FirstName + " " + p.LastName).Contains(typed))),
            MostChoices,
            ct
        );
        return hosts.Count switch
        {
            0 => null,
            1 => await ByApartmentAsync(db, hosts[0].Unit, ct),
            _ => new Verdict(VerdictKind.Several, Choices: [.. hosts.Select(h => new VerdictChoice(h.Host, h.Unit, h.Unit))]),
        };
    }

    private async Task<Verdict> OfVisitAsync(PortalDb db, long id, CancellationToken ct)
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
                Unit = v.Apartment == null ? "" : v.Apartment.Tower!.Name + " " + v.Apartment.ApartmentNumber,
                Host = db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.FirstName + " " + p.LastName).FirstOrDefault(),
                Phone = db.Profiles.Where(p => p.UserId == v.Host!.UserId).Select(p => p.Phone).FirstOrDefault(),
            })
            .SingleAsync(ct);
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

    private static Task<string?> PhoneAsync(PortalDb db, long apartment, CancellationToken ct) =>
        db
            .Apartments.AsNoTracking()
            .Where(a => a.Id == apartment)
            .Select(a => db.Profiles.Where(p => p.UserId == a.Owner!.UserId).Select(p => p.Phone).FirstOrDefault())
            .FirstOrDefaultAsync(ct);
}
