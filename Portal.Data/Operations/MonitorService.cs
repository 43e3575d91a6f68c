using System.Data.Common;
using System.Globalization;
using MySqlConnector;
using Portal.Data.Access;
using Portal.Data.Notifications;

namespace Portal.Data.Operations;

/// <summary>
/// Looks at portal, queue and database server. What the server tells everybody comes in one batch; what needs a right of its own is asked
/// apart, and where the right is not there the answer says which. Needs <see cref="Permissions.OperationsView"/> throughout.
/// </summary>
public sealed class MonitorService(PortalStore store, BuildingClock clock, IEnumerable<RecurringJob> recurring, StatementFigures statements)
{
    private const int MostRows = 50;

    /// <summary>"You need (at least one of) the ... privilege(s)".</summary>
    private const int OneRightMissing = 1227;

    private const string Sql = """
        SELECT VERSION(), @@hostname;
        SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'performance_schema', 'userstat', 'max_connections',
            'long_query_time', 'slow_query_log', 'log_bin', 'group_replication_group_name', 'group_replication_group_seeds', 'innodb_buffer_pool_size');
        SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_connected', 'Threads_running', 'Max_used_connections', 'Slow_queries', 'Uptime',
            'Questions', 'Aborted_connects', 'Aborted_clients', 'Innodb_row_lock_waits', 'Innodb_row_lock_time_max', 'Innodb_deadlocks',
            'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads', 'Created_tmp_disk_tables', 'Com_commit', 'Slaves_connected',
            'Connection_errors_max_connections');
        SELECT name, version, started_at, TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(3)), circuits, connections, connections_most,
            feed_lag_ms, retries, disk_free, disk_total, certificate_until
        FROM portals WHERE seen_at > UTC_TIMESTAMP() - INTERVAL 1 DAY ORDER BY name LIMIT 50;
        SELECT kind, SUM(state = 'waiting'), SUM(state = 'running'), SUM(state = 'failed'), SUM(state = 'waiting' AND attempts > 0),
            SUM(state = 'waiting' AND run_at < @late), SUM(state = 'done'), MAX(finished_at), MIN(CASE WHEN state = 'waiting' THEN run_at END),
            MAX(CASE WHEN state = 'done' THEN CONCAT(DATE_FORMAT(finished_at, '%Y%m%d%H%i%s'), COALESCE(LEFT(last_error, 60), '')) END),
            COALESCE(SUM(state = 'done' AND last_error = @off), 0)
        FROM jobs GROUP BY kind ORDER BY kind;
        SELECT table_name, COALESCE(data_length + index_length, 0), COALESCE(table_rows, 0) FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE';
        SELECT day, name, bytes FROM table_sizes
        WHERE day = (SELECT MIN(s.day) FROM table_sizes AS s WHERE s.day >= @month) AND day < @day;
        SELECT table_name, COUNT(*), COUNT(DISTINCT user_id) FROM audit_log WHERE created_at >= @today
        GROUP BY table_name ORDER BY COUNT(*) DESC, table_name LIMIT 50;
        SELECT name, checked_at, took_ms, found, detail FROM integrity_checks ORDER BY found = 0, name;
        SELECT COALESCE(MAX(CASE WHEN adopted = 1 OR finished_at IS NOT NULL THEN number END), 0),
            COALESCE(SUM(adopted = 0 AND finished_at IS NULL), 0) FROM schema_version;
        SELECT proof_failures, COALESCE(proven_at < @unproven, 0) FROM ledger_state WHERE id = 1;
        SELECT COUNT(*) FROM apartments
        """;

    private const string DigestTable = "performance_schema.events_statements_summary_by_digest",
        IndexTable = "performance_schema.table_io_waits_summary_by_index_usage",
        MembersTable = "performance_schema.replication_group_members";

