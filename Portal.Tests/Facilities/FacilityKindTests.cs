using Microsoft.EntityFrameworkCore;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

public sealed class FacilityKindTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_kind_is_renamed_unless_another_is_called_so()
    {
        await using var world = new FacilityWorld(Database);
        await world.FacilityAsync("BBQ 1", "BBQ");
        await world.FacilityAsync("Salón", "Salones");
        var kinds = await world.Kinds.ListAsync(Staff, default);
        Assert.Equal("kind.taken", (await world.Kinds.RenameAsync(kinds[0].Id, "Salones", Staff, default)).Error!.Code);
        Assert.Equal("required", (await world.Kinds.RenameAsync(kinds[0].Id, " ", Staff, default)).Error!.Code);
        Assert.Equal("too_long", (await world.Kinds.RenameAsync(kinds[0].Id, new string('x', 51), Staff, default)).Error!.Code);
        Assert.True((await world.Kinds.RenameAsync(kinds[0].Id, " Asadores ", Staff, default)).Ok);
        Assert.Equal(["Asadores", "Salones"], (await world.Kinds.ListAsync(Staff, default)).Select(k => k.Name));
    }

    [Fact]
    public async Task Merged_kinds_share_their_quota_and_their_bookings_follow()
    {
        await using var world = new FacilityWorld(Database);
        var first = await world.FacilityAsync("BBQ 1", "BBQ");
        var second = await world.FacilityAsync(
            "Asador",
            "Asadores",
            f =>
                f.Quotas = [
                    new()
                    {
                        Subject = QuotaSubject.Apartment,
                        Period = QuotaPeriod.Month,
                        Most = 1,
                    },
                ]
        );
        var owner = await world.OwnerAsync();
        Assert.True((await world.BookAsync(first, owner, At(27, 12))).Ok);
        var kinds = await world.Kinds.ListAsync(Staff, default);
        var (bbq, grills) = (kinds.Single(k => k.Name == "BBQ"), kinds.Single(k => k.Name == "Asadores"));
        Assert.Equal(1, bbq.Bookings);
        Assert.Equal("kind.used", (await world.Kinds.DeleteAsync(bbq.Id, Staff, default)).Error!.Code);

        Assert.True((await world.Kinds.MergeAsync(bbq.Id, grills.Id, Staff, default)).Ok);
        var left = Assert.Single(await world.Kinds.ListAsync(Staff, default));
        Assert.Equal(["Asador", "BBQ 1"], left.Facilities);
        Assert.Equal(1, left.Bookings);
        var refused = await world.BookAsync(second, owner, At(28, 12));
        Assert.Equal("booking.quota", refused.Error!.Code);
    }

    [Fact]
    public async Task Two_signs_are_two_names_and_an_accent_makes_none()
    {
        await using var world = new FacilityWorld(Database);
        Assert.True((await world.Facilities.SaveAsync(null, new FacilityInput { Name = "🎱", Kind = "🎱" }, Staff, default)).Ok);
        Assert.True((await world.Facilities.SaveAsync(null, new FacilityInput { Name = "🏓", Kind = "🏓" }, Staff, default)).Ok);
        Assert.True((await world.Facilities.SaveAsync(null, new FacilityInput { Name = "Salón", Kind = "Salones" }, Staff, default)).Ok);
        var again = await world.Facilities.SaveAsync(null, new FacilityInput { Name = "salon", Kind = "salones" }, Staff, default);
        Assert.Equal("facility.name_taken", again.Error!.Code);
        Assert.Equal(3, (await world.Kinds.ListAsync(Staff, default)).Count);
    }

    [Fact]
    public async Task An_unused_kind_is_deleted()
    {
        await using var world = new FacilityWorld(Database);
        var id = (await world.Facilities.SaveAsync(null, new FacilityInput { Name = "Cancha", Kind = "Canchas" }, Staff, default)).Value;
        await world.Facilities.SaveAsync(id, new FacilityInput { Name = "Cancha" }, Staff, default);
        var kind = Assert.Single(await world.Kinds.ListAsync(Staff, default));
        Assert.True(kind.Unused);
        Assert.True((await world.Kinds.DeleteAsync(kind.Id, Staff, default)).Ok);
        Assert.Equal(0, await world.ReadAsync(db => db.ReservationTypes.CountAsync()));
        Assert.Empty(await world.Kinds.ListAsync(await world.OwnerAsync(), default));
    }
}
