using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Data;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>"Could this apartment book?", under rules that are not saved.</summary>
public sealed class TryOutTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly FacilityInput Rules = new()
    {
        Name = "BBQ 3", Kind = " BBQ ", Capacity = 12, SlotMinutes = 60, MinMinutes = 60, MaxMinutes = 240,
        Hours = [.. Enumerable.Range(1, 7).Select(day => new HoursInput(day, new(8, 0), new(22, 0)))],
    };

    [Fact]
    public async Task Every_rule_is_heard_and_those_it_does_not_have_are_told_apart()
    {
        await using var world = new FacilityWorld(Database);
        var owner = await world.OwnerAsync();
        var tried = (await world.Bookings.TryAsync(null, Rules, Wish(owner, 28, 18, 22), Staff, default)).Value;
        Assert.Equal(BookingRules.All.Select(r => r.Code), tried.Verdicts.Select(v => v.Code));
        Assert.True(tried.Allowed);
        Assert.Equal(
            ["skipped", "room", "notice", "change", "quota", "open", "arrears", "hold", "terms"],
            tried.Verdicts.Where(v => !v.Applies).Select(v => v.Code)
        );
        Assert.Empty(tried.Nearest);

        await world.Settings.SaveAsync(await world.Settings.GetAsync(default) with { BlockDebtors = true }, CurrentUser.System, default);
        var bound = Rules with
        {
            Shared = true,
            MinNoticeMinutes = 60,
            OpenLimit = 2,
            Terms = "Limpio",
            Quotas = [new(QuotaSubject.Person, QuotaPeriod.Month, 2)],
        };
        tried = (await world.Bookings.TryAsync(null, bound, Wish(owner, 28, 18, 22), Staff, default)).Value;
        Assert.Equal(["skipped", "taken", "change", "hold"], tried.Verdicts.Where(v => !v.Applies).Select(v => v.Code));
    }

    [Fact]
    public async Task A_facility_that_is_not_saved_yet_counts_the_quota_of_the_kind_it_is_to_join()
    {
        await using var world = new FacilityWorld(Database);
        var owner = await world.OwnerAsync();
        Assert.True((await world.BookAsync(await world.FacilityAsync("BBQ 1"), owner, At(27, 12))).Ok);
        var rules = Rules with { Quotas = [new(QuotaSubject.Apartment, QuotaPeriod.Month, 1)] };
        var refused = (await world.Bookings.TryAsync(null, rules, Wish(owner, 28, 18, 22), Staff, default)).Value;
        Assert.Equal("quota", Assert.Single(refused.Verdicts, v => !v.Passed).Code);
        Assert.NotEmpty(refused.Nearest);
        Assert.True(
            (await world.Bookings.TryAsync(null, rules with { Kind = "Salones" }, Wish(owner, 28, 18, 22), Staff, default)).Value.Allowed
        );
    }

    [Fact]
    public async Task Bookings_of_the_saved_facility_stand_in_the_way_of_unsaved_rules()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        Assert.True((await world.BookAsync(facility, await world.OwnerAsync(), At(28, 16))).Ok);
        var owner = await world.OwnerAsync();
        var refused = (
            await world.Bookings.TryAsync(facility.Id, Rules with { MaxMinutes = 180 }, Wish(owner, 28, 18, 22), Staff, default)
        ).Value;
        Assert.Equal(["long", "taken"], refused.Verdicts.Where(v => !v.Passed).Select(v => v.Code));
        Assert.False((await world.Bookings.TryAsync(facility.Id, Rules, Wish(owner, 28, 18, 22), Staff, default)).Value.Allowed);
        Assert.True(
            (await world.Bookings.TryAsync(facility.Id, Rules with { Shared = true }, Wish(owner, 28, 18, 22), Staff, default))
                .Value
                .Allowed
        );
    }

    [Fact]
    public async Task Rules_that_cannot_be_saved_cannot_be_tried()
    {
        await using var world = new FacilityWorld(Database);
        var owner = await world.OwnerAsync();
        Assert.Equal(
            "facility.max_below_min",
            (await world.Bookings.TryAsync(null, Rules with { MaxMinutes = 30, SlotMinutes = 30 }, Wish(owner, 28, 18, 22), Staff, default))
                .Error!
                .Code
        );
        Assert.Equal(Error.Forbidden, (await world.Bookings.TryAsync(null, Rules, Wish(owner, 28, 18, 22), owner, default)).Error);
        Assert.False((await world.Bookings.TryAsync(null, Rules, Wish(owner, 28, 22, 18), Staff, default)).Ok);
    }

    private static BookingInput Wish(CurrentUser who, int day, int from, int to) =>
        new(0, At(day, from), At(day, to), 2, true, who.ApartmentIds[0]);
}
