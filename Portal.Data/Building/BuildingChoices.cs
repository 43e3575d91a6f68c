using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;

namespace Portal.Data.Building;

/// <summary>A tower to be chosen.</summary>
public sealed record TowerOption(int Id, string Name);

/// <summary>What the filters of the building offer.</summary>
public sealed class BuildingChoices : IDisposable
{
    public BuildingChoices(PortalStore store, LiveFeed feed, TimeProvider time) => Towers = new(feed, time, ["towers"], async ct =>
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var towers = db.Towers.AsNoTracking().OrderBy(t => t.Name).ThenBy(t => t.Id);
        return await towers.Select(t => new TowerOption(t.Id, t.Name)).ToListAsync(ct);
    });

    internal RememberedList<IReadOnlyList<TowerOption>> Towers { get; }

    public void Dispose() => Towers.Dispose();
}
