using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Audit;

/// <param name="Actor">Who did it; null for the system or for nobody signed in.</param>
/// <param name="At">UTC.</param>
public sealed record AuditRow(long Id, string Table, long? RecordId, string Action, string? Actor, string? IpAddress, DateTime At);

/// <param name="Before">JSON of the changed values as they were; null for what was made.</param>
/// <param name="After">JSON of the values since; null for what was deleted.</param>
public sealed record AuditDetail(AuditRow Row, string? Before, string? After);

/// <summary>What the list may be narrowed to.</summary>
public sealed record AuditChoices(IReadOnlyList<string> Tables, IReadOnlyList<string> Actions);

/// <summary>Reads the audit log. There is no writing here: nobody edits it from the portal.</summary>
public sealed class AuditService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// Latest first. Filters: <c>table</c>, <c>action</c> (several with commas), <c>record</c>, <c>from</c> and <c>to</c>; the search is
    /// for who did it, or from which address.
    /// </summary>
    public async Task<Page<AuditRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return Page<AuditRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var log = db.AuditLog.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
            log = log.Where(e => e.ActorName!.Contains(text) || e.IpAddress!.StartsWith(text));
        if (query.Filter("table") is { } table) log = log.Where(e => e.TableName == table);
        if (query.Filter("action") is { } given)
        {
            var actions = given.Split(',');
            log = log.Where(e => actions.Contains(e.Action));
        }

        if (query.FilterNumber("record") is { } record) log = log.Where(e => e.RecordId == record);
        if (query.FilterDate("from") is { } from)
        {
            var since = clock.Beginning(from);
            log = log.Where(e => e.CreatedAt >= since);
        }

        if (query.FilterDate("to") is { } to)
        {
            var until = clock.Beginning(to.AddDays(1));
            log = log.Where(e => e.CreatedAt < until);
        }

        var ordered = query is { Sort: "at", Descending: false } ? log.OrderBy(e => e.Id) : log.OrderByDescending(e => e.Id);
        return await Rows(ordered).PageAsync(query, ct);
    }

    /// <summary>One entry with what was before and after; null out of reach.</summary>
    public async Task<AuditDetail?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var entry = await db.AuditLog.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, ct);
        return entry is null
            ? null
            : new AuditDetail(
                new AuditRow(
                    entry.Id, entry.TableName, entry.RecordId, entry.Action, entry.ActorName, entry.IpAddress,
                    entry.CreatedAt ?? DateTime.UnixEpoch),
                entry.OldValue,
                entry.NewValue
            );
    }

    /// <summary>The tables and actions that occur in the log; null out of reach.</summary>
    public async Task<AuditChoices?> ChoicesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var tables = await db.AuditLog.Select(e => e.TableName).Distinct().OrderBy(t => t).ToListAsync(ct);
        var actions = await db.AuditLog.Select(e => e.Action).Distinct().OrderBy(a => a).ToListAsync(ct);
        return new AuditChoices(tables, actions);
    }

    private static IQueryable<AuditRow> Rows(IQueryable<AuditEntry> log) =>
        log.Select(e => new AuditRow(e.Id, e.TableName, e.RecordId, e.Action, e.ActorName, e.IpAddress, e.CreatedAt ?? DateTime.UnixEpoch));
}
