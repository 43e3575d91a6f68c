using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Places that are held: to make up one's mind, or until they are paid.</summary>
public sealed class HoldTests(TestDatabase database) : DatabaseTest(database)
{
    private FacilityWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new FacilityWorld(Database);
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_held_place_is_kept_for_a_quarter_of_an_hour_and_then_free_again()
    {
        var facility = await _world.FacilityAsync();
        var (andrea, other) = (await _world.OwnerAsync(), await _world.OwnerAsync());
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal((ReservationState.Held, _world.Time.Utc.AddMinutes(15)), (held.State, held.HoldUntil));
        Assert.Empty(await ChargesAsync());
        Assert.Equal("booking.taken", (await _world.BookAsync(facility, other, At(28, 12))).Error!.Code);

        // Its time is over: the place is free at once, and the job that says so in the row comes when it comes.
        _world.Time.Utc = _world.Time.Utc.AddMinutes(15);
        Assert.Equal("reservation.hold_over", (await _world.Reservations.ConfirmAsync(held.Id, true, andrea, default)).Error!.Code);
        Assert.True((await _world.BookAsync(facility, other, At(28, 12))).Ok);
        await _world.WorkAsync();
        Assert.Equal(ReservationState.Expired, await StateAsync(held.Id));
        Assert.Contains(await _world.ToldAsync(), n => n is { Type: "reservation.expired" } && n.ReservationId == held.Id);
        Assert.Equal("reservation.not_held", (await _world.Reservations.ConfirmAsync(held.Id, true, andrea, default)).Error!.Code);
    }

    [Fact]
    public async Task What_was_held_is_booked_at_the_price_it_was_held_at()
    {
        var facility = await _world.FacilityAsync(change: f => f.Terms = "Sin música.");
        var andrea = await _world.OwnerAsync();
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        var rules = (await _world.Facilities.GetAsync(facility.Id, Staff, default)).Value.Rules;
        await _world.Facilities.SaveAsync(facility.Id, rules with { HourlyRate = 90_000 }, Staff, default);

        Assert.Equal("booking.terms", (await _world.Reservations.ConfirmAsync(held.Id, false, andrea, default)).Error!.Code);
        var booked = (await _world.Reservations.ConfirmAsync(held.Id, true, andrea, default)).Value;
        Assert.Equal((ReservationState.Confirmed, 250_000m), (booked.State, booked.Price.Total));
        Assert.Equal([100_000m, 150_000m], (await ChargesAsync()).Select(c => c.Amount));
        _world.Time.Utc = _world.Time.Utc.AddHours(1);
        await _world.WorkAsync();
        Assert.Equal(ReservationState.Confirmed, await StateAsync(held.Id));
    }

    [Fact]
    public async Task An_apartment_holds_one_place_at_a_time()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        var refused = await HoldAsync(facility, andrea, At(29, 12));
        Assert.Equal(new HoldsAnother("BBQ 2", At(28, 12), At(28, 16)), refused.Error!.Values[0]);
        Assert.True((await _world.Reservations.CancelAsync(held.Id, null, 0, andrea, default)).Ok);
        Assert.True((await HoldAsync(facility, andrea, At(29, 12))).Ok);
    }

    [Fact]
    public async Task A_closure_ends_what_is_held()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal(1, (await _world.Blackouts.AddAsync(facility.Id, new(At(28, 0), At(29, 0), "Pintura", true), Staff, default)).Value);
        Assert.Equal(ReservationState.Cancelled, await StateAsync(held.Id));
    }

    [Fact]
    public async Task What_is_paid_first_expires_unpaid_and_owes_nothing_then()
    {
        var facility = await _world.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await _world.OwnerAsync();
        var booked = (await _world.BookAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal(ReservationState.Held, booked.State);
        Assert.All(await ChargesAsync(), c => Assert.Equal((ChargeState.Open, new DateOnly(2026, 11, 20)), (c.Status, c.DueOn)));
        Assert.Equal("reservation.unpaid", (await _world.Reservations.ConfirmAsync(booked.Id, true, andrea, default)).Error!.Code);

        _world.Time.Utc = _world.Time.Utc.AddMinutes(15);
        await _world.WorkAsync();
        Assert.Equal(ReservationState.Expired, await StateAsync(booked.Id));
        Assert.All(await ChargesAsync(), c => Assert.Equal(ChargeState.Cancelled, c.Status));
    }

    [Fact]
    public async Task A_payment_in_full_confirms_what_is_held_for_it()
    {
        var facility = await _world.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await _world.OwnerAsync();
        var booked = (await _world.BookAsync(facility, andrea, At(28, 12))).Value;
        await _world.PayAsync(andrea, 100_000);
        Assert.Equal(ReservationState.Held, await StateAsync(booked.Id));
        await _world.PayAsync(andrea, 150_000);
        Assert.Equal(ReservationState.Confirmed, await StateAsync(booked.Id));
        Assert.Equal([("reservation.held", booked.Id), ("reservation.confirmed", booked.Id)], (await _world.ToldAsync()).Select(n => (n.Type, n.ReservationId)));

        // What is to the apartment's credit pays on the spot.
        await _world.PayAsync(andrea, 250_000);
        Assert.Equal(ReservationState.Confirmed, (await _world.BookAsync(facility, andrea, At(29, 12))).Value.State);
    }

    [Fact]
    public async Task A_reported_payment_keeps_the_place_until_the_office_has_looked()
    {
        var facility = await _world.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await _world.OwnerAsync();
        var booked = (await _world.BookAsync(facility, andrea, At(28, 12))).Value;
        var payment = await _world.ReportAsync(andrea, 250_000);
        Assert.Equal(ReservationState.Pending, await StateAsync(booked.Id));
        _world.Time.Utc = _world.Time.Utc.AddHours(2);
        await _world.WorkAsync();
        Assert.Equal(ReservationState.Pending, await StateAsync(booked.Id));
        await _world.ConfirmPaymentAsync(payment);
        Assert.Equal(ReservationState.Confirmed, await StateAsync(booked.Id));
        Assert.All(await ChargesAsync(), c => Assert.Equal(ChargeState.Paid, c.Status));
    }

    private Task<Result<Booked>> HoldAsync(Facility facility, CurrentUser who, DateTime start) =>
        _world.Reservations.BookAsync(new BookingInput(facility.Id, start, start.AddHours(4), 2) { Hold = true }, who, default);

    private Task<ReservationState> StateAsync(long id) => _world.ReadAsync(db => db.Reservations.Where(r => r.Id == id).Select(r => r.StatusId).SingleAsync());

    private Task<List<Charge>> ChargesAsync() => _world.ReadAsync(db => db.Charges.OrderBy(c => c.Id).ToListAsync());
}
