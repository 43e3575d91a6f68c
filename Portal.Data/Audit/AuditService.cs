using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Audit;

/// <summary>One act, told by the first of its rows that the list finds.</summary>
/// <param name="Actor">Who did it; null for the system or for nobody signed in.</param>
/// <param name="At">UTC.</param>
public sealed record AuditRow(long Id, string Table, long? RecordId, string Action, string? Actor, string? IpAddress, DateTime At)
{
    /// <summary>Of the gravest row of the act that is shown first.</summary>
    public AuditSeverity Severity { get; init; }

    /// <summary>How many rows the whole act changed.</summary>
    public int Rows { get; init; } = 1;
}

/// <param name="Before">JSON of the changed values as they were; null for what was made.</param>
/// <param name="After">JSON of the values since; null for what was deleted.</param>
public sealed record AuditDetail(AuditRow Row, string? Before, string? After);

/// <summary>All that was done in one transaction.</summary>
/// <param name="More">How many rows more there are than are shown.</param>
/// <param name="Names">What the ids among the values are called today, by what they refer to.</param>
public sealed record AuditAct(
    IReadOnlyList<AuditDetail> Rows, int More, IReadOnlyDictionary<(AuditRef To, long Id), string> Names);

/// <summary>Whether the log is as it was sealed.</summary>
/// <param name="CheckedAt">UTC; null: never yet.</param>
/// <param name="Since">The first day that was looked at then; null: all.</param>
/// <param name="SealedThrough">The last day (UTC) with a seal.</param>
/// <param name="Head">Its head: to be compared with what a backup's manifest says.</param>
/// <param name="Checking">It is being looked at, or will be in a moment.</param>
public sealed record AuditProof(
    DateTime? CheckedAt, DateOnly? Since, int Days, long Records, int Faults, AuditFault? FirstFault, DateOnly? FirstDay,
    DateOnly? SealedThrough, string? Head, bool Checking);

/// <summary>What the list may be narrowed to.</summary>
public sealed record AuditChoices(IReadOnlyList<string> Tables, IReadOnlyList<string> Actions);

/// <summary>Reads the audit log. There is no writing here: nobody edits it from the portal.</summary>
public sealed class AuditService(PortalStore store, BuildingClock clock)
{
    /// <summary>Rows of one act that are shown; a run of fees has thousands.</summary>
    public const int MostRows = 100;

    /// <summary>
    /// Acts, the latest first: what one transaction changed is one of them. Filters: <c>table</c>, <c>action</c> (several with commas),
    /// <c>severity</c>, <c>record</c>, <c>from</c> and <c>to</c>, <c>archive</c> for what was moved out of the log (<see cref="AuditArchive"/>); the search is for who did it, or from which address.
    /// </summary>
    public async Task<Page<AuditRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return Page<AuditRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var all = Log(db, query.Filter("archive") is not null);
        var log = all;
        if (query.Search?.Trim() is { Length: > 0 } text)
            log = log.Where(e => e.ActorName!.Contains(text) || e.IpAddress!.StartsWith(text));
        if (query.Filter("table") is { } table) log = log.Where(e => e.TableName == table);
        if (query.Filter("action") is { } given)
        {
            var actions = given.Split(',');
            log = log.Where(e => actions.Contains(e.Action));
        }

        if (query.Filter<AuditSeverity>("severity") is { } severity) log = log.Where(e => e.Severity == severity);
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

        // Of each act the first row that is found: those without an operation (the trigger's, an adopted log's) are acts of their own.
        var found = log;
        var heads = log.Where(e =>
            e.Operation == null
            || !found.Any(o => o.Operation == e.Operation && o.Id < e.Id));
        var ordered = query is { Sort: "at", Descending: false } ? heads.OrderBy(e => e.Id) : heads.OrderByDescending(e => e.Id);
        return await ordered
            .Select(e => new AuditRow(
                e.Id, e.TableName, e.RecordId, e.Action, e.ActorName, e.IpAddress, e.CreatedAt ?? DateTime.UnixEpoch)
            {
                Severity = e.Severity,
                Rows = e.Operation == null
                    ? 1
                    : all.Count(o => o.Operation == e.Operation),
            })
            .PageAsync(query, ct);
    }

    /// <summary>The act that an entry belongs to, with what was before and after; null out of reach.</summary>
    public async Task<AuditAct?> ActAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var log = Log(db, archive: false);
        var asked = await log.Where(e => e.Id == id).Select(e => new { e.Operation }).SingleOrDefaultAsync(ct);
        if (asked is null)
        {
            log = Log(db, archive: true);
            asked = await log.Where(e => e.Id == id).Select(e => new { e.Operation }).SingleOrDefaultAsync(ct);
        }

        if (asked is null) return null;
        var act = asked.Operation is { } operation
            ? log.Where(e => e.Operation == operation)
            : log.Where(e => e.Id == id);
        var count = await act.CountAsync(ct);
        var rows = await act.OrderBy(e => e.Id).Take(MostRows).ToListAsync(ct);
        var details = rows.ConvertAll(e => new AuditDetail(
            new AuditRow(e.Id, e.TableName, e.RecordId, e.Action, e.ActorName, e.IpAddress, e.CreatedAt ?? DateTime.UnixEpoch)
            {
                Rows = count,
                Severity = e.Severity,
            },
            e.OldValue, e.NewValue));
        return new AuditAct(details, count - rows.Count, await AuditNames.ReadAsync(db, details, ct));
    }

    /// <summary>The log, or what was moved out of it: rows of the same shape.</summary>
    private static IQueryable<AuditEntry> Log(PortalDb db, bool archive) =>
        (archive ? db.AuditLog.FromSql($"SELECT * FROM audit_log_archive") : db.AuditLog).AsNoTracking();

    /// <summary>What the last look at the seals found, and up to which day the log is sealed; null out of reach.</summary>
    public async Task<AuditProof?> ProofAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.AuditChecks.AsNoTracking()
            .Select(c => new AuditProof(
                c.CheckedAt, c.Since, c.DayCount, c.RecordCount, c.FaultCount, c.FirstFault, c.FirstDay,
                db.AuditSeals.OrderByDescending(s => s.Day).Select(s => (DateOnly?)s.Day).FirstOrDefault(),
                db.AuditSeals.OrderByDescending(s => s.Day).Select(s => s.Head).FirstOrDefault(),
                db.Jobs.Any(j => j.Kind == AuditCheckJob.JobKind.Name && (j.State == JobState.Waiting || j.State == JobState.Running))))
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>Asks for a look at all days; it is done in a moment. Refusal: <c>audit.under_way</c>.</summary>
    public async Task<Result> AskCheckAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AuditView)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                // Two who ask at the same moment have it looked at twice, and nothing is lost.
                if (await db.Jobs.AnyAsync(
                    j => j.Kind == AuditCheckJob.JobKind.Name && (j.State == JobState.Waiting || j.State == JobState.Running), token))
                    return new Error("audit.under_way");
                await JobQueue.AddAsync(db, AuditCheckJob.JobKind, new AuditCheckAsked(user.AccountId), clock.UtcNow, null, token);
                await db.WriteEventAsync("audit_check_asked", "audit_log", null, null, token);
                return Result.Done;
            },
            ct);
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
}
