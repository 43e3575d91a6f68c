using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Facilities;

/// <summary>
/// The rows that a booking holds while it looks and writes, always in this order: apartments, person, facilities, reservation, charges; of
/// several of one table, the smaller id first. Why these, and why they are enough, stands in <c>docs/decisions/030-booking-locks.md</c>.
/// </summary>
internal static class BookingLocks
{
    /// <summary>How many rows <see cref="Ask"/> finds where all are there.</summary>
    public const int RowsOfABooking = 3;

    /// <summary>
    /// All that a booking locks before it looks, as parts of a batch: bookings of one apartment, of one person and of one facility go one
    /// after the other. Written by hand and not with <see cref="RowLocks"/>: there each is a trip of its own, four where this is one, while
    /// others wait.
    /// </summary>
    /// <returns>What was locked, filled when the batch runs.</returns>
    public static IReadOnlyList<long> Ask(SqlBatch batch, long apartment, long owner, long facility)
    {
        List<long> locked = [];
        void Found(System.Data.Common.DbDataReader row) => locked.Add(row.GetInt64(0));
        batch.Select($"SELECT id FROM apartments WHERE id = {apartment} FOR UPDATE", Found);
        batch.Select($"SELECT id FROM owners WHERE id = {owner} FOR UPDATE", Found);
        batch.Select($"SELECT id FROM facilities WHERE id = {facility} FOR UPDATE", Found);
        return locked;
    }

    /// <summary>The same at once, where nothing else is asked with it.</summary>
    /// <returns>False where one of them is not there.</returns>
    public static async Task<bool> TakeAsync(PortalDb db, long apartment, long owner, long facility, CancellationToken ct)
    {
        var batch = new SqlBatch();
        var locked = Ask(batch, apartment, owner, facility);
        await batch.RunAsync(db, ct);
        return locked.Count == RowsOfABooking;
    }

    /// <summary>
    /// Bookings of one apartment go one after the other: its quota spans all facilities of a kind, and its account takes their charges.
    /// </summary>
    public static Task<bool> ApartmentAsync(PortalDb db, long id, CancellationToken ct) => db.Apartments.LockAsync(id, ct);

    /// <summary>A person with several apartments has one quota of their own.</summary>
    public static Task<bool> OwnerAsync(PortalDb db, long id, CancellationToken ct) => db.Owners.LockAsync(id, ct);

    /// <summary>Bookings, closures and changes of the rules of one facility go one after the other.</summary>
    public static Task<bool> FacilityAsync(PortalDb db, long id, CancellationToken ct) => db.Facilities.LockAsync(id, ct);

    /// <summary>
    /// A booking with its apartment's account: who changes it changes what is owed for it. Of two who press at the same time, the second
    /// sees what the first did.
    /// </summary>
    public static async Task<Reservation?> ReservationAsync(PortalDb db, long id, CancellationToken ct)
    {
        // The apartment of a booking never changes, so it may be read before it is locked.
        if (
            await db.Reservations.AsNoTracking().Where(r => r.Id == id).Select(r => new { r.ApartmentId }).FirstOrDefaultAsync(ct)
            is not { } found
        )
            return null;
        if (found.ApartmentId is { } apartment) await ApartmentAsync(db, apartment, ct);
        return await LockedAsync(db, id, ct);
    }

    /// <summary>As <see cref="ReservationAsync"/>, where the apartment is locked already.</summary>
    public static Task<Reservation?> LockedAsync(PortalDb db, long id, CancellationToken ct) =>
        db.Reservations.Where(r => r.Id == id).ForUpdate().FirstOrDefaultAsync(ct);

    public static Task<List<Payments.Charge>> ChargesAsync(PortalDb db, long reservationId, CancellationToken ct) =>
        db.Charges.Where(c => c.ReservationId == reservationId).OrderBy(c => c.Id).ForUpdate().ToListAsync(ct);
}
