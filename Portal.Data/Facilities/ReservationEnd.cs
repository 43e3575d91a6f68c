using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Facilities;

/// <summary>
/// What goes with a booking that ended before its time, whoever ended it: the account is put right, the resident is told, who waits is
/// served.
/// </summary>
internal static class ReservationEnd
{
    /// <param name="db">The write; it holds the apartment's and the booking's row.</param>
    /// <param name="reservation">Cancelled or expired in this write.</param>
    /// <param name="cost">What the resident owes for it.</param>
    /// <param name="notice">What the resident is told; null where it was their own doing.</param>
    public static async Task SettleAsync(
        PortalDb db, Reservation reservation, decimal cost, string? notice, BuildingClock clock, CancellationToken ct)
    {
        var facility = await db.Facilities.Where(f => f.Id == reservation.FacilityId).Select(f => f.Name).SingleAsync(ct);
        await BookingCharges.CancelAsync(db, reservation, facility, cost, clock, ct);
        if (notice is not null) await ReservationNotices.TellAsync(db, reservation, facility, notice, clock, ct);

        // An offer that comes to its end is answered by that.
        if (
            await db.ReservationWaits.FirstOrDefaultAsync(w => w.ReservationId == reservation.Id && w.State == WaitState.Offered, ct) is
            { } offered
        )
        {
            offered.State = reservation.StatusId == ReservationState.Expired ? WaitState.Missed : WaitState.Declined;
        }

        await WaitingList.FreedAsync(db, reservation.FacilityId, clock, ct);
    }
}
