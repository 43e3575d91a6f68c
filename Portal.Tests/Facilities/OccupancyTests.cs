using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Occupancy;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

public sealed class OccupancyTests(TestDatabase database) : DatabaseTest(database)
{
    private FacilityWorld _world = null!;
    private CurrentUser _andrea = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new FacilityWorld(Database);
        _andrea = await _world.OwnerAsync("1204");
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<OccupancyReport> ReportAsync(DateOnly from, DateOnly to, long? facility = null, TimeZoneInfo? zone = null)
    {
        var service = zone is null
            ? _world.Get<OccupancyService>()
            : new OccupancyService(_world.Store, new BuildingClock(_world.Time, zone));
        return (await service.ReportAsync(from, to, facility, Staff, default)).Value;
    }

    private async Task<Reservation> AddAsync(
        Facility facility, DateTime start, double hours, ReservationState state = ReservationState.Confirmed, int people = 2,
        Action<Reservation>? change = null)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var reservation = Reservation
            .Book(
                facility, _andrea.ApartmentIds[0], _andrea.OwnerIds[0], new BookingInput(facility.Id, start, start.AddHours(hours), people),
                new BookingPrice(0, 0, null, 0), Guid.NewGuid().ToString("N")[..20], null)
            .With(r => r.StatusId, state);
        change?.Invoke(reservation);
        db.Reservations.Add(reservation);
        await db.SaveChangesAsync();
        return reservation;
    }

    private Task ChargeAsync(
        Reservation reservation, ChargeKind kind, decimal amount, decimal paid, ChargeState state = ChargeState.Open) =>
        _world.ReadAsync(async db =>
        {
            db.Charges.Add(
                new Charge
                {
                    ApartmentId = _andrea.ApartmentIds[0],
                    Kind = kind,
                    Concept = "Reserva",
                    Number = Guid.NewGuid().ToString("N")[..20],
                    Amount = amount,
                    Paid = paid,
                    Status = state,
                    IssuedOn = new(2026, 11, 20),
                    DueOn = new(2026, 11, 20),
                    ReservationId = reservation.Id,
                }
            );
            return await db.SaveChangesAsync();
        });

    /// <summary>A week of one facility, open from 8 to 22 and closed on Wednesday from 10 to 20, worked out on paper.</summary>
    [Fact]
    public async Task A_week_is_counted_as_on_paper()
    {
        var hall = await _world.FacilityAsync("Salón");
        var bbq = await _world.FacilityAsync("BBQ 1");
        Assert.True(
            (
                await _world.ReadAsync(async db =>
                {
                    db.FacilityBlackouts.Add(
                        new FacilityBlackout
                        {
                            FacilityId = hall.Id,
                            StartDate = At(18, 10),
                            EndDate = At(18, 20),
                            Reason = "Pintura",
                        }
                    );
                    return await db.SaveChangesAsync();
                })
            ) > 0
        );
        var monday = await AddAsync(hall, At(16, 12), 4, ReservationState.Completed, 4);
        await ChargeAsync(monday, ChargeKind.Booking, 100_000, 60_000);
        await ChargeAsync(monday, ChargeKind.Deposit, 150_000, 150_000, ChargeState.Paid);
        await ChargeAsync(monday, ChargeKind.Booking, 999_000, 0, ChargeState.Cancelled);
        await AddAsync(hall, At(21, 12), 4, people: 10);
        await AddAsync(hall, At(21, 16), 4, ReservationState.NoShow, 3);
        await AddAsync(hall, At(22, 20), 6, people: 5);
        await AddAsync(hall, At(15, 22), 3, ReservationState.Completed);
        foreach (
            var state in new[] { ReservationState.Pending, ReservationState.Held, ReservationState.Expired, ReservationState.Cancelled }
        )
            await AddAsync(hall, At(17, 12), 4, state);
        await AddAsync(bbq, At(19, 8), 2);

        var report = await ReportAsync(new(2026, 11, 16), new(2026, 11, 22));

        Assert.Equal(["BBQ 1", "Salón"], report.Facilities.Select(f => f.Name));
        var week = report.Facilities[1];
        Assert.Equal((88, 13), (week.Use.Total.Open, week.Use.Total.Booked));
        Assert.Equal((3, 19, 1, 4, 1), (week.Bookings, week.People, week.NoShows, (int)week.NoShowHours, week.Cancelled));
        Assert.Equal(0.25, week.NoShowRate);
        Assert.Equal((100_000m, 60_000m, 150_000m, 150_000m), (week.Charged, week.Paid, week.Deposits, week.DepositsPaid));
        Assert.Equal(
            (new HourUse(1, 1), new HourUse(0, 1), new HourUse(1, 0), new HourUse(0, 0), new HourUse(1, 1)),
            (week.Use[1, 12], week.Use[1, 0], week.Use[3, 9], week.Use[3, 10], week.Use[7, 21])
        );
        Assert.Equal(
            (new HourUse(14, 5), new HourUse(4, 0), new HourUse(14, 4), new HourUse(14, 4)),
            (week.Use.Weekday(1), week.Use.Weekday(3), week.Use.Weekday(6), week.Use.Weekday(7))
        );
        Assert.Null(week.Use[1, 0].Share);
        Assert.Equal((186, 15, 4), (report.Total.Use.Total.Open, report.Total.Use.Total.Booked, report.Total.Bookings));
        Assert.Equal((OccupancyScale.Day, 7), (report.Scale, report.Steps.Count));
        Assert.Equal([1, 0, 0, 1, 0, 1, 1], report.Steps.Select(s => s.Bookings));
        Assert.Equal((100_000m, 60_000m, 1), (report.Steps[0].Charged, report.Steps[0].Paid, report.Steps[5].NoShows));

        var alone = await ReportAsync(new(2026, 11, 16), new(2026, 11, 22), hall.Id);
        Assert.Equal((88, 13, 1), (alone.Total.Use.Total.Open, alone.Total.Use.Total.Booked, alone.Facilities.Count));
    }

    [Fact]
    public async Task Many_bookings_that_are_alike_count_as_many()
    {
        var hall = await _world.FacilityAsync();
        for (var week = 0; week < 6; week++) await AddAsync(hall, At(2, 8).AddDays(7 * week), 4, people: 3);
        var report = await ReportAsync(new(2026, 11, 1), new(2026, 12, 31));

        Assert.Equal(
            (24, 6, 18, 6),
            (report.Total.Use.Weekday(1).Booked, (int)report.Total.Use[1, 8].Booked, report.Total.People, report.Total.Bookings)
        );
        Assert.Equal(OccupancyScale.Week, report.Scale);
        Assert.Equal(
            (new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 1), new DateOnly(2026, 12, 28)),
            (report.Steps[0].From, report.Steps[0].To, report.Steps[^1].From)
        );
    }

    [Fact]
    public async Task A_booking_over_the_end_of_the_month_gives_its_hours_to_both_and_itself_to_the_first()
    {
        var hall = await _world.FacilityAsync(change: f =>
            f.Hours = [
                .. Enumerable
                    .Range(1, 7)
                    .Select(day => new FacilityHours
                    {
                        Weekday = day,
                        OpensAt = new(20, 0),
                        ClosesAt = new(2, 0),
                    }),
            ]
        );
        await AddAsync(hall, At(30, 22), 4);

        var (november, december) = (
            await ReportAsync(new(2026, 11, 1), new(2026, 11, 30)),
            await ReportAsync(new(2026, 12, 1), new(2026, 12, 31))
        );

        Assert.Equal((2, 2), (november.Total.Use.Total.Booked, december.Total.Use.Total.Booked));
        Assert.Equal((1, 0), (november.Total.Bookings, december.Total.Bookings));

        // Six hours a night: of the first night only what follows midnight, of the last only what goes before; the two make one whole.
        Assert.Equal((30 * 6, 31 * 6), (november.Total.Use.Total.Open, december.Total.Use.Total.Open));
        Assert.Equal(new HourUse(5, 1), november.Total.Use[1, 22]);
        Assert.Equal(1, december.Total.Use[2, 0].Booked);
    }

    [Fact]
    public async Task February_of_a_leap_year_has_its_29th()
    {
        var hall = await _world.FacilityAsync();
        await AddAsync(hall, new(2028, 2, 29, 8, 0, 0), 4);

        var report = await ReportAsync(new(2028, 2, 1), new(2028, 2, 29));

        Assert.Equal((29 * 14, 4, 1), (report.Total.Use.Total.Open, report.Total.Use.Total.Booked, report.Steps[^1].Bookings));
        Assert.Equal(28 * 14, (await ReportAsync(new(2027, 2, 1), new(2027, 2, 28))).Total.Use.Total.Open);
    }

    /// <summary>
    /// The report goes by the clock on the wall: the day of 23 hours and the day of 25 have 24 in it, as the rules of booking have.
    /// </summary>
    [Fact]
    public async Task Where_clocks_are_changed_every_day_has_its_24_hours_and_lateness_goes_by_the_wall()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var hall = await _world.FacilityAsync(change: f =>
            f.Hours = [
                .. Enumerable
                    .Range(1, 7)
                    .Select(day => new FacilityHours
                    {
                        Weekday = day,
                        OpensAt = new(0, 0),
                        ClosesAt = new(0, 0),
                    }),
            ]
        );
        await AddAsync(hall, At(1, 0), 4);
        await AddAsync(
            hall, At(1, 10), 4, ReservationState.Cancelled,
            change: r => r.With(x => x.CancelFreeUntil, At(1, 0, 30)).With(x => x.CancelledAt, new DateTime(2026, 11, 1, 4, 45, 0))
                .With(x => x.CancelledBy, _andrea.Id));
        await AddAsync(
            hall, At(1, 14), 4, ReservationState.Cancelled,
            change: r => r.With(x => x.CancelFreeUntil, At(1, 0, 30)).With(x => x.CancelledAt, new DateTime(2026, 11, 1, 4, 15, 0))
                .With(x => x.CancelledBy, _andrea.Id));
        await AddAsync(
            hall, At(1, 18), 4, ReservationState.Cancelled,
            change: r => r.With(x => x.CancelFreeUntil, At(1, 0, 30)).With(x => x.CancelledAt, new DateTime(2026, 11, 1, 12, 0, 0)));

        var longDay = await ReportAsync(new(2026, 11, 1), new(2026, 11, 1), zone: zone);
        Assert.Equal(
            (24, 4, 3, 1),
            (longDay.Total.Use.Total.Open, longDay.Total.Use.Total.Booked, longDay.Total.Cancelled, longDay.Total.LateCancelled)
        );
        Assert.Equal(24, (await ReportAsync(new(2026, 3, 8), new(2026, 3, 8), zone: zone)).Total.Use.Total.Open);
    }

    [Fact]
    public async Task A_shared_facility_is_counted_by_its_places()
    {
        var gym = await _world.FacilityAsync("Gimnasio", change: f => (f.Shared, f.Capacity) = (true, 10));
        await AddAsync(gym, At(23, 8), 2, people: 5);
        await AddAsync(gym, At(23, 8), 2, people: 5);
        await AddAsync(gym, At(23, 10), 1, people: 10);

        var report = await ReportAsync(new(2026, 11, 23), new(2026, 11, 23));

        Assert.Equal((3, 14), (report.Total.Use.Total.Booked, report.Total.Use.Total.Open));
        Assert.Equal((new HourUse(1, 1), new HourUse(1, 1)), (report.Total.Use[1, 8], report.Total.Use[1, 10]));
    }

    [Fact]
    public async Task Who_waited_in_vain_is_told()
    {
        var hall = await _world.FacilityAsync();
        await _world.ReadAsync(async db =>
        {
            foreach (var state in new[] { WaitState.Waiting, WaitState.Passed, WaitState.Left, WaitState.Accepted, WaitState.Declined })
            {
                db.ReservationWaits.Add(
                    new ReservationWait
                    {
                        FacilityId = hall.Id,
                        ApartmentId = _andrea.ApartmentIds[0],
                        OwnerId = _andrea.OwnerIds[0],
                        StartDate = At(28, 8),
                        EndDate = At(28, 12),
                        State = state,
                    }
                );
            }

            return await db.SaveChangesAsync();
        });

        Assert.Equal(
            (5, 3),
            await ReportAsync(new(2026, 11, 1), new(2026, 11, 30)) is { Total: var total } ? (total.Waited, total.Unserved) : default
        );
    }

    [Fact]
    public async Task An_empty_building_and_a_wrong_period_are_answered()
    {
        Assert.Empty((await ReportAsync(new(2026, 11, 1), new(2026, 11, 30))).Facilities);
        var service = _world.Get<OccupancyService>();
        Assert.Equal(
            "occupancy.backwards",
            (await service.ReportAsync(new(2026, 11, 2), new(2026, 11, 1), null, Staff, default)).Error!.Code
        );
        Assert.Equal("occupancy.long", (await service.ReportAsync(new(2020, 1, 1), new(2026, 11, 1), null, Staff, default)).Error!.Code);
        Assert.Equal(Error.NotFound, (await service.ReportAsync(new(2026, 11, 1), new(2026, 11, 1), 999, Staff, default)).Error);
        Assert.Equal(Error.Forbidden, (await service.ReportAsync(new(2026, 11, 1), new(2026, 11, 1), null, Guard, default)).Error);
        Assert.Equal(Error.Forbidden, (await service.ReportAsync(new(2026, 11, 1), new(2026, 11, 1), null, _andrea, default)).Error);
    }
}
