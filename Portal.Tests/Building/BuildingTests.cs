using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Building;

public sealed class BuildingTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_name_or_a_number_that_is_taken_is_refused_at_its_field()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var desk = world.Get<BuildingDesk>();
        var a = (await desk.SaveTowerAsync(null, new TowerInput(" A ", null, 12), admin, default)).Value;
        var b = (await desk.SaveTowerAsync(null, new TowerInput("B", null, 3), admin, default)).Value;
        Assert.True((await desk.SaveApartmentAsync(null, Unit(a, "101"), admin, default)).Ok);
        Assert.True((await desk.SaveApartmentAsync(null, Unit(b, "101"), admin, default)).Ok);

        var tower = (await desk.SaveTowerAsync(b, new TowerInput("A", null, 3), admin, default)).Error!;
        var unit = (await desk.SaveApartmentAsync(null, Unit(a, " 101 "), admin, default)).Error!;
        var floor = (await desk.SaveApartmentAsync(null, Unit(b, "401") with { Floor = 4 }, admin, default)).Error!;

        Assert.Equal(("tower.name_taken", "Name"), (tower.Code, tower.Field));
        Assert.Equal(("apartment.number_taken", "Number"), (unit.Code, unit.Field));
        Assert.Equal(("apartment.floor", "Floor"), (floor.Code, floor.Field));
        Assert.Equal(
            ["TowerId", "Number", "Coefficient"],
            (
                await desk.SaveApartmentAsync(
                    null, new ApartmentInput(null, " ", null, OccupancyState.Available, 101, null, null), admin, default)
            ).Errors.Select(e => e.Field)
        );
    }

    [Fact]
    public async Task The_list_finds_by_tower_number_and_owner_and_says_how_far_coefficients_are_off()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var (desk, service) = (world.Get<BuildingDesk>(), world.Get<BuildingService>());
        var a = (await desk.SaveTowerAsync(null, new TowerInput("A", null, 12), admin, default)).Value;
        var b = (await desk.SaveTowerAsync(null, new TowerInput("B", null, 12), admin, default)).Value;
        var one = (await desk.SaveApartmentAsync(null, Unit(a, "1001") with { Coefficient = 60.5m }, admin, default)).Value;
        var two = (await desk.SaveApartmentAsync(null, Unit(b, "201") with { Coefficient = 39.25m }, admin, default)).Value;
        var three = (await desk.SaveApartmentAsync(null, Unit(a, "901"), admin, default)).Value;
        await world
            .Get<OccupancyService>()
            .GiveOwnerAsync(
                two, new TieInput(OccupancyKind.Owner, null, new NewAccount("andrea.ruiz", "Andrea", "Ruiz Peña", null), null), admin,
                default);

        var sum = (await service.CoefficientsAsync(admin, default))!;
        Assert.Equal((99.75m, -0.25m, 1, 3), (sum.Sum, sum.Off, sum.Without, sum.Apartments));
        Assert.Equal([two], await FindAsync("b 201"));
        Assert.Equal([two], await FindAsync("ruiz"));
        Assert.Equal([three, one], await FindAsync("A"));
        Assert.Equal(
            [three, one],
            (
                await service.ApartmentsAsync(new ListQuery(Filters: new Dictionary<string, string> { ["owner"] = "none" }), admin, default)
            ).Rows.Select(r => r.Id)
        );
        Assert.Equal(
            [two],
            (
                await service.ApartmentsAsync(new ListQuery(Filters: new Dictionary<string, string> { ["tower"] = $"{b}" }), admin, default)
            ).Rows.Select(r => r.Id)
        );
        foreach (var sort in new[] { "unit", "floor", "state", "owner", "coefficient", "area", "fee" })
        {
            Assert.Equal(3, (await service.ApartmentsAsync(new ListQuery(Sort: sort, Descending: true), admin, default)).Rows.Count);
        }

        async Task<IEnumerable<long>> FindAsync(string text) =>
            (await service.ApartmentsAsync(new ListQuery(text), admin, default)).Rows.Select(r => r.Id);
    }

    [Fact]
    public async Task A_guard_sees_no_money_of_an_apartment()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var guard = await world.AsAsync(await world.AddAsync("wilson", Roles.Security));
        var tower = (await world.Get<BuildingDesk>().SaveTowerAsync(null, new TowerInput("A", null, 12), admin, default)).Value;
        var unit = (
            await world.Get<BuildingDesk>().SaveApartmentAsync(null, Unit(tower, "101") with { MonthlyFee = 400_000 }, admin, default)
        ).Value;

        var seen = (await world.Get<BuildingService>().FindAsync(unit, guard, default))!;
        var row = Assert.Single((await world.Get<BuildingService>().ApartmentsAsync(new ListQuery(), guard, default)).Rows);

        Assert.Equal((null, null, null), (seen.Owed, seen.MonthlyFee, row.MonthlyFee));
        Assert.Equal(400_000, (await world.Get<BuildingService>().FindAsync(unit, admin, default))!.MonthlyFee);
    }

    private static ApartmentInput Unit(int tower, string number) => new(tower, number, null, OccupancyState.Occupied, null, null, null);
}
