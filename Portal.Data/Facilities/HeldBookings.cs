using Microsoft.EntityFrameworkCore;
using Portal.Data.Facilities.Rules;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>What a payment does to bookings that are held until they are paid. Called under the lock of the apartment.</summary>
internal static class HeldBookings
{
    /// <summary>Confirms those that money just applied has paid in full. What of them is not saved yet counts.</summary>
    public static async Task PaidAsync(PortalDb db, long apartment, BuildingClock clock, CancellationToken ct)
    {
        foreach (var reservation in await UnpaidAsync(db, apartment, clock, ct))
        {
            var charges = await db
                .Charges.Where(c => c.ReservationId == reservation.Id && c.Status != ChargeState.Cancelled)
                .ToListAsync(ct);
            if (
                charges.Count == 0
                || !charges.TrueForAll(c => c.Status == ChargeState.Paid)
                || !await StandsAsync(db, reservation, clock, ct)
            )
                continue;
            if (!reservation.Pay().Ok) continue;
            await ReservationNotices.TellAsync(db, reservation, reservation.Facility!.Name, ReservationNotices.Confirmed, clock, ct);
        }
    }

    /// <summary>A payment was reported that the office has yet to confirm: what it is for waits for that, and expires no more.</summary>
    /// <param name="amount">What was reported: it keeps as many held bookings, the oldest first, as it pays in full.</param>
    public static async Task ReportedAsync(PortalDb db, long apartment, decimal amount, BuildingClock clock, CancellationToken ct)
    {
        foreach (var reservation in await UnpaidAsync(db, apartment, clock, ct))
        {
            if (reservation.StatusId != ReservationState.Held) continue;
            var owed = await db
                .Charges.Where(c => c.ReservationId == reservation.Id && c.Status == ChargeState.Open)
                .SumAsync(c => c.Owed, ct);
            if (owed == 0 || owed > amount || !await StandsAsync(db, reservation, clock, ct)) continue;
            if (!reservation.AwaitPayment().Ok) continue;
            amount -= owed;
            await ReservationNotices.TellAsync(db, reservation, reservation.Facility!.Name, ReservationNotices.Asked, clock, ct);
        }
    }

    /// <summary>Somebody goes to pay over the gateway: what that pays in full is held until they are back.</summary>
    /// <param name="until">UTC.</param>
    public static async Task KeepAsync(
        PortalDb db, long apartment, decimal amount, DateTime until, BuildingClock clock, CancellationToken ct)
    {
        foreach (var reservation in await UnpaidAsync(db, apartment, clock, ct))
        {
            var owed = await db.Charges.Where(c => c.ReservationId == reservation.Id && c.Status == ChargeState.Open)
                .SumAsync(c => c.Owed, ct);
            if (owed == 0 || owed > amount) continue;
            amount -= owed;
            reservation.Keep(until, clock.UtcNow);
        }
    }

    private static Task<List<Reservation>> UnpaidAsync(PortalDb db, long apartment, BuildingClock clock, CancellationToken ct)
    {
        var utcNow = clock.UtcNow;
        return db
            .Reservations.Include(r => r.Facility)
            .Where(r =>
                r.ApartmentId == apartment
                && r.Facility!.PayFirst
                && (r.StatusId == ReservationState.Pending || (r.StatusId == ReservationState.Held && r.HoldUntil > utcNow))
            )
            .OrderBy(r => r.Id)
            .ToListAsync(ct);
    }

    /// <summary>The place is still there. The clock that says a hold stands may not be the clock that gave its place to another.</summary>
    private static async Task<bool> StandsAsync(PortalDb db, Reservation reservation, BuildingClock clock, CancellationToken ct)
    {
        if (reservation.StatusId == ReservationState.Pending) return true;
        await BookingLocks.FacilityAsync(db, reservation.FacilityId, ct);
        var facility = await BookingData.Facilities(db).SingleAsync(f => f.Id == reservation.FacilityId, ct);
        var day = DateOnly.FromDateTime(reservation.StartDate);
        var data = await BookingData.LoadAsync(db, [facility], new BookingScope(Except: reservation.Id), day, day, clock, ct);
        return BookingRules
                .CheckPlace(data.Attempt(facility, reservation.StartDate, reservation.EndDate, reservation.People, clock, true))
                .Count == 0;
    }
}
