using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Parking;
using Portal.Data.Pets;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Community;

/// <summary>Parking spaces, pets and guards, in the building of two apartments.</summary>
public sealed class CensusTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CensusMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_plate_stands_in_one_space_finds_its_apartment_and_needs_a_space_that_is_not_free()
    {
        var service = _world.Get<ParkingService>();
        var staff = _world.As(Who.Staff);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            db.Parking.Add(new ParkingSpace { Id = 900, SpaceNumber = "S1-01", StatusId = ParkingState.Available });
            await db.SaveChangesAsync();
        }

        Assert.True(
            (
                await service.SaveAsync(
                    900, new(ParkingState.Occupied, ParkingUse.Resident, 1, "abc-123", AuthorityWorld.Apartment), staff, default)
            ).Ok
        );
        var row = Assert.Single((await service.ListAsync(new ListQuery("ABC123"), staff, default)).Rows);
        Assert.Equal(("ABC 123", "Torre A 101", "Owner Prueba"), (row.Plate, row.Unit, row.Owner));

        var visitor = Assert.Single(
            (await service.ListAsync(new ListQuery(Filters: new Dictionary<string, string> { ["use"] = "visitor" }), staff, default)).Rows
        );
        var taken = await service.SaveAsync(visitor.Id, new(ParkingState.Occupied, ParkingUse.Visitor, 1, "ABC 123", null), staff, default);
        Assert.Equal("parking.plate_taken", taken.Error!.Code);
        Assert.Equal("S1-01", taken.Error.Values[1]);
        Assert.Equal(
            "parking.free_with_plate",
            (await service.SaveAsync(visitor.Id, new(ParkingState.Available, ParkingUse.Visitor, 1, "XYZ 987", null), staff, default))
                .Error!
                .Code
        );
    }

    [Fact]
    public async Task A_resident_registers_his_own_pet_whatever_owner_he_names()
    {
        var service = _world.Get<PetService>();
        var made = await service.SaveAsync(
            null, new(" Milo ", "Gato", " ", null, _world.Clock.Today.AddDays(-1), AuthorityWorld.OwnerRow(Who.Owner)),
            _world.As(Who.Neighbour), default);
        var expired = new ListQuery(Filters: new Dictionary<string, string> { ["vaccination"] = "expired" });
        var row = Assert.Single((await service.ListAsync(expired, _world.As(Who.Staff), default)).Rows);
        Assert.Equal(
            (made.Value, "Milo", null, AuthorityWorld.OwnerRow(Who.Neighbour), "Torre A 102"),
            (row.Id, row.Name, row.Breed, row.OwnerId, row.Unit)
        );
        Assert.Equal("not_found", (await service.DeleteAsync(made.Value, _world.As(Who.Owner), default)).Error!.Code);
    }

    [Fact]
    public async Task A_guards_insurance_is_valid_on_its_last_day_and_marked_a_month_before()
    {
        var service = _world.Get<GuardService>();
        var (staff, today) = (_world.As(Who.Staff), _world.Clock.Today);
        await service.SaveAsync(null, new("Ana", "2020", Shift.Morning, null, "ARL-1", today, "EPS-1", today.AddDays(-1)), staff, default);
        var row = Assert.Single((await service.ListAsync(new ListQuery("Ana"), staff, default)).Rows);
        Assert.Equal((CoverState.Soon, CoverState.Expired), (row.Arl, row.Eps));
        Assert.Equal(
            "guard.document_taken",
            (await service.SaveAsync(null, new("Berta", "2020", Shift.Night, null, null, null, null, null), staff, default)).Error!.Code
        );
        Assert.Equal(CoverState.Valid, GuardService.Cover(today.AddDays(GuardService.SoonDays + 1), today));
        Assert.Equal(CoverState.Unknown, GuardService.Cover(null, today));
    }
}
