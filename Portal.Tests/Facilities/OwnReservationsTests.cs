using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>
/// What a resident sees of their bookings: what is to come and what was, what it costs and what of that is paid, and their place in a queue
/// they left by mistake.
/// </summary>
public sealed class OwnReservationsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly FacilityWorld _world = new(database);

    public Task InitializeAsync() => database.CleanAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_booking_shows_what_it_costs_and_the_payment_that_paid_it()
    {
        var facility = await _world.FacilityAsync(change: f => (f.ChangeNoticeMinutes, f.Terms) = (120, "Se entrega limpio."));
        var andrea = await _world.OwnerAsync();
        var booked = (await _world.BookAsync(facility, andrea, At(28, 12))).Value;
        var unpaid = await _world.OwnAsync(booked.Id, andrea);
        Assert.Equal(
            (250_000m, 0m, 250_000m, null, At(28, 10), "Se entrega limpio."),
            (unpaid.Charged, unpaid.Paid, unpaid.Owed, unpaid.PaymentId, unpaid.ChangeUntil, unpaid.Terms)
        );

        await _world.PayAsync(andrea, 250_000);
        var paid = await _world.OwnAsync(booked.Id, andrea);
        Assert.Equal((250_000m, 0m), (paid.Paid, paid.Owed));
        Assert.NotNull(paid.PaymentId);
    }

    [Fact]
    public async Task What_is_held_is_to_come_until_its_time_is_over_and_then_it_was()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        await _world.Reservations.BookAsync(new BookingInput(facility.Id, At(28, 12), At(28, 16), 2) { Hold = true }, andrea, default);
        var held = Assert.Single((await _world.Own.ListAsync(5, andrea, default)).Value.ToCome);
        Assert.Equal((ReservationState.Held, false, false), (held.Row.State, held.HeldToPay, held.Lapsed(_world.Time.Utc)));

        _world.Time.Utc = _world.Time.Utc.AddMinutes(15);
        var list = (await _world.Own.ListAsync(5, andrea, default)).Value;
        Assert.Empty(list.ToCome);
        Assert.True(Assert.Single(list.Past).Lapsed(_world.Time.Utc));
    }

    [Fact]
    public async Task The_past_comes_in_pieces_and_says_how_much_there_is()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        for (var day = 21; day <= 24; day++) await _world.BookAsync(facility, andrea, At(day, 12));
        _world.Time.Utc = _world.Time.Utc.AddDays(30);
        var list = (await _world.Own.ListAsync(3, andrea, default)).Value;
        Assert.Equal((3, 4, At(24, 12)), (list.Past.Count, list.PastCount, list.Past[0].Row.Start));
    }

    [Fact]
    public async Task Somebody_elses_booking_is_not_there()
    {
        var booked = (await _world.BookAsync(await _world.FacilityAsync(), await _world.OwnerAsync(), At(28, 12))).Value;
        Assert.False((await _world.Own.FindAsync(booked.Id, await _world.OwnerAsync(), default)).Ok);
    }

    [Fact]
    public async Task Who_left_the_queue_by_mistake_returns_to_their_place()
    {
        var facility = await _world.FacilityAsync();
        await _world.BookAsync(facility, await _world.OwnerAsync(), At(28, 12));
        var (first, second) = (await _world.OwnerAsync(), await _world.OwnerAsync());
        var wish = new BookingInput(facility.Id, At(28, 12), At(28, 16), 2, true);
        var mine = (await _world.Waiting.JoinAsync(wish, first, default)).Value;
        await _world.Waiting.JoinAsync(wish, second, default);

        Assert.True((await _world.Waiting.LeaveAsync(mine, first, default)).Ok);
        Assert.Equal(1, Assert.Single(await _world.Waiting.MineAsync(second, default)).Position);
        Assert.Equal("not_found", (await _world.Waiting.ReturnAsync(mine, second, default)).Error!.Code);
        Assert.True((await _world.Waiting.ReturnAsync(mine, first, default)).Ok);
        Assert.Equal(
            (1, 2),
            (
                Assert.Single(await _world.Waiting.MineAsync(first, default)).Position,
                Assert.Single(await _world.Waiting.MineAsync(second, default)).Position
            )
        );
        Assert.Equal("wait.over", (await _world.Waiting.ReturnAsync(mine, first, default)).Error!.Code);
    }
}
