using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Maintenance;

/// <summary>The inspections that the equipment needs, and how they stand. Read with <see cref="Permissions.MaintenanceView"/>.</summary>
public sealed class InspectionService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// Of equipment in use, what matters most first. Filters: <c>state</c> (<see cref="InspectionState"/>, several with commas),
    /// <c>kind</c>, <c>tower</c> (ids). Sorts: due, asset, kind.
    /// </summary>
    public async Task<Page<InspectionRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return Page<InspectionRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, Sorted(db, query)).PageAsync(query, ct);
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<InspectionRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await Sorted(db, query).Select(s => s.Duty.Id).ToListAsync(ct),
            some => Rows(db, db.StandingOf(db.Asked().AsNoTracking().Where(d => some.Contains(d.Id)), clock.Today)).ToListAsync(ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>Of equipment in use.</summary>
    public async Task<InspectionCounts> CountAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return new InspectionCounts(0, 0, 0, 0, 0);
        await using var db = await store.OpenAsync(user, ct);
        var counted = await db.StandingOf(db.Asked().AsNoTracking(), clock.Today).GroupBy(s => s.Rank)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => (InspectionState)g.Key, g => g.Count, ct);
        int Of(InspectionState state) => counted.GetValueOrDefault(state);
        return new InspectionCounts(
            Of(InspectionState.Failed), Of(InspectionState.Expired), Of(InspectionState.Missing), Of(InspectionState.Soon),
            Of(InspectionState.Valid));
    }

    /// <summary>The kinds of inspection, by name.</summary>
    public async Task<IReadOnlyList<InspectionKindRow>> KindsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var asked = db.Asked();
        return await db.InspectionKinds.AsNoTracking().OrderBy(k => k.Name).ThenBy(k => k.Id)
            .Select(k => new InspectionKindRow(
                k.Id, k.Name, k.Months, k.NoticeDays, k.Source, k.Active, asked.Count(d => d.KindId == k.Id)))
            .ToListAsync(ct);
    }

    /// <summary>The paper of an inspection; null where there is none for this person.</summary>
    public async Task<MaintenanceFile?> PaperAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.Inspections.AsNoTracking().Where(i => i.Id == id && i.Content != null)
            .Select(i => new MaintenanceFile(i.FileName!, i.ContentType!, i.Content!)).SingleOrDefaultAsync(ct);
    }

    private IOrderedQueryable<Standing> Sorted(PortalDb db, ListQuery query)
    {
        var duties = db.Asked().AsNoTracking();
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
        {
            duties = duties.Where(d => d.Asset!.Code.Contains(word) || d.Asset.Name.Contains(word) || d.Asset.Kind.Contains(word)
                || d.Kind!.Name.Contains(word));
        }

        if (query.FilterNumber("kind") is { } kind) duties = duties.Where(d => d.KindId == kind);
        if (query.FilterNumber("tower") is { } tower) duties = duties.Where(d => d.Asset!.TowerId == tower);
        var standings = db.StandingOf(duties, clock.Today);
        var states = (query.Filter("state") ?? "").Split(',')
            .Where(one => Enum.TryParse<InspectionState>(one, ignoreCase: true, out var state) && Enum.IsDefined(state))
            .Select(one => (int)Enum.Parse<InspectionState>(one, ignoreCase: true)).ToList();
        if (states.Count > 0) standings = standings.Where(s => states.Contains(s.Rank));
        var sorted = query.Sort switch
        {
            "asset" => standings.By(s => s.Duty.Asset!.Code, query.Descending),
            "kind" => standings.By(s => s.Duty.Kind!.Name, query.Descending),
            _ => standings.By(s => s.Rank, query.Descending).Then(s => s.ValidUntil, query.Descending),
        };
        return sorted.ThenBy(s => s.Duty.Id);
    }

    private static IQueryable<InspectionRow> Rows(PortalDb db, IQueryable<Standing> standings) => standings.Select(s => new InspectionRow(
        s.Duty.Id, s.Duty.AssetId, s.Duty.Asset!.Code, s.Duty.Asset.Name, s.Duty.Asset.Tower!.Name, s.Duty.KindId, s.Duty.Kind!.Name,
        s.Duty.Kind.Source, s.ValidUntil, (InspectionState)s.Rank,
        db.Inspections.Where(i => i.DutyId == s.Duty.Id && i.WithdrawnAt == null).OrderByDescending(i => i.DoneOn).ThenByDescending(i => i.Id)
            .Select(i => i.Issuer).FirstOrDefault()));
}
