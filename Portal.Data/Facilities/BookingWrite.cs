using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>Writes a booking that the rules allow. Called under its locks.</summary>
internal static class BookingWrite
{
    /// <summary>A booking with what is fixed when it is made: number, price, deposit and what cancelling costs.</summary>
    public static async Task<Reservation> NewAsync(
        PortalDb db, Facility facility, long apartment, long owner, BookingInput input, BookingPrice price, BuildingClock clock,
        CurrentUser user, CancellationToken ct, long? series = null)
    {
        var number = await Numbering.NextAsync(db, ReservationService.Series, clock.Today.Year, ct);
        var reservation = Reservation.Book(facility, apartment, owner, input, price, number, user.AccountId, series);
        db.Reservations.Add(reservation);
        return reservation;
    }

    /// <summary>
    /// Gives a new or held booking its state: held where it was only asked to be, or until it is paid; pending where the office has to
    /// approve; else confirmed. Posts its
    /// charges where it has come that far, saves, and tells its resident.
    /// </summary>
    /// <param name="tell">False where it is told with others, by the caller.</param>
    public static async Task PlaceAsync(
        PortalDb db, Reservation reservation, Facility facility, bool byStaff, bool hold, BuildingSettings rules, BuildingClock clock,
        CancellationToken ct, bool tell = true)
    {
        var toPay = facility.PayFirst && !byStaff && (reservation.TotalCost > 0 || reservation.Deposit > 0);
        reservation.Place(hold || toPay ? clock.UtcNow.AddMinutes(rules.HoldMinutes) : null, facility.ApprovalRequired && !byStaff);
        var charged =
            !hold
            && (toPay || reservation.StatusId == ReservationState.Confirmed)
            && (reservation.TotalCost > 0 || reservation.Deposit > 0);

        // Credit of the apartment may pay it on the spot.
        if (charged && await BookingCharges.PostAsync(db, reservation, facility.Name, toPay, clock, ct) && toPay) reservation.Pay();
        if (reservation.HoldUntil is { } until) db.AlsoSave(() => JobQueue.Insert(HoldExpiry.JobKind, db.IdOf(reservation), until, null));
        if (!hold && tell)
            db.AlsoSave(() =>
                ReservationNotices.Insert(
                    db.IdOf(reservation), reservation, facility.Name, ReservationNotices.Of(reservation.StatusId), clock)
            );
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Gives back a held place when its time is over.</summary>
public sealed class HoldExpiry(ReservationService reservations) : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("reservation_expiry");

    public override async Task RunAsync(long reservationId, CancellationToken ct)
    {
        var expired = await reservations.ExpireAsync(reservationId, ct);
        if (!expired.Ok) throw new InvalidOperationException($"A hold could not expire: {expired.Error!.Code}.");
    }
}
