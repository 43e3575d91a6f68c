using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.People;

namespace Portal.Tests.Authority;

/// <summary>Towers, apartments, people, and what roles may do. Asked for: the owner and their apartment.</summary>
public sealed class RegistryMatrix : AreaMatrix
{
    private const long Mine = AuthorityWorld.Apartment;
    private static readonly long Owner = AuthorityWorld.Id(Who.Owner);
    private static readonly long Chief = AuthorityWorld.Id(Who.Admin);
    private static readonly Who[] Seers = [Who.Admin, Who.Staff, Who.Guard];

    public override IEnumerable<Entry> Entries =>
        [
            Method<BuildingService>(nameof(BuildingService.TowersAsync), (s, user, _) => Of(s.TowersAsync(new(), user, default)), Seers),
            Method<BuildingService>(
                nameof(BuildingService.TowerNamesAsync), async (s, user, _) => (await s.TowerNamesAsync(user, default)).Count > 0, Seers),
            Method<BuildingService>(
                nameof(BuildingService.ApartmentsAsync),
                (s, user, _) => Of(s.ApartmentsAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Mine)), Seers),
            Method<BuildingService>(
                nameof(BuildingService.ExportAsync), (s, user, _) => AnyAsync(s.ExportAsync(new(), user, default)), Seers),
            Method<BuildingService>(
                nameof(BuildingService.CoefficientsAsync), (s, user, _) => Of(s.CoefficientsAsync(user, default)), Seers),
            Method<BuildingService>(nameof(BuildingService.FindAsync), (s, user, _) => Of(s.FindAsync(Mine, user, default)), Seers),
            Method<BuildingService>(
                nameof(BuildingService.FindAsync), async (s, user, _) => (await s.FindAsync(Mine, user, default))?.Owed is not null,
                Office),
            Method<BuildingDesk>(
                nameof(BuildingDesk.SaveTowerAsync),
                (s, user, _) => Of(s.SaveTowerAsync(null, new TowerInput("Torre Z", null, 5), user, default)), Office),
            Method<BuildingDesk>(
                nameof(BuildingDesk.SaveApartmentAsync),
                (s, user, _) =>
                    Of(
                        s.SaveApartmentAsync(
                            null, new ApartmentInput(AuthorityWorld.Tower, "404", 4, OccupancyState.Available, null, null, null), user,
                            default)
                    ),
                Office
            ),
            Method<OccupancyService>(
                nameof(OccupancyService.GiveOwnerAsync),
                (s, user, _) => Of(s.GiveOwnerAsync(Mine, Tie(OccupancyKind.Owner), user, default)), Office),
            Method<OccupancyService>(
                nameof(OccupancyService.AddAsync), (s, user, _) => Of(s.AddAsync(Mine, Tie(OccupancyKind.Family), user, default)), Office),
            Method<OccupancyService>(nameof(OccupancyService.EndAsync), (s, user, _) => Of(s.EndAsync(1, null, user, default)), Office),
            Method<OccupancyService>(
                nameof(OccupancyService.PeopleAsync), async (s, user, _) => (await s.PeopleAsync("Owner", user, default)).Count > 0,
                Office),
            Method<PeopleService>(
                nameof(PeopleService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Owner)), Seers),
            Method<PeopleService>(
                nameof(PeopleService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Username is not null)), Office),
            Method<PeopleService>(nameof(PeopleService.ExportAsync), (s, user, _) => AnyAsync(s.ExportAsync(new(), user, default)), Office),
            Method<PeopleService>(nameof(PeopleService.FindAsync), (s, user, _) => Of(s.FindAsync(Owner, user, default)), Seers),
            Method<PeopleService>(
                nameof(PeopleService.FindAsync), async (s, user, _) => (await s.FindAsync(Owner, user, default))?.Account is not null,
                Office),
            Method<PeopleService>(
                nameof(PeopleService.RecordsAsync), async (s, user, _) => (await s.RecordsAsync(Owner, user, default)).Vehicles is not null,
                Seers),
            Method<PeopleService>(
                nameof(PeopleService.RecordsAsync), async (s, user, _) => (await s.RecordsAsync(Owner, user, default)).Payments is not null,
                Office),
            Method<PeopleService>(
                nameof(PeopleService.RecordsAsync), async (s, user, _) => (await s.RecordsAsync(Owner, user, default)).Cases is not null,
                Office),
            Method<PeopleService>(nameof(PeopleService.MineAsync), (s, user, _) => Of(s.MineAsync(user, default)), SignedIn),
            Method<PeopleService>(
                nameof(PeopleService.DocumentKindsAsync), async (s, user, _) => (await s.DocumentKindsAsync(user, default)).Count > 0,
                Office),
            Method<PeopleService>(
                nameof(PeopleService.RolesAsync), async (s, user, _) => (await s.RolesAsync(user, default)).Count > 0, Seers),
            Method<PeopleService>(
                nameof(PeopleService.SaveContactAsync), (s, user, _) => Of(s.SaveContactAsync(Owner, Contact, user, default)), Office),
            Method<PeopleService>(
                nameof(PeopleService.SaveContactAsync), (s, user, _) => Of(s.SaveContactAsync(Chief, Contact, user, default)), Who.Admin),
            Method<PeopleService>(
                nameof(PeopleService.SaveMineAsync),
                (s, user, _) => Of(s.SaveMineAsync(new OwnContactInput(null, "310 555 0101", null), user, default)), SignedIn),
            Method<AccessService>(nameof(AccessService.MatrixAsync), (s, user, _) => Of(s.MatrixAsync(user, default)), Who.Admin),
            Method<AccessService>(
                nameof(AccessService.RequireTwoStepAsync),
                (s, user, _) => Of(s.RequireTwoStepAsync(Roles.Security, true, 7, user, default)), Who.Admin),
            Method<AccessService>(
                nameof(AccessService.SetAsync), (s, user, _) => Of(s.SetAsync(Roles.Security, 1, true, user, default)), Who.Admin),
            Page("/units", Seers),
            Page("/units/new", Office),
            Page("/units/{Id:long}", $"/units/{Mine}", Seers),
            Page("/towers", Seers),
            Page("/people", Seers),
            Page("/people/new", Office),
            Page("/people/{Id:long}", $"/people/{Owner}", Seers),
            Page("/account", SignedIn),
            Page("/roles", Who.Admin),
            Page("/settings", Who.Admin),
            Endpoint(HttpMethod.Get, "/units/export", "/units/export", Seers),
            Endpoint(HttpMethod.Get, "/people/export", "/people/export", Office),
        ];

    private static async Task<object?> AnyAsync<T>(IAsyncEnumerable<T> rows)
    {
        await foreach (var row in rows) return row;
        return null;
    }

    private static ContactInput Contact => new("Otro", "Nombre", null, null);

    private static TieInput Tie(OccupancyKind kind) => new(kind, AuthorityWorld.Id(Who.Neighbour), null, null);
}
