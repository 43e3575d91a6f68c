using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Operations;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

public sealed class ConfirmationTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_confirmation_tells_the_price_as_fixed_and_what_of_it_is_paid()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync(change: f => f.Terms = "Se entrega limpia.");
        var andrea = await world.OwnerAsync("1204");
        var booked = (await world.BookAsync(facility, andrea, At(28, 12), people: 12)).Value;
        await world.PayAsync(andrea, 60_000);

        var paper = (await world.Get<ConfirmationService>().FindAsync(booked.Id, andrea, default)).Value;

        Assert.Equal(
            (booked.Number, "BBQ 2", "B", "1204", 12, "Se entrega limpia."),
            (paper.Number, paper.Facility, paper.Tower, paper.Apartment, paper.People, paper.Terms)
        );
        Assert.Equal(
            (100_000m, 150_000m, 50_000m, At(27, 12)),
            (paper.Price, paper.Deposit, paper.CancelCharge, paper.CancelFreeUntil!.Value)
        );
        Assert.Equal([(100_000m, 60_000m), (150_000m, 0m)], paper.Charges.Select(c => (c.Amount, c.Paid)));
        Assert.Equal(At(20, 10, 24), paper.Made);
    }

    [Fact]
    public async Task A_confirmation_is_for_its_person_and_the_office_and_not_for_the_gate()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        var (mine, other) = (await world.OwnerAsync(), await world.OwnerAsync());
        var booked = (await world.BookAsync(facility, mine, At(28, 12))).Value;
        var service = world.Get<ConfirmationService>();

        Assert.True((await service.FindAsync(booked.Id, Staff, default)).Ok);
        foreach (var stranger in new[] { other, Guard, CurrentUser.Nobody })
            Assert.Equal(Error.NotFound, (await service.FindAsync(booked.Id, stranger, default)).Error);
    }

    [Fact]
    public async Task A_booking_of_an_older_system_gets_its_code_once()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        var andrea = await world.OwnerAsync();
        var booked = (await world.BookAsync(facility, andrea, At(28, 12))).Value;
        await world.ReadAsync(db =>
            db.Reservations.ExecuteUpdateAsync(set =>
                set.SetProperty(r => r.VerificationCode, (string?)null).SetProperty(r => r.Number, (string?)null)
            )
        );
        var service = world.Get<ConfirmationService>();

        var codes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async _ => (await service.FindAsync(booked.Id, andrea, default)).Value.Code)
        );

        Assert.Matches("^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$", Assert.Single(codes.Distinct()));
        Assert.Equal(codes[0], await world.ReadAsync(db => db.Reservations.Select(r => r.VerificationCode).SingleAsync()));
    }

    [Fact]
    public async Task Anybody_with_the_paper_learns_whether_it_stands_and_no_name()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync(change: f => (f.HourlyRate, f.Deposit, f.CancelNoticeMinutes) = (null, 0, 0));
        var andrea = await world.OwnerAsync("1204");
        var booked = (await world.BookAsync(facility, andrea, At(28, 12))).Value;
        var code = (await world.Get<ConfirmationService>().FindAsync(booked.Id, andrea, default)).Value.Code;
        var verification = world.Get<DocumentVerification>();

        var found = await verification.FindBookingAsync(code.ToLowerInvariant().Replace('-', ' '), default);
        Assert.Equal(
            (true, booked.Number, "BBQ 2", At(28, 12), "1204", false),
            (found!.Valid, found.Number, found.Facility, found.Start, found.Apartment, found.Moved)
        );
        Assert.DoesNotContain("Persona", found.ToString(), StringComparison.Ordinal);

        Assert.True(
            (await world.Changes.MoveAsync(booked.Id, new ChangeInput(facility.Id, At(29, 12), At(29, 16), 2), 0, andrea, default)).Ok
        );
        Assert.Equal(
            (At(29, 12), true, true),
            await verification.FindBookingAsync(code, default) is { } moved ? (moved.Start, moved.Moved, moved.Valid) : default
        );

        Assert.True((await world.Reservations.CancelAsync(booked.Id, null, 0, andrea, default)).Ok);
        Assert.Equal(
            (false, ReservationState.Cancelled, At(20, 10, 24)),
            await verification.FindBookingAsync(code, default) is { } ended ? (ended.Valid, ended.State, ended.EndedAt!.Value) : default
        );
        Assert.Null(await verification.FindBookingAsync("2222-3333", default));
    }

    [Fact]
    public async Task A_hold_whose_time_is_over_is_expired_before_its_row_says_so()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync(change: f => f.PayFirst = true);
        var andrea = await world.OwnerAsync();
        var booked = (await world.BookAsync(facility, andrea, At(28, 12))).Value;
        Assert.Equal(ReservationState.Held, booked.State);
        var service = world.Get<ConfirmationService>();
        Assert.Equal(ReservationState.Held, (await service.FindAsync(booked.Id, andrea, default)).Value.State);

        world.Time.Utc = world.Time.Utc.AddMinutes(16);

        var paper = (await service.FindAsync(booked.Id, andrea, default)).Value;
        Assert.Equal(ReservationState.Expired, paper.State);
        Assert.Equal(ReservationState.Expired, (await world.Get<DocumentVerification>().FindBookingAsync(paper.Code, default))!.State);
    }
}
