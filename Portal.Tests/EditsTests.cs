using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Guards;
using Portal.Data.Notices;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.People;
using Portal.Data.Pets;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests;

/// <summary>Two people change one thing: neither puts back what the other changed without having seen it.</summary>
public sealed class EditsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CensusMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    private CurrentUser Admin => _world.As(Who.Admin);

    [Fact]
    public void What_was_not_touched_follows_the_other_and_what_both_touched_is_refused_with_the_others_value()
    {
        var read = new ContactInput("Andrea", "Ruiz", "a@correo.example", "310", null, 1);
        var now = read with { Phone = "311", Email = "b@correo.example", DocumentTypeId = 2 };
        var begun = read with { Read = read };

        Assert.Equal(now with { LastName = "Ruiz Peña" }, Edits.Merge(begun with { LastName = "Ruiz Peña" }, now).Value);
        // The same change twice is no quarrel, nor are spaces around it.
        Assert.Equal(now with { Phone = " 311 " }, Edits.Merge(begun with { Phone = " 311 " }, now).Value);

        var refused = Edits.Merge(begun with { Phone = "312", DocumentTypeId = 3 }, now);
        Assert.Equal(
            [("edit.changed", "Phone"), ("edit.changed.unsaid", "DocumentTypeId")], refused.Errors.Select(e => (e.Code, e.Field!)));
        Assert.Equal("311", refused.Errors[0].Values[0]);

        // Saving again is a choice of these two fields; the address, which nobody spoke of, is not put back.
        var seen = Edits.Seen(read, refused)!;
        Assert.Equal(read with { Phone = "311", DocumentTypeId = 2 }, seen);
        var again = read with { Phone = "312", DocumentTypeId = 3, Read = seen };
        Assert.Equal(now with { Phone = "312", DocumentTypeId = 3 }, Edits.Merge(again, now).Value);
        Assert.Equal(read, Edits.Seen(read, Error.NotFound));
    }

    [Fact]
    public async Task A_fee_is_not_put_back_by_somebody_who_changed_the_area()
    {
        var (desk, building) = (_world.Get<BuildingDesk>(), _world.Get<BuildingService>());
        var read = new ApartmentInput(AuthorityWorld.Tower, "204", 2, OccupancyState.Occupied, 0.4m, 84, 480_000);
        var id = (await desk.SaveApartmentAsync(null, read, Admin, default)).Value;

        await MeetAsync(
            read, read with { MonthlyFee = 512_000 }, read with { Area = 86.5m }, read with { MonthlyFee = 490_000 },
            "MonthlyFee", 512_000m, async input => await desk.SaveApartmentAsync(id, input, Admin, default),
            async () => await building.FindAsync(id, Admin, default) is { } unit
                ? read with { MonthlyFee = unit.MonthlyFee, Area = unit.Area }
                : read);
    }

    [Fact]
    public async Task A_guards_shift_and_phone_are_changed_by_two_people()
    {
        var service = _world.Get<GuardService>();
        var read = new GuardInput("Ana", "2020", Shift.Morning, "310", null, null, null, null);
        var id = (await service.SaveAsync(null, read, Admin, default)).Value;

        await MeetAsync(
            read, read with { Phone = "311" }, read with { Shift = Shift.Night }, read with { Phone = "312" }, "Phone", "311",
            async input => await service.SaveAsync(id, input, Admin, default),
            async () =>
            {
                var row = Assert.Single((await service.ListAsync(new ListQuery("Ana"), Admin, default)).Rows);
                return read with { Phone = row.Phone, Shift = row.Shift };
            });
    }

    [Fact]
    public async Task A_pet_is_changed_by_the_office_and_by_its_owner()
    {
        var service = _world.Get<PetService>();
        var owner = AuthorityWorld.OwnerRow(Who.Owner);
        var read = new PetInput("Kira", "Perro", null, null, null, owner);
        var id = (await service.SaveAsync(null, read, Admin, default)).Value;

        // A resident does not say whose it is: the office's answer to that stays.
        await MeetAsync(
            read, read with { Breed = "Criollo" }, read with { VaccinationCard = "V-1" }, read with { Breed = "Labrador" },
            "Breed", "Criollo", async input => await service.SaveAsync(id, input, _world.As(Who.Owner), default),
            async () =>
            {
                var row = Assert.Single((await service.ListAsync(new ListQuery("Kira"), Admin, default)).Rows);
                return read with { Breed = row.Breed, VaccinationCard = row.VaccinationCard, OwnerId = row.OwnerId };
            });
    }

    [Fact]
    public async Task A_parking_space_is_changed_by_two_people()
    {
        var service = _world.Get<ParkingService>();
        var space = Assert.Single((await service.ListAsync(new ListQuery("V-01"), Admin, default)).Rows);
        var read = new ParkingInput(ParkingState.Occupied, ParkingUse.Visitor, null, "ABC 123", null);
        Assert.True((await service.SaveAsync(space.Id, read, Admin, default)).Ok);

        await MeetAsync(
            read, read with { Plate = "XYZ 987" }, read with { VehicleTypeId = 1 }, read with { Plate = "QQQ 111" }, "Plate", "XYZ 987",
            async input => await service.SaveAsync(space.Id, input, Admin, default),
            async () =>
            {
                var row = Assert.Single((await service.ListAsync(new ListQuery("V-01"), Admin, default)).Rows);
                return read with { Plate = row.Plate, VehicleTypeId = row.VehicleTypeId };
            });
    }

    [Fact]
    public async Task Halves_of_two_edits_that_do_not_go_together_are_told_and_the_second_decides_about_the_whole()
    {
        var service = _world.Get<ParkingService>();
        var space = Assert.Single((await service.ListAsync(new ListQuery("V-01"), Admin, default)).Rows);
        var read = new ParkingInput(ParkingState.Occupied, ParkingUse.Visitor, null, null, null);
        Assert.True((await service.SaveAsync(space.Id, read, Admin, default)).Ok);

        // One sets it free while the other writes who stands in it.
        Assert.True((await service.SaveAsync(space.Id, read with { State = ParkingState.Available, Read = read }, Admin, default)).Ok);
        var mine = read with { Plate = "ABC 123" };
        var refused = await service.SaveAsync(space.Id, mine with { Read = read }, Admin, default);
        Assert.Equal(("edit.changed.unsaid", "State"), (refused.Error!.Code, refused.Error.Field));
        Assert.True((await service.SaveAsync(space.Id, mine with { Read = Edits.Seen(read, refused) }, Admin, default)).Ok);
        var row = Assert.Single((await service.ListAsync(new ListQuery("V-01"), Admin, default)).Rows);
        Assert.Equal((ParkingState.Occupied, "ABC 123"), (row.State, row.Plate));
    }

    [Fact]
    public async Task A_notices_text_and_its_end_are_changed_by_two_people()
    {
        var service = _world.Get<NoticeService>();
        var begins = _world.Clock.Today.ToDateTime(new TimeOnly(8, 0));
        var read = new NoticeInput("Corte de agua", "El martes.", "", "", "", NoticeResidents.All, false, begins, null);
        var id = (await service.SaveAsync(null, read, Admin, default)).Value;

        await MeetAsync(
            read, read with { Body = "El miércoles." }, read with { ExpiresAt = begins.AddDays(3) }, read with { Body = "El jueves." },
            "Body", "El miércoles.", async input => await service.SaveAsync(id, input, Admin, default),
            async () =>
            {
                var row = Assert.Single((await service.ListAsync(new ListQuery("Corte"), Admin, default)).Rows);
                return read with { Body = row.Body, ExpiresAt = row.ExpiresAt };
            });
    }

    [Fact]
    public async Task Own_contact_data_is_changed_on_two_devices()
    {
        var service = _world.Get<PeopleService>();
        var read = new OwnContactInput("owner@correo.example", "310", "Calle 1");
        var owner = _world.As(Who.Owner);
        Assert.True((await service.SaveMineAsync(read, owner, default)).Ok);

        await MeetAsync(
            read, read with { Phone = "311" }, read with { Address = "Calle 2" }, read with { Phone = "312" }, "Phone", "311",
            input => service.SaveMineAsync(input, owner, default),
            async () => await service.MineAsync(owner, default) is { Contact: var now }
                ? new OwnContactInput(now.Email, now.Phone, now.Address)
                : read);
    }

    [Fact]
    public async Task The_buildings_settings_are_changed_by_two_administrators()
    {
        var service = _world.Get<SettingsService>();
        var read = new BuildingSettings { Name = "Mirador", Phone = "601" };
        Assert.True((await service.SaveAsync(read, Admin, default)).Ok);

        await MeetAsync(
            read, read with { HoldMinutes = 20 }, read with { Phone = "602" }, read with { HoldMinutes = 25 }, "HoldMinutes", 20,
            input => service.SaveAsync(input, Admin, default), async () => await service.GetAsync(default));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.False(await db.Settings.AnyAsync(setting => setting.Name == "read"));
    }

    /// <summary>
    /// One person saves, the other began before that: first with another field (both hold), then with the same value (no quarrel), then
    /// with the same field (told what the first made of it, and saving again puts theirs, and nothing else).
    /// </summary>
    private static async Task MeetAsync<TInput>(
        TInput read, TInput first, TInput elsewhere, TInput second, string field, object value, Func<TInput, Task<Result>> saveAsync,
        Func<Task<TInput>> nowAsync)
        where TInput : class, IEdit<TInput>
    {
        Assert.True((await saveAsync(From(first, read))).Ok);
        Assert.True((await saveAsync(From(elsewhere, read))).Ok);
        var both = Edits.Merge(From(elsewhere, read), first).Value;
        Assert.Equal(both, await nowAsync());
        Assert.True((await saveAsync(From(first, read))).Ok);
        Assert.Equal(both, await nowAsync());

        var refused = await saveAsync(From(second, read));
        Assert.Equal(("edit.changed", field), (refused.Error!.Code, refused.Error.Field));
        Assert.Equal(value, refused.Error.Values[0]);
        Assert.Equal(both, await nowAsync());
        Assert.True((await saveAsync(From(second, Edits.Seen(read, refused)!))).Ok);
        Assert.Equal(Edits.Merge(From(elsewhere, read), second).Value, await nowAsync());
    }

    /// <summary>What is typed, by somebody who began with what they read.</summary>
    private static TInput From<TInput>(TInput typed, TInput read)
        where TInput : class, IEdit<TInput>
    {
        // A record with its Read set: "with" is not for a type parameter.
        var copy = (TInput)typeof(TInput).GetMethod("<Clone>$")!.Invoke(typed, null)!;
        typeof(TInput).GetProperty(nameof(IEdit<TInput>.Read))!.SetValue(copy, read);
        return copy;
    }
}
