using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Building;

public sealed class OccupancyTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_new_owner_gets_the_apartment_and_a_code_and_signs_in_with_it()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, apartment) = await BeginAsync(world);

        var given = await world.Get<OccupancyService>().GiveOwnerAsync(apartment, New("andrea.ruiz"), admin, default);

        Assert.Equal("Andrea Ruiz", given.Value.Name);
        var redeemed = await world
            .Get<PasswordService>()
            .RedeemAsync(
                new CodeRedemption(
                    "andrea.ruiz", given.Value.Code!.Code, "otra clave bien larga", "otra clave bien larga", new AttemptOrigin(null)),
                default
            );
        Assert.True(redeemed.Value.MayEnter);
        var owner = await world.AsAsync(given.Value.AccountId);
        Assert.Equal([apartment], owner.OwnedApartmentIds);
    }

    [Fact]
    public async Task The_earlier_owner_loses_the_apartment_at_once_and_stays_in_its_history()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, apartment) = await BeginAsync(world);
        var service = world.Get<OccupancyService>();
        var today = world.Get<BuildingClock>().Today;
        var first = (await service.GiveOwnerAsync(apartment, New("andrea") with { Since = today.AddDays(-400) }, admin, default)).Value;
        var tenant = (
            await service.AddAsync(apartment, New("tomas", OccupancyKind.Tenant) with { Since = today.AddDays(-30) }, admin, default)
        ).Value;
        var bought = await world.AddAsync("julian");

        var second = await service.GiveOwnerAsync(apartment, new TieInput(OccupancyKind.Owner, bought, null, null), admin, default);

        Assert.Null(second.Value.Code);
        Assert.Empty((await world.AsAsync(first.AccountId)).ApartmentIds);
        Assert.Equal([apartment], (await world.AsAsync(bought)).OwnedApartmentIds);
        var tenantNow = await world.AsAsync(tenant.AccountId);
        Assert.Equal([apartment], tenantNow.ApartmentIds);
        Assert.Empty(tenantNow.OwnedApartmentIds);

        var detail = (await world.Get<BuildingService>().FindAsync(apartment, admin, default))!;
        Assert.Equal(bought, detail.OwnerAccountId);
        Assert.Equal(
            [
                (bought, OccupancyKind.Owner, null, true),
                (tenant.AccountId, OccupancyKind.Tenant, null, false),
                (first.AccountId, OccupancyKind.Owner, (DateOnly?)today.AddDays(-1), false),
            ],
            detail.Ties.Select(t => (t.AccountId, t.Kind, t.EndedOn, t.Main))
        );
    }

    [Fact]
    public async Task A_refused_new_account_leaves_nothing_behind()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, apartment) = await BeginAsync(world);
        await world.AddAsync("andrea.ruiz");

        var refused = await world.Get<OccupancyService>().GiveOwnerAsync(apartment, New("andrea.ruiz"), admin, default);

        Assert.Equal(("account.username_taken", "Username"), (refused.Error!.Code, refused.Error.Field));
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.False(await db.Owners.AnyAsync());
        Assert.False(await db.Occupancies.AnyAsync());
        Assert.Null(await db.Apartments.Where(a => a.Id == apartment).Select(a => a.OwnerId).SingleAsync());
    }

    [Fact]
    public async Task A_mistake_put_right_on_the_same_day_gives_the_wrong_person_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, apartment) = await BeginAsync(world);
        var service = world.Get<OccupancyService>();
        var wrong = (await service.GiveOwnerAsync(apartment, New("andrea"), admin, default)).Value;

        await service.GiveOwnerAsync(apartment, New("julian"), admin, default);

        Assert.Empty((await world.AsAsync(wrong.AccountId)).ApartmentIds);
        Assert.True(
            (await world.Get<BuildingService>().FindAsync(apartment, admin, default))!
                .Ties.Single(t => t.AccountId == wrong.AccountId)
                .NeverHeld
        );
    }

    [Fact]
    public async Task Ending_the_main_owners_tie_lets_another_owner_answer_for_the_apartment()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, apartment) = await BeginAsync(world);
        var service = world.Get<OccupancyService>();
        var first = (await service.GiveOwnerAsync(apartment, New("andrea"), admin, default)).Value;
        var second = (await service.AddAsync(apartment, New("julian"), admin, default)).Value;
        Assert.Equal(
            "occupancy.same",
            (await service.AddAsync(apartment, new TieInput(OccupancyKind.Owner, second.AccountId, null, null), admin, default)).Error!.Code
        );

        Assert.True((await service.EndAsync(first.TieId, null, admin, default)).Ok);
        Assert.Equal(second.AccountId, (await world.Get<BuildingService>().FindAsync(apartment, admin, default))!.OwnerAccountId);
        Assert.Equal("occupancy.ended", (await service.EndAsync(first.TieId, null, admin, default)).Error!.Code);

        Assert.True((await service.EndAsync(second.TieId, null, admin, default)).Ok);
        Assert.Null((await world.Get<BuildingService>().FindAsync(apartment, admin, default))!.OwnerAccountId);
    }

    [Fact]
    public async Task A_day_before_the_earlier_owner_or_after_today_is_refused()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, apartment) = await BeginAsync(world);
        var service = world.Get<OccupancyService>();
        var today = world.Get<BuildingClock>().Today;
        await service.GiveOwnerAsync(apartment, New("andrea") with { Since = today.AddDays(-10) }, admin, default);

        var before = await service.GiveOwnerAsync(apartment, New("julian") with { Since = today.AddDays(-11) }, admin, default);
        Assert.Equal(("occupancy.before", today.AddDays(-10)), (before.Error!.Code, (DateOnly)before.Error.Values[0]!));
        Assert.Equal(
            "occupancy.future",
            (await service.GiveOwnerAsync(apartment, New("julian") with { Since = today.AddDays(1) }, admin, default)).Error!.Code
        );
        Assert.Equal(
            "occupancy.person",
            (await service.GiveOwnerAsync(apartment, new TieInput(OccupancyKind.Owner, null, null, null), admin, default)).Error!.Code
        );
    }

    private static TieInput New(string username, OccupancyKind kind = OccupancyKind.Owner) =>
        new(kind, null, new NewAccount(username, "Andrea", "Ruiz", null), null);

    private static async Task<(CurrentUser Admin, long Apartment)> BeginAsync(IdentityWorld world)
    {
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var desk = world.Get<BuildingDesk>();
        var tower = (await desk.SaveTowerAsync(null, new TowerInput("A", null, 12), admin, default)).Value;
        return (
            admin,
            (
                await desk.SaveApartmentAsync(
                    null, new ApartmentInput(tower, "1204", 12, OccupancyState.Available, 0.4m, 72.5m, 400_000), admin, default)
            ).Value
        );
    }
}
