using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Pets;

/// <summary>The pets of a tower and species.</summary>
/// <param name="Tower">Null: their owners have no apartment here.</param>
/// <param name="Overdue">Whose vaccination has ended.</param>
/// <param name="Soon">Whose vaccination ends within thirty days.</param>
/// <param name="Unknown">Of whom nobody said until when it is valid.</param>
public sealed record CensusLine(string? Tower, string Species, int Pets, int Apartments, int Overdue, int Soon, int Unknown);

/// <summary>The census of pets, by tower and species.</summary>
public sealed class PetCensus(PortalStore store, BuildingClock clock)
{
    /// <summary>By tower and species. Needs <see cref="Permissions.PetsView"/>; without it there is nothing.</summary>
    public async Task<IReadOnlyList<CensusLine>> ReadAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PetsView)) return [];
        var (today, soon) = (clock.Today, clock.Today.AddDays(PetReminders.Early));
        await using var db = await store.OpenAsync(user, ct);
        // Each pet once: of an owner with several apartments with the first of them.
        var all = await db.Pets.AsNoTracking().OrderBy(p => p.Id).Select(p => new { p.OwnerId, p.Species, p.VaccinationExpiresOn })
            .ToListAsync(ct);
        var owned = await db.Apartments.AsNoTracking().Where(a => a.OwnerId != null && db.Pets.Any(p => p.OwnerId == a.OwnerId))
            .Select(a => new { Owner = a.OwnerId!.Value, a.Id, Tower = a.Tower!.Name }).ToListAsync(ct);
        var lived = await db.Occupancies.AsNoTracking()
            .Where(o => o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today) && db.Pets.Any(p => p.OwnerId == o.OwnerId))
            .Select(o => new { Owner = o.OwnerId, Id = o.ApartmentId, Tower = o.Apartment!.Tower!.Name }).ToListAsync(ct);
        // Where they live comes before what they own.
        var homes = lived.OrderBy(h => h.Id).Concat(owned.OrderBy(h => h.Id)).GroupBy(h => h.Owner).ToDictionary(g => g.Key, g => g.First());
        var pets = all.ConvertAll(p => new { p.Species, p.VaccinationExpiresOn, Home = homes.GetValueOrDefault(p.OwnerId) });
        return
        [
            .. pets.GroupBy(p => (p.Home?.Tower, Species: p.Species.Trim()))
                .OrderBy(g => g.Key.Tower is null).ThenBy(g => g.Key.Tower, StringComparer.CurrentCulture)
                .ThenBy(g => g.Key.Species, StringComparer.CurrentCulture)
                .Select(g => new CensusLine(
                    g.Key.Tower, g.Key.Species, g.Count(), g.Where(p => p.Home is not null).Select(p => p.Home!.Id).Distinct().Count(),
                    g.Count(p => p.VaccinationExpiresOn < today),
                    g.Count(p => p.VaccinationExpiresOn >= today && p.VaccinationExpiresOn <= soon),
                    g.Count(p => p.VaccinationExpiresOn is null))),
        ];
    }
}
