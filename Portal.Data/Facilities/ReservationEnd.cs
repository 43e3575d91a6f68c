using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Facilities;

/// <summary>
/// The one way a booking ends before its time, whoever ends it: the place is free, the account is put right, the resident is told, who
/// waits is served.
/// </summary>
internal static class ReservationEnd
{
    /// <param name="db">The write; it holds the apartment's and the booking's row.</param>
    /// <param name="state">Cancelled or expired.</param>
    /// <param name="cost">What the resident owes for it.</param>
    /// <param name="notice">What he is told; null where he did it himself.</param>
    public static async Task CloseAsync(
        PortalDb db, Reservation reservation, ReservationState state, string? reason, decimal cost, string? notice, BuildingClock clock,
        CurrentUser user, CancellationToken ct)
    {
        reservation.StatusId = state;
        reservation.HoldUntil = null;
        reservation.CancelledAt = clock.UtcNow;
        reservation.CancelledBy = user.AccountId;
        reservation.CancelReason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        var facility = await db.Facilities.Where(f => f.Id == reservation.FacilityId).Select(f => f.Name).SingleAsync(ct);
        await BookingCharges.CancelAsync(db, reservation, facility, cost, clock, ct);
        if (notice is not null) await ReservationNotices.TellAsync(db, reservation, facility, notice, clock, ct);

        // An offer that comes to its end is answered by that.
        if (
            await db.ReservationWaits.FirstOrDefaultAsync(w => w.ReservationId == reservation.Id && w.State == WaitState.Offered, ct) is
            { } offered
        )
        {
            offered.State = state == ReservationState.Expired ? WaitState.Missed : WaitState.Declined;
        }

        await WaitingList.FreedAsync(db, reservation.FacilityId, clock, ct);
    }
}
