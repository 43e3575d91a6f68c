using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Bookings that are moved.</summary>
public sealed class ChangeTests(TestDatabase database) : FacilityTest(database)
{
    [Fact]
    public async Task Moving_takes_the_new_place_and_frees_the_old_one()
    {
        var facility = await World.FacilityAsync();
        var (andrea, other) = (await World.OwnerAsync(), await World.OwnerAsync());
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        await World.BookAsync(facility, other, At(29, 12));

        Assert.Equal("booking.taken", (await MoveAsync(booked.Id, facility, At(29, 12), andrea)).Error!.Code);
        var moved = (await MoveAsync(booked.Id, facility, At(29, 16), andrea)).Value;
        Assert.Equal((booked.Number, ReservationState.Confirmed), (moved.Number, moved.State));
        Assert.True((await World.BookAsync(facility, other, At(28, 12))).Ok);
        Assert.Contains(await World.ToldAsync(), n => n.Type == "reservation.changed" && n.Start == At(29, 16));
    }

    [Fact]
    public async Task It_does_not_stand_in_its_own_way()
    {
        var facility = await World.FacilityAsync(change: f =>
            (f.SlotMinutes, f.MinMinutes, f.BufferMinutes, f.Quotas) = (
                60,
                60,
                60,
                [
                    new()
                    {
                        Subject = QuotaSubject.Apartment,
                        Period = QuotaPeriod.Month,
                        Most = 1,
                    },
                ]
            )
        );
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        var quote = (await World.Changes.QuoteAsync(booked.Id, new(facility.Id, At(28, 13), At(28, 16), 2), andrea, default)).Value;
        Assert.Empty(quote.Refusals);
        Assert.Equal((250_000m, 225_000m, -25_000m), (quote.Before, quote.Price.Total, quote.Difference));
    }

    [Fact]
    public async Task The_new_price_is_shown_before_and_what_was_paid_pays_it()
    {
        var (cheap, dear) = (await World.FacilityAsync(), await World.FacilityAsync("BBQ 1", change: f => f.HourlyRate = 40_000));
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(cheap, andrea, At(28, 12))).Value;
        await World.PayAsync(andrea, 250_000);

        Assert.Equal(
            ("reservation.price", 310_000m),
            (await World.Changes.MoveAsync(booked.Id, new(dear.Id, At(28, 12), At(28, 16), 2), 250_000, andrea, default)).Error is { } e
                ? (e.Code, e.Values[0])
                : default
        );
        Assert.True((await World.Changes.MoveAsync(booked.Id, new(dear.Id, At(28, 12), At(28, 16), 2), 310_000, andrea, default)).Ok);
        var charges = await World.ReadAsync(db => db.Charges.OrderBy(c => c.Id).ToListAsync());
        Assert.Equal(
            [
                ("R-2026-000001", 0m, ChargeState.Cancelled),
                ("R-2026-000001-D", 0m, ChargeState.Cancelled),
                ("R-2026-000001-2", 160_000m, ChargeState.Paid),
                ("R-2026-000001-2-D", 90_000m, ChargeState.Open),
            ],
            charges.Select(c => (c.Number, c.Paid, c.Status))
        );
    }

    [Fact]
    public async Task For_more_people_the_price_stays_what_it_was()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        var rules = (await World.Facilities.GetAsync(facility.Id, Staff, default)).Value.Rules;
        await World.Facilities.SaveAsync(facility.Id, rules with { HourlyRate = 90_000 }, Staff, default);
        Assert.True((await World.Changes.MoveAsync(booked.Id, new(facility.Id, At(28, 12), At(28, 16), 9), 250_000, andrea, default)).Ok);
        var row = Assert.Single(await World.MineAsync(andrea));
        Assert.Equal((9, 100_000m), (row.People, row.Price));
        Assert.Equal(
            "booking.people",
            (await World.Changes.MoveAsync(booked.Id, new(facility.Id, At(28, 12), At(28, 16), 13), 250_000, andrea, default)).Error!.Code
        );
    }

    [Fact]
    public async Task Nobody_moves_away_from_the_charge_of_a_late_cancellation()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(21, 8))).Value;
        Assert.True((await MoveAsync(booked.Id, facility, At(28, 8), andrea)).Ok);
        Assert.Equal(
            ("reservation.charge", 50_000m),
            (await World.Reservations.CancelAsync(booked.Id, null, 0, andrea, default)).Error is { } e ? (e.Code, e.Values[0]) : default
        );
    }

    [Fact]
    public async Task After_its_notice_only_the_office_changes_it()
    {
        var facility = await World.FacilityAsync(change: f => f.ChangeNoticeMinutes = 2880);
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(21, 12))).Value;
        Assert.IsType<ChangedTooLate>((await MoveAsync(booked.Id, facility, At(28, 8), andrea)).Error!.Values[0]);
        Assert.True((await MoveAsync(booked.Id, facility, At(28, 8), Staff)).Ok);
    }

    [Fact]
    public async Task What_needs_approval_needs_it_again_when_its_resident_moves_it()
    {
        var facility = await World.FacilityAsync(change: f => f.ApprovalRequired = true);
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        await World.Reservations.ApproveAsync(booked.Id, Staff, default);
        Assert.Equal(ReservationState.Pending, (await MoveAsync(booked.Id, facility, At(29, 12), andrea)).Value.State);
        Assert.DoesNotContain(await World.ReadAsync(db => db.Charges.ToListAsync()), c => c.Status == ChargeState.Open);
        Assert.True((await World.Reservations.ApproveAsync(booked.Id, Staff, default)).Ok);
        Assert.Equal(2, await World.ReadAsync(db => db.Charges.CountAsync(c => c.Status == ChargeState.Open)));
    }

    [Fact]
    public async Task Moving_is_no_way_around_paying_first()
    {
        var facility = await World.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await World.OwnerAsync();
        var booked = (await World.BookAsync(facility, andrea, At(28, 12))).Value;
        var payment = await World.ReportAsync(andrea, 250_000);
        Assert.Equal(ReservationState.Pending, (await MoveAsync(booked.Id, facility, At(29, 12), andrea)).Value.State);
        await World.ConfirmPaymentAsync(payment);
        Assert.Equal(ReservationState.Confirmed, await World.ReadAsync(db => db.Reservations.Select(r => r.StatusId).SingleAsync()));
        Assert.Equal(ReservationState.Confirmed, (await MoveAsync(booked.Id, facility, At(28, 12), andrea)).Value.State);
    }

    [Fact]
    public async Task Another_s_booking_is_not_there()
    {
        var facility = await World.FacilityAsync();
        var booked = (await World.BookAsync(facility, await World.OwnerAsync(), At(28, 12))).Value;
        Assert.Equal(Error.NotFound, (await MoveAsync(booked.Id, facility, At(29, 12), await World.OwnerAsync())).Error);
        Assert.Equal(Error.NotFound, (await MoveAsync(booked.Id, facility, At(29, 12), Guard)).Error);
    }

    private Task<Result<Booked>> MoveAsync(long id, Facility to, DateTime start, CurrentUser who) =>
        World.Changes.MoveAsync(id, new(to.Id, start, start.AddHours(4), 2), 250_000, who, default);
}
