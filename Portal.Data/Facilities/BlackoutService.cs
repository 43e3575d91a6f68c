using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Facilities;

/// <summary>Closes a facility for a time. All need <see cref="Permissions.FacilitiesEdit"/>.</summary>
public sealed class BlackoutService(PortalStore store, BuildingClock clock)
{
    private const int MostAttempts = 5;

    /// <summary>The bookings a closure would meet, with names: looked at before it is done.</summary>
    public async Task<Result<IReadOnlyList<ReservationRow>>> MetAsync(long facilityId, DateTime start, DateTime end, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        return await Met(db, facilityId, start, end).AsNoTracking().OrderBy(r => r.StartDate).ThenBy(r => r.Id).Select(ReservationReach.Row(db)).ToListAsync(ct);
    }

    /// <summary>Closes it, and cancels the bookings in it where that was chosen; in one transaction, so no booking slips in between.</summary>
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
        store.WriteAsync<int>(user, async (db, token) =>
        {
            // Accounts are locked before the facility, as everywhere; a booking that slips in before the facility is locked brings one more: then all is done again.
            var locked = new HashSet<long>();
            if (input.CancelBookings)
            {
                foreach (var apartment in await ApartmentsAsync(db, facilityId, input, token)) if (await BookingLocks.ApartmentAsync(db, apartment, token)) locked.Add(apartment);
            }

            if (!await BookingLocks.FacilityAsync(db, facilityId, token)) return Error.NotFound;
            if (input.CancelBookings && (await ApartmentsAsync(db, facilityId, input, token)).Exists(apartment => !locked.Contains(apartment))) return Error.Stale;
            db.FacilityBlackouts.Add(new FacilityBlackout { FacilityId = facilityId, StartDate = input.Start, EndDate = input.End, Reason = input.Reason.Trim() });
            if (!input.CancelBookings) return 0;

            var cancelled = 0;
            foreach (var id in await Met(db, facilityId, input.Start, input.End).OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(token))
            {
                // Its resident may have cancelled it since it was listed.
                if (await BookingLocks.LockedAsync(db, id, token) is not { } reservation || !ReservationService.Open(reservation)) continue;
                await ReservationEnd.CloseAsync(db, reservation, ReservationState.Cancelled, input.Reason, 0, ReservationNotices.Cancelled, clock, user, token);
                cancelled++;
            }

            return cancelled;
        }, ct);

    private Task<List<long>> ApartmentsAsync(PortalDb db, long facilityId, BlackoutInput input, CancellationToken ct) =>
        Met(db, facilityId, input.Start, input.End).Where(r => r.ApartmentId != null).Select(r => r.ApartmentId!.Value).Distinct().OrderBy(a => a).ToListAsync(ct);

    /// <summary>Opens again.</summary>
    public async Task<Result> RemoveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.FacilityBlackouts.SingleOrDefaultAsync(b => b.Id == id, token) is not { } blackout) return Error.NotFound;
            db.FacilityBlackouts.Remove(blackout);
            await WaitingList.FreedAsync(db, blackout.FacilityId, clock, token);
            return Result.Done;
        }, ct);
    }

    private IQueryable<Reservation> Met(PortalDb db, long facilityId, DateTime start, DateTime end)
    {
        var now = clock.Now;
        return db.Reservations.Where(r => r.FacilityId == facilityId && r.StartDate < end && r.EndDate > start && r.EndDate > now
            && (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending || r.StatusId == ReservationState.Held));
    }
}
