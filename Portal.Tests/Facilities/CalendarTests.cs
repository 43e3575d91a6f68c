using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>What the office's calendar and queue read.</summary>
public sealed class CalendarTests(TestDatabase database) : FacilityTest(database)
{
    [Fact]
    public async Task A_month_of_all_counts_each_day_and_names_nobody()
    {
        var bbq = await World.FacilityAsync();
        var hall = await World.FacilityAsync("Salón", null, f => f.ApprovalRequired = true);
        var andrea = await World.OwnerAsync();
        await World.BookAsync(bbq, andrea, At(28, 8));
        await World.BookAsync(bbq, await World.OwnerAsync(), At(28, 12));
        await World.BookAsync(hall, andrea, At(29, 8));
        var gone = await World.BookAsync(bbq, andrea, At(30, 8));
        await World.Reservations.CancelAsync(gone.Value.Id, null, 0, andrea, default);
        await World.Blackouts.AddAsync(hall.Id, new BlackoutInput(At(26, 0), At(27, 0), "Pintura", false), Staff, default);

        var month = (await World.Lists.MonthAsync(2026, 11, null, Staff, default)).Value;
        Assert.Equal((new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30)), (month.First, month.Last));
        Assert.Empty(month.Bookings);
        Assert.Equal(["BBQ 2", "Salón"], month.Lanes.Select(l => l.Facility));
        Assert.All(month.Lanes, lane => Assert.Equal(30, lane.Days.Count));

