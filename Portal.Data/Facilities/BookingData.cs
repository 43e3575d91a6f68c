using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Facilities.Rules;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>For whom the rules are asked, and what of that they need to know.</summary>
/// <param name="ApartmentId">Whose quota and arrears; null for nobody's.</param>
/// <param name="OwnerId">In whose name.</param>
/// <param name="Except">A booking that is being changed: it does not stand in its own way.</param>
/// <param name="WaitId">A place in the waiting list that is being served: only who stands before it comes first.</param>
/// <param name="Debtors">The building does not lend to debtors: what the apartment owes matters.</param>
internal sealed record BookingScope(long? ApartmentId = null, long? OwnerId = null, long? Except = null, long? WaitId = null, bool Debtors = false);

/// <summary>What the rules need to know about some facilities over some days, read in a few queries whatever their number.</summary>
internal sealed record BookingData(ILookup<long, Taken> Taken, ILookup<long, Closure> Closures, ILookup<long, Waiting> Waiting, IReadOnlyList<Used> Used)
{
    /// <summary>
    /// No booking is longer. It bounds how far back a look at some days goes, so that a look costs the same after ten years as after one. The portal allows a day
    /// at the most; the rest is for what older systems left behind.
    /// </summary>
    public const int LongestDays = 31;

    /// <summary>The states that hold a place for good. A pending booking holds it too: approving it must always be possible.</summary>
    public static readonly ReservationState[] Counting = [ReservationState.Confirmed, ReservationState.Pending, ReservationState.Completed, ReservationState.NoShow];

    public InArrears? Arrears { get; init; }

    public HoldsAnother? Holding { get; init; }

    /// <summary>What takes a place at an instant (UTC): a hold only does until its time is over, whether or not its row says so yet.</summary>
    public static Expression<Func<Reservation, bool>> Standing(DateTime utcNow) =>
        r => Counting.Contains(r.StatusId) || (r.StatusId == ReservationState.Held && r.HoldUntil > utcNow);

    /// <summary>A facility with its kind, hours and quotas; in a write, after its row was locked.</summary>
    public static IQueryable<Facility> Facilities(PortalDb db) => db.Facilities.AsNoTracking().Include(f => f.Hours).Include(f => f.Quotas).Include(f => f.ReservationType);

    /// <param name="facilities">Which; of one kind where a quota matters.</param>
    /// <param name="from">The first day looked at.</param>
    /// <param name="to">The day after the last.</param>
    public static async Task<BookingData> LoadAsync(PortalDb db, IReadOnlyList<Facility> facilities, BookingScope scope, DateOnly from, DateOnly to, BuildingClock clock, CancellationToken ct)
    {
        var ids = facilities.Select(f => f.Id).ToList();
        var (except, utcNow) = (scope.Except ?? 0, clock.UtcNow);

        // A day more on both sides: buffers and bookings reach over midnight.
        var (first, last) = (from.AddDays(-1).ToDateTime(TimeOnly.MinValue), to.AddDays(2).ToDateTime(TimeOnly.MinValue));
        var earliest = first.AddDays(-LongestDays);
        var taken = await db.Reservations.AsNoTracking()
            .Where(r => ids.Contains(r.FacilityId) && r.StartDate >= earliest && r.StartDate < last && r.EndDate > first && r.Id != except).Where(Standing(utcNow))
            .Select(r => new { r.FacilityId, Taken = new Taken(r.StartDate, r.EndDate, r.People, r.Id) }).ToListAsync(ct);
        var closures = await db.FacilityBlackouts.AsNoTracking()
            .Where(b => ids.Contains(b.FacilityId) && b.StartDate < last && b.EndDate > first)
            .Select(b => new { b.FacilityId, Closure = new Closure(b.StartDate, b.EndDate, b.Reason) }).ToListAsync(ct);
        return new BookingData(
            taken.ToLookup(t => t.FacilityId, t => t.Taken), closures.ToLookup(c => c.FacilityId, c => c.Closure),
            await WaitingAsync(db, ids, scope, first, last, ct), await UsedAsync(db, facilities, scope, from, utcNow, ct))
        {
            Arrears = scope is { Debtors: true, ApartmentId: { } debtor } ? await ArrearsAsync(db, debtor, clock.Today, ct) : null,
            Holding = scope.ApartmentId is { } holder ? await HoldingAsync(db, holder, except, utcNow, ct) : null,
        };
    }

