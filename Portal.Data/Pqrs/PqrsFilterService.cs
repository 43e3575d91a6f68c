using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Pqrs;

/// <summary>A narrowed list that is kept under a name, with how many cases it has now.</summary>
/// <param name="Address">What stands after the question mark.</param>
/// <param name="Mine">The reader made it and may take it away.</param>
public sealed record PqrsSavedFilter(long Id, string Name, string Address, bool Shared, bool Mine, int Count);

/// <summary>The filters that people keep for the list of cases: their own, and those that others share. Needs <see cref="Permissions.PqrsView"/>.</summary>
public sealed class PqrsFilterService(PortalStore store, BuildingClock clock)
{
    /// <summary>How many one person keeps.</summary>
    public const int Most = 8;

    private const int LongestName = 40;
    private const int LongestAddress = 500;
    private const int MostShown = 12;

    /// <param name="read">Makes a query of what stands in an address.</param>
    public async Task<IReadOnlyList<PqrsSavedFilter>> ListAsync(Func<string, ListQuery> read, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var me = user.Id;
        var rows = await db.PqrsFilters.AsNoTracking().Where(f => f.UserId == me || f.Shared)
            .OrderBy(f => f.UserId == me ? 0 : 1).ThenBy(f => f.Name).ThenBy(f => f.Id).Take(MostShown).ToListAsync(ct);
        var kept = new List<PqrsSavedFilter>(rows.Count);
        foreach (var row in rows)
        {
            var query = read(row.Address);
            var units = await UnitSearch.ReadAsync(db, query.Search, ct);
            var count = await db.Pqrs.AsNoTracking().VisibleTo(user).Filtered(db, query, units, user, clock.Today).CountAsync(ct);
            kept.Add(new PqrsSavedFilter(row.Id, row.Name, row.Address, row.Shared, row.UserId == me, count));
        }

        return kept;
    }

    /// <summary>Keeps a list under a name; the same name again keeps the new one in its place.</summary>
    public async Task<Result> SaveAsync(string? name, string? address, bool shared, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView) || user.AccountId is not { } me) return Error.Forbidden;
        var errors = new List<Error>();
        var called = PqrsWriting.Text(name, "Name", errors, most: LongestName);
        var where = (address ?? "").Trim().TrimStart('?');
        if (where.Length == 0) errors.Add(new Error("pqrs.filter.none", "Name"));
        if (where.Length > LongestAddress) errors.Add(Error.TooLong("Name", LongestAddress));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var own = await db.PqrsFilters.Where(f => f.UserId == me).OrderBy(f => f.Id).ForUpdate().ToListAsync(token);
                var row = own.Find(f => string.Equals(f.Name, called, StringComparison.CurrentCultureIgnoreCase));
                if (row is null && own.Count >= Most) return new Error("pqrs.filter.most", "Name", Most);
                if (row is null) db.PqrsFilters.Add(row = new PqrsFilter { UserId = me });
                (row.Name, row.Address, row.Shared) = (called, where, shared);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Takes one's own away.</summary>
    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView)) return Error.Forbidden;
        var me = user.Id;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.PqrsFilters.AsTracking().SingleOrDefaultAsync(f => f.Id == id && f.UserId == me, token) is not { } row)
                    return Error.NotFound;
                db.PqrsFilters.Remove(row);
                return Result.Done;
            },
            ct);
    }
}
