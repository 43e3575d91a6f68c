using Portal.Data;
using Portal.Data.Parking;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Parking;

/// <summary>Parking spaces, in the building of two apartments.</summary>
public sealed class ParkingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
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
}
