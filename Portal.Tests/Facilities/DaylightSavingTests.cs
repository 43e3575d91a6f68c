using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Facilities;

/// <summary>A building in New York: on 14 March 2027 its clocks go from two to three, on 7 November 2027 from two back to one.</summary>
public sealed class DaylightSavingTests(TestDatabase database) : DatabaseTest(database)
{
    private FacilityWorld _world = null!;
    private CurrentUser _andrea = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new FacilityWorld(Database.ConnectionString, zone: "America/New_York");
        _andrea = await _world.OwnerAsync();
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task An_hour_that_is_not_there_cannot_be_booked_and_says_so()
    {
        _world.Time.Utc = new DateTime(2027, 3, 10, 12, 0, 0);
        var bar = await BarAsync();
        var sunday = new DateTime(2027, 3, 14);
        Assert.Equal(new SkippedHour(sunday.AddHours(2)), (await BookAsync(bar, sunday.AddHours(2), 1)).Error!.Values[0]);
        var days = (await _world.Bookings.DaysAsync(bar.Id, new(2027, 3, 14), 1, new(2027, 3, 14), 60, _andrea, default)).Value;
        Assert.Equal([sunday.AddHours(2)], days.Slots.Where(s => s.Why is SkippedHour).Select(s => s.Start));
        Assert.Single(days.Slots, s => s.Start == sunday.AddHours(2));

        // Until the clocks jump, and over the jump: by the clock on the wall.
        Assert.True((await BookAsync(bar, sunday.AddHours(1), 1)).Ok);
        Assert.Equal(40m, (await BookAsync(bar, sunday.AddDays(-1).AddHours(23), 2)).Value.Price.Total);
        Assert.Equal(
            new SkippedHour(sunday.AddHours(2)),
            (await _world.Bookings.QuoteAsync(new(bar.Id, sunday.AddHours(2), sunday.AddHours(4), 1, true), _andrea, default))
                .Value
                .Refusals[0]
        );
    }

    [Fact]
    public async Task An_hour_that_comes_twice_is_one_hour_and_costs_one()
    {
        _world.Time.Utc = new DateTime(2027, 11, 5, 12, 0, 0);
        var bar = await BarAsync();
        var sunday = new DateTime(2027, 11, 7);
        Assert.Equal(20m, (await BookAsync(bar, sunday.AddHours(1), 1)).Value.Price.Total);
        Assert.IsType<SlotTaken>((await BookAsync(bar, sunday.AddHours(1), 1)).Error!.Values[0]);
        var days = (await _world.Bookings.DaysAsync(bar.Id, new(2027, 11, 7), 1, new(2027, 11, 7), 60, _andrea, default)).Value;
        Assert.Equal(days.Slots.Count, days.Slots.Select(s => s.Start).Distinct().Count());

        // It is not over before the second time the clock shows its end.
        _world.Time.Utc = new DateTime(2027, 11, 7, 6, 30, 0);
        await _world.UpkeepAsync();
        Assert.Equal(ReservationState.Confirmed, await _world.ReadAsync(db => db.Reservations.Select(r => r.StatusId).SingleAsync()));
        _world.Time.Utc = new DateTime(2027, 11, 7, 7, 0, 0);
        await _world.UpkeepAsync();
        Assert.Equal(ReservationState.Completed, await _world.ReadAsync(db => db.Reservations.Select(r => r.StatusId).SingleAsync()));
    }

    [Fact]
    public async Task A_hold_lasts_its_minutes_though_the_clock_goes_back()
    {
        _world.Time.Utc = new DateTime(2027, 11, 7, 5, 55, 0);
        var bar = await BarAsync();
        var held = (
            await _world.Reservations.BookAsync(
                new BookingInput(bar.Id, new(2027, 11, 7, 20, 0, 0), new(2027, 11, 7, 22, 0, 0), 1) { Hold = true }, _andrea, default)
        ).Value;
        _world.Time.Utc = new DateTime(2027, 11, 7, 6, 9, 59);
        Assert.True((await _world.Reservations.ConfirmAsync(held.Id, true, _andrea, default)).Ok);
    }

    [Fact]
    public void A_day_that_begins_at_one_o_clock_begins()
    {
        // In Santiago the clocks go forward at midnight.
        var clock = new BuildingClock(TimeProvider.System, TimeZoneInfo.FindSystemTimeZoneById("America/Santiago"));
        Assert.Equal(new DateTime(2026, 9, 6, 4, 0, 0), clock.ToUtc(new DateTime(2026, 9, 6, 0, 0, 0)));
        Assert.Equal(new DateTime(2026, 9, 6, 4, 0, 0), clock.ToUtc(new DateTime(2026, 9, 6, 0, 40, 10)));
        Assert.Equal(new DateTime(2026, 9, 6, 4, 30, 0), clock.ToUtc(new DateTime(2026, 9, 6, 1, 30, 0)));
    }

    /// <summary>Open day and night, at 20 an hour.</summary>
    private Task<Facility> BarAsync() => _world.FacilityAsync("Bar", null, f =>
    {
        (f.SlotMinutes, f.MinMinutes, f.MaxMinutes, f.HourlyRate, f.Deposit) = (60, 60, 240, 20, 0);
        foreach (var hours in f.Hours) (hours.OpensAt, hours.ClosesAt) = (TimeOnly.MinValue, TimeOnly.MinValue);
    });

    private Task<Result<Booked>> BookAsync(Facility facility, DateTime start, int hours) =>
        _world.BookAsync(facility, _andrea, start, hours);
}
