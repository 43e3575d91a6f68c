using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>Makes bookings and changes their state. Two never get one place: see <see cref="BookingLocks"/>.</summary>
public sealed class ReservationService(PortalStore store, BuildingClock clock, SettingsService settings)
{
    /// <summary>The prefix of booking numbers: <c>R-2026-000731</c>.</summary>
    public const string Series = "R";

    internal const int LongestText = 500;

    /// <summary>
    /// Books, or says everything that stands against it (errors <c>booking.*</c>, each with its <see cref="Refusal"/>). What needs approval
    /// is pending, what is paid first or
    /// only asked to be held is held. Needs <see cref="Permissions.ReservationsBookOwn"/> for an apartment of one's own or
    /// <see cref="Permissions.ReservationsManage"/> for any.
    /// </summary>
    public async Task<Result<Booked>> BookAsync(BookingInput input, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if (!byStaff && !user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        if (Shape(input) is { Count: > 0 } wrong) return wrong;
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync<Booked>(
            user,
            async (db, token) =>
            {
                var party = await BookingParty.FindAsync(db, input.ApartmentId, input.OwnerId, user, clock.Today, token);
                if (!party.Ok) return Result<Booked>.Refused(party);
                var (apartment, owner) = party.Value;
                var scope = new BookingScope(
                    apartment, owner, Debtors: rules.BlockDebtors && !(byStaff && input.DespiteArrears), ToHold: input.Hold);
                if (
                    await BookingData.LockAsync(
                        db, apartment, owner, input.FacilityId, scope, DateOnly.FromDateTime(input.Start), clock, token)
                    is not var (facility, data)
                )
                    return Error.NotFound;
                var attempt = data.Attempt(
                    facility, input.Start, input.End, input.People, clock, byStaff, input.TermsAccepted || input.Hold) with
                {
                    ToHold = input.Hold,
                };
                if (BookingRules.Check(attempt) is { Count: > 0 } refusals) return refusals.ConvertAll(r => r.ToError());

            var price = BookingPrice.Of(facility, input.Start, input.End);
            var reservation = await BookingWrite.NewAsync(db, facility, apartment, owner, input, price, clock, user, token);
            await BookingWrite.PlaceAsync(db, reservation, facility, byStaff, input.Hold, rules, clock, token);
            return new Booked(reservation.Id, reservation.Number!, reservation.StatusId, price, reservation.HoldUntil);
        }, ct);
    }

    /// <summary>
    /// Books what was held: a place one made up one's mind about, or one that was offered from the waiting list. What is held until it is
    /// paid is booked by the payment.
    /// Refused with <c>reservation.hold_over</c> when it comes too late.
    /// </summary>
    public async Task<Result<Booked>> ConfirmAsync(long id, bool termsAccepted, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        var rules = await settings.GetAsync(ct);
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
                        r.StartDate,
                    })
                    .FirstOrDefaultAsync(token);
                if (known?.ApartmentId is not { } apartment || !Reaches(known.OwnerId, user, byStaff)) return Error.NotFound;
                var day = DateOnly.FromDateTime(known.StartDate);
                if (
                    await BookingData.LockAsync(
                        db, apartment, known.OwnerId, known.FacilityId, new BookingScope(Except: id), day, clock, token)
                    is not var (facility, data)
                )
                    return Error.NotFound;
                var reservation = (await BookingLocks.LockedAsync(db, id, token))!;
                if (reservation.WhyNotHeld(clock.UtcNow) is { } over) return over;
                if (await db.Charges.AnyAsync(c => c.ReservationId == id && c.Status != ChargeState.Cancelled, token))
                    return new Error("reservation.unpaid");

                // It was looked at when it was held, and held bookings do not move. Clocks of two servers may differ by what decides
                // whether a hold still stood, so the place is looked at again.
                var attempt = data.Attempt(
                    facility, reservation.StartDate, reservation.EndDate, reservation.People, clock, byStaff, termsAccepted);
                List<Refusal> refusals = [.. BookingRules.CheckPlace(attempt)];
                if (TermsNotAccepted.Check(attempt) is { } terms) refusals.Add(terms);
                if (refusals.Count > 0) return refusals.ConvertAll(r => r.ToError());

