using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Data.Payments;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>
/// Many people who do everything at once with the same few places: book, hold, confirm, move, cancel, wait, accept; while the office
/// approves, refuses and closes, and holds
/// run out. What was promised to each is written down, and looked for afterwards.
/// </summary>
internal sealed class BookingStorm(FacilityWorld world)
{
    private const int Quota = 3;
    private readonly ConcurrentDictionary<long, (DateTime Start, string What)> _promised = new();
    private readonly ConcurrentBag<string> _refusals = [];
    private Facility _room = null!, _hall = null!, _gym = null!;
    private int _done;

    /// <summary>How much was acknowledged.</summary>
    public int Done => _done;

    public async Task RunAsync(int people, int turns)
    {
        var quotas = new Func<List<FacilityQuota>>(() =>
            [
                new()
                {
                    Subject = QuotaSubject.Apartment,
                    Period = QuotaPeriod.Month,
                    Most = Quota,
                },
                new()
                {
                    Subject = QuotaSubject.Person,
                    Period = QuotaPeriod.Week,
                    Most = 2,
                },
            ]
        );
        _room = await world.FacilityAsync(
            "BBQ 1", "BBQ", f => (f.SlotMinutes, f.MinMinutes, f.MaxMinutes, f.BufferMinutes, f.Quotas) = (60, 60, 240, 60, quotas()));
        _hall = await world.FacilityAsync("BBQ 2", "BBQ", f => (f.ApprovalRequired, f.OpenLimit, f.Quotas) = (true, 3, quotas()));
        _gym = await world.FacilityAsync(
            "Gimnasio",
            "Gimnasio",
            f =>
                (f.Shared, f.Capacity, f.SlotMinutes, f.MinMinutes, f.MaxMinutes, f.HourlyRate, f.Deposit) = (
                    true, 12, 60, 60, 120, null, 0)
        );
        var residents = new List<CurrentUser>();
        for (var i = 0; i < people; i++) residents.Add(await world.OwnerAsync());
        await Task.WhenAll(
            residents
                .Select((who, i) => Task.Run(() => LiveAsync(who, new Random(i), turns)))
                .Append(Task.Run(() => OfficeAsync(turns * 2)))
        );
    }

    private async Task LiveAsync(CurrentUser who, Random random, int turns)
    {
        var mine = new List<long>();
        for (var turn = 0; turn < turns; turn++)
        {
            var facility = random.Next(3) switch { 0 => _room, 1 => _hall, _ => _gym };
            var start = At(21 + random.Next(3), facility == _hall ? 8 + 4 * random.Next(3) : 8 + random.Next(10));
            var end = start.AddHours(facility == _hall ? 4 : 1 + random.Next(2));
            var people = 1 + random.Next(4);
            switch (random.Next(8))
            {
                case 0 when mine.Count > 0:
                    var cancelled = mine[random.Next(mine.Count)];
                    if (Heard(Sure(cancelled, await world.Reservations.CancelAsync(cancelled, null, decimal.MaxValue, who, default))))
                        _promised[cancelled] = (default, "ended");
                    break;
                case 1 when mine.Count > 0:
                    var moved = mine[random.Next(mine.Count)];
                    var quote = await world.Changes.QuoteAsync(moved, new(facility.Id, start, end, people), who, default);
                    if (
                        Heard(quote)
                        && Heard(Sure(
                            moved,
                            await world.Changes.MoveAsync(
                                moved, new(facility.Id, start, end, people), quote.Value.Price.Total, who, default)
                        ))
                    )
                        _promised[moved] = (start, "moved");
                    break;
                case 2:
                    var held = await world.Reservations.BookAsync(
                        new BookingInput(facility.Id, start, end, people) { Hold = true }, who, default);
                    if (
                        Heard(held)
                        && random.Next(3) > 0
                        && Heard(await world.Reservations.ConfirmAsync(held.Value.Id, true, who, default))
                    )
                        Keep(mine, held.Value.Id, start);
                    break;
                case 3:
                    Heard(await world.Waiting.JoinAsync(new(facility.Id, start, end, people), who, default));
                    foreach (var offer in (await world.Waiting.MineAsync(who, default)).Where(w => w.State == WaitState.Offered))
                    {
                        if (Heard(await world.Reservations.ConfirmAsync(offer.ReservationId!.Value, true, who, default)))
                            Keep(mine, offer.ReservationId.Value, offer.Start);
                    }

                    break;
                default:
                    var booked = await world.Reservations.BookAsync(new BookingInput(facility.Id, start, end, people, true), who, default);
                    if (Heard(booked)) Keep(mine, booked.Value.Id, start);
                    break;
            }
        }
    }