    /// <summary>Null out of reach.</summary>
    public async Task<MonitorState?> ReadAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsView)) return null;
        var state = await store.BatchAsync(
            Sql,
            new Dictionary<string, object?>
            {
                ["@late"] = clock.UtcNow - OperationsService.Patience, ["@off"] = MailJob.Off, ["@day"] = clock.Today,
                ["@month"] = clock.Today.AddDays(-30), ["@today"] = clock.Beginning(clock.Today),
                ["@unproven"] = clock.UtcNow - OperationsService.ProofPatience,
            },
            ReadAsync, ct);
        var day = clock.UtcNow.AddDays(-1);
        state = state with { Measured = statements.Read(), MeasuredSince = day > statements.Since ? day : statements.Since };
        return state.Server.Group is null ? state : state with { Members = await MembersAsync(ct) };
    }

    /// <summary>Null out of reach.</summary>
    public async Task<DatabaseState?> DatabaseAsync(CurrentUser user, CancellationToken ct)
    {
        if (await ReadAsync(user, ct) is not { } all) return null;
        return new DatabaseState(all, await DigestsAsync(all.Server, ct), await UnusedAsync(all.Server, ct));
    }

    private Task<Asked<MemberRow>> MembersAsync(CancellationToken ct) => AskAsync(
        $"SELECT member_host, member_port, member_state, member_role FROM {MembersTable} WHERE member_id <> '' ORDER BY member_host, member_port",
        row => new MemberRow(row.GetString(0), (int)Number(row, 1), row.GetString(2), row.GetString(3)), MembersTable, ct);

    private async Task<Asked<DigestRow>> DigestsAsync(ServerFacts server, CancellationToken ct)
    {
        if (!server.Measures) return new Asked<DigestRow>([], Lacking.Off, "performance_schema");
        var p95 = server.MariaDb ? "NULL" : "quantile_95";
        return await AskAsync(
            $"""
            SELECT digest_text, count_star, {p95}, max_timer_wait, sum_timer_wait, sum_rows_examined, sum_no_index_used
            FROM {DigestTable} WHERE schema_name = DATABASE() AND digest_text IS NOT NULL ORDER BY sum_timer_wait DESC LIMIT {MostRows}
            """,
            row => new DigestRow(
                row.GetString(0), Number(row, 1), row.IsDBNull(2) ? null : Picoseconds(row, 2), Picoseconds(row, 3), Picoseconds(row, 4),
                Number(row, 5), Number(row, 6)),
            DigestTable, ct);
    }

    private async Task<Asked<IndexRow>> UnusedAsync(ServerFacts server, CancellationToken ct)
    {
        Asked<IndexRow> found;
        if (server.Measures)
        {
            found = await AskAsync(
                $"""
                SELECT object_name, index_name FROM {IndexTable}
                WHERE object_schema = DATABASE() AND index_name IS NOT NULL AND count_read > 0
                """,
                row => new IndexRow(row.GetString(0), row.GetString(1)), IndexTable, ct);
        }
        else if (server.On("userstat"))
        {
            found = await AskAsync(
                "SELECT table_name, index_name FROM information_schema.index_statistics WHERE table_schema = DATABASE()",
                row => new IndexRow(row.GetString(0), row.GetString(1)), "information_schema.index_statistics", ct);
        }
        else
        {
            return new Asked<IndexRow>([], Lacking.Off, server.MariaDb ? "userstat" : "performance_schema");
        }

        if (found.Lacking != Lacking.Nothing) return found;
        var all = await AskAsync(
            """
            SELECT DISTINCT table_name, index_name FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND non_unique = 1 ORDER BY table_name, index_name
            """,
            row => new IndexRow(row.GetString(0), row.GetString(1)), "information_schema.statistics", ct);
        return all with { Rows = [.. all.Rows.Except(found.Rows)] };
    }

    /// <summary>A question that the portal's account may not be allowed to ask.</summary>
    private async Task<Asked<T>> AskAsync<T>(string sql, Func<DbDataReader, T> row, string table, CancellationToken ct)
    {
        try
        {
            return await store.BatchAsync(
                sql, new Dictionary<string, object?>(),
                async (reader, token) =>
                {
                    List<T> rows = [];
                    while (await reader.ReadAsync(token)) rows.Add(row(reader));
                    return new Asked<T>(rows);
                },
                ct);
        }
        catch (MySqlException refused) when (refused.ErrorCode is MySqlErrorCode.TableAccessDenied or MySqlErrorCode.DatabaseAccessDenied
            or MySqlErrorCode.ColumnAccessDenied || refused.Number == OneRightMissing)
        {
            return new Asked<T>([], Lacking.Right, table);
        }
        catch (MySqlException missing) when (missing.ErrorCode is MySqlErrorCode.NoSuchTable or MySqlErrorCode.UnknownTable
            or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.BadFieldError)
        {
            return new Asked<T>([], Lacking.Off, table);
        }
    }

    private async Task<MonitorState> ReadAsync(DbDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        var (version, host) = (reader.GetString(0), reader.GetString(1));
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await RowsAsync(reader, row => settings[row.GetString(0)] = row.IsDBNull(1) ? "" : row.GetString(1), ct);
        var status = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        await RowsAsync(
            reader, row => status[row.GetString(0)] = long.TryParse(row.GetString(1), CultureInfo.InvariantCulture, out var n) ? n : 0, ct);
        List<PortalRow> portals = [];
        await RowsAsync(
            reader,
            row => portals.Add(new PortalRow(
                row.GetString(0), row.GetString(1), row.GetDateTime(2), TimeSpan.FromMicroseconds(Math.Max(0, Number(row, 3))),
                (int?)Maybe(row, 4), (int?)Maybe(row, 5), (int?)Maybe(row, 6),
                Maybe(row, 7) is { } lag ? TimeSpan.FromMilliseconds(lag) : null, Maybe(row, 8), Maybe(row, 9), Maybe(row, 10),
                row.IsDBNull(11) ? null : row.GetDateTime(11))),
            ct);
        var jobs = new Dictionary<string, JobKindRow>(StringComparer.Ordinal);
        var (late, unsent) = (0, 0);
        var again = recurring.Select(job => job.Kind.Name).ToHashSet(StringComparer.Ordinal);
        await RowsAsync(
            reader,
            row =>
            {
                var kind = row.GetString(0);
                jobs[kind] = new JobKindRow(
                    kind, (int)Number(row, 1), (int)Number(row, 2), (int)Number(row, 3), (int)Number(row, 4), (int)Number(row, 5),
                    (int)Number(row, 6), row.IsDBNull(7) ? null : row.GetDateTime(7), row.IsDBNull(8) ? null : row.GetDateTime(8),
                    !row.IsDBNull(9) && row.GetString(9) is { Length: > 14 } text ? text[14..] : null, again.Contains(kind));
                (late, unsent) = (late + (int)Number(row, 5), unsent + (int)Number(row, 10));
            },
            ct);
        foreach (var kind in again) jobs.TryAdd(kind, new JobKindRow(kind, 0, 0, 0, 0, 0, 0, null, null, null, true));
        List<TableRow> tables = [];
        await RowsAsync(reader, row => tables.Add(new TableRow(row.GetString(0), Number(row, 1), Number(row, 2), null)), ct);
        DateOnly? since = null;
        var before = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        await RowsAsync(
            reader,
            row =>
            {
                since = DateOnly.FromDateTime(row.GetDateTime(0));
                before[row.GetString(1)] = Number(row, 2);
            },
            ct);
        List<ChangedRow> changed = [];
        await RowsAsync(reader, row => changed.Add(new ChangedRow(row.GetString(0), Number(row, 1), (int)Number(row, 2))), ct);
        List<CheckRow> checks = [];
        await RowsAsync(
            reader,
            row => checks.Add(new CheckRow(
                row.GetString(0), row.GetDateTime(1), (int)Number(row, 2), Number(row, 3), row.IsDBNull(4) ? null : row.GetString(4))),
            ct);
        var (migration, half, failures, unproven, apartments) = (0, false, 0, false, 0);
        await RowsAsync(reader, row => (migration, half) = ((int)Number(row, 0), Number(row, 1) > 0), ct);
        await RowsAsync(reader, row => (failures, unproven) = ((int)Number(row, 0), Number(row, 1) != 0), ct);
        await RowsAsync(reader, row => apartments = (int)Number(row, 0), ct);
        return new MonitorState(
            new ServerFacts(version, host, settings, status), portals, [.. jobs.Values.OrderBy(j => j.Kind, StringComparer.Ordinal)], late,
            unsent,
            [
                .. tables.Select(t => before.TryGetValue(t.Name, out var bytes) ? t with { Before = bytes } : t)
                    .OrderByDescending(t => t.Bytes).ThenBy(t => t.Name, StringComparer.Ordinal),
            ],
            since, changed, checks, new Asked<MemberRow>([]), migration, half, failures, unproven, apartments);
    }

    private static async Task RowsAsync(DbDataReader reader, Action<DbDataReader> row, CancellationToken ct)
    {
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct)) row(reader);
    }

    private static long Number(DbDataReader reader, int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static long? Maybe(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : Number(reader, column);

    private static TimeSpan Picoseconds(DbDataReader reader, int column) => TimeSpan.FromMilliseconds(
        (double)(Convert.ToDecimal(reader.GetValue(column), CultureInfo.InvariantCulture) / 1_000_000_000m));
}
