using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>What became of a booking, and by whom. Names are of accounts; null where nobody in particular did it.</summary>
/// <param name="BookedAt">UTC, with the two below.</param>
/// <param name="Changes">How often it was moved.</param>
public sealed record ReservationStory(
    string? BookedBy, DateTime? BookedAt, int Changes, string? CheckedInBy, DateTime? CheckedInAt, string? CancelledBy,
    DateTime? CancelledAt, ReservationSeriesRow? Series);

/// <summary>The series that a booking is one of.</summary>
/// <param name="Bookings">How many of it still hold a place.</param>
public sealed record ReservationSeriesRow(long Id, DateOnly StartsOn, DateOnly EndsOn, int Bookings);

/// <summary>A charge of a booking and what paid it.</summary>
public sealed record ReservationCharge(
    long Id, ChargeKind Kind, string Concept, decimal Amount, decimal Paid, ChargeState State, DateOnly DueOn,
    IReadOnlyList<ReservationPayment> Payments);

/// <param name="Receipt">Its number; null while it waits to be confirmed.</param>
/// <param name="Amount">What of it went to the charge.</param>
public sealed record ReservationPayment(long PaymentId, string? Receipt, DateOnly Date, decimal Amount);

/// <summary>A booking that waits for the office, with what is needed to decide.</summary>
/// <param name="AskedAt">UTC.</param>
/// <param name="Month">The apartment's other bookings of the kind in that month.</param>
/// <param name="Missed">How often nobody of the apartment came in the year before.</param>
/// <param name="Waiting">How many wait for a time that overlaps it.</param>
/// <param name="Closed">Why the facility is closed then; null where it is not.</param>
/// <param name="ToPay">It waits for a payment, which confirms it by itself.</param>
/// <param name="Overdue">What the apartment owes and is due; null where one may not see it.</param>
public sealed record QueueRow(
    ReservationRow Row, DateTime? AskedAt, int Month, int Missed, int Waiting, string? Closed, bool ToPay, decimal? Overdue);

public sealed partial class ReservationLists
{
    /// <summary>Who booked, came and cancelled, and when. Whoever may see the booking.</summary>
    public async Task<Result<ReservationStory>> StoryAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        var found = await db
            .Reservations.AsNoTracking()
            .VisibleTo(user)
            .Where(r => r.Id == id)
            .Select(r => new
            {
                r.BookedBy,
                r.CreatedAt,
                r.Changes,
                r.CheckedInBy,
                r.CheckedInAt,
                r.CancelledBy,
                r.CancelledAt,
                Series = r.Series == null
                    ? null
                    : new ReservationSeriesRow(
                        r.Series.Id,
                        r.Series.StartsOn,
                        r.Series.EndsOn,
                        db.Reservations.Count(o =>
                            o.SeriesId == r.SeriesId
                            && o.EndDate > now
                            && (o.StatusId == ReservationState.Confirmed || o.StatusId == ReservationState.Pending)
                        )
                    ),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return Error.NotFound;
        var accounts = new[] { found.BookedBy, found.CheckedInBy, found.CancelledBy }.OfType<long>().Distinct().ToList();
        var names = await db
            .Profiles.AsNoTracking()
            .Where(p => accounts.Contains(p.UserId))
            .Select(p => new { p.UserId, Name = p.FullName })
            .ToDictionaryAsync(p => p.UserId, p => p.Name, ct);
        string? Name(long? account) => account is { } one ? names.GetValueOrDefault(one) : null;
        return new ReservationStory(
            Name(found.BookedBy), found.CreatedAt, found.Changes, Name(found.CheckedInBy), found.CheckedInAt, Name(found.CancelledBy),
            found.CancelledAt, found.Series);
    }

    /// <summary>
    /// What a booking cost and which payments paid it. Who may see the booking and the account it is on; nothing for others.
    /// </summary>
    public async Task<IReadOnlyList<ReservationCharge>> PaymentsAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (!await db.Reservations.VisibleTo(user).AnyAsync(r => r.Id == id, ct)) return [];
        return await db.Charges.AsNoTracking().VisibleTo(user).Where(c => c.ReservationId == id).OrderBy(c => c.Id)
            .Select(c => new ReservationCharge(c.Id, c.Kind, c.Concept, c.Amount, c.Paid, c.Status, c.DueOn,
                db.PaymentApplications.Where(a => a.ChargeId == c.Id && !a.Reversed).OrderBy(a => a.Id)
                    .Select(a => new ReservationPayment(a.PaymentId, a.Payment!.ReceiptNumber, a.Payment.PaymentDate, a.Amount)).ToList()))
            .ToListAsync(ct);
    }

