using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Building;

/// <summary>A tower as it is seen from the street.</summary>
/// <param name="PerFloor">Apartments on its fullest floor; 0 where no apartment says its floor.</param>
public sealed record TowerFace(string Name, int Floors, int PerFloor);

/// <summary>What anybody who passes by may know of the building: shown before signing in.</summary>
public sealed record BuildingFace(
    string Name, string LegalName, string Address, string City, string Phone, IReadOnlyList<TowerFace> Towers);

/// <summary>
/// Keeps the building's face ready: it is asked for by everybody, also by who is not signed in, and changes once in years.
/// </summary>
public sealed class BuildingFaceSource : IDisposable
{
    private readonly PortalStore _store;
    private readonly SettingsService _settings;
    private readonly Remembered<IReadOnlyList<TowerFace>> _towers;

    public BuildingFaceSource(PortalStore store, SettingsService settings, LiveFeed feed, TimeProvider time)
    {
        (_store, _settings) = (store, settings);
        _towers = new Remembered<IReadOnlyList<TowerFace>>(feed, time, ["towers", "apartments"], ReadAsync);
    }

    public async ValueTask<BuildingFace> GetAsync(CancellationToken ct)
    {
        var settings = await _settings.GetAsync(ct);
        return new BuildingFace(
            settings.Name, settings.LegalName, settings.Address, settings.City, settings.Phone, await _towers.GetAsync(ct));
    }

    public void Dispose() => _towers.Dispose();

    private async Task<IReadOnlyList<TowerFace>> ReadAsync(CancellationToken ct)
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
        return [.. towers.Select(t => new TowerFace(
            t.Name, t.Floors ?? byTower[t.Id].Max(f => f.Floor) ?? 1, byTower[t.Id].Select(f => f.Apartments).DefaultIfEmpty(0).Max()))];
    }
}
