using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Who waits is served in order, and nobody comes before them.</summary>
public sealed class WaitingListTests(TestDatabase database) : DatabaseTest(database)
{
    private FacilityWorld _world = null!;
    private Facility _facility = null!;
    private CurrentUser _holder = null!, _first = null!, _second = null!;
    private long _booked;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new FacilityWorld(Database);
        _facility = await _world.FacilityAsync();
        (_holder, _first, _second) = (await _world.OwnerAsync(), await _world.OwnerAsync(), await _world.OwnerAsync());
        _booked = (await _world.BookAsync(_facility, _holder, At(28, 12))).Value.Id;
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_freed_place_is_offered_in_order_and_the_next_is_asked_when_the_first_does_not_answer()
    {
        Assert.True((await JoinAsync(_first)).Ok);
        Assert.True((await JoinAsync(_second)).Ok);
        Assert.Equal([1, 2], (await _world.Waiting.AllAsync(null, Staff, default)).Select(w => w.Position));
        await _world.Reservations.CancelAsync(_booked, null, 0, _holder, default);

        // Between the cancellation and the offer nobody slips in, not even from the list's second place.
        Assert.Equal(new OthersWait(2), (await _world.BookAsync(_facility, _holder, At(28, 12))).Error!.Values[0]);
        Assert.IsType<OthersWait>((await _world.BookAsync(_facility, _second, At(28, 12))).Error!.Values[0]);

        await _world.WorkAsync();
        var offer = Assert.Single(await _world.Waiting.MineAsync(_first, default));
        Assert.Equal((WaitState.Offered, _world.Time.Utc.AddMinutes(60)), (offer.State, offer.AnswerUntil));
        Assert.Equal(WaitState.Waiting, Assert.Single(await _world.Waiting.MineAsync(_second, default)).State);
        Assert.Equal(_first.OwnerIds[0], Assert.Single(await _world.ToldAsync(), n => n.Type == "reservation.offered").OwnerId);

        _world.Time.Utc = _world.Time.Utc.AddMinutes(60);
        await _world.WorkAsync();
        Assert.Empty(await _world.Waiting.MineAsync(_first, default));
        var second = Assert.Single(await _world.Waiting.MineAsync(_second, default));
        Assert.Equal(WaitState.Offered, second.State);
        Assert.Contains(await _world.ToldAsync(), n => n.Type == "reservation.missed" && n.OwnerId == _first.OwnerIds[0]);

        Assert.Equal(
            ReservationState.Confirmed,
            (await _world.Reservations.ConfirmAsync(second.ReservationId!.Value, true, _second, default)).Value.State
        );
        Assert.Equal(
            WaitState.Accepted,
            await _world.ReadAsync(db => db.ReservationWaits.Where(w => w.Id == second.Id).Select(w => w.State).SingleAsync())
        );
    }

    [Fact]
    public async Task Declining_passes_it_on_at_once()
    {
        await JoinAsync(_first);
        await JoinAsync(_second);
        await _world.Reservations.CancelAsync(_booked, null, 0, _holder, default);
        await _world.WorkAsync();
        var offer = Assert.Single(await _world.Waiting.MineAsync(_first, default));
        Assert.True((await _world.Reservations.CancelAsync(offer.ReservationId!.Value, null, 0, _first, default)).Ok);
        await _world.WorkAsync();
        Assert.Equal(WaitState.Offered, Assert.Single(await _world.Waiting.MineAsync(_second, default)).State);
    }

    [Fact]
    public async Task Moving_away_a_lifted_closure_and_leaving_the_list_free_a_place_too()
    {
        await JoinAsync(_first);
        await _world.Changes.MoveAsync(_booked, new(_facility.Id, At(29, 12), At(29, 16), 2), 250_000, _holder, default);
        await _world.WorkAsync();
        var offer = Assert.Single(await _world.Waiting.MineAsync(_first, default));
        Assert.Equal(WaitState.Offered, offer.State);

        await JoinAsync(_second, At(29, 12));
        await _world.Blackouts.AddAsync(_facility.Id, new(At(29, 0), At(30, 0), "Pintura", true), Staff, default);
        await _world.WorkAsync();
        var waiting = Assert.Single(await _world.Waiting.MineAsync(_second, default));
        Assert.Equal(WaitState.Waiting, waiting.State);
        var closure = Assert.Single((await _world.Facilities.GetAsync(_facility.Id, Staff, default)).Value.Blackouts);
        await _world.Blackouts.RemoveAsync(closure.Id, Staff, default);
        await _world.WorkAsync();
        Assert.Equal(WaitState.Offered, Assert.Single(await _world.Waiting.MineAsync(_second, default)).State);
    }

