using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Building;

/// <summary>What somebody typed, read as units of this building (<see cref="UnitSpelling"/>).</summary>
/// <param name="Named">Readings that name a tower.</param>
/// <param name="Loose">Readings for where those find nothing.</param>
internal sealed record UnitSearch(IReadOnlyList<UnitReading> Named, IReadOnlyList<UnitReading> Loose)
{
    /// <summary>A building has few towers: they are read, and the number is looked up by its index.</summary>
    public static async Task<UnitSearch> ReadAsync(PortalDb db, string? typed, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(typed)) return new UnitSearch([], []);
        var towers = await db.Towers.AsNoTracking().OrderBy(t => t.Id).Select(t => new { t.Id, t.Name }).ToListAsync(ct);
        var (named, loose) = UnitSpelling.Read(typed, towers.ConvertAll(t => (t.Id, t.Name)));
        return new UnitSearch(named, loose);
    }

    /// <summary>The units of that very name, for the gate; several where the name fits several.</summary>
    public async Task<IReadOnlyList<long>> FindAsync(PortalDb db, int most, CancellationToken ct)
    {
        foreach (var readings in new[] { Named, Loose })
        {
            if (readings.Count == 0) continue;
            var found = await Matching(db, readings, beginning: false)
                .OrderBy(a => a.TowerId)
                .ThenBy(a => a.ApartmentNumber)
                .ThenBy(a => a.Id)
                .Select(a => a.Id)
                .Take(most)
                .ToListAsync(ct);
            if (found.Count > 0) return found;
        }

        return [];
    }

    /// <summary>Units whose number begins as typed, in the tower where one was named: for lists that narrow while one types.</summary>
    public IQueryable<Apartment> Beginning(PortalDb db) => Matching(db, Named.Count > 0 ? Named : Loose, beginning: true);

    private static IQueryable<Apartment> Matching(PortalDb db, IReadOnlyList<UnitReading> readings, bool beginning)
    {
        Expression<Func<Apartment, bool>>? any = null;
        foreach (var reading in readings)
        {
            var one = One(reading, beginning);
            any = any is null ? one : any.Or(one);
        }

        return any is null ? db.Apartments.Where(a => false) : db.Apartments.AsNoTracking().Where(any);
    }

    private static Expression<Func<Apartment, bool>> One(UnitReading reading, bool beginning)
    {
        var (number, pattern, towers) = (reading.Number, $"{reading.Number}%", reading.Towers);
        return (beginning, towers) switch
        {
            (false, null) => a => a.NumberKey == number,
            (false, _) => a => a.NumberKey == number && towers.Contains(a.TowerId),
            (true, null) => a => EF.Functions.Like(a.NumberKey!, pattern),
            (true, _) => a => EF.Functions.Like(a.NumberKey!, pattern) && towers.Contains(a.TowerId),
        };
    }
}
