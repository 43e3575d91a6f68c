using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>Makes bookings and changes their state. Two never get one place: see <see cref="BookingLocks"/>.</summary>
public sealed class ReservationService(PortalStore store, BuildingClock clock)
{
    /// <summary>The prefix of booking numbers: <c>R-2026-000731</c>.</summary>
    public const string Series = "R";

    private const int LongestText = 500;

    /// <summary>
    /// Books, or says everything that stands against it (errors <c>booking.*</c>, each with its <see cref="Refusal"/>). Needs
    /// <see cref="Permissions.ReservationsBookOwn"/> for an apartment of one's own or <see cref="Permissions.ReservationsManage"/> for any.
    /// </summary>
    public async Task<Result<Booked>> BookAsync(BookingInput input, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if (!byStaff && !user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        if (Shape(input) is { Count: > 0 } wrong) return wrong;
        return await store.WriteAsync<Booked>(user, async (db, token) =>
        {
            var who = await WhoAsync(db, input, user, byStaff, token);
            if (!who.Ok) return Result<Booked>.Refused(who);

            if (!await BookingLocks.ApartmentAsync(db, who.Value.ApartmentId, token)) return Error.NotFound;
            if (!await BookingLocks.FacilityAsync(db, input.FacilityId, token)) return Error.NotFound;
            var facility = await BookingData.Facilities(db).SingleAsync(f => f.Id == input.FacilityId, token);
            var day = DateOnly.FromDateTime(input.Start);
            var data = await BookingData.LoadAsync(db, [facility], who.Value.ApartmentId, day, day, token);
            var refusals = BookingRules.Check(data.Attempt(facility, input.Start, input.End, input.People, clock, byStaff, input.TermsAccepted));
            if (refusals.Count > 0) return refusals.ConvertAll(r => r.ToError());

            var reservation = await AddAsync(db, input, facility, who.Value, byStaff, user, token);
            await db.SaveChangesAsync(token);
            // What the apartment has paid beyond its debts pays for this.
            if (reservation.StatusId == ReservationState.Confirmed) await ApartmentLedger.SettleAsync(db, who.Value.ApartmentId, null, token);
            return new Booked(reservation.Id, reservation.Number!, reservation.StatusId, BookingPrice.Of(facility, input.Start, input.End));
        }, ct);
    }

    /// <summary>
    /// Cancels and frees the place. Its resident may do so until it begins: free of charge until the time fixed when it was booked, for the charge fixed then
    /// after it. The office may until it ends, at no charge and with a reason.
    /// </summary>
    /// <param name="agreedCharge">What the person was told it costs; if it has become more meanwhile, nothing is done.</param>
    public async Task<Result> CancelAsync(long id, string? reason, decimal agreedCharge, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if (byStaff && string.IsNullOrWhiteSpace(reason)) return Error.Required("reason");
        if (reason?.Length > LongestText) return Error.TooLong("reason", LongestText);
        return await store.WriteAsync(user, async (db, token) =>
        {
            var found = await ReachAsync(db, id, user, byStaff, token);
            if (!found.Ok) return found;
            var reservation = found.Value;
            if (reservation.StatusId is not (ReservationState.Confirmed or ReservationState.Pending)) return new Error("reservation.not_open");
            var now = clock.Now;
            if (now >= (byStaff ? reservation.EndDate : reservation.StartDate)) return new Error("reservation.begun");

            var late = reservation.StatusId == ReservationState.Confirmed && reservation.CancelFreeUntil is { } until && now > until;
            var cost = late && !byStaff ? reservation.CancelCharge : 0;
            if (cost > agreedCharge) return new Error("reservation.charge", null, cost);
            await ReservationEnd.CloseAsync(db, reservation, reason, cost, clock, user, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>Confirms a pending booking and posts what it costs. Needs <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<Result> ApproveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            // The apartment first, as everywhere: its credit may pay for this.
            var apartment = await db.Reservations.Where(r => r.Id == id).Select(r => r.ApartmentId).FirstOrDefaultAsync(token);
            if (apartment is { } payer) await BookingLocks.ApartmentAsync(db, payer, token);

            // Pending bookings hold their place, so there is no rule left that could refuse it.
            if (await BookingLocks.ReservationAsync(db, id, token) is not { } reservation) return Error.NotFound;
            if (reservation.StatusId != ReservationState.Pending) return new Error("reservation.not_pending");
            if (clock.Now >= reservation.EndDate) return new Error("reservation.begun");
            reservation.StatusId = ReservationState.Confirmed;
            var facility = await db.Facilities.AsNoTracking().SingleAsync(f => f.Id == reservation.FacilityId, token);
            if (reservation.ApartmentId is not null) db.Charges.AddRange(BookingCharges.Of(reservation, facility, clock.Today));
            await ReservationNotices.TellAsync(db, reservation, facility.Name, ReservationNotices.Approved, token);
            await db.SaveChangesAsync(token);
            if (apartment is { } owing) await ApartmentLedger.SettleAsync(db, owing, null, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>Refuses a pending booking, with the reason its resident is told. Needs <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<Result> RejectAsync(long id, string reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (string.IsNullOrWhiteSpace(reason)) return Error.Required("reason");
        if (reason.Length > LongestText) return Error.TooLong("reason", LongestText);
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await BookingLocks.ReservationAsync(db, id, token) is not { } reservation) return Error.NotFound;
            if (reservation.StatusId != ReservationState.Pending) return new Error("reservation.not_pending");
            await ReservationEnd.CloseAsync(db, reservation, reason, 0, clock, user, token);
            return Result.Done;
        }, ct);
    }

    private async Task<Reservation> AddAsync(PortalDb db, BookingInput input, Facility facility, Who who, bool byStaff, CurrentUser user, CancellationToken ct)
    {
        var price = BookingPrice.Of(facility, input.Start, input.End);
        var reservation = new Reservation
        {
            OwnerId = who.OwnerId,
            ApartmentId = who.ApartmentId,
            FacilityId = facility.Id,
            ReservationTypeId = facility.ReservationTypeId,
            StartDate = input.Start,
            EndDate = input.End,
            StatusId = facility.ApprovalRequired && !byStaff ? ReservationState.Pending : ReservationState.Confirmed,
            People = input.People,
            TotalCost = price.Hours,
            Deposit = price.Deposit,
            CancelFreeUntil = price.CancelFreeUntil,
            CancelCharge = price.CancelCharge,
            Notes = string.IsNullOrWhiteSpace(input.Notes) ? null : input.Notes.Trim(),
            BookedBy = user.AccountId,
            Number = await Numbering.NextAsync(db, Series, clock.Today.Year, ct),
        };
        db.Reservations.Add(reservation);
        if (reservation.StatusId == ReservationState.Confirmed) db.Charges.AddRange(BookingCharges.Of(reservation, facility, clock.Today));
        return reservation;
    }

    private static async Task<Result<Reservation>> ReachAsync(PortalDb db, long id, CurrentUser user, bool byStaff, CancellationToken ct)
    {
        // Security sees every booking and cancels none: seeing is not enough here.
        if (await BookingLocks.ReservationAsync(db, id, ct) is not { } reservation) return Error.NotFound;
        return byStaff || (user.Can(Permissions.ReservationsBookOwn) && user.OwnerIds.Contains(reservation.OwnerId)) ? reservation : Error.NotFound;
    }

    private static List<Error> Shape(BookingInput input)
    {
        List<Error> wrong = [];
        if (input.People < 1) wrong.Add(new Error("booking.people_least", "people", 1));
        if (input.Notes?.Length > LongestText) wrong.Add(Error.TooLong("notes", LongestText));
        return wrong;
    }

    internal sealed record Who(long ApartmentId, long OwnerId);

    /// <summary>For which apartment and in whose name.</summary>
    private async Task<Result<Who>> WhoAsync(PortalDb db, BookingInput input, CurrentUser user, bool byStaff, CancellationToken ct)
    {
        var apartment = input.ApartmentId ?? (user.ApartmentIds is [var only] ? only : null as long?);
        if (apartment is not { } id) return Error.Required("apartment");
        if (!byStaff && !user.ApartmentIds.Contains(id)) return Error.NotFound;

        var today = clock.Today;
        var residents = await db.Occupancies.Where(o => o.ApartmentId == id && o.StartedOn <= today && (o.EndedOn == null || o.EndedOn >= today))
            .OrderBy(o => o.Id).Select(o => new { o.OwnerId, o.Kind }).ToListAsync(ct);
        if (!byStaff)
        {
            var mine = residents.Where(r => user.OwnerIds.Contains(r.OwnerId)).Select(r => r.OwnerId).Concat(user.OwnerIds).ToList();
            return mine.Count > 0 ? new Who(id, mine[0]) : Error.NotFound;
        }

        if (input.OwnerId is { } named) return residents.Any(r => r.OwnerId == named) ? new Who(id, named) : new Error("booking.not_resident", "owner");
        var resident = residents.FirstOrDefault(r => r.Kind == OccupancyKind.Tenant) ?? residents.FirstOrDefault();
        var owner = resident?.OwnerId ?? await db.Apartments.Where(a => a.Id == id).Select(a => a.OwnerId).FirstOrDefaultAsync(ct);
        return owner is { } person ? new Who(id, person) : new Error("booking.no_resident", "apartment");
    }
}