    [Fact]
    public async Task Who_can_no_longer_have_it_is_passed_over()
    {
        var rules = (await _world.Facilities.GetAsync(_facility.Id, Staff, default)).Value.Rules;
        await JoinAsync(_first);
        await JoinAsync(_second);
        await _world.BookAsync(_facility, _first, At(27, 12));
        await _world.Facilities.SaveAsync(
            _facility.Id,
            rules with
            {
                Quotas = [new(QuotaSubject.Apartment, QuotaPeriod.Month, 1)],
            },
            Staff,
            default
        );
        await _world.Reservations.CancelAsync(_booked, null, 0, _holder, default);
        await _world.WorkAsync();
        Assert.Empty(await _world.Waiting.MineAsync(_first, default));
        Assert.Equal(WaitState.Offered, Assert.Single(await _world.Waiting.MineAsync(_second, default)).State);
        Assert.Equal(_first.OwnerIds[0], Assert.Single(await _world.ToldAsync(), n => n.Type == "reservation.wait_ended").OwnerId);
    }

    [Fact]
    public async Task One_waits_only_for_what_others_have_and_once()
    {
        Assert.Equal("wait.free", (await JoinAsync(_first, At(28, 8))).Error!.Code);
        Assert.Equal("booking.hours", (await JoinAsync(_first, At(28, 20))).Error!.Code);
        Assert.True((await JoinAsync(_first)).Ok);
        Assert.Equal("wait.already", (await JoinAsync(_first)).Error!.Code);
        var place = Assert.Single(await _world.Waiting.MineAsync(_first, default));
        Assert.Equal(Error.NotFound, (await _world.Waiting.LeaveAsync(place.Id, _second, default)).Error);
        Assert.True((await _world.Waiting.LeaveAsync(place.Id, _first, default)).Ok);
        Assert.Equal("wait.over", (await _world.Waiting.LeaveAsync(place.Id, _first, default)).Error!.Code);
    }

    [Fact]
    public async Task In_a_shared_facility_who_needs_more_places_than_are_free_stops_nobody()
    {
        var gym = await _world.FacilityAsync(
            "Gimnasio", "Gimnasio", f => (f.Shared, f.Capacity, f.SlotMinutes, f.MinMinutes) = (true, 4, 60, 60));
        await _world.BookAsync(gym, _holder, At(28, 9), 1, 3);
        Assert.True((await _world.Waiting.JoinAsync(new(gym.Id, At(28, 9), At(28, 10), 2), _first, default)).Ok);
        Assert.True((await _world.BookAsync(gym, _second, At(28, 9), 1, 1)).Ok);
    }

    [Fact]
    public async Task Who_joins_while_another_is_cancelling_is_served_a_moment_later()
    {
        // The cancelling write looked for who waits before they joined; its place is free when both are done.
        await JoinAsync(_first);
        await Database.ExecuteAsync($"UPDATE reservations SET status_id = 3 WHERE id = {_booked}");
        _world.Time.Utc = _world.Time.Utc.AddSeconds(5);
        await _world.WorkAsync();
        Assert.Equal(WaitState.Offered, Assert.Single(await _world.Waiting.MineAsync(_first, default)).State);
    }

    [Fact]
    public async Task A_time_that_has_come_ends_the_waiting()
    {
        await JoinAsync(_first);
        _world.Time.Utc = _world.Time.Utc.AddDays(9);
        await _world.UpkeepAsync();
        Assert.Equal(WaitState.Passed, await _world.ReadAsync(db => db.ReservationWaits.Select(w => w.State).SingleAsync()));
    }

    private Task<Result<long>> JoinAsync(CurrentUser who, DateTime? start = null)
    {
        var from = start ?? At(28, 12);
        return _world.Waiting.JoinAsync(new(_facility.Id, from, from.AddHours(4), 2), who, default);
    }
}
