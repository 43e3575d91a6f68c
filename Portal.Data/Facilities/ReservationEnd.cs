using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Facilities;

/// <summary>The one way a booking ends before its time, whoever ends it: the place is free, what is not paid is taken back, the resident is told.</summary>
internal static class ReservationEnd
{
    /// <param name="db">The write; it holds the booking's row.</param>
    /// <param name="cost">What the resident owes for it.</param>
    public static async Task CloseAsync(PortalDb db, Reservation reservation, string? reason, decimal cost, BuildingClock clock, CurrentUser user, CancellationToken ct)
    {
        var rejected = reservation.StatusId == ReservationState.Pending;
        reservation.StatusId = ReservationState.Cancelled;
        reservation.CancelledAt = clock.UtcNow;
        reservation.CancelledBy = user.AccountId;
        reservation.CancelReason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        var facility = await db.Facilities.Where(f => f.Id == reservation.FacilityId).Select(f => f.Name).SingleAsync(ct);
        var charges = await BookingLocks.ChargesAsync(db, reservation.Id, ct);
        if (BookingCharges.Cancel(reservation, facility, charges, cost, clock.Today) is { } late) db.Charges.Add(late);
        if (!user.OwnerIds.Contains(reservation.OwnerId))
        {
            await ReservationNotices.TellAsync(db, reservation, facility, rejected ? ReservationNotices.Rejected : ReservationNotices.Cancelled, ct);
        }
    }
}
