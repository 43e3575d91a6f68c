using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>What a booking is to become.</summary>
public sealed record ChangeInput(long FacilityId, DateTime Start, DateTime End, int People);

/// <summary>What a change amounts to, before it is done.</summary>
/// <param name="Before">Price and deposit as they are.</param>
/// <param name="Price">Price and deposit after it.</param>
/// <param name="NeedsApproval">The office has to approve it again.</param>
public sealed record ChangeQuote(
    decimal Before, BookingPrice Price, IReadOnlyList<Refusal> Refusals, IReadOnlyList<FreeSlot> Nearest, bool NeedsApproval)
{
    public decimal Difference => Price.Total - Before;
}

/// <summary>Where a booking could go: a facility and the slots of one of its days. Lengths in minutes.</summary>
public sealed record ChangeOptions(
    long FacilityId, string Facility, string? Kind, int? Capacity, int SlotMinutes, int ShortestBooking, int LongestBooking, int Minutes,
    IReadOnlyList<SlotOption> Slots);

/// <summary>Moves bookings: to another time, another facility, for more or fewer people. They keep their number.</summary>
public sealed class ReservationChanges(PortalStore store, BuildingClock clock, SettingsService settings)
{
    private const int NearestDays = 45;

    /// <summary>
    /// The slots of a day that a booking could move to; it does not stand in its own way. Its resident, or
    /// <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    /// <param name="minutes">The length wanted; brought to what the facility allows.</param>
    public async Task<Result<ChangeOptions>> OptionsAsync(
        long id, long facilityId, DateOnly day, int minutes, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        await using var db = await store.OpenAsync(user, ct);
        if (
            await db.Reservations.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, ct) is not { } reservation
            || !ReservationService.Reaches(reservation.OwnerId, user, byStaff)
        )
            return Error.NotFound;
        if (await BookingData.Facilities(db).SingleOrDefaultAsync(f => f.Id == facilityId, ct) is not { } facility) return Error.NotFound;
        var length = Math.Clamp(minutes, facility.MinMinutes, facility.MaxMinutes) / facility.SlotMinutes * facility.SlotMinutes;
        var start = day.ToDateTime(TimeOnly.MinValue);
        var (attempt, _) = await AttemptAsync(
            db, reservation, facility, new ChangeInput(facilityId, start, start.AddMinutes(length), 1), byStaff, ct);
        return new ChangeOptions(
            facility.Id, facility.Name, facility.ReservationType?.Name, facility.Capacity, facility.SlotMinutes, facility.MinMinutes,
            facility.MaxMinutes, length, Availability.Day(attempt with { MovedFrom = null }, day, length));
    }

    /// <summary>What the rules say to a change and what it costs. Its resident, or <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<Result<ChangeQuote>> QuoteAsync(long id, ChangeInput input, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        await using var db = await store.OpenAsync(user, ct);
        if (
            await db.Reservations.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, ct) is not { } reservation
            || !ReservationService.Reaches(reservation.OwnerId, user, byStaff)
        )
            return Error.NotFound;
        if (reservation.WhyNotMovable(clock.Now, byStaff) is { } over) return over;
        if (await BookingData.Facilities(db).SingleOrDefaultAsync(f => f.Id == input.FacilityId, ct) is not { } facility)
            return Error.NotFound;
        var (attempt, data) = await AttemptAsync(db, reservation, facility, input, byStaff, ct);
        var refusals = BookingRules.Check(attempt);
        var nearest = refusals.Count == 0 ? [] : await NearestAsync(db, attempt, data.Scope, ct);
        return new ChangeQuote(
            reservation.Price.Total, PriceOf(reservation, facility, input), refusals, nearest,
            facility.ApprovalRequired && !byStaff && Moves(reservation, input));
    }

    /// <summary>
    /// Does it. The new place is taken and the old one freed in one write; charges of the old one are taken off and what was paid of them
    /// pays the new.
    /// </summary>
    /// <param name="agreedTotal">Price and deposit that the person was shown; if they have changed meanwhile, nothing is done.</param>
    public async Task<Result<Booked>> MoveAsync(long id, ChangeInput input, decimal agreedTotal, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if (input.People < 1) return new Error("booking.people_least", "people", 1);
        return await store.WriteAsync<Booked>(
            user,
            async (db, token) =>
            {
                var known = await db
                    .Reservations.AsNoTracking()
                    .Where(r => r.Id == id)
                    .Select(r => new
                    {
                        r.ApartmentId,
                        r.OwnerId,
                        r.FacilityId,
                    })
                    .FirstOrDefaultAsync(token);
                if (known is null || !ReservationService.Reaches(known.OwnerId, user, byStaff)) return Error.NotFound;
                if (known.ApartmentId is { } apartment) await BookingLocks.ApartmentAsync(db, apartment, token);
                await BookingLocks.OwnerAsync(db, known.OwnerId, token);
                foreach (var place in new[] { known.FacilityId, input.FacilityId }.Distinct().Order())
                {
                    if (!await BookingLocks.FacilityAsync(db, place, token)) return Error.NotFound;
                }

                var reservation = (await BookingLocks.LockedAsync(db, id, token))!;

                // Somebody else moved it in between: what is locked is not what it stands in.
                if (reservation.FacilityId != known.FacilityId) return Error.Stale;
                if (reservation.WhyNotMovable(clock.Now, byStaff) is { } over) return over;
                var facility = await BookingData.Facilities(db).SingleAsync(f => f.Id == input.FacilityId, token);
                var (attempt, _) = await AttemptAsync(db, reservation, facility, input, byStaff, token);
                if (BookingRules.Check(attempt) is { Count: > 0 } refusals) return refusals.ConvertAll(r => r.ToError());
                var price = PriceOf(reservation, facility, input);
                if (price.Total != agreedTotal) return new Error("reservation.price", null, price.Total);

                var moved = await WriteAsync(db, reservation, facility, input, price, byStaff, token);
                if (!moved.Ok) return Result<Booked>.Refused(moved);
                return new Booked(id, reservation.Number ?? "", reservation.StatusId, price);
            },
            ct
        );
    }

    private async Task<Result> WriteAsync(
        PortalDb db, Reservation reservation, Facility facility, ChangeInput input, BookingPrice price, bool byStaff, CancellationToken ct)
    {
        var (moves, left) = (Moves(reservation, input), reservation.FacilityId);
        reservation.Seat(input.People);
        if (moves)
        {
            var charges = await BookingLocks.ChargesAsync(db, reservation.Id, ct);
            await ApartmentLedger.WithdrawAsync(db, charges, ct);
            await db.SaveChangesAsync(ct);
            if (reservation.Move(facility, input.Start, input.End, price, facility.ApprovalRequired && !byStaff) is { Ok: false } refused)
                return refused;
            var payFirst = facility.PayFirst && !byStaff;

            // What is paid first and is not paid yet waits for its payment as before: moving is no way around it.
            if (
                reservation.StatusId == ReservationState.Confirmed
                && !await BookingCharges.PostAsync(db, reservation, facility.Name, payFirst, clock, ct)
                && payFirst
            )
                reservation.AwaitPayment();
        }

        await db.SaveChangesAsync(ct);
        await ReservationNotices.TellAsync(db, reservation, facility.Name, ReservationNotices.Changed, clock, ct);
        await WaitingList.FreedAsync(db, left, clock, ct);
        return Result.Done;
    }

    private async Task<(BookingAttempt Attempt, (BookingScope Scope, BookingData Data) Data)> AttemptAsync(
        PortalDb db, Reservation reservation, Facility facility, ChangeInput input, bool byStaff, CancellationToken ct)
    {
        var debtors = (await settings.GetAsync(ct)).BlockDebtors && !byStaff;
        var scope = new BookingScope(reservation.ApartmentId, reservation.OwnerId, Except: reservation.Id, Debtors: debtors);
        var day = DateOnly.FromDateTime(input.Start);
        var data = await BookingData.LoadAsync(db, [facility], scope, day, day, clock, ct);
        var notice =
            reservation.FacilityId == facility.Id
                ? facility.ChangeNoticeMinutes
                : await db.Facilities.Where(f => f.Id == reservation.FacilityId).Select(f => f.ChangeNoticeMinutes).SingleAsync(ct);
        return (
            data.Attempt(facility, input.Start, input.End, input.People, clock, byStaff) with
            {
                MovedFrom = reservation.StartDate,
                ChangeNoticeMinutes = notice,
            },
            (scope, data)
        );
    }

    private async Task<IReadOnlyList<FreeSlot>> NearestAsync(PortalDb db, BookingAttempt attempt, BookingScope scope, CancellationToken ct)
    {
        var from = attempt.Day < clock.Today ? clock.Today : attempt.Day;
        var data = await BookingData.LoadAsync(db, [attempt.Facility], scope, from, from.AddDays(NearestDays), clock, ct);
        var start = from.ToDateTime(TimeOnly.FromDateTime(attempt.Start));
        var wanted = data.Attempt(
            attempt.Facility, start, start + (attempt.End - attempt.Start), attempt.People, clock, attempt.ByStaff) with
        {
            MovedFrom = attempt.MovedFrom,
            ChangeNoticeMinutes = attempt.ChangeNoticeMinutes,
        };
        return Availability.Nearest(wanted, [], NearestDays);
    }

    private static bool Moves(Reservation reservation, ChangeInput input) =>
        reservation.FacilityId != input.FacilityId || reservation.StartDate != input.Start || reservation.EndDate != input.End;

    /// <summary>
    /// A booking that stays where it is keeps its price. One that moves has the price of today; but nobody moves away from a late
    /// cancellation's charge.
    /// </summary>
    private BookingPrice PriceOf(Reservation reservation, Facility facility, ChangeInput input)
    {
        if (!Moves(reservation, input)) return reservation.Price;
        var price = BookingPrice.Of(facility, input.Start, input.End);
        return reservation.CancelFreeUntil is { } until && clock.Now > until
            ? price with
            {
                CancelFreeUntil = until,
                CancelCharge = Math.Max(price.CancelCharge, reservation.CancelCharge),
            }
            : price;
    }
}
