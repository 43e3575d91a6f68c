using System.IO.Compression;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>What came of a restore.</summary>
/// <param name="Replayed">What was replayed after the set had been loaded and compared; null where that was not asked for.</param>
/// <param name="ErasedAgain">People whom the set brought back and who were erased again; null where the portal does that when it starts on
/// it, for the set is of an older version.</param>
public sealed record Restored(int Tables, long Rows, TimeSpan Took, Replayed? Replayed = null, int? ErasedAgain = 0);

/// <summary>Loads a set into an empty database and compares every table with what the set says of it.</summary>
internal sealed class BackupRestore(BackupOptions options)
{
    /// <param name="connectionString">Names the database to load into. It is made where it is not there.</param>
    /// <param name="goal">Until where the server's log is replayed after it; null: the set as it is.</param>
    /// <exception cref="BackupException">It is not empty, the set is damaged or of another kind of server, the logs do not reach so far,
    /// or what was loaded is not what was saved.</exception>
    public async Task<Restored> IntoAsync(
        SetFolder set, string connectionString, string? identity, ReplayGoal? goal, CancellationToken ct)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var replayed = await LoadAsync(set, connectionString, identity, goal, compared: true, ct);
        if (replayed is null) await CompareAsync(set, connectionString, ct);
        return new Restored(set.Manifest.Tables.Count, set.Manifest.Rows, clock.Elapsed, replayed);
    }

    /// <summary>Loads, and replays where a goal is given.</summary>
    /// <param name="compared">Compare what was loaded before anything is replayed: afterwards there is nothing to compare it with.</param>
    /// <inheritdoc cref="IntoAsync"/>
    internal async Task<Replayed?> LoadAsync(
        SetFolder set, string connectionString, string? identity, ReplayGoal? goal, bool compared, CancellationToken ct)
    {
        var target = new MySqlConnectionStringBuilder(connectionString);
        await using var connection = await OpenEmptyAsync(target, ct);
        var server = ServerIdentity.Of(connection.ServerVersion);
        Refuse(set, server, target.Database);
        if (!await connection.TryLockAsync("restore", ct))
            throw new BackupException($"Another set is being restored into {target.Database} already.");
        await set.VerifyFilesAsync(ct);
        var programs = await DumpPrograms.FindAsync(server, options.Programs, ct);
        var work = WorkFolder.Make("restore");
        var loading = false;
        try
        {
            // What the logs lack is said before anything is loaded.
            var plan = goal is null
                ? null
                : await new PointInTime(options).PrepareAsync(set, goal, target.Database, identity, work, ct);
            var plain = await set.PlainDumpAsync(identity ?? options.Identity, work, ct);
            await set.CheckDumpAsync(plain, ct);
            if (plan is not null) await RefuseUnloggedAsync(connection, ct);
            // Looking took its time, and somebody may have begun to use it meanwhile.
            await RefuseFilledAsync(connection, target.Database, ct);
            loading = true;
            var login = DumpPrograms.WriteLogin(work, target, server);
            await LoadAsync(programs, login, plain, target.Database, logged: plan is null, ct);
            if (plan is null) return null;
            if (compared) await CompareAsync(set, connectionString, ct);
            await PointInTime.ReplayAsync(plan, programs, login, set.Manifest.Database, target.Database, ct);
            return new Replayed(
                plan.Files.Count, plan.Transactions, plan.Last,
                compared ? await ChangedAsync(set.Manifest, connectionString, ct) : []);
        }
        catch (Exception) when (loading)
        {
            // It was empty a moment ago: so it is again, and nobody takes half of it for the whole.
            await EmptyAsync(connection, target.Database, CancellationToken.None);
            throw;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> ChangedAsync(BackupManifest set, string connectionString, CancellationToken ct)
    {
        await using var connection = await BackupSession.OpenAsync(connectionString, ct);
        var before = set.Tables.ToDictionary(t => t.Name, StringComparer.Ordinal);
        List<string> changed = [];
        foreach (var table in await TableHashes.OfAsync(connection, ct))
        {
            if (!before.Remove(table.Name, out var was)) changed.Add($"{table.Name} (new, {Count(table.Rows)} rows)");
            else if (was.Hash != table.Hash || was.Structure != table.Structure)
                changed.Add($"{table.Name} ({Count(was.Rows)} rows, {Count(table.Rows)} now)");
        }

        changed.AddRange(before.Keys.Order(StringComparer.Ordinal).Select(name => $"{name} (gone)"));
        return changed;

        static string Count(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// What is replayed has the numbers of its transactions: written to the log once more, a replica would not know them apart.
    /// </summary>
    private static async Task RefuseUnloggedAsync(MySqlConnection connection, CancellationToken ct)
    {
        try
        {
            await connection.ExecuteAsync("SET SESSION sql_log_bin = 0", ct);
        }
        catch (MySqlException denied)
        {
            throw new BackupException(
                "The account may not replay a log: grant it "
                    + (ServerIdentity.Of(connection.ServerVersion).MariaDb
                        ? "BINLOG REPLAY, BINLOG ADMIN and SET USER"
                        : "BINLOG_ADMIN, REPLICATION_APPLIER, SESSION_VARIABLES_ADMIN and SET_ANY_DEFINER")
                    + " on *.*, or name one that has them in Backup__RestoreConnectionString.", denied);
        }
    }

    /// <summary>Compares what stands in a database with a set, table by table.</summary>
    /// <exception cref="BackupException">What differs.</exception>
    public static async Task CompareAsync(SetFolder set, string connectionString, CancellationToken ct)
    {
        await using var connection = await BackupSession.OpenAsync(connectionString, ct);
        var same = ServerIdentity.Of(connection.ServerVersion).Series == ServerIdentity.Of(set.Manifest.ServerVersion).Series;
        var found = await TableHashes.OfAsync(connection, ct);
        var differences = TableHashes.Differences(set.Manifest.Tables, found, same).ToList();
        var (objects, _) = await TableHashes.ObjectsAsync(connection, ct);
        if (same && objects != set.Manifest.Objects) differences.Add("triggers, routines, events or views are others");
        if (differences.Count == 0) return;
        var more = differences.Count > 5 ? $" and {differences.Count - 5} more" : "";
        throw new BackupException(
            $"{connection.Database} is not what {set.Name} saved: {string.Join("; ", differences.Take(5))}{more}. Do not use it.");
    }

    private static void Refuse(SetFolder set, ServerIdentity server, string database)
    {
        var manifest = set.Manifest;
        if (manifest.ServerKind != server.Kind)
        {
            throw new BackupException(
                $"The set {set.Name} was made by {manifest.ServerKind} {manifest.ServerVersion}, and this server is {server}: "
                    + $"restore it into {manifest.ServerKind}.");
        }

        if (ServerIdentity.Of(manifest.ServerVersion).Number > server.Number)
        {
            throw new BackupException(
                $"The set {set.Name} was made by {manifest.ServerKind} {manifest.ServerVersion}, and this server is older: {server}.");
        }

        if (manifest.NamesItsSchema.Count > 0 && database != manifest.Database)
        {
            throw new BackupException(
                $"The set {set.Name} works only in a database of its own name, {manifest.Database}: "
                    + $"it is named in {string.Join(", ", manifest.NamesItsSchema)}. "
                    + $"Restore it with --into {manifest.Database} on another server.");
        }
    }

    internal static async Task<MySqlConnection> OpenEmptyAsync(MySqlConnectionStringBuilder target, CancellationToken ct)
    {
        var none = new MySqlConnectionStringBuilder(target.ConnectionString) { Database = "" }.ConnectionString;
        await using (var server = await BackupSession.OpenAsync(none, ct))
        {
            try
            {
                var name = SchemaConnection.Quote(target.Database);
                await server.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", ct);
            }
            catch (MySqlException denied)
            {
                throw new BackupException($"The database {target.Database} cannot be made here: {denied.Message}", denied);
            }
        }

        var connection = await BackupSession.OpenAsync(target.ConnectionString, ct);
        try
        {
            await RefuseFilledAsync(connection, target.Database, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task RefuseFilledAsync(MySqlConnection connection, string database, CancellationToken ct)
    {
        var first = (string?)await connection.ScalarAsync(
            """
            SELECT name FROM (
                SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()
                UNION ALL SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()
                UNION ALL SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()) AS o
            ORDER BY name LIMIT 1
            """, ct);
        if (first is null) return;
        throw new BackupException(
            $"The database {database} is not empty (it has {first}): nothing was changed. Name one that is, or a new one.");
    }

    private static async Task LoadAsync(
        DumpPrograms programs, string login, string plain, string database, bool logged, CancellationToken ct)
    {
        using var client = DumpPrograms.Start(
            programs.Client,
            [
                $"--defaults-file={login}", "--binary-mode",
                .. logged ? (string[])[] : ["--init-command=SET SESSION sql_log_bin = 0"], database,
            ],
            input: true);
        using var killing = ct.Register(() => client.Kill(entireProcessTree: true));
        var errors = client.StandardError.ReadToEndAsync(ct);
        try
        {
            await using var file = File.OpenRead(plain);
            await using var open = new GZipStream(file, CompressionMode.Decompress);
            await using var into = client.StandardInput.BaseStream;
            await DumpLines.CopyForAsync(open, into, database, ct);
        }
        catch (IOException) when (!ct.IsCancellationRequested)
        {
            // The client ended before its input: it says itself why, below.
        }

        await client.WaitForExitAsync(ct);
        if (client.ExitCode != 0)
            throw new BackupException($"The dump could not be loaded (code {client.ExitCode}): {SetFolder.FirstLine(await errors)}");
    }

    internal static async Task EmptyAsync(MySqlConnection connection, string database, CancellationToken ct)
    {
        var name = SchemaConnection.Quote(database);
        await connection.ExecuteAsync($"DROP DATABASE IF EXISTS {name}", ct);
        await connection.ExecuteAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", ct);
    }
}
