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
public sealed class CheckInTests(TestDatabase database) : DatabaseTest(database)
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
    public async Task People_are_checked_in_from_an_hour_before_until_the_end_and_once()
    {
        var facility = await _world.FacilityAsync(change: f => f.CheckIn = true);
        var booked = (await _world.BookAsync(facility, await _world.OwnerAsync(), At(20, 16))).Value;
        Assert.Equal("reservation.too_early", (await _world.CheckIns.CheckInAsync(booked.Id, Guard, default)).Error!.Code);
        _world.Time.Utc = _world.Time.Utc.AddHours(5);
        Assert.True((await _world.CheckIns.CheckInAsync(booked.Id, Guard, default)).Ok);
        var found = (await _world.CheckIns.FindAsync(booked.Number.ToLowerInvariant(), Guard, default)).Value;
        Assert.Equal(_world.Time.Utc, found.CheckedInAt);
        _world.Time.Utc = _world.Time.Utc.AddMinutes(5);
        Assert.True((await _world.CheckIns.CheckInAsync(booked.Id, Guard, default)).Ok);
        Assert.Equal(found.CheckedInAt, (await _world.CheckIns.FindAsync(booked.Number, Guard, default)).Value.CheckedInAt);
        Assert.True((await _world.CheckIns.UndoAsync(booked.Id, Guard, default)).Ok);
        Assert.Null((await _world.CheckIns.FindAsync(booked.Number, Guard, default)).Value.CheckedInAt);
    }

    [Fact]
    public async Task The_code_on_the_confirmation_finds_it()
    {
        var booked = (await _world.BookAsync(await _world.FacilityAsync(), await _world.OwnerAsync(), At(28, 12))).Value;
        var code = await _world.ReadAsync(db => db.Reservations.Select(r => r.VerificationCode!).SingleAsync());
        Assert.Equal(booked.Id, (await _world.CheckIns.FindAsync(code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant(), Guard, default)).Value.Id);
        Assert.Equal(0, (await _world.CheckIns.FindAsync(code, Guard, default)).Value.Price);
        Assert.Equal(100_000, (await _world.CheckIns.FindAsync(code, Staff, default)).Value.Price);
        Assert.Equal(Error.NotFound, (await _world.CheckIns.FindAsync("7F3K-92QD", Guard, default)).Error);
        Assert.Equal(Error.Forbidden, (await _world.CheckIns.FindAsync(code, CurrentUser.Nobody, default)).Error);
    }

    [Fact]
    public async Task What_is_over_was_completed_or_a_no_show()
    {
        var (strict, easy) = (await _world.FacilityAsync(change: f => f.CheckIn = true), await _world.FacilityAsync("BBQ 1", change: f => f.ApprovalRequired = true));
        var andrea = await _world.OwnerAsync();
        var came = (await _world.BookAsync(strict, andrea, At(20, 12))).Value.Id;
        var stayedAway = (await _world.BookAsync(strict, andrea, At(21, 12))).Value.Id;
        var asked = (await _world.BookAsync(easy, andrea, At(21, 12))).Value.Id;
        var free = (await _world.Reservations.BookAsync(new(easy.Id, At(21, 16), At(21, 20), 2, true, andrea.ApartmentIds[0]), Staff, default)).Value.Id;
        _world.Time.Utc = _world.Time.Utc.AddHours(2);
        Assert.True((await _world.CheckIns.CheckInAsync(came, Guard, default)).Ok);
        _world.Time.Utc = _world.Time.Utc.AddDays(2);
        await _world.UpkeepAsync();
        var states = await _world.ReadAsync(db => db.Reservations.ToDictionaryAsync(r => r.Id, r => r.StatusId));
        Assert.Equal(
            (ReservationState.Completed, ReservationState.NoShow, ReservationState.Expired, ReservationState.Completed),
            (states[came], states[stayedAway], states[asked], states[free]));
        Assert.Equal(stayedAway, Assert.Single(await _world.ToldAsync(), n => n.Type == "reservation.no_show").ReservationId);
    }

    [Fact]
    public async Task The_office_marks_a_no_show_once_it_has_begun()
    {
        var booked = (await _world.BookAsync(await _world.FacilityAsync(), await _world.OwnerAsync(), At(20, 12))).Value;
        Assert.Equal("reservation.not_begun", (await _world.CheckIns.NoShowAsync(booked.Id, Staff, default)).Error!.Code);
        _world.Time.Utc = _world.Time.Utc.AddHours(3);
        Assert.Equal(Error.Forbidden, (await _world.CheckIns.NoShowAsync(booked.Id, Guard, default)).Error);
        Assert.True((await _world.CheckIns.NoShowAsync(booked.Id, Staff, default)).Ok);

        // They came after all.
        Assert.True((await _world.CheckIns.CheckInAsync(booked.Id, Guard, default)).Ok);
    }

    [Fact]
    public async Task Everybody_is_reminded_the_day_before_and_once()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        var tomorrow = (await _world.BookAsync(facility, andrea, At(21, 12))).Value.Id;
        await _world.BookAsync(facility, andrea, At(22, 12));
        var today = System.Text.Json.JsonSerializer.Serialize(new DateOnly(2026, 11, 20));
        await _world.RunAsync(ReservationReminders.JobKind, today);
        await _world.RunAsync(ReservationReminders.JobKind, today);
        Assert.Equal(tomorrow, Assert.Single(await _world.ToldAsync(), n => n.Type == "reservation.reminder").ReservationId);
    }

    [Fact]
    public async Task Debtors_book_unless_the_building_says_otherwise_and_the_office_may_say_otherwise_again()
    {
        var facility = await _world.FacilityAsync();
        var andrea = await _world.OwnerAsync();
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            db.Charges.Add(new Charge { ApartmentId = andrea.ApartmentIds[0], Kind = ChargeKind.Fee, Concept = "Administración", Amount = 480_000, IssuedOn = new(2026, 10, 1), DueOn = new(2026, 10, 10) });
            await db.SaveChangesAsync();
        }

        Assert.True((await _world.BookAsync(facility, andrea, At(28, 8))).Ok);
        var settings = await _world.Settings.GetAsync(default);
        Assert.False(settings.BlockDebtors);
        await _world.Settings.SaveAsync(settings with { BlockDebtors = true }, CurrentUser.System, default);

        Assert.Equal(new InArrears(480_000, new(2026, 10, 10)), (await _world.BookAsync(facility, andrea, At(28, 12))).Error!.Values[0]);
        var input = new BookingInput(facility.Id, At(28, 12), At(28, 16), 2, true, andrea.ApartmentIds[0]) { DespiteArrears = true };
        Assert.Equal("booking.arrears", (await _world.Reservations.BookAsync(input, andrea, default)).Error!.Code);
        Assert.Equal("booking.arrears", (await _world.Reservations.BookAsync(input with { DespiteArrears = false }, Staff, default)).Error!.Code);
        Assert.True((await _world.Reservations.BookAsync(input, Staff, default)).Ok);
    }
}