    /// <summary>Who waits and comes before the person asked for.</summary>
    private static async Task<ILookup<long, Waiting>> WaitingAsync(PortalDb db, List<long> ids, BookingScope scope, DateTime first, DateTime last, CancellationToken ct)
    {
        var rows = await db.ReservationWaits.AsNoTracking()
            .Where(w => ids.Contains(w.FacilityId) && w.State == WaitState.Waiting && w.StartDate >= first && w.StartDate < last)
            .Select(w => new { w.FacilityId, w.ApartmentId, Waiting = new Waiting(w.StartDate, w.EndDate, w.People, w.Id) }).ToListAsync(ct);
        var place = scope.WaitId ?? rows.Where(w => w.ApartmentId == scope.ApartmentId).Select(w => w.Waiting.Id).DefaultIfEmpty(long.MaxValue).Min();
        return rows.Where(w => w.ApartmentId != scope.ApartmentId && w.Waiting.Id < place).ToLookup(w => w.FacilityId, w => w.Waiting);
    }

    /// <summary>The bookings of the kind that quotas count: of whole months, and all that are still ahead.</summary>
    private static async Task<IReadOnlyList<Used>> UsedAsync(PortalDb db, IReadOnlyList<Facility> facilities, BookingScope scope, DateOnly from, DateTime utcNow, CancellationToken ct)
    {
        if (scope.ApartmentId is not { } apartment || facilities.FirstOrDefault(f => f.Quotas.Count > 0 || f.OpenLimit is not null) is not { } facility) return [];
        var (owner, except) = (scope.OwnerId ?? 0, scope.Except ?? 0);
        var first = Period.Of(QuotaPeriod.Month, from).From.AddDays(-7).ToDateTime(TimeOnly.MinValue);

        // A facility without a kind is a kind of its own. The kind of a booking is the facility's of today: moving a facility to another kind moves its bookings.
        var kind = facility.ReservationTypeId;
        var counted = db.Reservations.AsNoTracking().Where(r => r.StartDate >= first && r.Id != except).Where(Standing(utcNow));
        counted = kind is { } id ? counted.Where(r => r.Facility!.ReservationTypeId == id) : counted.Where(r => r.FacilityId == facility.Id);
        var used = await counted.Where(r => r.ApartmentId == apartment).OrderBy(r => r.StartDate).Select(r => new Used(r.StartDate, true, r.OwnerId == owner)).ToListAsync(ct);
        if (owner != 0 && facilities.Any(f => f.Quotas.Any(q => q.Subject == QuotaSubject.Person)))
        {
            used.AddRange(await counted.Where(r => r.OwnerId == owner && r.ApartmentId != apartment).Select(r => new Used(r.StartDate, false, true)).ToListAsync(ct));
        }

        return used;
    }

    private static async Task<InArrears?> ArrearsAsync(PortalDb db, long apartment, DateOnly today, CancellationToken ct)
    {
        var overdue = await db.Charges.Where(c => c.ApartmentId == apartment && c.Status == ChargeState.Open && c.DueOn < today).Select(c => new { Left = c.Amount - c.Paid, c.DueOn }).ToListAsync(ct);
        return overdue.Count == 0 ? null : new InArrears(overdue.Sum(c => c.Left), overdue.Min(c => c.DueOn));
    }

    private static Task<HoldsAnother?> HoldingAsync(PortalDb db, long apartment, long except, DateTime utcNow, CancellationToken ct) =>
        db.Reservations.Where(r => r.ApartmentId == apartment && r.StatusId == ReservationState.Held && r.HoldUntil > utcNow && r.Id != except)
            .OrderBy(r => r.Id).Select(r => new HoldsAnother(r.Facility!.Name, r.StartDate, r.EndDate)).FirstOrDefaultAsync(ct);

    public BookingAttempt Attempt(Facility facility, DateTime start, DateTime end, int people, BuildingClock clock, bool byStaff, bool termsAccepted = true) => new(facility, start, end, people)
    {
        Now = clock.Now,
        Zone = clock.Zone,
        ByStaff = byStaff,
        TermsAccepted = termsAccepted,
        Taken = [.. Taken[facility.Id]],
        Closures = [.. Closures[facility.Id]],
        Waiting = [.. Waiting[facility.Id]],
        Used = Used,
        Arrears = Arrears,
        Holding = Holding,
    };
}
