using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.People;
using Portal.Tests.Identity;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Building;

/// <summary>Two people change one thing: neither puts back what the other changed without having seen it.</summary>
public sealed class EditsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public void What_was_not_touched_follows_the_other_and_what_both_touched_is_refused_with_the_others_value()
    {
        var read = new ContactInput("Andrea", "Ruiz", "a@correo.example", "310", null, 1);
        var now = read with { Phone = "311", Email = "b@correo.example", DocumentTypeId = 2 };

        Assert.Equal((now with { LastName = "Ruiz Peña" }, 0), Count(Edits.Merge(read, read with { LastName = "Ruiz Peña" }, now)));
        // The same change twice is no quarrel, nor are spaces around it.
        Assert.Equal(now, Edits.Merge(read, read with { Phone = " 311 " }, now).Merged with { Phone = "311" });
        Assert.Empty(Edits.Merge(read, read with { Phone = " 311 " }, now).Errors);

        var both = Edits.Merge(read, read with { Phone = "312", DocumentTypeId = 3 }, now).Errors;
        Assert.Equal([("edit.changed", "Phone"), ("edit.changed.unsaid", "DocumentTypeId")], both.Select(error => (error.Code, error.Field!)));
        Assert.Equal("311", both[0].Values[0]);

        static (ContactInput, int) Count((ContactInput Merged, List<Error> Errors) result) => (result.Merged, result.Errors.Count);
    }

    [Fact]
    public async Task A_fee_is_not_put_back_by_somebody_who_changed_the_area()
    {
        await database.CleanAsync();
        await using var world = new IdentityWorld(database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var desk = world.Get<BuildingDesk>();
        var tower = (await desk.SaveTowerAsync(null, new TowerInput("A", null, 12), admin, default)).Value;
        var read = new ApartmentInput(tower, "1204", 12, OccupancyState.Occupied, 0.4m, 84, 480_000);
        var id = (await desk.SaveApartmentAsync(null, read, admin, default)).Value;

        Assert.True((await desk.SaveApartmentAsync(id, read with { MonthlyFee = 512_000, Read = read }, admin, default)).Ok);
        Assert.True((await desk.SaveApartmentAsync(id, read with { Area = 86.5m, Read = read }, admin, default)).Ok);
        Assert.Equal((512_000m, 86.5m), await FeeAndAreaAsync());

        // Both changed the fee: the second hears it, chooses, and presses again.
        var refused = await desk.SaveApartmentAsync(id, read with { MonthlyFee = 490_000, Read = read }, admin, default);
        Assert.Equal(("edit.changed", "MonthlyFee"), (refused.Error!.Code, refused.Error.Field));
        Assert.Equal(512_000m, refused.Error.Values[0]);
        Assert.Equal((512_000m, 86.5m), await FeeAndAreaAsync());
        var seen = read with { MonthlyFee = 512_000, Area = 86.5m };
        Assert.True((await desk.SaveApartmentAsync(id, seen with { MonthlyFee = 490_000, Read = seen }, admin, default)).Ok);
        Assert.Equal((490_000m, 86.5m), await FeeAndAreaAsync());

        async Task<(decimal?, decimal?)> FeeAndAreaAsync() =>
            await world.Get<BuildingService>().FindAsync(id, admin, default) is { } unit ? (unit.MonthlyFee, unit.Area) : default;
    }
}
