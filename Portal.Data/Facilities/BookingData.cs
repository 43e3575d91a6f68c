using Microsoft.EntityFrameworkCore;
using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>What the rules need to know about some facilities over some days, read in four queries whatever their number.</summary>
internal sealed record BookingData(ILookup<long, Taken> Taken, ILookup<long, Closure> Closures, IReadOnlyList<DateTime> Used)
{
    /// <summary>The states that hold a place. A pending booking holds it too: approving it must always be possible.</summary>
    public static readonly ReservationState[] Counting = [ReservationState.Confirmed, ReservationState.Pending, ReservationState.Completed];

    /// <summary>A facility with its kind and hours; in a write, after its row was locked.</summary>
    public static IQueryable<Facility> Facilities(PortalDb db) => db.Facilities.AsNoTracking().Include(f => f.Hours).Include(f => f.ReservationType);

    /// <param name="facilities">Which; of one kind where a quota matters.</param>
    /// <param name="apartmentId">Whose quota; null for nobody's.</param>
    /// <param name="from">The first day looked at.</param>
    /// <param name="to">The day after the last.</param>
    public static async Task<BookingData> LoadAsync(PortalDb db, IReadOnlyList<Facility> facilities, long? apartmentId, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var ids = facilities.Select(f => f.Id).ToList();

        // A day more on both sides: buffers reach over midnight, and a booking of before this portal may have begun the day before.
        var (first, last) = (from.AddDays(-1).ToDateTime(TimeOnly.MinValue), to.AddDays(1).ToDateTime(TimeOnly.MinValue));
        var taken = await db.Reservations.AsNoTracking()
            .Where(r => ids.Contains(r.FacilityId) && r.StartDate < last && r.EndDate > first && Counting.Contains(r.StatusId))
            .Select(r => new { r.FacilityId, Taken = new Taken(r.StartDate, r.EndDate, r.People, r.Id) }).ToListAsync(ct);
        var closures = await db.FacilityBlackouts.AsNoTracking()
            .Where(b => ids.Contains(b.FacilityId) && b.StartDate < last && b.EndDate > first)
            .Select(b => new { b.FacilityId, Closure = new Closure(b.StartDate, b.EndDate, b.Reason) }).ToListAsync(ct);
        var used = apartmentId is { } apartment ? await UsedAsync(db, facilities, apartment, from, to, ct) : [];
        return new BookingData(taken.ToLookup(t => t.FacilityId, t => t.Taken), closures.ToLookup(c => c.FacilityId, c => c.Closure), used);
    }

    /// <summary>The apartment's bookings of the kind, over whole periods of the quota.</summary>
    private static async Task<IReadOnlyList<DateTime>> UsedAsync(PortalDb db, IReadOnlyList<Facility> facilities, long apartment, DateOnly from, DateOnly to, CancellationToken ct)
    {
        if (facilities.FirstOrDefault(f => f.QuotaCount is not null) is not { } facility) return [];
        var first = Period.Of(QuotaPeriod.Month, from).From.AddDays(-7).ToDateTime(TimeOnly.MinValue);
        var last = Period.Of(QuotaPeriod.Month, to).To.AddDays(7).ToDateTime(TimeOnly.MinValue);
        var counted = db.Reservations.AsNoTracking()
            .Where(r => r.ApartmentId == apartment && r.StartDate >= first && r.StartDate < last && Counting.Contains(r.StatusId));

        // A facility without a kind is a kind of its own. The kind of a booking is the facility's of today: moving a facility to another kind moves its bookings.
        counted = facility.ReservationTypeId is { } kind ? counted.Where(r => r.Facility!.ReservationTypeId == kind) : counted.Where(r => r.FacilityId == facility.Id);
        return await counted.OrderBy(r => r.StartDate).Select(r => r.StartDate).ToListAsync(ct);
    }

    public BookingAttempt Attempt(Facility facility, DateTime start, DateTime end, int people, BuildingClock clock, bool byStaff, bool termsAccepted = true) => new(facility, start, end, people)
    {
        Now = clock.Now,
        Zone = clock.Zone,
        ByStaff = byStaff,
        TermsAccepted = termsAccepted,
        Taken = [.. Taken[facility.Id]],
        Closures = [.. Closures[facility.Id]],
        Used = Used,
    };
}
