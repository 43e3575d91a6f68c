using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Facilities;

/// <summary>
/// The rows that a booking holds while it looks and writes, always in this order: apartment, facility, reservation, charges.
/// Why these, and why they are enough, stands in <c>docs/decisions/030-booking-locks.md</c>.
/// </summary>
internal static class BookingLocks
{
    /// <summary>Bookings of one apartment go one after the other: its quota spans all facilities of a kind.</summary>
    public static async Task<bool> ApartmentAsync(PortalDb db, long id, CancellationToken ct) =>
        (await db.Database.SqlQuery<long>($"SELECT id AS Value FROM apartments WHERE id = {id} FOR UPDATE").ToListAsync(ct)).Count > 0;

    /// <summary>Bookings, closures and changes of the rules of one facility go one after the other.</summary>
    public static async Task<bool> FacilityAsync(PortalDb db, long id, CancellationToken ct) =>
        (await db.Database.SqlQuery<long>($"SELECT id AS Value FROM facilities WHERE id = {id} FOR UPDATE").ToListAsync(ct)).Count > 0;

    /// <summary>A booking changes its state once: of two who press at the same time, the second sees what the first did.</summary>
    public static async Task<Reservation?> ReservationAsync(PortalDb db, long id, CancellationToken ct) =>
        (await db.Reservations.FromSql($"SELECT * FROM reservations WHERE id = {id} FOR UPDATE").ToListAsync(ct)).FirstOrDefault();

    public static Task<List<Payments.Charge>> ChargesAsync(PortalDb db, long reservationId, CancellationToken ct) =>
        db.Charges.FromSql($"SELECT * FROM charges WHERE reservation_id = {reservationId} ORDER BY id FOR UPDATE").ToListAsync(ct);
}
