using Microsoft.EntityFrameworkCore;
using Portal.Data.People;

namespace Portal.Data.Building;

/// <summary>An apartment to pick, with its owner's name.</summary>
public sealed record UnitOption(long Id, string Unit, string? Owner);

/// <summary>Finds apartments as people type them: "1204", "B 1204", an owner's name. The caller has checked who asks.</summary>
internal static class ApartmentSearch
{
    private const int Most = 10;

    /// <summary>Units whose number begins so, then those of owners called so.</summary>
    public static async Task<IReadOnlyList<UnitOption>> FindAsync(PortalDb db, string text, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > ListQuery.LongestSearch) return [];
        var units = await UnitSearch.ReadAsync(db, text, ct);
        var found = await Options(db, units.Beginning(db)).ToListAsync(ct);
        if (found.Count == Most || await db.AccountsNamedAsync(text, Most, ct) is not { Count: > 0 } accounts) return found;
        var owned = await Options(db, db.Apartments.Where(a => accounts.Contains(a.Owner!.UserId))).ToListAsync(ct);
        return [.. found.Concat(owned).DistinctBy(unit => unit.Id).Take(Most)];
    }

    private static IQueryable<UnitOption> Options(PortalDb db, IQueryable<Apartment> apartments) =>
        apartments
            .AsNoTracking()
            .OrderBy(a => a.ApartmentNumber.Length)
            .ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Tower!.Name)
            .ThenBy(a => a.Id)
            .Take(Most)
            .Select(a => new UnitOption(
                a.Id,
                UnitName.Of(a),
                db.Profiles.Where(p => a.Owner != null && p.UserId == a.Owner.UserId)
                    .OrderBy(p => p.Id)
                    .Select(p => p.FullName)
                    .FirstOrDefault()
            ));
}