    /// <summary>What waits for the office, the longest first. Needs <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<IReadOnlyList<QueueRow>> QueueAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var (now, utcNow) = (clock.Now, clock.UtcNow);
        var year = now.AddYears(-1);
        var waiting = db
            .Reservations.AsNoTracking()
            .Where(r => r.StatusId == ReservationState.Pending && r.EndDate > now)
            .OrderBy(r => r.Id)
            .Take(ListQuery.LargestPage);
        var rows = await waiting.Select(ReservationReach.Row(db)).ToListAsync(ct);
        var facts = await waiting
            .Select(r => new
            {
                r.Id,
                r.CreatedAt,
                ToPay = r.Facility!.PayFirst,
                Month = db
                    .Reservations.Where(BookingData.Standing(utcNow))
                    .Count(o =>
                        o.Id != r.Id
                        && o.ApartmentId == r.ApartmentId
                        && o.ReservationTypeId == r.ReservationTypeId
                        && (r.ReservationTypeId != null || o.FacilityId == r.FacilityId)
                        && o.StartDate.Year == r.StartDate.Year
                        && o.StartDate.Month == r.StartDate.Month
                    ),
                Missed = db.Reservations.Count(o =>
                    o.ApartmentId == r.ApartmentId && o.StatusId == ReservationState.NoShow && o.StartDate >= year
                ),
                Waiting = db.ReservationWaits.Count(w =>
                    w.FacilityId == r.FacilityId && w.State == WaitState.Waiting && w.StartDate < r.EndDate && w.EndDate > r.StartDate
                ),
                Closed = db
                    .FacilityBlackouts.Where(b => b.FacilityId == r.FacilityId && b.StartDate < r.EndDate && b.EndDate > r.StartDate)
                    .OrderBy(b => b.StartDate)
                    .Select(b => b.Reason)
                    .FirstOrDefault(),
            })
            .ToDictionaryAsync(f => f.Id, ct);
        var overdue = await OverdueAsync(db, [.. rows.Select(r => r.ApartmentId).OfType<long>().Distinct()], user, ct);
        return rows.ConvertAll(row =>
            facts.GetValueOrDefault(row.Id) is { } f
                ? new QueueRow(
                    row, f.CreatedAt, f.Month, f.Missed, f.Waiting, f.Closed, f.ToPay,
                    overdue is null ? null : overdue.GetValueOrDefault(row.ApartmentId ?? 0))
                : new QueueRow(row, null, 0, 0, 0, null, false, null)
        );
    }

    /// <summary>What apartments owe and is due; null where the person may not know.</summary>
    private async Task<Dictionary<long, decimal>?> OverdueAsync(PortalDb db, List<long> apartments, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PaymentsView)) return null;
        var today = clock.Today;
        return await db
            .Charges.Where(c => apartments.Contains(c.ApartmentId))
            .OverdueOn(today)
            .GroupBy(c => c.ApartmentId)
            .Select(g => new { Apartment = g.Key, Owed = g.Sum(c => c.Owed) })
            .ToDictionaryAsync(o => o.Apartment, o => o.Owed, ct);
    }
}
