using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Facilities;

/// <summary>Closes a facility for a time. All need <see cref="Permissions.FacilitiesEdit"/>.</summary>
public sealed class BlackoutService(PortalStore store, BuildingClock clock)
{
    private const int MostAttempts = 5;

    /// <summary>
    /// The bookings a closure of some facilities would meet, with names and what has been paid of them: looked at before it is done.
    /// </summary>
    public async Task<Result<IReadOnlyList<MetBooking>>> MetAsync(
        IReadOnlyList<long> facilityIds, DateTime start, DateTime end, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        var met = Met(db, facilityIds, start, end).AsNoTracking();
        var rows = await met.OrderBy(r => r.StartDate).ThenBy(r => r.Id).Select(ReservationReach.Row(db)).ToListAsync(ct);
        var paid = await db
            .Charges.Where(c => c.ReservationId != null && c.Paid > 0 && met.Any(r => r.Id == c.ReservationId))
            .GroupBy(c => c.ReservationId!.Value)
            .Select(g => new { Id = g.Key, Paid = g.Sum(c => c.Paid) })
            .ToDictionaryAsync(p => p.Id, p => p.Paid, ct);
        return rows.ConvertAll(r => new MetBooking(r, paid.GetValueOrDefault(r.Id)));
    }

    /// <summary>
    /// Closes one facility or several, and cancels the bookings in that time where that was chosen; in one transaction, so no booking slips
    /// in between.
    /// </summary>
    /// <returns>How many bookings were cancelled.</returns>
    public async Task<Result<int>> AddAsync(long facilityId, BlackoutInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        List<Error> wrong = [];
        if (string.IsNullOrWhiteSpace(input.Reason)) wrong.Add(Error.Required(nameof(input.Reason)));
        else if (input.Reason.Length > 200) wrong.Add(Error.TooLong(nameof(input.Reason), 200));
        if (input.End <= input.Start) wrong.Add(new Error("facility.blackout_ends_first", nameof(input.End)));
        else if (input.End <= clock.Now) wrong.Add(new Error("facility.blackout_past", nameof(input.End)));
        if (wrong.Count > 0) return wrong;

        for (var attempt = 1; ; attempt++)
        {
            var closed = await CloseAsync(facilityId, input, user, ct);
            if (closed.Ok || closed.Error != Error.Stale || attempt == MostAttempts) return closed;
        }
    }

    private Task<Result<int>> CloseAsync(long facilityId, BlackoutInput input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                // Accounts are locked before the facilities, as everywhere; a booking that slips in before a facility is locked brings one
                // more: then all is done again.
                List<long> facilities = [.. input.Also.Append(facilityId).Distinct().Order()];
                var locked = new HashSet<long>();
                if (input.CancelBookings)
                {
                    foreach (var apartment in await ApartmentsAsync(db, facilities, input, token))
                        if (await BookingLocks.ApartmentAsync(db, apartment, token)) locked.Add(apartment);
                }

                foreach (var facility in facilities)
                {
                    if (!await BookingLocks.FacilityAsync(db, facility, token)) return Error.NotFound;
                    db.FacilityBlackouts.Add(
                        new FacilityBlackout
                        {
                            FacilityId = facility,
                            StartDate = input.Start,
                            EndDate = input.End,
                            Reason = input.Reason.Trim(),
                        }
                    );
                }

            if (!input.CancelBookings) return 0;
            if ((await ApartmentsAsync(db, facilities, input, token)).Exists(apartment => !locked.Contains(apartment))) return Error.Stale;
            var ended = await Ended(db, facilities, input).OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(token);
            if (input.Seen is { } seen && ended.Except(seen).Any()) return new Error("facility.blackout_more");

                var cancelled = 0;
                foreach (var id in ended)
                {
                    // Its resident may have cancelled it since it was listed.
                    if (
                        await BookingLocks.LockedAsync(db, id, token) is not { } reservation
                        || !reservation.Cancel(user.AccountId, clock.UtcNow, input.Reason).Ok
                    )
                        continue;
                    await ReservationEnd.SettleAsync(db, reservation, 0, ReservationNotices.Cancelled, clock, token);
                    cancelled++;
                }

            return cancelled;
        }, ct);

    private Task<List<long>> ApartmentsAsync(PortalDb db, List<long> facilities, BlackoutInput input, CancellationToken ct) =>
        Ended(db, facilities, input)
            .Where(r => r.ApartmentId != null)
            .Select(r => r.ApartmentId!.Value)
            .Distinct()
            .OrderBy(a => a)
            .ToListAsync(ct);

    /// <summary>Opens again.</summary>
    public async Task<Result> RemoveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.FacilityBlackouts.SingleOrDefaultAsync(b => b.Id == id, token) is not { } blackout) return Error.NotFound;
            if (await db.CourseSessions.AnyAsync(s => s.BlackoutId == id && !s.Cancelled, token)) return new Error("facility.blackout_course");
            db.FacilityBlackouts.Remove(blackout);
            await WaitingList.FreedAsync(db, blackout.FacilityId, clock, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>What is to be cancelled.</summary>
    private IQueryable<Reservation> Ended(PortalDb db, IReadOnlyList<long> facilities, BlackoutInput input)
    {
        var kept = input.Kept;
        return Met(db, facilities, input.Start, input.End).Where(r => !kept.Contains(r.Id));
    }

    private IQueryable<Reservation> Met(PortalDb db, IReadOnlyList<long> facilities, DateTime start, DateTime end)
    {
        var now = clock.Now;
        return db.Reservations.Where(r => facilities.Contains(r.FacilityId) && r.StartDate < end && r.EndDate > start && r.EndDate > now
            && (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending || r.StatusId == ReservationState.Held));
    }
}
