using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Facilities;

/// <param name="Pending">Bookings to be approved.</param>
/// <param name="Waiting">Entries of the waiting lists.</param>
public sealed record OfficeCounts(int Pending, int Waiting);

/// <summary>Reads bookings: one's own, the office's list, the calendar, what waits to be decided.</summary>
public sealed partial class ReservationLists(PortalStore store, BuildingClock clock, FacilityChoices choices)
{
    /// <summary>
    /// All that the person may see. Filters: <c>state</c> (one or several, with commas), <c>facility</c> (id), <c>from</c> and <c>to</c>
    /// (days). Sorts: <c>start</c>, <c>number</c>, <c>facility</c>,
    /// <c>apartment</c>, <c>state</c>, <c>price</c>; without one, the latest start first.
    /// </summary>
    public async Task<Page<ReservationRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var rows = Filtered(db, db.Reservations.AsNoTracking().VisibleTo(user), query, units, clock.Today.Year);
        return await Sorted(rows, query).Select(ReservationReach.Row(db)).PageAsync(query, ct);
    }

    /// <summary>All rows of the list for a file, notes and all: the office's, and one's own; not for who only lets people in.</summary>
    public async IAsyncEnumerable<ReservationRow> ExportAsync(
        ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (user.Can(Permissions.ReservationsView) && !user.Can(Permissions.ReservationsManage)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var filtered = Filtered(db, db.Reservations.AsNoTracking().VisibleTo(user), query, units, clock.Today.Year);
        var ids = await Sorted(filtered, query).Select(r => r.Id).ToListAsync(ct);
        var rows = Exports.ReadAsync(
            ids,
            some => db.Reservations.AsNoTracking().VisibleTo(user).Where(r => some.Contains(r.Id))
                .Select(ReservationReach.Row(db)).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>
    /// How many bookings wait for the office, and how many people for a place. Needs <see cref="Permissions.ReservationsManage"/>.
    /// </summary>
    public async Task<OfficeCounts> CountsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return new OfficeCounts(0, 0);
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;

        // Both in one statement, which needs a row to stand on.
        return await db.ReservationStatuses.Where(s => s.Id == ReservationState.Pending)
                .Select(s => new OfficeCounts(
                    db.Reservations.Count(r => r.StatusId == ReservationState.Pending && r.EndDate > now),
                    db.ReservationWaits.Count(
                        w => (w.State == WaitState.Waiting || w.State == WaitState.Offered) && w.StartDate > now)))
                .SingleOrDefaultAsync(ct)
            ?? new OfficeCounts(0, 0);
    }

    private static IQueryable<Reservation> Filtered(
        PortalDb db, IQueryable<Reservation> rows, ListQuery query, UnitSearch units, int year)
    {
        if (query.Filter("state") is { } chosen)
        {
            var states = chosen
                .Split(',')
                .Select(text => Enum.TryParse<ReservationState>(text, ignoreCase: true, out var state) ? state : 0)
                .ToList();
            rows = rows.Where(r => states.Contains(r.StatusId));
        }

        if (query.FilterNumber("facility") is { } facility) rows = rows.Where(r => r.FacilityId == facility);
        if (query.FilterDate("from") is { } from) rows = rows.Where(r => r.StartDate >= from.ToDateTime(TimeOnly.MinValue));
        if (query.FilterDate("to") is { } to) rows = rows.Where(r => r.StartDate < to.AddDays(1).ToDateTime(TimeOnly.MinValue));
        if (query.Search?.Trim() is { Length: > 0 } text)
        {
            if (RunningNumber.Read(text, ReservationService.Series, year) is { Count: > 0 } numbers)
                return rows.Where(r => numbers.Contains(r.Number!));
            var inUnits = units.Beginning(db).Select(a => a.Id);
            var named = db.Named(text).Select(p => p.UserId);
            rows = rows.Where(r =>
                r.Number!.Contains(text)
                || r.Facility!.Name.Contains(text)
                || inUnits.Contains(r.ApartmentId ?? 0)
                || named.Contains(r.Owner!.UserId)
            );
        }

        return rows;
    }

    private static IOrderedQueryable<Reservation> Sorted(IQueryable<Reservation> rows, ListQuery query) =>
        (query.Sort, query.Descending) switch
        {
            ("start", false) => rows.OrderBy(r => r.StartDate).ThenBy(r => r.Id),
            ("number", false) => rows.OrderBy(r => r.Number).ThenBy(r => r.Id),
            ("number", true) => rows.OrderByDescending(r => r.Number).ThenByDescending(r => r.Id),
            ("facility", false) => rows.OrderBy(r => r.Facility!.Name).ThenByDescending(r => r.StartDate).ThenBy(r => r.Id),
            ("facility", true) => rows.OrderByDescending(r => r.Facility!.Name).ThenByDescending(r => r.StartDate).ThenBy(r => r.Id),
            ("apartment", false) => rows.OrderBy(r => r.Apartment!.Tower!.Name).ThenBy(r => r.Apartment!.ApartmentNumber).ThenBy(r => r.Id),
            ("apartment", true) => rows.OrderByDescending(r => r.Apartment!.Tower!.Name)
                .ThenByDescending(r => r.Apartment!.ApartmentNumber)
                .ThenBy(r => r.Id),
            ("state", false) => rows.OrderBy(r => r.StatusId).ThenByDescending(r => r.StartDate).ThenBy(r => r.Id),
            ("state", true) => rows.OrderByDescending(r => r.StatusId).ThenByDescending(r => r.StartDate).ThenBy(r => r.Id),
            ("price", false) => rows.OrderBy(r => r.TotalCost).ThenBy(r => r.Id),
            ("price", true) => rows.OrderByDescending(r => r.TotalCost).ThenBy(r => r.Id),
            _ => rows.OrderByDescending(r => r.StartDate).ThenByDescending(r => r.Id),
        };
}