                if (
                    await db.ReservationWaits.FirstOrDefaultAsync(w => w.ReservationId == id && w.State == WaitState.Offered, token) is
                    { } offered
                )
                    offered.State = WaitState.Accepted;
                await BookingWrite.PlaceAsync(db, reservation, facility, byStaff, false, rules, clock, token);
                return new Booked(id, reservation.Number!, reservation.StatusId, reservation.Price, reservation.HoldUntil);
            },
            ct
        );
    }

    /// <summary>
    /// Cancels and frees the place. Its resident may do so until it begins: free of charge until the time fixed when it was booked, for the
    /// charge fixed then
    /// after it. The office may until it ends, at no charge and with a reason. What was paid is to the apartment's credit.
    /// </summary>
    /// <param name="agreedCharge">What the person was told it costs; if it has become more meanwhile, nothing is done.</param>
    public async Task<Result> CancelAsync(long id, string? reason, decimal agreedCharge, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if (byStaff && string.IsNullOrWhiteSpace(reason)) return Error.Required("reason");
        if (reason?.Length > LongestText) return Error.TooLong("reason", LongestText);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                // Security sees every booking and cancels none: seeing is not enough here.
                if (
                    await BookingLocks.ReservationAsync(db, id, token) is not { } reservation
                    || !Reaches(reservation.OwnerId, user, byStaff)
                )
                    return Error.NotFound;
                if (!reservation.IsOpen) return new Error("reservation.not_open");
                if (reservation.WhyTooLate(clock.Now, byStaff) is { } late) return late;

                var cost = byStaff
                    ? 0
                    : ReservationRow.ChargeAt(reservation.StatusId, reservation.CancelFreeUntil, reservation.CancelCharge, clock.Now);
                if (cost > agreedCharge) return new Error("reservation.charge", null, cost);
                var told =
                    user.OwnerIds.Contains(reservation.OwnerId) ? null
                    : reservation.StatusId == ReservationState.Pending ? ReservationNotices.Rejected
                    : ReservationNotices.Cancelled;
                if (reservation.Cancel(user.AccountId, clock.UtcNow, reason) is { Ok: false } refused) return refused;
                await ReservationEnd.SettleAsync(db, reservation, cost, told, clock, token);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>Confirms a pending booking and posts what it costs. Needs <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<Result> ApproveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            // Pending bookings hold their place, so there is no rule left that could refuse it.
            if (await BookingLocks.ReservationAsync(db, id, token) is not { } reservation) return Error.NotFound;
            if (reservation.Approve(clock.Now) is { Ok: false } refused) return refused;
            var facility = await db.Facilities.AsNoTracking().SingleAsync(f => f.Id == reservation.FacilityId, token);

            // What is paid first has its charges already.
            if (!facility.PayFirst) await BookingCharges.PostAsync(db, reservation, facility.Name, false, clock, token);
            await ReservationNotices.TellAsync(db, reservation, facility.Name, ReservationNotices.Approved, clock, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// Refuses a pending booking, with the reason its resident is told. Needs <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    public async Task<Result> RejectAsync(long id, string reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (string.IsNullOrWhiteSpace(reason)) return Error.Required("reason");
        if (reason.Length > LongestText) return Error.TooLong("reason", LongestText);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await BookingLocks.ReservationAsync(db, id, token) is not { } reservation) return Error.NotFound;
                if (reservation.Reject(user.AccountId, clock.UtcNow, reason) is { Ok: false } refused) return refused;
                await ReservationEnd.SettleAsync(db, reservation, 0, ReservationNotices.Rejected, clock, token);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>A hold whose time is over gives its place back. Done by a job when it is over; asking earlier does nothing.</summary>
    internal async Task<Result> ExpireAsync(long id, CancellationToken ct) =>
        await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                if (await BookingLocks.ReservationAsync(db, id, token) is not { } held || !held.Expire(clock.UtcNow).Ok) return Result.Done;
                var offered = await db.ReservationWaits.AnyAsync(w => w.ReservationId == id && w.State == WaitState.Offered, token);
                await ReservationEnd.SettleAsync(
                    db, held, 0, offered ? ReservationNotices.Missed : ReservationNotices.Expired, clock, token);
                return Result.Done;
            },
            ct
        );

    internal static bool Reaches(long ownerId, CurrentUser user, bool byStaff) =>
        byStaff || (user.Can(Permissions.ReservationsBookOwn) && user.OwnerIds.Contains(ownerId));

    private static List<Error> Shape(BookingInput input)
    {
        List<Error> wrong = [];
        if (input.People < 1) wrong.Add(new Error("booking.people_least", "people", 1));
        if (input.Notes?.Length > LongestText) wrong.Add(Error.TooLong("notes", LongestText));
        return wrong;
    }
}
