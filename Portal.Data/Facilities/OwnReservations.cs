using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>
/// A booking as its resident sees it: with what it put on the account, what of that is paid, and what may still be done with it.
/// </summary>
/// <param name="Charged">What stands on the account for it, price and deposit or the charge of cancelling it.</param>
/// <param name="Paid">What of that is paid.</param>
/// <param name="PaymentId">The last payment that went to it; null where there is none.</param>
/// <param name="PayFirst">It is only booked when it is paid.</param>
/// <param name="ChangeUntil">Until when it may be changed (the building's wall clock); null where it no longer is one that can be.</param>
/// <param name="Terms">What is accepted when it is booked.</param>
public sealed record OwnBooking(
    ReservationRow Row, decimal Charged, decimal Paid, long? PaymentId, bool PayFirst, bool CheckIn, DateTime? ChangeUntil, string? Terms)
{
    public decimal Owed => Charged - Paid;

    /// <summary>It is held until it is paid; other held ones until their resident says so.</summary>
    public bool HeldToPay => Row.State == ReservationState.Held && Charged > 0;

    /// <summary>A hold whose time is over is none, whether or not its row says so yet.</summary>
    public bool Lapsed(DateTime utcNow) =>
        Row.State == ReservationState.Expired || (Row.State == ReservationState.Held && Row.HoldUntil <= utcNow);
}

/// <summary>Bookings of one person.</summary>
/// <param name="ToCome">The next first.</param>
/// <param name="Past">Over or cancelled, the last first: as many as were asked for.</param>
/// <param name="PastCount">How many of those there are.</param>
public sealed record OwnBookings(IReadOnlyList<OwnBooking> ToCome, IReadOnlyList<OwnBooking> Past, int PastCount);

/// <summary>Reads a person's own bookings.</summary>
public sealed class OwnReservations(PortalStore store, BuildingClock clock)
{
    /// <summary>All that are to come, and some of the past. Needs <see cref="Permissions.ReservationsBookOwn"/>.</summary>
    /// <param name="past">How many that are over or were cancelled; at most <see cref="ListQuery.LargestPage"/> times ten.</param>
    public async Task<Result<OwnBookings>> ListAsync(int past, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        var (owners, now, utcNow) = (user.OwnerIds, clock.Now, clock.UtcNow);
        var mine = db.Reservations.AsNoTracking().Where(r => owners.Contains(r.OwnerId));
        var toCome = await mine.Where(r =>
                r.EndDate > now
                && (
                    r.StatusId == ReservationState.Confirmed
                    || r.StatusId == ReservationState.Pending
                    || (r.StatusId == ReservationState.Held && r.HoldUntil > utcNow)
                )
            )
            .OrderBy(r => r.StartDate)
            .ThenBy(r => r.Id)
            .Select(ReservationReach.Row(db))
            .ToListAsync(ct);
        var over = mine.Where(r =>
            r.EndDate <= now
            || !(
                r.StatusId == ReservationState.Confirmed
                || r.StatusId == ReservationState.Pending
                || (r.StatusId == ReservationState.Held && r.HoldUntil > utcNow)
            )
        );
        var last = await over.OrderByDescending(r => r.StartDate)
            .ThenByDescending(r => r.Id)
            .Take(Math.Clamp(past, 0, ListQuery.LargestPage * 10))
            .Select(ReservationReach.Row(db))
            .ToListAsync(ct);
        var count = await over.CountAsync(ct);
        return new OwnBookings(await WithMoneyAsync(db, toCome, ct), await WithMoneyAsync(db, last, ct), count);
    }

    /// <summary>The office may ask for any, residents for their own. The gate for none: this tells what was paid.</summary>
    public async Task<Result<OwnBooking>> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        var (any, owners) = (user.Can(Permissions.ReservationsManage), user.OwnerIds);
        if (!any && !user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        var row = await db
            .Reservations.AsNoTracking()
            .Where(r => r.Id == id && (any || owners.Contains(r.OwnerId)))
            .Select(ReservationReach.Row(db))
            .ToListAsync(ct);
        return row.Count == 0 ? Error.NotFound : (await WithMoneyAsync(db, row, ct))[0];
    }

    private static async Task<IReadOnlyList<OwnBooking>> WithMoneyAsync(PortalDb db, List<ReservationRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return [];
        var (ids, places) = (rows.ConvertAll(r => (long?)r.Id), rows.Select(r => r.FacilityId).Distinct().ToList());
        var charges = (await db.Charges.AsNoTracking().Where(c => ids.Contains(c.ReservationId) && c.Status != ChargeState.Cancelled)
            .Select(c => new { c.Id, c.ReservationId, c.Amount, c.Paid, c.Status }).ToListAsync(ct)).ToLookup(c => c.ReservationId!.Value);
        var charged = charges.SelectMany(c => c).Select(c => c.Id).ToList();
        var payments =
            charged.Count == 0
                ? []
                : await db
                    .PaymentApplications.AsNoTracking()
                    .Where(a => charged.Contains(a.ChargeId) && !a.Reversed)
                    .Select(a => new { a.ChargeId, a.PaymentId })
                    .ToListAsync(ct);
        var facilities = await db
            .Facilities.AsNoTracking()
            .Where(f => places.Contains(f.Id))
            .Select(f => new
            {
                f.Id,
                f.PayFirst,
                f.CheckIn,
                f.ChangeNoticeMinutes,
                f.Terms,
            })
            .ToDictionaryAsync(f => f.Id, ct);
        return rows.ConvertAll(row =>
        {
            var (of, facility) = (charges[row.Id].ToList(), facilities[row.FacilityId]);
            return new OwnBooking(
                row,
                of.Sum(c => c.Status == ChargeState.Exonerated ? c.Paid : c.Amount),
                of.Sum(c => c.Paid),
                payments.Where(p => of.Exists(c => c.Id == p.ChargeId)).Max(p => (long?)p.PaymentId),
                facility.PayFirst,
                facility.CheckIn,
                row.State is ReservationState.Confirmed or ReservationState.Pending
                    ? row.Start.AddMinutes(-facility.ChangeNoticeMinutes)
                    : null,
                facility.Terms
            );
        });
    }
}
