using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Closing facilities over bookings that are there already.</summary>
public sealed class BlackoutTests(TestDatabase database) : FacilityTest(database)
{
    [Fact]
    public async Task A_weekend_closes_several_facilities_keeps_who_may_stay_and_gives_the_others_their_money_back()
    {
        var (bbq, hall) = (await World.FacilityAsync(), await World.FacilityAsync("Salón", null));
        var (andrea, luis, eva) = (await World.OwnerAsync(), await World.OwnerAsync(), await World.OwnerAsync());
        var first = await World.BookAsync(bbq, andrea, At(28, 8));
        var stays = await World.BookAsync(bbq, luis, At(28, 12));
        var second = await World.BookAsync(hall, eva, At(29, 8));
        var outside = await World.BookAsync(hall, eva, At(27, 8));
        await World.PayAsync(andrea, 250_000);

        var met = (await World.Blackouts.MetAsync([bbq.Id, hall.Id], At(28, 0), At(30, 0), Staff, default)).Value;
        Assert.Equal([(first.Value.Id, 250_000m), (stays.Value.Id, 0m), (second.Value.Id, 0m)], met.Select(m => (m.Row.Id, m.Paid)));
        Assert.Equal("Persona 1", met[0].Row.Person);

        var weekend = new BlackoutInput(At(28, 0), At(30, 0), "Pintura", true)
        {
            Also = [hall.Id],
            Kept = [stays.Value.Id],
            Seen = [.. met.Select(m => m.Row.Id)],
        };
        Assert.Equal(2, (await World.Blackouts.AddAsync(bbq.Id, weekend, Staff, default)).Value);
        var states = await World.ReadAsync(db => db.Reservations.ToDictionaryAsync(r => r.Id, r => r.StatusId));
        Assert.Equal(
            (ReservationState.Cancelled, ReservationState.Confirmed, ReservationState.Cancelled, ReservationState.Confirmed),
            (states[first.Value.Id], states[stays.Value.Id], states[second.Value.Id], states[outside.Value.Id]));
        Assert.Equal(2, await World.ReadAsync(db => db.FacilityBlackouts.CountAsync(b => b.Reason == "Pintura")));
        Assert.Equal(["booking.blackout"], (await World.BookAsync(hall, luis, At(29, 12))).Errors.Select(e => e.Code).Take(1));
        Assert.Equal(
            [first.Value.Id, second.Value.Id],
            (await World.ToldAsync()).Where(t => t.Type == "reservation.cancelled").Select(t => t.ReservationId)
        );
    }

    [Fact]
    public async Task A_booking_that_nobody_was_shown_is_not_cancelled()
    {
        var bbq = await World.FacilityAsync();
        var seen = await World.BookAsync(bbq, await World.OwnerAsync(), At(28, 8));
        var later = await World.BookAsync(bbq, await World.OwnerAsync(), At(28, 12));
        var closed = await World.Blackouts.AddAsync(
            bbq.Id, new BlackoutInput(At(28, 0), At(29, 0), "Pintura", true) { Seen = [seen.Value.Id] }, Staff, default);
        Assert.Equal("facility.blackout_more", closed.Error!.Code);
        Assert.Equal(0, await World.ReadAsync(db => db.FacilityBlackouts.CountAsync()));
        Assert.Equal(
            ReservationState.Confirmed,
            await World.ReadAsync(db => db.Reservations.Where(r => r.Id == later.Value.Id).Select(r => r.StatusId).SingleAsync())
        );
    }

    [Fact]
    public async Task A_facility_that_is_not_there_closes_none_of_the_others()
    {
        var bbq = await World.FacilityAsync();
        Assert.Equal(
            Error.NotFound,
            (
                await World.Blackouts.AddAsync(
                    bbq.Id, new BlackoutInput(At(28, 0), At(29, 0), "Pintura", false) { Also = [bbq.Id + 99] }, Staff, default)
            ).Error
        );
        Assert.Equal(0, await World.ReadAsync(db => db.FacilityBlackouts.CountAsync()));
    }
}
