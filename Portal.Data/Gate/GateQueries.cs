using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Gate;

internal static class GateQueries
{
    /// <summary>The gate sees all visits; a resident those to him.</summary>
    public static IQueryable<Visitor> VisibleTo(this IQueryable<Visitor> visits, CurrentUser user)
    {
        if (user.Can(Permissions.GateView)) return visits;
        var mine = user.OwnerIds;
        return user.Can(Permissions.GateAnnounceOwn) ? visits.Where(v => mine.Contains(v.HostId)) : visits.Where(v => false);
    }

    /// <summary>Apartments with somebody to answer for them, as the terminal looks for them: "B 1204", "b1204", "1204".</summary>
    public static IQueryable<Building.Apartment> Named(this IQueryable<Building.Apartment> apartments, string typed)
    {
        var compact = typed.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return apartments.Where(a => a.ApartmentNumber == compact || (a.Tower!.Name + a.ApartmentNumber) == compact);
    }

    public static async Task<List<HostOption>> HostsAsync(
        PortalDb db, IQueryable<Building.Apartment> apartments, int most, CancellationToken ct) =>
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
                        Tower = a.Tower!.Name,
                        a.ApartmentNumber,
                        Host = db
                            .Profiles.Where(p => p.UserId == a.Owner!.UserId)
                            .Select(p => p.FirstName + " " + p.LastName)
                            .FirstOrDefault(),
                    })
                    .ToListAsync(ct)
            ).Select(a => new HostOption(a.Id, $"{a.Tower} {a.ApartmentNumber}", a.Host ?? "")),
        ];
}
