using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Facilities;

/// <summary>For which apartment and in whose name something is booked.</summary>
internal sealed record BookingParty(long ApartmentId, long OwnerId)
{
    /// <summary>
    /// A resident books for an apartment of their own, in their own name. The office books for any, in the name given or, without one, of
    /// the tenant who lives there, else of the owner.
    /// </summary>
    /// <param name="apartmentId">May be left out by a person who has one only.</param>
    public static async Task<Result<BookingParty>> FindAsync(
        PortalDb db, long? apartmentId, long? ownerId, CurrentUser user, DateOnly today, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if ((apartmentId ?? (user.ApartmentIds is [var only] ? only : null as long?)) is not { } id) return Error.Required("apartment");
        if (!byStaff && !user.ApartmentIds.Contains(id)) return Error.NotFound;

        // Who has one row has nothing to choose from.
        if (!byStaff && user.OwnerIds is [var self]) return new BookingParty(id, self);
        var residents = await db
            .Occupancies.AsNoTracking()
            .Where(o => o.ApartmentId == id && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today))
            .OrderBy(o => o.Id)
            .Select(o => new { o.OwnerId, o.Kind })
            .ToListAsync(ct);
        if (!byStaff)
        {
            var mine = residents.Where(r => user.OwnerIds.Contains(r.OwnerId)).Select(r => r.OwnerId).Concat(user.OwnerIds).ToList();
            return mine.Count > 0 ? new BookingParty(id, mine[0]) : Error.NotFound;
        }

        if (ownerId is { } named)
            return residents.Any(r => r.OwnerId == named) ? new BookingParty(id, named) : new Error("booking.not_resident", "owner");
        var resident = residents.FirstOrDefault(r => r.Kind == OccupancyKind.Tenant) ?? residents.FirstOrDefault();
        var owner = resident?.OwnerId ?? await db.Apartments.Where(a => a.Id == id).Select(a => a.OwnerId).FirstOrDefaultAsync(ct);
        return owner is { } person ? new BookingParty(id, person) : new Error("booking.no_resident", "apartment");
    }
}
