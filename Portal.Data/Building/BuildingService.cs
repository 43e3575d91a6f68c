using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Building;

/// <summary>
/// Towers and apartments as they are seen; <see cref="BuildingDesk"/> changes them, <see cref="OccupancyService"/> says whose they are.
/// </summary>
public sealed class BuildingService(PortalStore store, BuildingClock clock, BuildingChoices choices)
{
    private static readonly ReservationState[] Counting = [ReservationState.Pending, ReservationState.Confirmed];

    /// <summary>Sorts: <c>name</c>, <c>floors</c>, <c>apartments</c>. Needs <see cref="Permissions.BuildingView"/>.</summary>
    public async Task<Page<TowerRow>> TowersAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingView)) return Page<TowerRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var towers = db.Towers.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
            towers = towers.Where(t => t.Name.Contains(text) || t.Description!.Contains(text));
        var down = query.Descending;
        var sorted = query.Sort switch
        {
            "floors" => towers.By(t => t.Floors, down),
            "apartments" => towers.By(
                t => db.TowerTotals.Where(s => s.TowerId == t.Id).Select(s => s.Apartments).FirstOrDefault(), down),
            _ => towers.By(t => t.Name, down),
        };
        return await sorted
            .Then(t => t.Id, down)
            .Select(t => new TowerRow(
                t.Id, t.Name, t.Description, t.Floors,
                db.TowerTotals.Where(s => s.TowerId == t.Id).Select(s => s.Apartments).FirstOrDefault(),
                db.TowerTotals.Where(s => s.TowerId == t.Id).Select(s => s.Coefficient).FirstOrDefault()))
            .PageAsync(query, ct);
    }

    /// <summary>The towers to choose from, by name. Needs <see cref="Permissions.BuildingView"/>.</summary>
    public async Task<IReadOnlyList<TowerOption>> TowerNamesAsync(CurrentUser user, CancellationToken ct) =>
        user.Can(Permissions.BuildingView) ? await choices.Towers.GetAsync(ct) : [];

    /// <summary>
    /// Filters: <c>tower</c> (ids), <c>state</c>, <c>owner</c> (<c>none</c>). Sorts: <see cref="ApartmentQueries.Sorted"/>. Needs
    /// <see cref="Permissions.BuildingView"/>.
    /// </summary>
    public async Task<Page<ApartmentRow>> ApartmentsAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingView)) return Page<ApartmentRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var (today, money) = (clock.Today, user.Can(Permissions.PaymentsView));
        var sort = query.Sort == "fee" && !money ? query with { Sort = null } : query;
        if (await ApartmentQueries.SliceAsync(db, sort, ct) is { } slice)
        {
            var within = db.Apartments.AsNoTracking().Where(a => slice.Towers.Contains(a.TowerId)).Sorted(db, sort);
            return new Page<ApartmentRow>(await Rows(db, within.Skip(slice.Skip).Take(slice.Take), money).ToListAsync(ct), slice.Total);
        }

        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        return await Rows(db, db.Apartments.AsNoTracking().Matching(db, query, units, today).Sorted(db, sort), money).PageAsync(query, ct);
    }

    /// <summary>All that <see cref="ApartmentsAsync"/> would show, for a file.</summary>
    public async IAsyncEnumerable<ApartmentRow> ExportAsync(
        ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var money = user.Can(Permissions.PaymentsView);
        var sort = query.Sort == "fee" && !money ? query with { Sort = null } : query;
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var sorted = db.Apartments.AsNoTracking().Matching(db, query, units, clock.Today).Sorted(db, sort);
        var rows = Exports.ReadAsync(
            await sorted.Select(a => a.Id).ToListAsync(ct),
            some => Rows(db, db.Apartments.AsNoTracking().Where(a => some.Contains(a.Id)), money).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <param name="money">Whether the fee is for the reader.</param>
    private IQueryable<ApartmentRow> Rows(PortalDb db, IQueryable<Apartment> apartments, bool money)
    {
        var today = clock.Today;
        return apartments
            .Select(a => new ApartmentRow(
                a.Id,
                a.TowerId,
                a.Tower!.Name,
                a.ApartmentNumber,
                a.Floor,
                a.StatusId,
                a.Owner == null ? null : a.Owner.UserId,
                db.Profiles.Where(p => p.UserId == a.Owner!.UserId)
                    .OrderBy(p => p.Id)
                    .Select(p => p.FullName)
                    .FirstOrDefault(),
                db.Occupancies.Count(o =>
                    o.ApartmentId == a.Id
                    && o.Kind == OccupancyKind.Owner
                    && o.StartedOn <= today
                    && (o.EndedOn == null || o.EndedOn >= today)
                ),
                a.Coefficient,
                a.Area,
                money ? a.MonthlyFee : null
            ));
    }

    /// <summary>Null for who may not see the building.</summary>
    public async Task<CoefficientSum?> CoefficientsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db
                .TowerTotals.GroupBy(t => 1)
                .Select(g => new CoefficientSum(g.Sum(t => t.Apartments), g.Sum(t => t.Coefficient), g.Sum(t => t.WithoutCoefficient)))
                .SingleOrDefaultAsync(ct)
            ?? new CoefficientSum(0, 0, 0);
    }

    /// <returns>Null where it is not there or out of reach.</returns>
    public async Task<ApartmentDetail?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var (now, today) = (clock.Now, clock.Today);
        var money = user.MaySeeAccount(id);
        var (bookings, cases) = (user.Can(Permissions.ReservationsView), user.Can(Permissions.PqrsView));
        var found = await db
            .Apartments.AsNoTracking()
            .Where(a => a.Id == id)
            .Select(a => new
            {
                a.TowerId,
                Tower = a.Tower!.Name,
                a.ApartmentNumber,
                a.Floor,
                a.StatusId,
                a.Coefficient,
                a.Area,
                a.MonthlyFee,
                OwnerAccount = a.Owner == null ? (long?)null : a.Owner.UserId,
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;

        var ties = await ApartmentQueries.TiesAsync(db, id, today, ct);
        var open = money ? (await AccountQueries.OpenAsync(db, [id], ct)).GetValueOrDefault(id, []) : null;
        int? upcoming = bookings
            ? await db.Reservations.CountAsync(r => r.ApartmentId == id && r.EndDate > now && Counting.Contains(r.StatusId), ct)
            : null;
        int? openCases = cases
            ? await db.Pqrs.CountAsync(p => p.ApartmentId == id && p.StatusId != PqrsState.Resolved && p.StatusId != PqrsState.Closed, ct)
            : null;
        return new ApartmentDetail(
            id, found.TowerId, found.Tower, found.ApartmentNumber, found.Floor, found.StatusId, found.Coefficient, found.Area,
            money ? found.MonthlyFee : null, found.OwnerAccount, ties, open?.Sum(c => c.Owed),
            open?.Where(c => c.IsOverdue(today)).Sum(c => c.Owed), upcoming, openCases);
    }
}
