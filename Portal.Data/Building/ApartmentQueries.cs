using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Building;

/// <summary>How apartments are searched, filtered and sorted, and who has a tie to them.</summary>
internal static class ApartmentQueries
{
    /// <summary>Filters by their names in the address: tower (ids), state, owner (<c>none</c>).</summary>
    public static IQueryable<Apartment> Matching(
        this IQueryable<Apartment> apartments, PortalDb db, ListQuery query, UnitSearch units, DateOnly today)
    {
        var towers = Towers(query);
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
                        .Select(p => p.FullName)
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

    /// <summary>
    /// Where a page of the list lies that is in the order of towers and units and is narrowed by towers alone: in which of them, and how
    /// far
    /// in. A building's towers are few and their sizes are kept, so only the units of those on the page are sorted.
    /// </summary>
    /// <returns>Null for any other list.</returns>
    public static async Task<TowerSlice?> SliceAsync(PortalDb db, ListQuery query, CancellationToken ct)
    {
        if (query.Sort is not (null or "unit") || !string.IsNullOrWhiteSpace(query.Search)) return null;
        if (query.Filters is { } filters && filters.Any(f => f.Key != "tower" && !string.IsNullOrEmpty(f.Value))) return null;
        var chosen = Towers(query);
        var down = query.Sort is not null && query.Descending;
        var towers = await db.Towers.AsNoTracking()
            .Where(t => chosen.Count == 0 || chosen.Contains(t.Id))
            .By(t => t.Name, down)
            .Then(t => t.Id, down)
            .Select(t => new
            {
                t.Id,
                t.Name,
                Units = db.TowerTotals.Where(s => s.TowerId == t.Id).Select(s => s.Apartments).FirstOrDefault(),
            })
            .ToListAsync(ct);
        var (total, size) = (towers.Sum(t => t.Units), Math.Clamp(query.Size, 1, ListQuery.LargestPage));
        var skip = (Math.Clamp(query.Page, 1, Math.Max(1, (total + size - 1) / size)) - 1) * size;
        List<int> ids = [];
        var (before, seen, name) = (0, 0, "");
        foreach (var tower in towers)
        {
            // Towers of one name are sorted as one.
            if (seen >= skip + size && !Spelling.SameName(name, tower.Name)) break;
            if (ids.Count > 0 && seen <= skip && !Spelling.SameName(name, tower.Name))
            {
                before = seen;
                ids.Clear();
            }

            ids.Add(tower.Id);
            (seen, name) = (seen + tower.Units, tower.Name);
        }

        return new TowerSlice(ids, skip - before, size, total);
    }

    public static async Task<List<Tie>> TiesAsync(PortalDb db, long apartmentId, DateOnly today, CancellationToken ct)
    {
        var rows = await db.Occupancies.AsNoTracking().Where(o => o.ApartmentId == apartmentId)
            .Select(o => new
            {
                o.Id,
                o.OwnerId,
                o.Owner!.UserId,
                o.Kind,
                o.StartedOn,
                o.EndedOn,
                Main = o.Apartment!.OwnerId == o.OwnerId,
                o.Owner.User!.UserName,
                Name = db
                    .Profiles.Where(p => p.UserId == o.Owner.UserId)
                    .OrderBy(p => p.Id)
                    .Select(p => p.FullName)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        var ties = rows.ConvertAll(o => new Tie(
            o.Id, o.UserId, o.Name ?? o.UserName!, o.Kind, o.StartedOn, o.EndedOn,
            o.Main && o.Kind == OccupancyKind.Owner && o.EndedOn is null) { OwnerId = o.OwnerId });
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

    private static List<int> Towers(ListQuery query) =>
        [.. Split(query.Filter("tower")).Select(one => int.TryParse(one, out var id) ? id : 0).Where(id => id > 0)];
}

/// <param name="Towers">All whose units may be on the page.</param>
/// <param name="Skip">How many of their units come before it.</param>
/// <param name="Total">Of the whole list.</param>
internal sealed record TowerSlice(IReadOnlyList<int> Towers, int Skip, int Take, int Total);
