using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Tests.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;
using Verdict = Portal.Data.Gate.Verdict;

namespace Portal.Tests.Gate;

/// <summary>A booking shown at the gate. The world's clock stands at 10:24 on Friday 20 November.</summary>
public sealed class GateBookingTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly CurrentUser OnDuty = FacilityWorld.Guard with
    {
        Permissions = FacilityWorld.Guard.Permissions.Append(Permissions.GateLog).ToHashSet(),
    };

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

    private Task<Verdict> AskAsync(string typed) => _world.Get<GateLookup>().AskAsync(typed, OnDuty, default);

    private async Task<(Booked Booked, CurrentUser Owner, string Code)> BookedAsync(Action<Facility>? change = null)
    {
        var facility = await _world.FacilityAsync(change: f =>
        {
            (f.HourlyRate, f.Deposit) = (null, 0);
            change?.Invoke(f);
        });
        var andrea = await _world.OwnerAsync("1204");
        var booked = (await _world.BookAsync(facility, andrea, At(21, 12), people: 12)).Value;
        return (
            booked,
            andrea,
            (await _world.ReadAsync(db => db.Reservations.Where(r => r.Id == booked.Id).Select(r => r.VerificationCode).SingleAsync()))!
        );
    }

    private void GoTo(int day, int hour, int minute = 0) => _world.Time.Utc = At(day, hour, minute).AddHours(5);

    [Fact]
    public async Task A_booking_is_found_by_its_code_its_number_and_whatever_a_scanner_makes_of_its_QR()
    {
        var (booked, _, code) = await BookedAsync();
        foreach (
            var typed in new[]
            {
                code,
                code.ToLowerInvariant(),
                code.Replace("-", ""),
                $" {code.Replace('-', ' ')} ",
                booked.Number,
                "r 2026 1",
                "R2026000001",
                $"https://portal.miradordelnogal.example/v?code={code}",
                // A scanner that is set to a keyboard of the United States, on a Spanish one.
                $"httpsÑ--portal.miradordelnogal.example-v_code¡{code.Replace('-', '\'')}",
            }
        )
        {
            var verdict = await AskAsync(typed);
            Assert.True((VerdictKind.Booking, booked.Id) == (verdict.Kind, verdict.Booking?.Id), typed);
        }

        var told = await AskAsync(code);
        Assert.Equal(
            ("BBQ 2", "B 1204", "Persona 1", 12, At(21, 12), At(21, 16)),
            (told.Booking!.Facility, told.Unit, told.Host, told.People, told.From!.Value, told.Until!.Value)
        );
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("R-2026-999999")).Kind);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("2222-3333")).Kind);
    }

    [Fact]
    public async Task From_an_hour_before_until_its_end_its_people_come_in()
    {
        var (booked, _, code) = await BookedAsync();
        foreach (
            var (day, hour, minute, stand) in new[]
            {
                (20, 12, 0, GateStand.Early),
                (21, 10, 59, GateStand.Early),
                (21, 11, 0, GateStand.Welcome),
                (21, 12, 0, GateStand.Welcome),
                (21, 15, 59, GateStand.Welcome),
                (21, 16, 0, GateStand.Over),
                (23, 9, 0, GateStand.Over),
            }
        )
        {
            GoTo(day, hour, minute);
            Assert.Equal(stand, (await AskAsync(code)).Booking!.Stand);
            Assert.Equal(stand == GateStand.Welcome, (await _world.CheckIns.CheckInAsync(booked.Id, OnDuty, default)).Ok);
            await _world.ReadAsync(db => db.Reservations.ExecuteUpdateAsync(set => set.SetProperty(r => r.CheckedInAt, (DateTime?)null)));
        }
    }

    [Fact]
    public async Task Who_came_is_shown_with_the_time_and_a_mistake_is_taken_back()
    {
        var (booked, _, code) = await BookedAsync();
        GoTo(21, 11, 40);
        Assert.True((await _world.CheckIns.CheckInAsync(booked.Id, OnDuty, default)).Ok);
        GoTo(21, 13);
        Assert.Equal(
            (GateStand.CheckedIn, At(21, 11, 40)),
            (await AskAsync(code)).Booking is { } came ? (came.Stand, came.CheckedInAt!.Value) : default
        );

        Assert.True((await _world.CheckIns.UndoAsync(booked.Id, OnDuty, default)).Ok);
        Assert.Equal(GateStand.Welcome, (await AskAsync(code)).Booking!.Stand);
    }

    [Fact]
    public async Task What_gives_no_right_is_told_apart()
    {
        var (booked, andrea, code) = await BookedAsync(f => f.CancelNoticeMinutes = 0);
        Assert.True((await _world.Reservations.CancelAsync(booked.Id, null, 0, andrea, default)).Ok);
        Assert.Equal(GateStand.Cancelled, (await AskAsync(code)).Booking!.Stand);

        foreach (
            var (state, until, stand) in new[]
            {
                (ReservationState.Pending, (DateTime?)null, GateStand.NotConfirmed),
                (ReservationState.Expired, null, GateStand.Expired),
                (ReservationState.Held, _world.Time.Utc.AddMinutes(5), GateStand.NotConfirmed),
                (ReservationState.Held, _world.Time.Utc.AddMinutes(-5), GateStand.Expired),
                (ReservationState.Completed, null, GateStand.Over),
            }
        )
        {
            await _world.ReadAsync(db =>
                db.Reservations.ExecuteUpdateAsync(set => set.SetProperty(r => r.StatusId, state).SetProperty(r => r.HoldUntil, until))
            );
            Assert.Equal(stand, (await AskAsync(code)).Booking!.Stand);
        }
    }

    [Fact]
    public async Task Who_may_not_check_in_learns_nothing_of_bookings()
    {
        var (_, andrea, code) = await BookedAsync();
        var lookup = _world.Get<GateLookup>();

        Assert.Equal(VerdictKind.Unknown, (await lookup.AskAsync(code, andrea, default)).Kind);
        Assert.Equal(
            VerdictKind.Unknown,
            (await lookup.AskAsync(code, OnDuty with { Permissions = new HashSet<string> { Permissions.GateLog } }, default)).Kind
        );
    }
}
