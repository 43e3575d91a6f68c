using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Data.Passes;

namespace Portal.Data.Privacy;

/// <summary>
/// Each night, whatever has been kept for as long as the settings say, table by table and in bounded pieces: people work meanwhile. With the
/// keeper's account, for the audit log loses with it what it says of such rows. What went is told in one line of the log, in figures.
/// </summary>
public sealed class RetentionJob(
    [FromKeyedServices(PortalDataServices.Keeper)] PortalStore store, BuildingClock clock, ExpiredVisits visits, ExpiredPasses passes,
    VisitorRetention retention) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("retention");

    /// <summary>When the backup of the night has been made.</summary>
    public static readonly TimeOnly At = new(4, 30);

    /// <summary>The line of the log.</summary>
    public const string Event = "retention_run";

    /// <summary>Rows in one transaction.</summary>
    public const int Batch = 500;

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        Exception? first = null;
        foreach (var term in RetentionTerm.All)
        {
            try
            {
                await RunAsync(term.Rule, day, ct);
            }
            catch (Exception failed) when (failed is not (OperationCanceledException or LeaseLostException))
            {
                // One table that cannot be cleared keeps no other.
                first ??= failed;
            }
        }

        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            var ran = await db.RetentionRuns.AsNoTracking().Where(r => r.Day == day && r.RowCount > 0).OrderBy(r => r.Id).ToListAsync(ct);
            if (ran.Count > 0)
                await db.WriteEventAsync(Event, "retention_runs", null, ran.ToDictionary(r => r.Rule, r => r.RowCount), ct);
        }

        if (first is not null) throw new InvalidOperationException("Not all that is past its days could be removed.", first);
    }

    /// <summary>One rule. Run twice on a day, it counts what both removed.</summary>
    internal async Task RunAsync(RetentionRule rule, DateOnly day, CancellationToken ct)
    {
        // What was removed yesterday is no figure of today.
        await CountAsync(rule, day, 0, null, ct);
        var term = RetentionTerm.All.Single(t => t.Rule == rule);
        if (rule == RetentionRule.Visits) await VisitsAsync(day, ct);
        else if (rule == RetentionRule.Addresses) await AddressesAsync(day, ct);
        else while (await DeleteAsync(term, day, ct) == Batch) ct.ThrowIfCancellationRequested();
    }

    /// <summary>The rows that would go now, and how many they are.</summary>
    internal static async Task<int> DueAsync(PortalDb db, RetentionTerm term, int days, DateTime utcNow, CancellationToken ct)
    {
        var before = utcNow.AddDays(-days);
        if (term.Rule == RetentionRule.Addresses)
        {
            var from = await ReachedAsync(db, ct) ?? DateTime.UnixEpoch.AddDays(1);
            return await db.Database.SqlQuery<int>(
                $"""
                SELECT CAST(SUM(x.found) AS SIGNED) AS Value FROM (
                    SELECT COUNT(*) AS found FROM audit_log WHERE created_at >= {from} AND created_at < {before} AND ip_address IS NOT NULL
                    UNION ALL
                    SELECT COUNT(*) FROM audit_log_archive WHERE created_at >= {from} AND created_at < {before} AND ip_address IS NOT NULL) AS x
                """).SingleAsync(ct);
        }

        var sql = $"SELECT COUNT(*) AS Value FROM {term.Table} AS x WHERE {term.Past}";
        return (await db.Database.SqlQueryRaw<int>(
            sql, new MySqlParameter("@before", before), new MySqlParameter("@now", utcNow)).ToListAsync(ct))[0];
    }

    private static Task<DateTime?> ReachedAsync(PortalDb db, CancellationToken ct) => db.RetentionRuns
        .Where(r => r.Rule == nameof(RetentionRule.Addresses)).Select(r => r.ReachedAt).SingleOrDefaultAsync(ct);

    private async Task<int> DeleteAsync(RetentionTerm term, DateOnly day, CancellationToken ct)
    {
        var done = await store.WriteAsync<int>(CurrentUser.System, async (db, token) =>
        {
            // From the table, not from what is remembered: what is deleted does not come back.
            var days = term.Of(await BuildingSettings.ReadAsync(db, token));
            object Before() => new MySqlParameter("@before", clock.UtcNow.AddDays(-days));
            object Now() => new MySqlParameter("@now", clock.UtcNow);
            var find = $"SELECT x.id AS Value FROM {term.Table} AS x WHERE {term.Past} ORDER BY x.id LIMIT {Batch}";
            var ids = await db.Database.SqlQueryRaw<long>(find, Before(), Now()).ToListAsync(token);
            if (ids.Count == 0) return 0;
            var delete = $"DELETE x FROM {term.Table} AS x WHERE x.id IN ({string.Join(", ", ids)}) AND {term.Past}";
            var deleted = await db.Database.ExecuteSqlRawAsync(delete, [Before(), Now()], token);
            if (term.Logged) await AuditRedaction.RunAsync(db, term.Table, ids, token);
            await CountAsync(db, term.Rule, day, deleted, null, token);
            return ids.Count;
        }, ct);
        return done.Ok ? done.Value : throw new InvalidOperationException($"{term.Table} could not be cleared: {done.Error!.Code}.");
    }

    /// <summary>A day of the log after the other, for it is long; what was reached is remembered, so no night looks at all of it.</summary>
    private async Task AddressesAsync(DateOnly day, CancellationToken ct)
    {
        DateTime? from;
        DateTime before;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            before = clock.UtcNow.AddDays(-(await BuildingSettings.ReadAsync(db, ct)).AddressRetentionDays);
            from = await ReachedAsync(db, ct);
            if (from is null)
            {
                var (log, archive) = (
                    await db.AuditLog.MinAsync(e => e.CreatedAt, ct),
                    await db.Database.SqlQuery<DateTime?>($"SELECT MIN(created_at) AS Value FROM audit_log_archive").SingleAsync(ct));
                from = new[] { log, archive }.Min() ?? before;
            }
        }

        for (var at = from.Value; at < before;)
        {
            var until = at.AddDays(1) < before ? at.AddDays(1) : before;
            while (await ForgetAsync(at, until, day, ct) > 0) ct.ThrowIfCancellationRequested();
            await CountAsync(RetentionRule.Addresses, day, 0, until, ct);
            at = until;
        }
    }

    /// <summary>The address is not in a line's digest (decision 086): the seals hold without it.</summary>
    private async Task<int> ForgetAsync(DateTime from, DateTime until, DateOnly day, CancellationToken ct)
    {
        var done = await store.WriteAsync<int>(CurrentUser.System, async (db, token) =>
        {
            var rows = await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE audit_log SET ip_address = NULL
                WHERE created_at >= {from} AND created_at < {until} AND ip_address IS NOT NULL ORDER BY created_at LIMIT {Batch}
                """, token);
            rows += await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE audit_log_archive SET ip_address = NULL
                WHERE created_at >= {from} AND created_at < {until} AND ip_address IS NOT NULL ORDER BY created_at LIMIT {Batch}
                """, token);
            await CountAsync(db, RetentionRule.Addresses, day, rows, null, token);
            return rows;
        }, ct);
        return done.Ok ? done.Value : throw new InvalidOperationException($"Addresses could not be removed: {done.Error!.Code}.");
    }

    /// <summary>The gate's own rules (decision 078), which tell the log themselves what went with the visits.</summary>
    private async Task VisitsAsync(DateOnly day, CancellationToken ct)
    {
        var before = await DueAsync();
        await visits.RunAsync(day, ct);
        await passes.RunAsync(day, ct);
        await CountAsync(RetentionRule.Visits, day, Math.Max(0, before - await DueAsync()), null, ct);

        async Task<int> DueAsync() =>
            (await retention.DueAsync(CurrentUser.System, ct))!.Lines.Single(l => l.Kind == KeptKind.Visits).Count;
    }

    private async Task CountAsync(RetentionRule rule, DateOnly day, long rows, DateTime? reached, CancellationToken ct)
    {
        var done = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            await CountAsync(db, rule, day, rows, reached, token);
            return Result.Done;
        }, ct);
        if (!done.Ok) throw new InvalidOperationException($"The figures of retention could not be kept: {done.Error!.Code}.");
    }

    private Task<int> CountAsync(PortalDb db, RetentionRule rule, DateOnly day, long rows, DateTime? reached, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO retention_runs (rule, day, row_count, ran_at, reached_at)
            VALUES ({rule.ToString()}, {day}, {rows}, {clock.UtcNow}, {reached})
            ON DUPLICATE KEY UPDATE row_count = IF(day = VALUES(day), row_count, 0) + VALUES(row_count), day = VALUES(day),
                ran_at = VALUES(ran_at), reached_at = COALESCE(VALUES(reached_at), reached_at)
            """, ct);
}
