using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Pqrs;

/// <summary>Reads cases: lists, one case with its history, its files. A petitioner sees their own, without what is internal.</summary>
public sealed class PqrsService(PortalStore store, BuildingClock clock, PqrsChoices choices)
{
    /// <summary>Cards of a column; what is beyond is counted.</summary>
    private const int MostOnBoard = 40;

    /// <summary>A page of the cases this person may see.</summary>
    /// <param name="query">
    /// Filters: <c>state</c> (names with commas, or <c>active</c>), <c>due</c> (<c>overdue</c>, <c>soon</c>), <c>kind</c>, <c>category</c>,
    /// <c>priority</c>, <c>assignee</c> (an account, <c>me</c>, <c>none</c>), <c>apartment</c>.
    /// </param>
    public async Task<Page<PqrsRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        return await PageAsync(
            db, db.Pqrs.AsNoTracking().VisibleTo(user).Filtered(db, query, units, user, clock.Today).Sorted(db, query), query, user, ct);
    }

    /// <summary>
    /// The cases of the list as columns by state: what is open by its last day, and what was resolved in this month, latest first. A case
    /// that is answered with another stands behind it. Needs <see cref="Permissions.PqrsView"/>.
    /// </summary>
    /// <param name="query">As for <see cref="ListAsync"/>; its own state, order and page are left aside.</param>
    public async Task<IReadOnlyList<PqrsColumn>> BoardAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var units = await UnitSearch.ReadAsync(db, query.Search, ct);
        var filters = (query.Filters ?? new Dictionary<string, string>()).Where(f => f.Key != "state").ToDictionary();
        var one = query with { Filters = filters, Sort = null, Page = 1, Size = MostOnBoard };
        var cases = db.Pqrs.AsNoTracking().VisibleTo(user).Filtered(db, one, units, user, today).Where(p => p.MergedIntoId == null);
        var columns = new List<PqrsColumn>();
        foreach (var state in (PqrsState[])[PqrsState.Open, PqrsState.InProgress, PqrsState.WaitingForPetitioner])
        {
            var page = await PageAsync(db, cases.Where(p => p.StatusId == state).Sorted(db, one), one, user, ct);
            columns.Add(new PqrsColumn(state, page.Rows, page.Total));
        }

        var month = clock.Beginning(BuildingClock.MonthOf(today));
        var done = await PageAsync(
            db,
            cases.Where(p => (p.StatusId == PqrsState.Resolved || p.StatusId == PqrsState.Closed) && (p.ResolvedAt ?? p.ClosedAt) >= month)
                .OrderByDescending(p => p.ResolvedAt ?? p.ClosedAt).ThenByDescending(p => p.Id),
            one, user, ct);
        columns.Add(new PqrsColumn(PqrsState.Resolved, done.Rows, done.Total));
        return columns;
    }

    private async Task<Page<PqrsRow>> PageAsync(
        PortalDb db, IOrderedQueryable<PqrsCase> sorted, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        var today = clock.Today;
        var handles = user.Can(Permissions.PqrsView);
        var page = await sorted
            .Select(p => new
            {
                p.Id,
                p.Number,
                p.Title,
                p.Kind,
                p.Priority,
                p.StatusId,
                p.CreatedAt,
                p.UpdatedAt,
                p.DueOn,
                p.DaysGiven,
                p.ApartmentId,
                p.AssignedTo,
                p.MergedIntoId,
                p.Rating,
                Done = p.ResolvedAt ?? p.ClosedAt,
                Together = db.Pqrs.Count(m => m.MergedIntoId == p.Id),
                Category = p.Category!.Name,
                Tower = p.Apartment!.Tower!.Name,
                p.Apartment.ApartmentNumber,
                Petitioner = db.Profiles.Where(f => f.UserId == p.Owner!.UserId).Min(f => f.FullName)
                    ?? p.Owner!.User!.UserName,
                Assignee = db.Profiles.Where(f => f.UserId == p.AssignedTo).Min(f => f.FullName)
                    ?? p.Assignee!.UserName,
                Unread = handles
                    ? p.StatusId != PqrsState.Closed
                        && p.StatusId != PqrsState.Resolved
                        && p.Tracking.Where(t => !t.Internal).OrderByDescending(t => t.Id).Select(t => t.UserId).FirstOrDefault()
                            == p.Owner!.UserId
                    : p.StatusId != PqrsState.Closed
                        && p.Tracking.Any(t => !t.Internal && t.Kind == PqrsEntryKind.Reply && t.SeenAt == null),
            })
            .PageAsync(query, ct);
        return new Page<PqrsRow>(
            [
                .. page.Rows.Select(p =>
                {
                    var running = p.StatusId is PqrsState.Open or PqrsState.InProgress;
                    return new PqrsRow(
                        p.Id, p.Number ?? NumberOf(p.Id), p.Title, p.Petitioner ?? "",
                        p.ApartmentId is { } at ? new PqrsPlace(at, p.Tower, p.ApartmentNumber) : null, p.Kind, p.Category, p.Priority,
                        p.StatusId, p.AssignedTo is { } who ? new PqrsPerson(who, p.Assignee ?? "") : null, Wall(p.CreatedAt),
                        Wall(p.UpdatedAt ?? p.CreatedAt), p.DueOn, p.DaysGiven, running ? DaysLeft(p.DueOn, today) : null,
                        running && p.DueOn < today, p.Unread, handles && p.MergedIntoId is not null,
                        handles ? p.Together : 0, p.Rating, Wall(p.Done));
                }),
            ],
            page.Total
        );
    }

    /// <summary>The figures of the tabs, in one reading.</summary>
    public async Task<PqrsCounts> CountsAsync(CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var me = user.Id;
        var rows = await db.Pqrs.AsNoTracking().VisibleTo(user)
            .GroupBy(p => p.StatusId)
            .Select(g => new
            {
                State = g.Key,
                Count = g.Count(),
                Late = g.Sum(p => p.DueOn < today ? 1 : 0),
                Mine = g.Sum(p => p.AssignedTo == me ? 1 : 0),
            })
            .ToListAsync(ct);
        return new PqrsCounts(
            rows.Sum(r => r.Count),
            rows.Where(r => PqrsFlow.IsActive(r.State)).Sum(r => r.Count),
            rows.Where(r => r.State is PqrsState.Open or PqrsState.InProgress).Sum(r => r.Late),
            rows.Where(r => r.State == PqrsState.WaitingForPetitioner).Sum(r => r.Count),
            rows.Where(r => PqrsFlow.IsActive(r.State)).Sum(r => r.Mine),
            rows.Where(r => !PqrsFlow.IsActive(r.State)).Sum(r => r.Count));
    }

    /// <summary>One case with its history, or null where it is not there or out of this person's reach.</summary>
    public async Task<PqrsDetail?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        return await PqrsReading.DetailAsync(db, id, user, clock, ct);
    }

    /// <summary>
    /// A file's content, or null where it is not there or out of this person's reach; files of internal entries are for those who see
    /// these.
    /// </summary>
    public async Task<PqrsFileContent?> FileAsync(long attachmentId, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var sees = user.Can(Permissions.PqrsView);
        var cases = db.Pqrs.VisibleTo(user).Select(p => p.Id);
        return await db.PqrsAttachments.AsNoTracking()
            .Where(a => a.Id == attachmentId && cases.Contains(a.PqrsId) && (sees || a.TrackingId == null || !a.Tracking!.Internal))
            .Select(a => new PqrsFileContent(a.FileName, a.ContentType, a.Content))
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>Categories in the order of their names, for filters.</summary>
    public async Task<IReadOnlyList<PqrsOption>> CategoriesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView) && !user.Can(Permissions.PqrsFileOwn)) return [];
        return await choices.Categories.GetAsync(ct);
    }

    /// <summary>Who can be given a case: active accounts whose role handles them.</summary>
    public async Task<IReadOnlyList<PqrsPerson>> HandlersAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.PqrsView)) return [];
        var people = await choices.Handlers.GetAsync(ct);
        return [.. people.OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    internal static IQueryable<User> Handlers(PortalDb db) => db.UsersWith(Permissions.PqrsHandle);

    /// <summary>A case of an adopted database has no filing number; it is known by its row.</summary>
    internal static string NumberOf(long id) => $"PQRS-{id}";

    private static int? DaysLeft(DateOnly? due, DateOnly today) => due is not { } day ? null
        : day >= today ? BusinessDays.Between(today, day) : -Math.Max(1, BusinessDays.Between(day, today));

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}
