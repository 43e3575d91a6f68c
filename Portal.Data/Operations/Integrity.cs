using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data.Audit;
using Portal.Data.Schema;

namespace Portal.Data.Operations;

/// <summary>
/// Each night: whether what is kept beside the rows is what adding them up gives. Once a week, on Sundays: whether every row that names
/// another still finds it, and the server's statistics are made anew. It repairs nothing; what it finds is an alarm of operations. (The books
/// prove themselves, and the audit log has its seals.)
/// </summary>
public sealed class Integrity(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("integrity");

    /// <summary>After the backup.</summary>
    internal static readonly TimeOnly At = new(4, 50);

    internal const string Event = "integrity_failed";

    private const string Orphans = "orphans", Statistics = "statistics";

    private const int LongestDetail = 500;

    /// <summary>As long the weekly part may take; the rest is looked at the week after.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);

    /// <summary>Each is one statement, so that what others write meanwhile is on both of its sides; it gives what differs.</summary>
    private static readonly (string Name, string Sql)[] Nightly =
    [
        ("payment_totals", """
            SELECT CONCAT('payment_totals ', x.id)
            FROM (
                SELECT p.status_id AS id, COUNT(*) AS number, SUM(p.amount) AS amount FROM payments AS p GROUP BY p.status_id
                UNION ALL SELECT t.status_id, -t.number, -t.amount FROM payment_totals AS t
            ) AS x
            GROUP BY x.id HAVING SUM(x.number) <> 0 OR SUM(x.amount) <> 0 ORDER BY 1
            """),
        ("fee_months", """
            SELECT CONCAT('fee_months ', x.period)
            FROM (
                SELECT c.period, SUM(c.amount + c.adjusted) AS billed, SUM(c.paid) AS collected
                FROM charges AS c WHERE c.kind = 'fee' AND c.period IS NOT NULL AND c.status IN ('open', 'paid') GROUP BY c.period
                UNION ALL SELECT m.period, -m.billed, -m.collected FROM fee_months AS m
            ) AS x
            GROUP BY x.period HAVING SUM(x.billed) <> 0 OR SUM(x.collected) <> 0 ORDER BY 1
            """),
        ("tower_totals", """
            SELECT CONCAT('tower_totals ', x.id)
            FROM (
                SELECT a.tower_id AS id, COUNT(*) AS apartments, COALESCE(SUM(a.coefficient), 0) AS coefficient,
                    SUM(a.coefficient IS NULL) AS without
                FROM apartments AS a WHERE a.tower_id IS NOT NULL GROUP BY a.tower_id
                UNION ALL SELECT t.tower_id, -t.apartments, -t.coefficient, -t.without_coefficient FROM tower_totals AS t
            ) AS x
            GROUP BY x.id HAVING SUM(x.apartments) <> 0 OR SUM(x.coefficient) <> 0 OR SUM(x.without) <> 0 ORDER BY 1
            """),
    ];

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        // Large tables take their time, at night.
        db.Database.SetCommandTimeout(Most);
        foreach (var (name, sql) in Nightly)
        {
            var began = Stopwatch.GetTimestamp();
            var found = await db.Database.SqlQueryRaw<string>(sql).ToListAsync(ct);
            await KeepAsync(name, began, found.Count, found.Count == 0 ? null : string.Join(", ", found), ct);
        }

        if (day.DayOfWeek != DayOfWeek.Sunday && await db.IntegrityResults.AnyAsync(r => r.Name == Orphans, ct)) return;
        await LookForOrphansAsync(db, ct);
        await RefreshStatisticsAsync(db, ct);
    }

    /// <summary>The server keeps keys; a load with its checks off, or a table that was mended by hand, does not.</summary>
    private async Task LookForOrphansAsync(PortalDb db, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        await db.Database.OpenConnectionAsync(ct);
        var shape = await DatabaseShape.ReadAsync((MySqlConnection)db.Database.GetDbConnection(), ct);
        var keys = shape.Tables.Values.SelectMany(t => t.ForeignKeys, (t, key) => (Table: t.Name, Column: string.Join(", ", key.Columns), Key: key));
        long found = 0;
        List<string> where = [];

        // Where the time was over last week is where it begins this week: no table is never looked at.
        var last = await db.IntegrityResults.Where(r => r.Name == Orphans).Select(r => r.Detail).FirstOrDefaultAsync(ct);
        var from = last is not null && last.LastIndexOf("… ", StringComparison.Ordinal) is >= 0 and var at ? last[(at + 2)..] : "";
        foreach (var key in keys.OrderBy(k => string.CompareOrdinal(k.Table, from) < 0).ThenBy(k => k.Table, StringComparer.Ordinal)
            .ThenBy(k => k.Column, StringComparer.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(began) > Most)
            {
                where.Add($"… {key.Table}");
                break;
            }

            var lost = (await db.Database.SqlQueryRaw<long>(key.Key.CountOrphans(key.Table)).ToListAsync(ct))[0];
            if (lost == 0) continue;
            found += lost;
            where.Add(string.Create(CultureInfo.InvariantCulture, $"{key.Table}.{key.Column} {lost}"));
        }

        await KeepAsync(Orphans, began, found, where.Count == 0 ? null : string.Join(", ", where), ct);
    }

    /// <summary>ANALYZE TABLE, one by one; what the portal's account may not touch is left to whoever migrates.</summary>
    private async Task RefreshStatisticsAsync(PortalDb db, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var tables = await db.Database.SqlQuery<string>(
            $"""
            SELECT CONVERT(t.table_name USING utf8mb4) AS `Value` FROM information_schema.tables AS t
            WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
            """).ToListAsync(ct);
        var (done, refused) = (0, 0);
        foreach (var table in tables.Order(StringComparer.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(began) > Most) break;
            try
            {
                // Local: a replica makes its own.
#pragma warning disable EF1002 // The name comes from the database's own catalogue.
                await db.Database.ExecuteSqlRawAsync($"ANALYZE LOCAL TABLE `{table}`", ct);
#pragma warning restore EF1002
                done++;
            }
            catch (MySqlException denied) when (denied.ErrorCode == MySqlErrorCode.TableAccessDenied)
            {
                refused++;
            }
        }

        await KeepAsync(
            Statistics, began, 0, string.Create(CultureInfo.InvariantCulture, $"{done}/{tables.Count}") + (refused > 0 ? $" (GRANT: {refused})" : ""), ct);
    }

    private async Task KeepAsync(string name, long began, long found, string? detail, CancellationToken ct)
    {
        var took = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var cut = detail is { Length: > LongestDetail } ? detail[..(LongestDetail - 1)] + "…" : detail;
        var now = clock.UtcNow;
        var kept = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO integrity_checks (name, checked_at, took_ms, found, detail) VALUES ({name}, {now}, {took}, {found}, {cut})
                ON DUPLICATE KEY UPDATE checked_at = {now}, took_ms = {took}, found = {found}, detail = {cut}
                """, token);
            if (found > 0) await db.WriteEventAsync(Event, "integrity_checks", null, new { name, found, detail = cut }, token);
            return Result.Done;
        }, ct);
        if (!kept.Ok) throw new InvalidOperationException($"The result of the check {name} could not be kept: {kept.Error!.Code}.");
    }
}
