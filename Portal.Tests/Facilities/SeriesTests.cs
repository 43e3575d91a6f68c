using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Facilities.Rules;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Bookings that repeat.</summary>
public sealed class SeriesTests(TestDatabase database) : DatabaseTest(database)
{
    private FacilityWorld _world = null!;
    private Facility _facility = null!;
    private CurrentUser _andrea = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new FacilityWorld(Database);
        _facility = await _world.FacilityAsync();
        _andrea = await _world.OwnerAsync("1204");
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public void It_falls_on_its_weekdays_in_every_so_many_weeks()
    {
        var input = Saturdays() with { Weekdays = [6, 2], EveryWeeks = 2, Until = new(2026, 12, 31) };
        Assert.Equal(
            [new(2026, 11, 21), new(2026, 12, 1), new(2026, 12, 5), new(2026, 12, 15), new(2026, 12, 19), new(2026, 12, 29)],
            input.Days()
        );
        var leap = input with { From = new(2028, 2, 28), Until = new(2028, 3, 1), Weekdays = [1, 2, 3], EveryWeeks = 1 };
        Assert.Equal([new(2028, 2, 28), new(2028, 2, 29), new(2028, 3, 1)], leap.Days());
    }

    [Fact]
    public async Task Each_conflict_is_listed_with_what_would_do_instead_and_chosen_about()
    {
        var other = await _world.OwnerAsync();
        await _world.BookAsync(_facility, other, At(28, 12));
        await _world.Blackouts.AddAsync(_facility.Id, new(At(5, 0, month: 12), At(6, 0, month: 12), "Pintura", false), Staff, default);
        var plan = (await _world.Series.PlanAsync(Saturdays(), Staff, default)).Value;
        Assert.Equal(
            [null, typeof(SlotTaken), typeof(BlackedOut), null],
            plan.Occurrences.Select(o => o.Refusals.FirstOrDefault()?.GetType())
        );
        Assert.Equal((At(28, 8), At(6, 12, month: 12)), (plan.Occurrences[1].Nearest!.Start, plan.Occurrences[2].Nearest!.Start));

        Assert.Equal("series.conflict", (await _world.Series.MakeAsync(Saturdays(), [], Staff, default)).Error!.Code);
        var made = (
            await _world.Series.MakeAsync(Saturdays(), [new(At(28, 12), At(28, 8)), new(At(5, 12, month: 12), null)], Staff, default)
        ).Value;
        Assert.Equal((3, 1), (made.Booked, made.LeftOut));
        var (series, bookings) = (await _world.Series.GetAsync(made.Id, Staff, default)).Value;
        Assert.Equal([At(21, 12), At(28, 8), At(12, 12, month: 12)], bookings.Select(b => b.Start));
        Assert.Equal(("B 1204", 3), (series.Apartment, series.Ahead));
        Assert.Equal(6, await _world.ReadAsync(db => db.Charges.CountAsync(c => c.ApartmentId == _andrea.ApartmentIds[0])));
        Assert.Equal(["reservation.confirmed", "reservation.series"], (await _world.ToldAsync()).Select(n => n.Type));
    }

    [Fact]
    public async Task Its_own_bookings_count_for_the_quota()
    {
        var rules = (await _world.Facilities.GetAsync(_facility.Id, Staff, default)).Value.Rules;
        await _world.Facilities.SaveAsync(
            _facility.Id,
            rules with
            {
                Quotas = [new(QuotaSubject.Apartment, QuotaPeriod.Month, 1)],
            },
            Staff,
            default
        );
        var plan = (await _world.Series.PlanAsync(Saturdays(), Staff, default)).Value;
        Assert.Equal([true, false, true, false], plan.Occurrences.Select(o => o.Free));
    }

    [Fact]
    public async Task Who_is_faster_makes_it_refused_whole()
    {
        var other = await _world.OwnerAsync();
        Assert.All((await _world.Series.PlanAsync(Saturdays(), Staff, default)).Value.Occurrences, o => Assert.True(o.Free));
        await _world.BookAsync(_facility, other, At(28, 12));
        var refused = await _world.Series.MakeAsync(Saturdays(), [], Staff, default);
        Assert.Equal(("series.conflict", At(28, 12)), (refused.Error!.Code, refused.Error.Values[0]));
        Assert.Equal(1, await _world.ReadAsync(db => db.Reservations.CountAsync()));
        Assert.Equal(0, await _world.ReadAsync(db => db.ReservationSeries.CountAsync()));
    }

    [Fact]
    public async Task It_ends_from_a_day_on()
    {
        var made = (await _world.Series.MakeAsync(Saturdays(), [], Staff, default)).Value;
        Assert.Equal("required", (await _world.Series.EndAsync(made.Id, new(2026, 12, 1), " ", Staff, default)).Error!.Code);
        Assert.Equal(2, (await _world.Series.EndAsync(made.Id, new(2026, 12, 1), "Fin del curso", Staff, default)).Value);
        Assert.Equal(2, Assert.Single(await _world.Series.ListAsync(null, Staff, default)).Ahead);
        Assert.Equal("Fin del curso", Assert.Single(await _world.ToldAsync(), n => n.Type == "reservation.series_ended").Reason);
    }

    [Fact]
    public async Task Only_the_office_makes_it_and_everything_wrong_is_told()
    {
        Assert.Equal(Error.Forbidden, (await _world.Series.MakeAsync(Saturdays(), [], _andrea, default)).Error);
        var wrong = await _world.Series.PlanAsync(
            Saturdays() with
            {
                Weekdays = [],
                EveryWeeks = 0,
                Until = new(2026, 11, 1),
                ApartmentId = null,
            },
            Staff,
            default
        );
        Assert.Equal(
            ["required ApartmentId", "required Weekdays", "between EveryWeeks", "series.ends_first Until"],
            wrong.Errors.Select(e => $"{e.Code} {e.Field}")
        );
        Assert.Equal(
            "series.empty",
            (await _world.Series.PlanAsync(Saturdays() with { Until = new(2026, 11, 22), Weekdays = [3] }, Staff, default)).Error!.Code
        );
    }

    /// <summary>Four of them, from noon to four.</summary>
    private SeriesInput Saturdays() =>
        new(_facility.Id, new(2026, 11, 20), new(2026, 12, 12), [6], 1, new(12, 0), 240, 5) { ApartmentId = _andrea.ApartmentIds[0] };
}
