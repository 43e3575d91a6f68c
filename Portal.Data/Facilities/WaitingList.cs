using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Facilities.Rules;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>Somebody's place in a waiting list.</summary>
/// <param name="Position">1 is next, among those who wait for a time that overlaps.</param>
/// <param name="ReservationId">The held booking that is offered; null while they wait.</param>
/// <param name="AnswerUntil">Until when to accept it (UTC).</param>
public sealed record WaitRow(
    long Id, long FacilityId, string Facility, DateTime Start, DateTime End, int People, WaitState State, int Position, string Apartment,
    string Person, long? ReservationId, DateTime? AnswerUntil, DateTime? Since);

/// <summary>
/// Who waits for a place that is taken. When one is free it is held for the first who can have it, who has some time to accept; then for
/// the next. Nobody else gets it
/// meanwhile (<see cref="OthersWait"/>).
/// </summary>
public sealed class WaitingList(PortalStore store, BuildingClock clock, SettingsService settings) : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("waiting_list");

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>How many places one apartment may wait for at once.</summary>
    public const int Most = 5;

    /// <summary>Waits for what only others stand in the way of. Needs what <see cref="ReservationService.BookAsync"/> needs.</summary>
    /// <returns>The id of the place in the list.</returns>
    public async Task<Result<long>> JoinAsync(BookingInput input, CurrentUser user, CancellationToken ct)
    {
        var byStaff = user.Can(Permissions.ReservationsManage);
        if (!byStaff && !user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        if (input.People < 1) return new Error("booking.people_least", "people", 1);
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var party = await BookingParty.FindAsync(db, input.ApartmentId, input.OwnerId, user, clock.Today, token);
                if (!party.Ok) return Result<long>.Refused(party);
                var (apartment, owner) = party.Value;
                var scope = new BookingScope(apartment, owner, Debtors: rules.BlockDebtors);
                if (
                    await BookingData.LockAsync(
                        db, apartment, owner, input.FacilityId, scope, DateOnly.FromDateTime(input.Start), clock, token)
                    is not var (facility, data)
                )
                    return Error.NotFound;
                var refusals = BookingRules.Check(data.Attempt(facility, input.Start, input.End, input.People, clock, false));
                if (refusals.Count == 0) return new Error("wait.free");
                if (!BookingService.CanWait(refusals))
                    return refusals.Where(r => r is not (SlotTaken or NotEnoughRoom or OthersWait)).Select(r => r.ToError()).ToList();

                var mine = db.ReservationWaits.Where(w =>
                    w.ApartmentId == apartment && (w.State == WaitState.Waiting || w.State == WaitState.Offered)
                );
                if (await mine.AnyAsync(w => w.FacilityId == facility.Id && w.StartDate < input.End && w.EndDate > input.Start, token))
                    return new Error("wait.already");
                if (await mine.CountAsync(w => w.StartDate > clock.Now, token) >= Most) return new Error("wait.too_many", null, Most);
                var wait = new ReservationWait
                {
                    FacilityId = facility.Id,
                    ApartmentId = apartment,
                    OwnerId = owner,
                    StartDate = input.Start,
                    EndDate = input.End,
                    People = input.People,
                };
                db.ReservationWaits.Add(wait);
                await db.SaveChangesAsync(token);

                // Somebody may be cancelling at this moment, and did not see that anybody waits: look once more when that is done.
                await JobQueue.AddAsync(db, JobKind, facility.Id, clock.UtcNow + LookAgain, null, token);
                return wait.Id;
            },
            ct
        );
    }

    /// <summary>Gives up waiting. An offer that was made is declined by cancelling what is held.</summary>
    public async Task<Result> LeaveAsync(long id, CurrentUser user, CancellationToken ct) =>
        await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var wait = await LockAsync(db, id, token);
                if (wait is null || !ReservationService.Reaches(wait.OwnerId, user, user.Can(Permissions.ReservationsManage)))
                    return Error.NotFound;
                if (wait.State != WaitState.Waiting) return new Error("wait.over");
                wait.State = WaitState.Left;
                await FreedAsync(db, wait.FacilityId, clock, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Takes back that one gave up: the old place in the list, as if one had never left. What others were offered meanwhile is theirs.
    /// </summary>
    public async Task<Result> ReturnAsync(long id, CurrentUser user, CancellationToken ct) =>
        await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var known = await db.ReservationWaits.AsNoTracking().FirstOrDefaultAsync(w => w.Id == id, token);
                if (known is null || !ReservationService.Reaches(known.OwnerId, user, user.Can(Permissions.ReservationsManage)))
                    return Error.NotFound;
                if (!await BookingLocks.TakeAsync(db, known.ApartmentId, known.OwnerId, known.FacilityId, token)) return Error.NotFound;
                var wait = (await LockAsync(db, id, token))!;
                if (wait.State != WaitState.Left || wait.StartDate <= clock.Now) return new Error("wait.over");
                var mine = db.ReservationWaits.Where(w =>
                    w.ApartmentId == wait.ApartmentId && (w.State == WaitState.Waiting || w.State == WaitState.Offered)
                );
                if (
                    await mine.AnyAsync(
                        w => w.FacilityId == wait.FacilityId && w.StartDate < wait.EndDate && w.EndDate > wait.StartDate,
                        token
                    )
                )
                    return new Error("wait.already");
                if (await mine.CountAsync(w => w.StartDate > clock.Now, token) >= Most) return new Error("wait.too_many", null, Most);
                wait.State = WaitState.Waiting;
                await FreedAsync(db, wait.FacilityId, clock, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Takes somebody off the list, with the reason, which the log keeps. Needs <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    public async Task<Result> RemoveAsync(long id, string reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        if (string.IsNullOrWhiteSpace(reason)) return Error.Required("reason");
        if (reason.Length > ReservationService.LongestText) return Error.TooLong("reason", ReservationService.LongestText);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var wait = await LockAsync(db, id, token);
                if (wait is null) return Error.NotFound;
                if (wait.State != WaitState.Waiting) return new Error("wait.over");
                wait.State = WaitState.Left;
                await ReservationNotices.TellAsync(db, wait, reason.Trim(), clock, token);
                await db.WriteEventAsync("wait_removed", "reservation_waits", id, new { reason = reason.Trim() }, token);
                await FreedAsync(db, wait.FacilityId, clock, token);
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>What the person waits for, and what they are offered; the nearest time first.</summary>
    public async Task<IReadOnlyList<WaitRow>> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsBookOwn) || user.OwnerIds.Count == 0) return [];
        await using var db = await store.OpenAsync(user, ct);
        var (owners, now) = (user.OwnerIds, clock.Now);
        return await Rows(db, db.ReservationWaits.Where(w => owners.Contains(w.OwnerId) && w.StartDate > now)).ToListAsync(ct);
    }

    /// <summary>Everybody who waits, of one facility or all. Needs <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<IReadOnlyList<WaitRow>> AllAsync(long? facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        return await Rows(db, db.ReservationWaits.Where(w => (facilityId == null || w.FacilityId == facilityId) && w.StartDate > now))
            .Take(ListQuery.LargestPage)
            .ToListAsync(ct);
    }

    private static IQueryable<WaitRow> Rows(PortalDb db, IQueryable<ReservationWait> waits) =>
        waits
            .AsNoTracking()
            .Where(w => w.State == WaitState.Waiting || w.State == WaitState.Offered)
            .OrderBy(w => w.StartDate)
            .ThenBy(w => w.Id)
            .Select(w => new WaitRow(
                w.Id,
                w.FacilityId,
                w.Facility!.Name,
                w.StartDate,
                w.EndDate,
                w.People,
                w.State,
                1
                    + db.ReservationWaits.Count(o =>
                        o.FacilityId == w.FacilityId
                        && o.State == WaitState.Waiting
                        && o.Id < w.Id
                        && o.StartDate < w.EndDate
                        && o.EndDate > w.StartDate
                    ),
                UnitName.Of(w.Apartment!),
                db.Profiles.Where(p => p.UserId == w.Owner!.UserId).Select(p => p.FullName).FirstOrDefault()
                    ?? w.Owner!.User!.UserName!,
                w.ReservationId,
                w.Reservation!.HoldUntil,
                w.CreatedAt
            ));

    /// <summary>A place may have become free in a facility: who waits is served when this write is committed.</summary>
    internal static async Task FreedAsync(PortalDb db, long facility, BuildingClock clock, CancellationToken ct)
    {
        var now = clock.Now;
        if (await db.ReservationWaits.AnyAsync(w => w.FacilityId == facility && w.State == WaitState.Waiting && w.StartDate > now, ct))
            await JobQueue.AddAsync(db, JobKind, facility, clock.UtcNow, null, ct);
    }

    /// <summary>Serves who waits for a facility, in their order.</summary>
    public override async Task RunAsync(long facility, CancellationToken ct)
    {
        var now = clock.Now;
        List<(long Id, long Apartment, long Owner, DateTime Start)> waiting;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            waiting =
            [
                .. (
                    await db
                        .ReservationWaits.AsNoTracking()
                        .Where(w => w.FacilityId == facility && w.State == WaitState.Waiting && w.StartDate > now)
                        .OrderBy(w => w.Id)
                        .Select(w => new
                        {
                            w.Id,
                            w.ApartmentId,
                            w.OwnerId,
                            w.StartDate,
                        })
                        .ToListAsync(ct)
                ).Select(w => (w.Id, w.ApartmentId, w.OwnerId, w.StartDate)),
            ];
        }

        foreach (var (id, apartment, owner, start) in waiting)
        {
            var offered = await OfferAsync(id, apartment, owner, facility, DateOnly.FromDateTime(start), ct);
            if (!offered.Ok)
                throw new InvalidOperationException($"Place {id} of the waiting list could not be served: {offered.Error!.Code}.");
        }
    }

    private static Task<ReservationWait?> LockAsync(PortalDb db, long id, CancellationToken ct) =>
        db.ReservationWaits.Where(w => w.Id == id).ForUpdate().FirstOrDefaultAsync(ct);

    private async Task<Result> OfferAsync(long id, long apartment, long owner, long facilityId, DateOnly day, CancellationToken ct)
    {
        var rules = await settings.GetAsync(ct);
        return await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                var scope = new BookingScope(apartment, owner, WaitId: id, Debtors: rules.BlockDebtors);
                if (await BookingData.LockAsync(db, apartment, owner, facilityId, scope, day, clock, token) is not var (facility, data))
                    return Result.Done;
                var wait = await LockAsync(db, id, token);
                if (wait is not { State: WaitState.Waiting } || wait.StartDate <= clock.Now) return Result.Done;

                // They asked in time; that there is less time now is not their doing.
                var refusals = BookingRules
                    .Check(data.Attempt(facility, wait.StartDate, wait.EndDate, wait.People, clock, false))
                    .Where(r => r is not TooSoon)
                    .ToList();
                if (refusals.Exists(r => r is SlotTaken or NotEnoughRoom or OthersWait or BlackedOut or NotAvailable)) return Result.Done;
                var price = BookingPrice.Of(facility, wait.StartDate, wait.EndDate);
                if (refusals.Count > 0)
                {
                    // A quota used up meanwhile, say: nobody behind them is to wait for that.
                    wait.State = WaitState.Passed;
                    await ReservationNotices.TellAsync(db, wait, null, clock, token);
                    await FreedAsync(db, facilityId, clock, token);
                    return Result.Done;
                }

                var input = new BookingInput(facilityId, wait.StartDate, wait.EndDate, wait.People);
                var reservation = await BookingWrite.NewAsync(
                    db, facility, apartment, owner, input, price, clock, CurrentUser.System, token);
                var (until, begins) = (clock.UtcNow.AddMinutes(rules.OfferMinutes), clock.ToUtc(wait.StartDate));
                reservation.Place(until < begins ? until : begins, approval: false);
                (wait.State, wait.Reservation) = (WaitState.Offered, reservation);
                await db.SaveChangesAsync(token);
                await JobQueue.AddAsync(db, HoldExpiry.JobKind, reservation.Id, reservation.HoldUntil!.Value, null, token);
                await ReservationNotices.TellAsync(db, reservation, facility.Name, ReservationNotices.Offered, clock, token);
                return Result.Done;
            },
            ct
        );
    }
}
