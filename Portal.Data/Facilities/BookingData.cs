using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>For whom the rules are asked, and what of that they need to know.</summary>
/// <param name="ApartmentId">Whose quota and arrears; null for nobody's.</param>
/// <param name="OwnerId">In whose name.</param>
/// <param name="Except">A booking that is being changed: it does not stand in its own way.</param>
/// <param name="WaitId">A place in the waiting list that is being served: only who stands before it comes first.</param>
/// <param name="ToHold">It is to hold a place: another that is held matters.</param>
/// <param name="Debtors">The building does not lend to debtors: what the apartment owes matters.</param>
internal sealed record BookingScope(
    long? ApartmentId = null, long? OwnerId = null, long? Except = null, long? WaitId = null, bool Debtors = false, bool ToHold = false);

/// <summary>What the rules need to know about some facilities over some days, read in one trip whatever their number.</summary>
internal sealed record BookingData(
    ILookup<long, Taken> Taken, ILookup<long, Closure> Closures, ILookup<long, Waiting> Waiting, IReadOnlyList<Used> Used)
{
    /// <summary>
    /// No booking is longer. It bounds how far back a look at some days goes, so that a look costs the same after ten years as after one.
    /// For what older systems booked
    /// for longer, migration 0015 closes the facility.
    /// </summary>
    public const int LongestDays = 1;

    /// <summary>The states that hold a place for good. A pending booking holds it too: approving it must always be possible.</summary>
    public static readonly ReservationState[] Counting =
    [
        ReservationState.Confirmed,
        ReservationState.Pending,
        ReservationState.Completed,
        ReservationState.NoShow,
    ];

    public InArrears? Arrears { get; init; }

    public HoldsAnother? Holding { get; init; }

    /// <summary>
    /// What takes a place at an instant (UTC): a hold only does until its time is over, whether or not its row says so yet.
    /// </summary>
    public static Expression<Func<Reservation, bool>> Standing(DateTime utcNow) =>
        r => Counting.Contains(r.StatusId) || (r.StatusId == ReservationState.Held && r.HoldUntil > utcNow);

    /// <summary>A facility with its kind, hours and quotas.</summary>
    public static IQueryable<Facility> Facilities(PortalDb db) =>
        db.Facilities.AsNoTracking().Include(f => f.Hours).Include(f => f.Quotas).Include(f => f.ReservationType);

    /// <param name="facilities">Which; of one kind where a quota matters.</param>
    /// <param name="from">The first day looked at.</param>
    /// <param name="to">The last day looked at.</param>
    public static async Task<BookingData> LoadAsync(
        PortalDb db, IReadOnlyList<Facility> facilities, BookingScope scope, DateOnly from, DateOnly to, BuildingClock clock,
        CancellationToken ct)
    {
        // Within a transaction the whole of it is repeated; outside of one nobody else repeats what a lost connection broke off.
        return db.Database.CurrentTransaction is not null
            ? await AskAsync(ct)
            : await db.Database.CreateExecutionStrategy().ExecuteAsync(AskAsync, ct);

        async Task<BookingData> AskAsync(CancellationToken token)
        {
            var query = new BookingQuery([.. facilities.Select(f => f.Id)], scope, from, to, clock);
            var batch = new SqlBatch();
            query.AskPlaces(batch).AskPerson(batch, facilities);
            await batch.RunAsync(db, token);
            return query.Answer();
        }
    }

    /// <summary>
    /// What the rules of several facilities ask of some apartments, for each by facility, in one trip. Places are not read.
    /// </summary>
    public static Task<IReadOnlyList<IReadOnlyDictionary<long, BookingData>>> PeopleAsync(
        PortalDb db, IReadOnlyList<Facility> facilities, IReadOnlyList<BookingScope> scopes, DateOnly from, DateOnly to,
        BuildingClock clock, CancellationToken ct) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync<IReadOnlyList<IReadOnlyDictionary<long, BookingData>>>(async token =>
        {
            var batch = new SqlBatch();

            // What is used counts by kind: each is asked for on its own.
            var kinds = facilities.GroupBy(f => f.ReservationTypeId is { } kind ? (Kind: (int?)kind, Id: 0L) : (Kind: null, f.Id)).ToList();
            var asked = scopes.Select(scope => kinds.ConvertAll(kind =>
            {
                List<Facility> rules = [.. kind];
                var query = new BookingQuery([.. rules.Select(f => f.Id)], scope, from, to, clock);
                query.AskPerson(batch, rules);
                return (Facilities: rules, Query: query);
            })).ToList();
            await batch.RunAsync(db, token);
            return asked.ConvertAll(home => (IReadOnlyDictionary<long, BookingData>)home
                .SelectMany(kind => kind.Facilities.Select(f => (f.Id, Data: kind.Query.Answer())))
                .ToDictionary(one => one.Id, one => one.Data));
        }, ct);

    /// <summary>
    /// One facility as screens show it, with its places over some days: in one trip, and a second where a rule asks of the person.
    /// </summary>
    /// <returns>Null where there is no such facility.</returns>
    public static Task<OpenFacility?> OpenAsync(
        PortalDb db, long facility, BookingScope scope, DateOnly from, DateOnly to, BuildingClock clock, CancellationToken ct) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            var query = new BookingQuery([facility], scope, from, to, clock);
            var batch = new SqlBatch();
            var found = BookingFacility.Ask(batch, facility).AskLook(batch, facility);
            query.AskPlaces(batch);
            await batch.RunAsync(db, token);
            if (found.Facility is not { } asked) return null;
            var second = new SqlBatch();
            query.AskPerson(second, [asked]);
            await second.RunAsync(db, token);
            return new OpenFacility(asked, found.Photo, query.Answer());
        }, ct);

    /// <summary>
    /// Locks what a booking locks (see <see cref="BookingLocks"/>) and then reads the facility and its places, in one trip, and in a second
    /// what its rules ask of the person: each
    /// statement sees what others have committed before it, so all that follows the locks is what is true under them.
    /// </summary>
    /// <returns>Null where the apartment, the person or the facility is not there.</returns>
    public static async Task<(Facility Facility, BookingData Data)?> LockAsync(
        PortalDb db, long apartment, long owner, long facility, BookingScope scope, DateOnly day, BuildingClock clock, CancellationToken ct)
    {
        var query = new BookingQuery([facility], scope, day, day, clock);
        var batch = new SqlBatch();
        var locked = BookingLocks.Ask(batch, apartment, owner, facility);
        var found = BookingFacility.Ask(batch, facility);
        query.AskPlaces(batch);
        await batch.RunAsync(db, ct);
        if (locked.Count != BookingLocks.RowsOfABooking || found.Facility is not { } asked) return null;
        var second = new SqlBatch();
        query.AskPerson(second, [asked]);
        await second.RunAsync(db, ct);
        return (asked, query.Answer());
    }

    public BookingAttempt Attempt(
        Facility facility, DateTime start, DateTime end, int people, BuildingClock clock, bool byStaff, bool termsAccepted = true) =>
        new(facility, start, end, people)
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

/// <param name="Photo">The digest of its photo.</param>
internal sealed record OpenFacility(Facility Facility, string? Photo, BookingData Data);