        // 8 of the 14 hours from 8:00 to 22:00.
        Assert.Equal(new MonthDay(2, 0, 0.571, true, null), month.Lanes[0].Days[27]);
        Assert.Equal(0, month.Lanes[0].Days[29].Bookings);
        Assert.Equal((1, 1), (month.Lanes[1].Days[28].Bookings, month.Lanes[1].Days[28].Pending));
        Assert.Equal("Pintura", month.Lanes[1].Days[25].Closed);
        Assert.Null(month.Lanes[1].Days[26].Closed);
    }

    [Fact]
    public async Task A_month_of_one_facility_shows_whole_weeks_and_the_first_few_of_a_day()
    {
        var gym = await World.FacilityAsync(
            "Gimnasio", null, f => (f.Shared, f.Capacity, f.SlotMinutes, f.MinMinutes, f.HourlyRate, f.Deposit) = (true, 20, 60, 60, 0, 0));
        await World.FacilityAsync();
        for (var hour = 8; hour < 13; hour++) Assert.True((await World.BookAsync(gym, await World.OwnerAsync(), At(28, hour), 1)).Ok);

        var month = (await World.Lists.MonthAsync(2026, 11, gym.Id, Staff, default)).Value;
        Assert.Equal((new DateOnly(2026, 10, 26), new DateOnly(2026, 12, 6)), (month.First, month.Last));
        Assert.Equal(5, Assert.Single(month.Lanes).Days[new DateOnly(2026, 11, 28).DayNumber - month.First.DayNumber].Bookings);
        Assert.Equal([At(28, 8), At(28, 9), At(28, 10)], month.Bookings.Select(b => b.Start));
    }

    [Fact]
    public async Task A_day_brings_its_hours_and_the_night_that_goes_on_after_it()
    {
        var hall = await World.FacilityAsync("Salón", null, f =>
        {
            (f.SlotMinutes, f.MinMinutes, f.MaxMinutes) = (60, 60, 480);
            foreach (var hours in f.Hours) (hours.OpensAt, hours.ClosesAt) = (new(10, 0), new(2, 0));
        });
        Assert.True((await World.BookAsync(hall, await World.OwnerAsync(), At(27, 22))).Ok);
        Assert.True((await World.BookAsync(hall, await World.OwnerAsync(), At(29, 0), 2)).Ok);
        Assert.True((await World.BookAsync(hall, await World.OwnerAsync(), At(29, 10), 2)).Ok);

        var lane = Assert.Single((await World.Lists.CalendarAsync(new(2026, 11, 28), 1, null, Staff, default)).Value);
        Assert.Equal([At(27, 22), At(29, 0)], lane.Bookings.Select(b => b.Start));
        Assert.Equal([(At(27, 10), At(28, 2)), (At(28, 10), At(29, 2))], lane.Openings.Select(o => (o.Opens, o.Closes)));
        Assert.Equal((60, 60, 480), (lane.SlotMinutes, lane.ShortestBooking, lane.LongestBooking));
    }

    [Fact]
    public async Task The_queue_shows_the_longest_waiting_first_with_what_speaks_against_it()
    {
        var hall = await World.FacilityAsync("Salón", null, f => f.ApprovalRequired = true);
        var (andrea, luis, other) = (await World.OwnerAsync(), await World.OwnerAsync(), await World.OwnerAsync());
        var first = await World.BookAsync(hall, andrea, At(29, 8));
        await World.BookAsync(hall, luis, At(28, 8));
        await World.BookAsync(hall, andrea, At(27, 8));
        Assert.True((await World.Waiting.JoinAsync(new BookingInput(hall.Id, At(29, 8), At(29, 12), 2, true), other, default)).Ok);
        await World.Blackouts.AddAsync(hall.Id, new BlackoutInput(At(28, 0), At(29, 0), "Pintura", false), Staff, default);
        await OweAsync(andrea, 80_000);

        var queue = await World.Lists.QueueAsync(Staff, default);
        Assert.Equal([At(29, 8), At(28, 8), At(27, 8)], queue.Select(q => q.Row.Start));
        Assert.Equal((1, 1, null), (queue[0].Month, queue[0].Waiting, queue[0].Closed));
        Assert.Equal((0, 0, "Pintura"), (queue[1].Month, queue[1].Waiting, queue[1].Closed));
        Assert.All(queue, q => Assert.Null(q.Overdue));
        var seeing = Staff with { Permissions = Staff.Permissions.Append(Permissions.PaymentsView).ToFrozenSet() };
        Assert.Equal([80_000m, 0, 80_000], (await World.Lists.QueueAsync(seeing, default)).Select(q => q.Overdue!.Value));

        Assert.True((await World.Reservations.ApproveAsync(first.Value.Id, Staff, default)).Ok);
        Assert.Equal(2, (await World.Lists.QueueAsync(Staff, default)).Count);
        Assert.Empty(await World.Lists.QueueAsync(Guard, default));
    }

    [Fact]
    public async Task A_booking_names_the_payments_that_paid_it_to_who_may_see_the_account()
    {
        var bbq = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = await World.BookAsync(bbq, andrea, At(28, 8));
        await World.PayAsync(andrea, 120_000);

        var seeing = Staff with { Permissions = Staff.Permissions.Append(Permissions.PaymentsView).ToFrozenSet() };
        var charges = await World.Lists.PaymentsAsync(booked.Value.Id, seeing, default);
        Assert.Equal(
            [(ChargeKind.Booking, 100_000m, 100_000m), (ChargeKind.Deposit, 150_000m, 20_000m)],
            charges.Select(c => (c.Kind, c.Amount, c.Paid))
        );
        Assert.Equal([100_000m, 20_000], charges.Select(c => Assert.Single(c.Payments).Amount));
        Assert.NotNull(charges[0].Payments[0].Receipt);
        Assert.Empty(await World.Lists.PaymentsAsync(booked.Value.Id, Staff, default));
        Assert.Empty(await World.Lists.PaymentsAsync(booked.Value.Id, await World.OwnerAsync(), default));
    }

    [Fact]
    public async Task A_booking_tells_who_made_it_and_how_often_it_moved()
    {
        var bbq = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var booked = await World.BookAsync(bbq, andrea, At(28, 8));
        Assert.True(
            (
                await World.Changes.MoveAsync(booked.Value.Id, new ChangeInput(bbq.Id, At(28, 12), At(28, 16), 2), 250_000, andrea, default)
            ).Ok
        );
        var story = (await World.Lists.StoryAsync(booked.Value.Id, Staff, default)).Value;
        Assert.Equal(("Persona 1", 1, null), (story.BookedBy, story.Changes, story.Series));
        Assert.NotNull(story.BookedAt);
        Assert.Equal(Error.NotFound, (await World.Lists.StoryAsync(booked.Value.Id, await World.OwnerAsync(), default)).Error);
    }

    [Fact]
    public async Task A_booking_does_not_stand_in_the_way_of_its_own_move()
    {
        var bbq = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var mine = await World.BookAsync(bbq, andrea, At(28, 8));
        await World.BookAsync(bbq, await World.OwnerAsync(), At(28, 12));
        var options = (await World.Changes.OptionsAsync(mine.Value.Id, bbq.Id, new(2026, 11, 28), 240, andrea, default)).Value;
        Assert.Equal([true, false, true], options.Slots.Take(3).Select(s => s.Free));
        Assert.Equal(
            Error.NotFound,
            (await World.Changes.OptionsAsync(mine.Value.Id, bbq.Id, new(2026, 11, 28), 240, await World.OwnerAsync(), default)).Error
        );
    }

    [Fact]
    public async Task The_office_takes_somebody_off_the_waiting_list_and_the_log_keeps_why()
    {
        var bbq = await World.FacilityAsync();
        var (holder, first, second) = (await World.OwnerAsync(), await World.OwnerAsync(), await World.OwnerAsync());
        await World.BookAsync(bbq, holder, At(28, 12));
        var place = await World.Waiting.JoinAsync(new(bbq.Id, At(28, 12), At(28, 16), 2), first, default);
        await World.Waiting.JoinAsync(new(bbq.Id, At(28, 12), At(28, 16), 2), second, default);
        Assert.Equal(2, (await World.Lists.CountsAsync(Staff, default)).Waiting);

        Assert.Equal("reason", (await World.Waiting.RemoveAsync(place.Value, " ", Staff, default)).Error!.Field);
        Assert.True((await World.Waiting.RemoveAsync(place.Value, "Se mudó", Staff, default)).Ok);
        Assert.Equal(1, Assert.Single(await World.Waiting.AllAsync(null, Staff, default)).Position);
        Assert.Equal("wait.over", (await World.Waiting.RemoveAsync(place.Value, "Se mudó", Staff, default)).Error!.Code);
        Assert.Contains(
            "Se mudó",
            await World.ReadAsync(db => db.AuditLog.Where(a => a.Action == "wait_removed").Select(a => a.NewValue).SingleAsync()),
            StringComparison.Ordinal);
    }

    private async Task OweAsync(CurrentUser who, decimal amount) =>
        await World.ReadAsync(async db =>
        {
            db.Charges.Add(
                new Charge
                {
                    ApartmentId = who.ApartmentIds[0],
                    Kind = ChargeKind.Fee,
                    Concept = "Administración",
                    Amount = amount,
                    IssuedOn = new(2026, 10, 1),
                    DueOn = new(2026, 10, 10),
                }
            );
            return await db.SaveChangesAsync();
        });
}
