using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Building;

/// <summary>A tower as it is seen from the street.</summary>
/// <param name="PerFloor">Apartments on its fullest floor; 0 where no apartment says its floor.</param>
public sealed record PublicTower(string Name, int Floors, int PerFloor);

/// <summary>What anybody who passes by may know of the building: shown before signing in.</summary>
public sealed record PublicBuilding(
    string Name, string LegalName, string Address, string City, string Phone, IReadOnlyList<PublicTower> Towers);

/// <summary>
/// Keeps the building's public data ready: it is asked for by everybody, also by who is not signed in, and changes once in years.
/// </summary>
public sealed class PublicBuildingSource : IDisposable
{
    private readonly PortalStore _store;
    private readonly SettingsService _settings;
    private readonly Remembered<IReadOnlyList<PublicTower>> _towers;

    public PublicBuildingSource(PortalStore store, SettingsService settings, LiveFeed feed, TimeProvider time)
    {
        (_store, _settings) = (store, settings);
        _towers = new Remembered<IReadOnlyList<PublicTower>>(feed, time, ["towers", "apartments"], ReadAsync);
    }

    public async ValueTask<PublicBuilding> GetAsync(CancellationToken ct)
    {
        var settings = await _settings.GetAsync(ct);
        return new PublicBuilding(
            settings.Name, settings.LegalName, settings.Address, settings.City, settings.Phone, await _towers.GetAsync(ct));
    }

    public void Dispose() => _towers.Dispose();

    private async Task<IReadOnlyList<PublicTower>> ReadAsync(CancellationToken ct)
    {
        await using var db = await _store.OpenAsync(CurrentUser.System, ct);
        var towers = await db
            .Towers.AsNoTracking()
            .OrderBy(t => t.Name)
            .ThenBy(t => t.Id)
            .Select(t => new
            {
                t.Id,
                t.Name,
                t.Floors,
            })
            .Take(50)
            .ToListAsync(ct);
        var floors = await db
            .Apartments.Where(a => a.Floor != null)
            .GroupBy(a => new { a.TowerId, a.Floor })
            .Select(g => new
            {
                g.Key.TowerId,
                g.Key.Floor,
                Apartments = g.Count(),
            })
            .ToListAsync(ct);
        var byTower = floors.ToLookup(f => f.TowerId);
        return [.. towers.Select(t => new PublicTower(
            t.Name, t.Floors ?? byTower[t.Id].Max(f => f.Floor) ?? 1, byTower[t.Id].Select(f => f.Apartments).DefaultIfEmpty(0).Max()))];
    }
}