    private async Task OfficeAsync(int turns)
    {
        var random = new Random(99);
        for (var turn = 0; turn < turns; turn++)
        {
            var pending = (
                await world.Lists.ListAsync(
                    new ListQuery { Filters = new Dictionary<string, string> { ["state"] = "pending" } }, Staff, default)
            ).Rows;
            if (pending.Count > 0)
            {
                var one = pending[random.Next(pending.Count)];
                if (
                    random.Next(3) == 0
                        ? Heard(await world.Reservations.RejectAsync(one.Id, "No", Staff, default))
                        : Heard(await world.Reservations.ApproveAsync(one.Id, Staff, default))
                )
                    Interlocked.Increment(ref _done);
            }

            if (turn % 5 == 4)
            {
                var (facility, start) = (random.Next(2) == 0 ? _room : _hall, At(21 + random.Next(3), 8 + random.Next(10)));
                Heard(
                    await world.Blackouts.AddAsync(facility.Id, new(start, start.AddHours(1), "Aseo", random.Next(2) == 0), Staff, default)
                );
            }

            // Minutes pass, and holds run out; the jobs come as they come.
            world.Time.Utc = world.Time.Utc.AddMinutes(2);
            await world.WorkAsync();
        }
    }

    private void Keep(List<long> mine, long id, DateTime start)
    {
        mine.Add(id);
        _promised.TryAdd(id, (start, "booked"));
    }

    /// <summary>Where it is not known whether it was saved, the booking may be as it was or as it was asked to be.</summary>
    private Result Sure(long booking, Result result)
    {
        if (result.Error?.Code == "database.unknown") _promised.TryRemove(booking, out _);
        return result;
    }

    private bool Heard(Result result)
    {
        if (result.Ok) Interlocked.Increment(ref _done);
        else _refusals.Add(result.Error!.Code);
        return result.Ok;
    }

    /// <summary>
    /// Every promise kept: no overlap, no capacity and no quota exceeded, nothing acknowledged missing, every account right.
    /// </summary>
    public async Task CheckAsync()
    {
        var utcNow = world.Time.Utc;
        var all = await world.ReadAsync(db => db.Reservations.AsNoTracking().OrderBy(r => r.Id).ToListAsync());
        var standing = all.Where(BookingData.Standing(utcNow).Compile()).ToList();
        foreach (var (facility, buffer) in new[] { (_room, 60), (_hall, 0) })
        {
            var taken = standing.Where(r => r.FacilityId == facility.Id).OrderBy(r => r.StartDate).ToList();
            Assert.NotEmpty(taken);
            Assert.All(
                taken.Zip(taken.Skip(1)),
                pair =>
                    Assert.True(
                        pair.First.EndDate.AddMinutes(buffer) <= pair.Second.StartDate,
                        $"{pair.First.Number} and {pair.Second.Number} in {facility.Name}"
                    )
            );
        }

        var gym = standing.Where(r => r.FacilityId == _gym.Id).ToList();
        Assert.All(gym, r => Assert.True(gym.Where(o => o.StartDate <= r.StartDate && r.StartDate < o.EndDate).Sum(o => o.People) <= 12));
        var bbq = standing.Where(r => r.FacilityId != _gym.Id).ToList();
        Assert.All(bbq.GroupBy(r => r.ApartmentId), g => Assert.True(g.Count() <= Quota));
        Assert.All(
            bbq.GroupBy(r => (r.OwnerId, Period.Of(QuotaPeriod.Week, DateOnly.FromDateTime(r.StartDate)))),
            g => Assert.True(g.Count() <= 2)
        );

        // What was acknowledged is there, as it was acknowledged last; only the office may have ended it since.
        var byId = all.ToDictionary(r => r.Id);
        foreach (var (id, (start, what)) in _promised)
        {
            Assert.True(byId.TryGetValue(id, out var row), $"Booking {id} was acknowledged and is not there.");
            if (what == "ended") Assert.Equal(ReservationState.Cancelled, row.StatusId);
            else Assert.Equal(start, row.StartDate);
        }

        Assert.Equal(Enumerable.Range(1, all.Count).Select(i => $"R-2026-{i:000000}"), all.Select(r => r.Number).Order());
        var charges = (
            await world.ReadAsync(db => db.Charges.AsNoTracking().Where(c => c.Status != ChargeState.Cancelled).ToListAsync())
        ).ToLookup(c => c.ReservationId);
        foreach (var row in all)
        {
            var owed = charges[row.Id].Where(c => !c.Number!.EndsWith("-C", StringComparison.Ordinal)).Sum(c => c.Amount);
            Assert.Equal(row.StatusId == ReservationState.Confirmed ? (row.TotalCost ?? 0) + row.Deposit : 0, owed);
        }

        Assert.DoesNotContain(_refusals, code => code is "stale" or "duplicate");
        Assert.Contains(_refusals, code => code == "booking.taken");
    }
}
