using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Building;

/// <summary>How apartments are searched, filtered and sorted, and who has a tie to them.</summary>
internal static class ApartmentQueries
{
    /// <summary>Filters by their names in the address: tower (ids), state, owner (<c>none</c>).</summary>
    public static IQueryable<Apartment> Matching(
        this IQueryable<Apartment> apartments, PortalDb db, ListQuery query, UnitSearch units, DateOnly today)
    {
        var towers = Split(query.Filter("tower")).Select(one => int.TryParse(one, out var id) ? id : 0).Where(id => id > 0).ToList();
        if (towers.Count > 0) apartments = apartments.Where(a => towers.Contains(a.TowerId));
        var states = Split(query.Filter("state"))
            .Select(one => Enum.TryParse<OccupancyState>(one, ignoreCase: true, out var state) ? state : 0)
            .Where(state => Enum.IsDefined(state))
            .ToList();
        if (states.Count > 0) apartments = apartments.Where(a => states.Contains(a.StatusId));
        if (query.Filter("owner") == "none") apartments = apartments.Where(a => a.OwnerId == null);
        if (units.Named.Count == 0) return apartments.Searched(db, query.Search, today);
        var named = units.Beginning(db).Select(a => a.Id);
        return apartments.Where(a => named.Contains(a.Id));
    }

    /// <summary>
    /// Every word is found in the number, the tower or the name of somebody who owns it or lives in it: "B 1204", "ruiz".
    /// </summary>
    public static IQueryable<Apartment> Searched(this IQueryable<Apartment> apartments, PortalDb db, string? search, DateOnly today)
    {
        foreach (
            var word in (search ?? "")
                .Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Take(6)
        )
        {
            apartments = apartments.Where(a =>
                a.ApartmentNumber.StartsWith(word)
                || a.Tower!.Name == word
                || (word.Length > 2 && a.Tower.Name.Contains(word))
                || (
                    word.Length > 1
                    && db.Profiles.Any(p =>
                        (
                            p.FirstName.StartsWith(word)
                            || p.LastName.StartsWith(word)
                            || (word.Length > 2 && (p.FirstName.Contains(word) || p.LastName.Contains(word)))
                        )
                        && (
                            p.UserId == a.Owner!.UserId
                            || db.Occupancies.Any(o =>
                                o.ApartmentId == a.Id
                                && o.Owner!.UserId == p.UserId
                                && o.StartedOn <= today
                                && (o.EndedOn == null || o.EndedOn >= today)
                            )
                        )
                    )
                )
            );
        }

        return apartments;
    }

    /// <summary>Sorts: unit, floor, state, owner, coefficient, area, fee.</summary>
    public static IOrderedQueryable<Apartment> Sorted(this IQueryable<Apartment> apartments, PortalDb db, ListQuery query)
    {
        var down = query.Descending;
        var sorted = query.Sort switch
        {
            "floor" => apartments.By(a => a.Floor, down).Then(a => a.Tower!.Name, down),
            "state" => apartments.By(a => a.StatusId, down).Then(a => a.Tower!.Name, down),
            "owner" => apartments.By(
                a =>
                    db.Profiles.Where(p => p.UserId == a.Owner!.UserId)
                        .OrderBy(p => p.Id)
                        .Select(p => p.FirstName + " " + p.LastName)
                        .FirstOrDefault(),
                down
            ),
            "coefficient" => apartments.By(a => a.Coefficient, down),
            "area" => apartments.By(a => a.Area, down),
            "fee" => apartments.By(a => a.MonthlyFee, down),
            "unit" => apartments.By(a => a.Tower!.Name, down),
            _ => apartments.By(a => a.Tower!.Name, down = false),
        };
        return sorted.Then(a => a.ApartmentNumber.Length, down).Then(a => a.ApartmentNumber, down).Then(a => a.Id, down);
    }

    public static async Task<List<Tie>> TiesAsync(PortalDb db, long apartmentId, DateOnly today, CancellationToken ct)
    {
        var rows = await db.Occupancies.AsNoTracking().Where(o => o.ApartmentId == apartmentId)
            .Select(o => new
            {
                o.Id,
                o.Owner!.UserId,
                o.Kind,
                o.StartedOn,
                o.EndedOn,
                Main = o.Apartment!.OwnerId == o.OwnerId,
                o.Owner.User!.UserName,
                Name = db
                    .Profiles.Where(p => p.UserId == o.Owner.UserId)
                    .OrderBy(p => p.Id)
                    .Select(p => p.FirstName + " " + p.LastName)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        var ties = rows.ConvertAll(o => new Tie(
            o.Id, o.UserId, o.Name ?? o.UserName!, o.Kind, o.StartedOn, o.EndedOn,
            o.Main && o.Kind == OccupancyKind.Owner && o.EndedOn is null));
        return
        [
            .. ties.OrderByDescending(t => t.HoldsOn(today))
                .ThenByDescending(t => t.Main)
                .ThenBy(t => t.HoldsOn(today) ? t.Kind : 0)
                .ThenByDescending(t => t.StartedOn)
                .ThenByDescending(t => t.Id),
        ];
    }

    private static string[] Split(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
