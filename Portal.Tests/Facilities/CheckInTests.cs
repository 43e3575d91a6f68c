using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Who came, who did not, and what time does to bookings.</summary>
public sealed class CheckInTests(TestDatabase database) : FacilityTest(database)
{
    [Fact]
    public async Task People_are_checked_in_from_an_hour_before_until_the_end_and_once()
    {
        var facility = await World.FacilityAsync(change: f => f.CheckIn = true);
        var booked = (await World.BookAsync(facility, await World.OwnerAsync(), At(20, 16))).Value;
        Assert.Equal("reservation.too_early", (await World.CheckIns.CheckInAsync(booked.Id, Guard, default)).Error!.Code);
        World.Time.Utc = World.Time.Utc.AddHours(5);
        Assert.True((await World.CheckIns.CheckInAsync(booked.Id, Guard, default)).Ok);
        var found = (await World.CheckIns.FindAsync(booked.Number.ToLowerInvariant(), Guard, default)).Value;
        Assert.Equal(World.Time.Utc, found.CheckedInAt);
        World.Time.Utc = World.Time.Utc.AddMinutes(5);
        Assert.True((await World.CheckIns.CheckInAsync(booked.Id, Guard, default)).Ok);
        Assert.Equal(found.CheckedInAt, (await World.CheckIns.FindAsync(booked.Number, Guard, default)).Value.CheckedInAt);
        Assert.True((await World.CheckIns.UndoAsync(booked.Id, Guard, default)).Ok);
        Assert.Null((await World.CheckIns.FindAsync(booked.Number, Guard, default)).Value.CheckedInAt);
    }

    [Fact]
    public async Task The_code_on_the_confirmation_finds_it()
    {
        var booked = (await World.BookAsync(await World.FacilityAsync(), await World.OwnerAsync(), At(28, 12))).Value;
        var code = await World.ReadAsync(db => db.Reservations.Select(r => r.VerificationCode!).SingleAsync());
        Assert.Equal(
            booked.Id,
            (await World.CheckIns.FindAsync(code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant(), Guard, default)).Value.Id
        );
        Assert.Equal(0, (await World.CheckIns.FindAsync(code, Guard, default)).Value.Price);
        Assert.Equal(100_000, (await World.CheckIns.FindAsync(code, Staff, default)).Value.Price);
        Assert.Equal(Error.NotFound, (await World.CheckIns.FindAsync("7F3K-92QD", Guard, default)).Error);
        Assert.Equal(Error.Forbidden, (await World.CheckIns.FindAsync(code, CurrentUser.Nobody, default)).Error);
    }

    [Fact]
    public async Task What_is_over_was_completed_or_a_no_show()
    {
        var (strict, easy) = (
            await World.FacilityAsync(change: f => f.CheckIn = true),
            await World.FacilityAsync("BBQ 1", change: f => f.ApprovalRequired = true)
        );
        var andrea = await World.OwnerAsync();
        var came = (await World.BookAsync(strict, andrea, At(20, 12))).Value.Id;
        var stayedAway = (await World.BookAsync(strict, andrea, At(21, 12))).Value.Id;
        var asked = (await World.BookAsync(easy, andrea, At(21, 12))).Value.Id;
        var free = (
            await World.Reservations.BookAsync(new(easy.Id, At(21, 16), At(21, 20), 2, true, andrea.ApartmentIds[0]), Staff, default)
        )
            .Value
            .Id;
        World.Time.Utc = World.Time.Utc.AddHours(2);
        Assert.True((await World.CheckIns.CheckInAsync(came, Guard, default)).Ok);
        World.Time.Utc = World.Time.Utc.AddDays(2);
        await World.UpkeepAsync();
        var states = await World.ReadAsync(db => db.Reservations.ToDictionaryAsync(r => r.Id, r => r.StatusId));
        Assert.Equal(
            (ReservationState.Completed, ReservationState.NoShow, ReservationState.Expired, ReservationState.Completed),
            (states[came], states[stayedAway], states[asked], states[free]));
        Assert.Equal(stayedAway, Assert.Single(await World.ToldAsync(), n => n.Type == "reservation.no_show").ReservationId);
    }

    [Fact]
    public async Task The_office_marks_a_no_show_once_it_has_begun()
    {
        var booked = (await World.BookAsync(await World.FacilityAsync(), await World.OwnerAsync(), At(20, 12))).Value;
        Assert.Equal("reservation.not_begun", (await World.CheckIns.NoShowAsync(booked.Id, Staff, default)).Error!.Code);
        World.Time.Utc = World.Time.Utc.AddHours(3);
        Assert.Equal(Error.Forbidden, (await World.CheckIns.NoShowAsync(booked.Id, Guard, default)).Error);
        Assert.True((await World.CheckIns.NoShowAsync(booked.Id, Staff, default)).Ok);

        // They came after all.
        Assert.True((await World.CheckIns.CheckInAsync(booked.Id, Guard, default)).Ok);
    }

    [Fact]
    public async Task Everybody_is_reminded_the_day_before_and_once()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        var tomorrow = (await World.BookAsync(facility, andrea, At(21, 12))).Value.Id;
        await World.BookAsync(facility, andrea, At(22, 12));
        var today = new DateOnly(2026, 11, 20);
        await World.RunAsync(ReservationReminders.JobKind, today);
        await World.RunAsync(ReservationReminders.JobKind, today);
        Assert.Equal(tomorrow, Assert.Single(await World.ToldAsync(), n => n.Type == "reservation.reminder").ReservationId);
    }

    [Fact]
    public async Task Debtors_book_unless_the_building_says_otherwise_and_the_office_may_say_otherwise_again()
    {
        var facility = await World.FacilityAsync();
        var andrea = await World.OwnerAsync();
        await using (var db = await World.Store.OpenAsync(CurrentUser.System, default))
        {
            db.Charges.Add(
                new Charge
                {
                    ApartmentId = andrea.ApartmentIds[0],
                    Kind = ChargeKind.Fee,
                    Concept = "Administración",
                    Amount = 480_000,
                    IssuedOn = new(2026, 10, 1),
                    DueOn = new(2026, 10, 10),
                }
            );
            await db.SaveChangesAsync();
        }

        Assert.True((await World.BookAsync(facility, andrea, At(28, 8))).Ok);
        var settings = await World.Settings.GetAsync(default);
        Assert.False(settings.BlockDebtors);
        await World.Settings.SaveAsync(settings with { BlockDebtors = true }, CurrentUser.System, default);

        Assert.Equal(new InArrears(480_000, new(2026, 10, 10)), (await World.BookAsync(facility, andrea, At(28, 12))).Error!.Values[0]);
        var input = new BookingInput(facility.Id, At(28, 12), At(28, 16), 2, true, andrea.ApartmentIds[0]) { DespiteArrears = true };
        Assert.Equal("booking.arrears", (await World.Reservations.BookAsync(input, andrea, default)).Error!.Code);
        Assert.Equal(
            "booking.arrears",
            (await World.Reservations.BookAsync(input with { DespiteArrears = false }, Staff, default)).Error!.Code
        );
        Assert.True((await World.Reservations.BookAsync(input, Staff, default)).Ok);
    }
}
