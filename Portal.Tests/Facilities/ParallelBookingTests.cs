using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Real parallel connections, many at a time: the database decides, and everybody else hears why not.</summary>
public sealed class ParallelBookingTests(TestDatabase database) : FacilityTest(database)
{
    private const int People = 50;
    private const int Rounds = 8;

    [Fact]
    public async Task Two_people_booking_the_same_slot_get_one_reservation()
    {
        var facility = await World.FacilityAsync();
        var people = await PeopleAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var start = At(22 + round, 12);
            var results = await Task.WhenAll(people.Select(who => World.BookAsync(facility, who, start)));
            Assert.Single(results, r => r.Ok);
            Assert.All(results.Where(r => !r.Ok), r => Assert.Equal("booking.taken", r.Error!.Code));
        }

        Assert.Equal(Rounds, await World.ReadAsync(db => db.Reservations.CountAsync()));
    }

    [Fact]
    public async Task Overlapping_bookings_with_a_buffer_never_touch()
    {
        var facility = await World.FacilityAsync(
            "Cancha", "Cancha", f => (f.SlotMinutes, f.MinMinutes, f.MaxMinutes, f.BufferMinutes) = (60, 60, 180, 60));
        var people = await PeopleAsync();
        await Task.WhenAll(people.Select((who, i) => World.BookAsync(facility, who, At(24, 8 + i % 11), 1 + i % 3)));
        var booked = await World.ReadAsync(db => db.Reservations.OrderBy(r => r.StartDate).ToListAsync());
        Assert.NotEmpty(booked);
        Assert.All(booked.Zip(booked.Skip(1)), pair => Assert.True(pair.First.EndDate.AddHours(1) <= pair.Second.StartDate));
    }

    [Fact]
    public async Task A_shared_capacity_is_used_up_and_never_exceeded()
    {
        var facility = await World.FacilityAsync(
            "Gimnasio", "Gimnasio", f => (f.Shared, f.Capacity, f.SlotMinutes, f.MinMinutes) = (true, 20, 60, 60));
        var people = await PeopleAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var start = At(22 + round, 9);
            var results = await Task.WhenAll(people.Select(who => World.BookAsync(facility, who, start, 1, 3)));
            Assert.Equal(6, results.Count(r => r.Ok));
            Assert.All(results.Where(r => !r.Ok), r => Assert.Equal("booking.room", r.Error!.Code));
        }
    }

    [Fact]
    public async Task A_quota_over_all_facilities_of_a_kind_is_never_exceeded()
    {
        var facilities = new List<Facility>();
        for (var i = 1; i <= 5; i++)
            facilities.Add(
                await World.FacilityAsync(
                    $"BBQ {i}",
                    "BBQ",
                    f =>
                        f.Quotas = [
                            new()
                            {
                                Subject = QuotaSubject.Apartment,
                                Period = QuotaPeriod.Month,
                                Most = 2,
                            },
                        ]
                )
            );
        var people = await PeopleAsync(4);
        var tries = from who in people from facility in facilities from day in Enumerable.Range(22, 5) select (who, facility, day);
        var results = await Task.WhenAll(tries.Select(t => World.BookAsync(t.facility, t.who, At(t.day, 12))));

        Assert.Equal(8, results.Count(r => r.Ok));
        var counts = await World.ReadAsync(db => db.Reservations.GroupBy(r => r.ApartmentId).Select(g => g.Count()).ToListAsync());
        Assert.Equal([2, 2, 2, 2], counts);
        Assert.Contains(results, r => r.Errors.Any(e => e.Code == "booking.quota"));
    }

    [Fact]
    public async Task Any_mix_of_booking_cancelling_approving_and_closing_keeps_every_promise()
    {
        var facility = await World.FacilityAsync(change: f => f.ApprovalRequired = true);
        var people = await PeopleAsync(20);
        await Task.WhenAll(
            people.Select(
                async (who, i) =>
                {
                    for (var turn = 0; turn < 6; turn++)
                    {
                        var start = At(22 + (i + turn) % 4, 8 + 4 * ((i + turn) % 3));
                        var booked = await World.BookAsync(facility, who, start);
                        if (!booked.Ok) continue;
                        switch ((i + turn) % 3)
                        {
                            case 0:
                                await Task.WhenAll(
                                    World.Reservations.ApproveAsync(booked.Value.Id, Staff, default),
                                    World.Reservations.CancelAsync(booked.Value.Id, null, 0, who, default)
                                );
                                break;
                            case 1:
                                await Task.WhenAll(
                                    World.Reservations.RejectAsync(booked.Value.Id, "No", Staff, default),
                                    World.Reservations.ApproveAsync(booked.Value.Id, Staff, default)
                                );
                                break;
                            default:
                                await World.Blackouts.AddAsync(
                                    facility.Id, new BlackoutInput(start.AddDays(7), start.AddDays(7).AddHours(4), "Aseo", true), Staff,
                                    default);
                                break;
                        }
                    }
                }
            )
        );

        var standing = await World.ReadAsync(db =>
            db.Reservations.Where(r => r.StatusId != ReservationState.Cancelled).OrderBy(r => r.StartDate).ToListAsync()
        );
        Assert.All(standing.Zip(standing.Skip(1)), pair => Assert.True(pair.First.EndDate <= pair.Second.StartDate));
        var charged = await World.ReadAsync(db =>
            db.Charges.Where(c => c.Status == Portal.Data.Payments.ChargeState.Open).Select(c => c.ReservationId!.Value).ToListAsync()
        );
        var confirmed = standing.Where(r => r.StatusId == ReservationState.Confirmed).Select(r => r.Id).ToList();
        Assert.Equal(confirmed.SelectMany(id => new[] { id, id }).Order(), charged.Order());
    }

    [Fact]
    public async Task Everything_at_once_from_two_hundred_connections_keeps_every_promise()
    {
        await using var world = new FacilityWorld(
            Database.ConnectionString.Replace("Maximum Pool Size=30", "Maximum Pool Size=200", StringComparison.Ordinal)
        );
        var storm = new BookingStorm(world);
        await storm.RunAsync(people: 200, turns: 5);
        await storm.CheckAsync();
    }

    [Fact]
    public async Task Numbers_run_without_gaps_whatever_is_refused_on_the_way()
    {
        var facility = await World.FacilityAsync(
            "Gimnasio", "Gimnasio", f => (f.Shared, f.Capacity, f.SlotMinutes, f.MinMinutes) = (true, 7, 60, 60));
        await Task.WhenAll((await PeopleAsync(30)).Select((who, i) => World.BookAsync(facility, who, At(22, 8 + i % 3), 1, 1)));
        var numbers = await World.ReadAsync(db => db.Reservations.OrderBy(r => r.Number).Select(r => r.Number!).ToListAsync());
        Assert.Equal(Enumerable.Range(1, 21).Select(i => $"R-2026-{i:000000}"), numbers);
    }

    private async Task<IReadOnlyList<CurrentUser>> PeopleAsync(int count = People)
    {
        var people = new List<CurrentUser>();
        for (var i = 0; i < count; i++) people.Add(await World.OwnerAsync());
        return people;
    }
}
