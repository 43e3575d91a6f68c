using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Gate;

internal static class GateQueries
{
    /// <summary>The gate sees all visits; a resident those to them.</summary>
    public static IQueryable<Visitor> VisibleTo(this IQueryable<Visitor> visits, CurrentUser user)
    {
        if (user.Can(Permissions.GateView)) return visits;
        var mine = user.OwnerIds;
        return user.Can(Permissions.GateAnnounceOwn) ? visits.Where(v => mine.Contains(v.HostId ?? 0)) : visits.Where(v => false);
    }

    /// <summary>Those of a name, a document, a plate or an apartment, as somebody typed it.</summary>
    public static async Task<IQueryable<Visitor>> SearchedAsync(
        this IQueryable<Visitor> visits, PortalDb db, string text, CancellationToken ct)
    {
        var units = (await UnitSearch.ReadAsync(db, text, ct)).Beginning(db).Select(a => a.Id);
        var (plate, document) = ($"{Plates.Key(text)}%", $"{DocumentNumbers.Key(text)}%");
        return plate.Length == 1
            ? visits.Where(v => v.Name.Contains(text))
            : visits.Where(v =>
                v.Name.Contains(text)
                || EF.Functions.Like(v.IdentificationKey!, document)
                || EF.Functions.Like(v.LicensePlateKey!, plate)
                || units.Contains(v.ApartmentId ?? 0)
            );
    }

    /// <summary>The apartments that somebody with one of these accounts owns or lives in today.</summary>
    public static IQueryable<long> ApartmentsOf(PortalDb db, List<long> accounts, DateOnly today) =>
        db.Apartments.Where(a => accounts.Contains(a.Owner!.UserId)).Select(a => a.Id)
            .Union(
                db.Occupancies.Where(o =>
                    accounts.Contains(o.Owner!.UserId) && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today)
                ).Select(o => o.ApartmentId)
            );

    /// <summary>As <see cref="HostsAsync(PortalDb, IQueryable{Apartment}, int, CancellationToken)"/>, of these apartments.</summary>
    public static Task<List<HostOption>> HostsAsync(PortalDb db, IReadOnlyCollection<long> apartments, int most, CancellationToken ct) =>
        apartments.Count == 0
            ? Task.FromResult<List<HostOption>>([])
            : HostsAsync(db, db.Apartments.Where(a => apartments.Contains(a.Id)), most, ct);

    /// <summary>Apartments with somebody to answer for them.</summary>
    public static async Task<List<HostOption>> HostsAsync(
        PortalDb db, IQueryable<Apartment> apartments, int most, CancellationToken ct) =>
        [
            .. (
                await apartments
                    .AsNoTracking()
                    .Where(a => a.OwnerId != null)
                    .OrderBy(a => a.Tower!.Name)
                    .ThenBy(a => a.ApartmentNumber)
                    .ThenBy(a => a.Id)
                    .Take(most)
                    .Select(a => new
                    {
                        a.Id,
                        Unit = UnitName.Of(a),
                        Host = db
                            .Profiles.Where(p => p.UserId == a.Owner!.UserId)
                            .Select(p => p.FullName)
                            .FirstOrDefault(),
                    })
                    .ToListAsync(ct)
            ).Select(a => new HostOption(a.Id, a.Unit, a.Host ?? "")),
        ];
}
