using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.People;

public sealed class PeopleTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_guard_reads_how_to_reach_people_and_nothing_else()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, andrea, _) = await BeginAsync(world);
        var guard = await world.AsAsync(await world.AddAsync("wilson", Roles.Security));
        var service = world.Get<PeopleService>();

        var row = Assert.Single((await service.ListAsync(new ListQuery("ruiz"), guard, default)).Rows);
        Assert.Equal(("Andrea Ruiz", "310 555 0101", null, null, null), (row.Name, row.Phone, row.Document, row.Username, row.State));
        var detail = (await service.FindAsync(andrea, guard, default))!;
        Assert.Equal(
            (null, null, null, false),
            (detail.Account, detail.Contact.DocumentNumber, detail.Contact.BirthDate, detail.MayManage)
        );

        // Neither can they find out a document or a state by asking for it.
        Assert.Empty((await service.ListAsync(new ListQuery("52123456"), guard, default)).Rows);
        Assert.Single((await service.ListAsync(new ListQuery("52123456"), admin, default)).Rows);
        var suspended = new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "suspended" });
        Assert.Empty((await service.ListAsync(suspended, admin, default)).Rows);
        Assert.Equal(3, (await service.ListAsync(suspended, guard, default)).Total);
    }

    [Fact]
    public async Task People_are_found_by_apartment_phone_and_tie_and_sorted()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, andrea, _) = await BeginAsync(world);
        var service = world.Get<PeopleService>();

        foreach (var text in new[] { "a 1204", "310 555", "andrea", "RUIZ", "andrea.ruiz@" })
        {
            var row = Assert.Single((await service.ListAsync(new ListQuery(text), admin, default)).Rows);
            Assert.Equal(andrea, row.Id);
            Assert.Equal("1204", Assert.Single(row.Units).Number);
        }

        Assert.Equal(
            andrea,
            Assert
                .Single(
                    (
                        await service.ListAsync(
                            new ListQuery(Filters: new Dictionary<string, string> { ["kind"] = "owner" }), admin, default)
                    ).Rows
                )
                .Id
        );
        Assert.DoesNotContain(
            (await service.ListAsync(new ListQuery(Filters: new Dictionary<string, string> { ["kind"] = "none" }), admin, default)).Rows,
            r => r.Id == andrea
        );
        foreach (var sort in new[] { "name", "role", "email", "state", "seen" })
        {
            Assert.Equal(2, (await service.ListAsync(new ListQuery(Sort: sort, Descending: true), admin, default)).Total);
        }
    }

    [Fact]
    public async Task Corrected_data_is_checked_and_another_persons_address_refused()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, andrea, _) = await BeginAsync(world);
        var service = world.Get<PeopleService>();

        var wrong = await service.SaveContactAsync(
            andrea, new ContactInput(" ", "Ruiz", "not an address", null, BirthDate: new DateOnly(2999, 1, 1)), admin, default);
        Assert.Equal(["required", "account.email", "person.born"], wrong.Errors.Select(e => e.Code));
        Assert.Equal(
            "account.email_taken",
            (await service.SaveContactAsync(andrea, new ContactInput("Andrea", "Ruiz", "CAROLINA@correo.example", null), admin, default))
                .Error!
                .Code
        );

        Assert.True(
            (
                await service.SaveContactAsync(
                    andrea, new ContactInput("Andrea María", "Ruiz", "nueva@correo.example", "320", "Calle 1"), admin, default)
            ).Ok
        );
        var now = (await service.FindAsync(andrea, admin, default))!;
        Assert.Equal(("Andrea María Ruiz", "nueva@correo.example", "Calle 1"), (now.Name, now.Contact.Email, now.Contact.Address));
    }

    [Fact]
    public async Task An_owner_changes_how_they_are_reached_but_not_who_they_are()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, andrea, _) = await BeginAsync(world);
        var owner = await world.AsAsync(andrea);
        var service = world.Get<PeopleService>();

        Assert.True((await service.SaveMineAsync(new OwnContactInput("otra@correo.example", "300", null), owner, default)).Ok);
        Assert.Equal(
            "not_found",
            (await service.SaveContactAsync(admin.Id, new ContactInput("X", "Y", null, null), owner, default)).Error!.Code
        );
        Assert.Equal(
            "forbidden",
            (await service.SaveContactAsync(andrea, new ContactInput("X", "Y", null, null), owner, default)).Error!.Code
        );

        var mine = (await service.MineAsync(owner, default))!;
        Assert.Equal(("Andrea Ruiz", "otra@correo.example", "52123456"), (mine.Name, mine.Contact.Email, mine.Contact.DocumentNumber));
    }

    [Fact]
    public async Task What_is_kept_with_a_person_is_shown_part_by_part_to_who_may_see_it()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (admin, andrea, unit) = await BeginAsync(world);
        var service = world.Get<PeopleService>();
        await Database.ExecuteAsync($"""
            INSERT INTO payments (amount, payment_date, status_id, owner_id, apartment_id, receipt_number)
                SELECT 480000, '2026-10-05', 1, id, {unit}, 'RC-2026-000001' FROM owners WHERE user_id = {andrea};
            INSERT INTO payments (amount, payment_date, status_id, owner_id)
                SELECT 1000, '2026-11-05', 2, id FROM owners WHERE user_id = {andrea};
            INSERT INTO parking (space_number, status_id, license_plate, apartment_id)
                VALUES ('S1-01', 2, 'KLM 904', {unit}), ('S1-02', 1, NULL, NULL);
            INSERT INTO pets (name, species, owner_id, vaccination_expires_on)
                SELECT 'Luna', 'Perro', id, '2027-01-31' FROM owners WHERE user_id = {andrea};
            INSERT INTO pqrs (title, description, category_id, owner_id, status_id, number, due_on)
                SELECT 'Ruido', 'De noche', (SELECT MIN(id) FROM pqrs_categories), id, 1, 'PQRS-2026-000001', '2020-01-01'
                FROM owners WHERE user_id = {andrea};
            """);

        var whole = await service.RecordsAsync(andrea, admin, default);
        Assert.Equal(
            [(1_000m, null, null), (480_000m, "RC-2026-000001", "A 1204")],
            whole.Payments!.Select(p => (p.Amount, p.Receipt, p.Unit)));
        Assert.Equal([("S1-01", "KLM 904")], whole.Vehicles!.Select(v => (v.Space, v.Plate)));
        Assert.Equal([("Luna", (DateOnly?)new DateOnly(2027, 1, 31))], whole.Pets!.Select(p => (p.Name, p.VaccinationExpiresOn)));
        Assert.Equal([("PQRS-2026-000001", true)], whole.Cases!.Select(c => (c.Number, c.Overdue)));

        // The gate sees whose car it is, and neither what they paid nor what they complain of.
        var gate = await service.RecordsAsync(andrea, await world.AsAsync(await world.AddAsync("wilson", Roles.Security)), default);
        Assert.Equal((null, null, 1), (gate.Payments, gate.Cases, gate.Vehicles!.Count));
        Assert.Equal(PersonRecords.Nothing, await service.RecordsAsync(andrea, await world.AsAsync(andrea), default));
    }

    private static async Task<(CurrentUser Admin, long Andrea, long Apartment)> BeginAsync(IdentityWorld world)
    {
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var tower = (await world.Get<BuildingDesk>().SaveTowerAsync(null, new TowerInput("A", null, 12), admin, default)).Value;
        var unit = (
            await world
                .Get<BuildingDesk>()
                .SaveApartmentAsync(null, new ApartmentInput(tower, "1204", 12, OccupancyState.Occupied, null, null, null), admin, default)
        ).Value;
        var account = new NewAccount("aruiz", "Andrea", "Ruiz", "andrea.ruiz@correo.example", "310 555 0101", Roles.Owner, 1, "52123456");
        var made = await world
            .Get<OccupancyService>()
            .GiveOwnerAsync(unit, new TieInput(OccupancyKind.Owner, null, account, null), admin, default);
        return (admin, made.Value.AccountId, unit);
    }
}
