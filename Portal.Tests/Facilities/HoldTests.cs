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
public sealed class HoldTests(TestDatabase database) : FacilityTest(database)
{
    [Fact]
    public async Task A_held_place_is_kept_for_a_quarter_of_an_hour_and_then_free_again()
    {
        var facility = await World.FacilityAsync();
        var (andrea, other) = (await World.OwnerAsync(), await World.OwnerAsync());
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal((ReservationState.Held, World.Time.Utc.AddMinutes(15)), (held.State, held.HoldUntil));
        Assert.Empty(await ChargesAsync());
        Assert.Equal("booking.taken", (await World.BookAsync(facility, other, At(28, 12))).Error!.Code);

        // Its time is over: the place is free at once, and the job that says so in the row comes when it comes.
        World.Time.Utc = World.Time.Utc.AddMinutes(15);
        Assert.Equal("reservation.hold_over", (await World.Reservations.ConfirmAsync(held.Id, true, andrea, default)).Error!.Code);
        Assert.True((await World.BookAsync(facility, other, At(28, 12))).Ok);
        await World.WorkAsync();
        Assert.Equal(ReservationState.Expired, await StateAsync(held.Id));
        Assert.Contains(await World.ToldAsync(), n => n is { Type: "reservation.expired" } && n.ReservationId == held.Id);
        Assert.Equal("reservation.not_held", (await World.Reservations.ConfirmAsync(held.Id, true, andrea, default)).Error!.Code);
    }

    [Fact]
    public async Task What_was_held_is_booked_at_the_price_it_was_held_at()
    {
        var facility = await World.FacilityAsync(change: f => f.Terms = "Sin música.");
        var andrea = await World.OwnerAsync();
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        var rules = (await World.Facilities.GetAsync(facility.Id, Staff, default)).Value.Rules;
        await World.Facilities.SaveAsync(facility.Id, rules with { HourlyRate = 90_000 }, Staff, default);

        Assert.Equal("booking.terms", (await World.Reservations.ConfirmAsync(held.Id, false, andrea, default)).Error!.Code);
        var booked = (await World.Reservations.ConfirmAsync(held.Id, true, andrea, default)).Value;
        Assert.Equal((ReservationState.Confirmed, 250_000m), (booked.State, booked.Price.Total));
        Assert.Equal([100_000m, 150_000m], (await ChargesAsync()).Select(c => c.Amount));
        World.Time.Utc = World.Time.Utc.AddHours(1);
        await World.WorkAsync();
        Assert.Equal(ReservationState.Confirmed, await StateAsync(held.Id));
    }

    [Fact]
    public async Task An_apartment_holds_one_place_at_a_time()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        var refused = await HoldAsync(facility, andrea, At(29, 12));
        Assert.Equal(new HoldsAnother("BBQ 2", At(28, 12), At(28, 16)), refused.Error!.Values[0]);
        Assert.True((await World.Reservations.CancelAsync(held.Id, null, 0, andrea, default)).Ok);
        Assert.True((await HoldAsync(facility, andrea, At(29, 12))).Ok);
    }

    [Fact]
    public async Task A_closure_ends_what_is_held()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var held = (await HoldAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal(1, (await World.Blackouts.AddAsync(facility.Id, new(At(28, 0), At(29, 0), "Pintura", true), Staff, default)).Value);
        Assert.Equal(ReservationState.Cancelled, await StateAsync(held.Id));
    }

    [Fact]
    public async Task What_is_paid_first_expires_unpaid_and_owes_nothing_then()
    {
        var facility = await World.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal(ReservationState.Held, booked.State);
        Assert.All(await ChargesAsync(), c => Assert.Equal((ChargeState.Open, new DateOnly(2026, 11, 20)), (c.Status, c.DueOn)));
        Assert.Equal("reservation.unpaid", (await World.Reservations.ConfirmAsync(booked.Id, true, andrea, default)).Error!.Code);

        World.Time.Utc = World.Time.Utc.AddMinutes(15);
        await World.WorkAsync();
        Assert.Equal(ReservationState.Expired, await StateAsync(booked.Id));
        Assert.All(await ChargesAsync(), c => Assert.Equal(ChargeState.Cancelled, c.Status));
    }

    [Fact]
    public async Task A_payment_in_full_confirms_what_is_held_for_it()
    {
        var facility = await World.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        await World.PayAsync(andrea, 100_000);
        Assert.Equal(ReservationState.Held, await StateAsync(booked.Id));
        await World.PayAsync(andrea, 150_000);
        Assert.Equal(ReservationState.Confirmed, await StateAsync(booked.Id));
        Assert.Equal(
            [("reservation.held", booked.Id), ("reservation.confirmed", booked.Id)],
            (await World.ToldAsync()).Select(n => (n.Type, n.ReservationId))
        );

        // What is to the apartment's credit pays on the spot.
        await World.PayAsync(andrea, 250_000);
        Assert.Equal(ReservationState.Confirmed, (await World.BookAsync(facility, andrea, At(29, 12))).Value.State);
    }

    [Fact]
    public async Task A_reported_payment_keeps_the_place_until_the_office_has_looked()
    {
        var facility = await World.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        var payment = await World.ReportAsync(andrea, 250_000);
        Assert.Equal(ReservationState.Pending, await StateAsync(booked.Id));
        World.Time.Utc = World.Time.Utc.AddHours(2);
        await World.WorkAsync();
        Assert.Equal(ReservationState.Pending, await StateAsync(booked.Id));
        await World.ConfirmPaymentAsync(payment);
        Assert.Equal(ReservationState.Confirmed, await StateAsync(booked.Id));
        Assert.All(await ChargesAsync(), c => Assert.Equal(ChargeState.Paid, c.Status));
    }

    private Task<Result<Booked>> HoldAsync(Facility facility, CurrentUser who, DateTime start) =>
        World.Reservations.BookAsync(new BookingInput(facility.Id, start, start.AddHours(4), 2) { Hold = true }, who, default);

    private Task<ReservationState> StateAsync(long id) =>
        World.ReadAsync(db => db.Reservations.Where(r => r.Id == id).Select(r => r.StatusId).SingleAsync());

    private Task<List<Charge>> ChargesAsync() => World.ReadAsync(db => db.Charges.OrderBy(c => c.Id).ToListAsync());
}
