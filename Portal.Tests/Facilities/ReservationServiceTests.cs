using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

public sealed class ReservationServiceTests(TestDatabase database) : FacilityTest(database)
{
    [Fact]
    public async Task Booking_fixes_the_price_and_puts_price_and_deposit_on_the_account()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync("1204");
        var booked = await World.BookAsync(facility, andrea, At(28, 12));
        Assert.Equal("R-2026-000001", booked.Value.Number);
        Assert.Equal(250_000, booked.Value.Price.Total);

        await World.Facilities.SaveAsync(
            facility.Id,
            (await World.Facilities.GetAsync(facility.Id, Staff, default)).Value.Rules with
            {
                HourlyRate = 90_000,
            },
            Staff,
            default
        );
        var mine = Assert.Single(await World.MineAsync(andrea));
        Assert.Equal(
            (100_000m, 150_000m, "B 1204", At(27, 12), 50_000m),
            (mine.Price, mine.Deposit, mine.Apartment, mine.CancelFreeUntil!.Value, mine.CancelCharge)
        );

        var charges = await ChargesAsync();
        Assert.Equal([(ChargeKind.Booking, 100_000m), (ChargeKind.Deposit, 150_000m)], charges.Select(c => (c.Kind, c.Amount)));
        Assert.All(
            charges,
            c =>
                Assert.Equal(
                    (andrea.ApartmentIds[0], new DateOnly(2026, 11, 28), booked.Value.Id),
                    (c.ApartmentId, c.DueOn, c.ReservationId)
                )
        );
    }

    [Fact]
    public async Task A_booking_that_costs_nothing_charges_nothing()
    {
        var facility = await World.FacilityAsync(change: f => (f.HourlyRate, f.Deposit) = (null, 0));
        Assert.True((await World.BookAsync(facility, await World.OwnerAsync(), At(28, 12))).Ok);
        Assert.Empty(await ChargesAsync());
    }

    [Fact]
    public async Task Cancelling_in_time_frees_the_slot_and_takes_the_charges_back()
    {
        var facility = await World.FacilityAsync();
        var (first, second) = (await World.OwnerAsync(), await World.OwnerAsync());
        var booked = await World.BookAsync(facility, first, At(28, 12));
        Assert.False((await World.BookAsync(facility, second, At(28, 12))).Ok);

        Assert.True((await World.Reservations.CancelAsync(booked.Value.Id, null, 0, first, default)).Ok);
        Assert.All(await ChargesAsync(), c => Assert.Equal(ChargeState.Cancelled, c.Status));
        Assert.True((await World.BookAsync(facility, second, At(28, 12))).Ok);
        Assert.Equal("reservation.not_open", (await World.Reservations.CancelAsync(booked.Value.Id, null, 0, first, default)).Error!.Code);
    }

    [Fact]
    public async Task Cancelling_late_costs_what_was_fixed_and_only_what_the_person_was_told()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = await World.BookAsync(facility, andrea, At(21, 8));
        var refused = await World.Reservations.CancelAsync(booked.Value.Id, null, 0, andrea, default);
        Assert.Equal(("reservation.charge", 50_000m), (refused.Error!.Code, refused.Error.Values[0]));

        Assert.True((await World.Reservations.CancelAsync(booked.Value.Id, null, 50_000, andrea, default)).Ok);
        var open = Assert.Single(await ChargesAsync(), c => c.Status == ChargeState.Open);
        Assert.Equal((ChargeKind.Booking, 50_000m), (open.Kind, open.Amount));
    }

    [Fact]
    public async Task What_was_paid_of_a_cancelled_booking_pays_its_cost_and_then_what_else_is_owed()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = await World.BookAsync(facility, andrea, At(21, 8));
        await World.PayAsync(andrea, 250_000);
        Assert.All(await ChargesAsync(), c => Assert.Equal(ChargeState.Paid, c.Status));

        Assert.True((await World.Reservations.CancelAsync(booked.Value.Id, null, 50_000, andrea, default)).Ok);
        Assert.Equal(
            [(100_000m, 0m, ChargeState.Cancelled), (150_000m, 150_000m, ChargeState.Paid), (50_000m, 50_000m, ChargeState.Paid)],
            (await ChargesAsync()).Select(c => (c.Amount, c.Paid, c.Status)));

        // The rest of the price is to the apartment's credit: it pays for the next booking. The deposit waits to be given back.
        Assert.True((await World.BookAsync(facility, andrea, At(28, 8))).Ok);
        Assert.Equal([(100_000m, 50_000m), (150_000m, 0m)], (await ChargesAsync()).Skip(3).Select(c => (c.Amount, c.Paid)));
    }

    [Fact]
    public async Task What_has_begun_is_not_cancelled_by_its_resident()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = await World.BookAsync(facility, andrea, At(20, 12));
        World.Time.Utc = World.Time.Utc.AddHours(3);
        Assert.Equal(
            "reservation.begun",
            (await World.Reservations.CancelAsync(booked.Value.Id, null, 999_999, andrea, default)).Error!.Code
        );
        Assert.Equal("required", (await World.Reservations.CancelAsync(booked.Value.Id, null, 0, Staff, default)).Error!.Code);
        Assert.True((await World.Reservations.CancelAsync(booked.Value.Id, "Lluvia", 0, Staff, default)).Ok);
    }

    [Fact]
    public async Task Approval_posts_the_charges_and_a_refusal_tells_the_resident_why()
    {
        var facility = await World.FacilityAsync("Salón social", "Salón", f => f.ApprovalRequired = true);
        var andrea = await World.OwnerAsync();
        var (one, two) = (
            (await World.BookAsync(facility, andrea, At(28, 12))).Value,
            (await World.BookAsync(facility, andrea, At(29, 12))).Value
        );
        Assert.Equal(ReservationState.Pending, one.State);
        Assert.Empty(await ChargesAsync());
        Assert.Equal(new OfficeCounts(2, 0), await World.Lists.CountsAsync(Staff, default));

        Assert.True((await World.Reservations.ApproveAsync(one.Id, Staff, default)).Ok);
        Assert.Equal("reservation.not_pending", (await World.Reservations.ApproveAsync(one.Id, Staff, default)).Error!.Code);
        Assert.Equal(2, (await ChargesAsync()).Count);

        Assert.Equal("required", (await World.Reservations.RejectAsync(two.Id, " ", Staff, default)).Error!.Code);
        Assert.True((await World.Reservations.RejectAsync(two.Id, "Hay asamblea ese día", Staff, default)).Ok);
        Assert.Equal(2, (await ChargesAsync()).Count);
        Assert.Equal(
            ["reservation.asked|", "reservation.asked|", "reservation.approved|", "reservation.rejected|Hay asamblea ese día"],
            (await World.ToldAsync()).Select(n => n.Type + "|" + n.Reason));
    }

    [Fact]
    public async Task Another_s_booking_behaves_as_not_there()
    {
        var facility = await World.FacilityAsync();
        var (andrea, stranger) = (await World.OwnerAsync(), await World.OwnerAsync());
        var booked = await World.BookAsync(facility, andrea, At(28, 12));
        Assert.Equal(Error.NotFound, (await World.Reservations.CancelAsync(booked.Value.Id, null, 0, stranger, default)).Error);
        Assert.Equal(Error.NotFound, (await World.Reservations.CancelAsync(booked.Value.Id, null, 0, Guard, default)).Error);
        Assert.Equal(
            Error.NotFound,
            (
                await World.Reservations.BookAsync(
                    new(facility.Id, At(29, 12), At(29, 16), 2, true, andrea.ApartmentIds[0]), stranger, default)
            ).Error
        );
        Assert.Equal(
            Error.NotFound,
            (
                await World.Bookings.QuoteAsync(
                    new(facility.Id, At(29, 12), At(29, 16), 2, true, andrea.ApartmentIds[0]), stranger, default)
            ).Error
        );
        Assert.Empty(await World.MineAsync(stranger));
        Assert.Empty((await World.Lists.ListAsync(new ListQuery(), stranger, default)).Rows);
        Assert.Single((await World.Lists.ListAsync(new ListQuery(), Guard, default)).Rows);
        Assert.Equal(Error.Forbidden, (await World.Reservations.ApproveAsync(booked.Value.Id, andrea, default)).Error);
        Assert.Equal(Error.Forbidden, (await World.BookAsync(facility, Guard, At(29, 12))).Error);
    }

    [Fact]
    public async Task The_office_books_on_behalf_of_an_apartment()
    {
        var facility = await World.FacilityAsync(change: f => (f.ApprovalRequired, f.MinNoticeMinutes) = (true, 600));
        var andrea = await World.OwnerAsync();
        var booked = await World.Reservations.BookAsync(
            new(facility.Id, At(20, 12), At(20, 16), 2, true, andrea.ApartmentIds[0], "Pidió por teléfono"), Staff, default);
        Assert.Equal(ReservationState.Confirmed, booked.Value.State);
        Assert.Equal("Pidió por teléfono", Assert.Single(await World.MineAsync(andrea)).Notes);
        Assert.Equal(
            "required",
            (await World.Reservations.BookAsync(new(facility.Id, At(21, 12), At(21, 16), 2, true), Staff, default)).Error!.Code
        );
    }

    [Fact]
    public async Task A_taken_slot_is_refused_with_the_nearest_free_ones()
    {
        var (bbq2, bbq1) = (await World.FacilityAsync(), await World.FacilityAsync("BBQ 1"));
        var (andrea, other) = (await World.OwnerAsync(), await World.OwnerAsync());
        await World.BookAsync(bbq2, other, At(28, 12));

        var quote = (await World.Bookings.QuoteAsync(new(bbq2.Id, At(28, 12), At(28, 16), 2, true), andrea, default)).Value;
        Assert.Equal(new SlotTaken(At(28, 12), At(28, 16), 0), Assert.Single(quote.Refusals));
        Assert.Equal(
            [
                new FreeSlot(bbq2.Id, "BBQ 2", At(28, 8), At(28, 12)),
                new FreeSlot(bbq1.Id, "BBQ 1", At(28, 12), At(28, 16)),
                new FreeSlot(bbq2.Id, "BBQ 2", At(29, 12), At(29, 16)),
            ],
            quote.Nearest
        );
    }

    [Fact]
    public async Task A_used_up_month_offers_the_first_day_of_the_next()
    {
        var facility = await World.FacilityAsync(change: f =>
            f.Quotas = [
                new()
                {
                    Subject = QuotaSubject.Apartment,
                    Period = QuotaPeriod.Month,
                    Most = 2,
                },
            ]
        );
        var andrea = await World.OwnerAsync();
        Assert.True((await World.BookAsync(facility, andrea, At(21, 12))).Ok);
        Assert.True((await World.BookAsync(facility, andrea, At(22, 12))).Ok);
        var quote = (await World.Bookings.QuoteAsync(new(facility.Id, At(28, 12), At(28, 16), 2, true), andrea, default)).Value;
        Assert.Equal(new DateOnly(2026, 12, 1), Assert.IsType<QuotaUsed>(Assert.Single(quote.Refusals)).FreeFrom);
        Assert.Equal(new FreeSlot(facility.Id, "BBQ 2", At(1, 12, month: 12), At(1, 16, month: 12)), quote.Nearest[0]);
        Assert.Equal([new QuotaStand(QuotaSubject.Apartment, QuotaPeriod.Month, 2, 2)], quote.Quotas);
    }

    [Fact]
    public async Task A_day_tells_what_is_free_and_never_by_whom_it_is_taken()
    {
        var facility = await World.FacilityAsync();
        var (andrea, other) = (await World.OwnerAsync(), await World.OwnerAsync());
        await World.BookAsync(facility, other, At(28, 8));
        var days = (await World.Bookings.DaysAsync(facility.Id, new(2026, 11, 25), 7, new(2026, 11, 28), null, andrea, default)).Value;
        Assert.Equal([typeof(SlotTaken), null, null, typeof(TooShort)], days.Slots.Select(s => s.Why?.GetType()));
        Assert.Equal([At(28, 8), At(28, 12), At(28, 16), At(28, 20)], days.Slots.Select(s => s.Start));
        Assert.Equal(new DayOption(new(2026, 11, 28), 2, 3), days.Days[3]);
    }

    [Fact]
    public async Task A_closure_meets_bookings_and_cancels_them_or_leaves_them()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        await World.BookAsync(facility, andrea, At(28, 12));
        Assert.Single((await World.Blackouts.MetAsync([facility.Id], At(28, 0), At(29, 0), Staff, default)).Value);

        Assert.Equal(0, (await World.Blackouts.AddAsync(facility.Id, new(At(28, 0), At(28, 14), "Pintura", false), Staff, default)).Value);
        Assert.True(Assert.Single(await World.MineAsync(andrea)).Holds);
        Assert.Equal(1, (await World.Blackouts.AddAsync(facility.Id, new(At(28, 14), At(29, 0), "Pintura", true), Staff, default)).Value);
        Assert.Equal(("Pintura", false), Assert.Single(await World.MineAsync(andrea)) is var row ? (row.CancelReason, row.Holds) : default);
        Assert.Equal("booking.blackout", (await World.BookAsync(facility, andrea, At(28, 12))).Error!.Code);
        Assert.Equal(
            Error.Forbidden,
            (await World.Blackouts.AddAsync(facility.Id, new(At(28, 14), At(29, 0), "Pintura", true), andrea, default)).Error
        );
    }

    private Task<List<Charge>> ChargesAsync() => World.ReadAsync(db => db.Charges.OrderBy(c => c.Id).ToListAsync());
}
