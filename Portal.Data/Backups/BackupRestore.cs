using System.IO.Compression;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>What came of a restore.</summary>
public sealed record Restored(int Tables, long Rows, TimeSpan Took);

/// <summary>Loads a set into an empty database and compares every table with what the set says of it.</summary>
internal sealed class BackupRestore(BackupOptions options)
{
    /// <param name="connectionString">Names the database to load into. It is made where it is not there.</param>
    /// <exception cref="BackupException">It is not empty, the set is damaged or of another kind of server, or what was loaded is not
    /// what was saved.</exception>
    public async Task<Restored> IntoAsync(SetFolder set, string connectionString, string? identity, CancellationToken ct)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var target = new MySqlConnectionStringBuilder(connectionString);
        var manifest = set.Manifest;
        await using (var connection = await OpenEmptyAsync(target, ct))
        {
            var server = ServerIdentity.Of(connection.ServerVersion);
            Refuse(set, server, target.Database);
            if (!await connection.TryLockAsync("restore", ct))
                throw new BackupException($"Another set is being restored into {target.Database} already.");
            await set.VerifyFilesAsync(ct);
            var programs = await DumpPrograms.FindAsync(server, options.Programs, ct);
            var work = SetFolder.MakePrivate(Path.Combine(Path.GetTempPath(), $"portal-restore-{Guid.NewGuid():N}"));
            var loading = false;
            try
            {
                var plain = await set.PlainDumpAsync(identity ?? options.Identity, work, ct);
                await set.CheckDumpAsync(plain, ct);
                // Looking took its time, and somebody may have begun to use it meanwhile.
                await RefuseFilledAsync(connection, target.Database, ct);
                loading = true;
                await LoadAsync(programs, DumpPrograms.WriteLogin(work, target, server), plain, target.Database, ct);
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

        await CompareAsync(set, connectionString, ct);
        return new Restored(manifest.Tables.Count, manifest.Rows, clock.Elapsed);
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

    private static async Task<MySqlConnection> OpenEmptyAsync(MySqlConnectionStringBuilder target, CancellationToken ct)
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

    private static async Task LoadAsync(DumpPrograms programs, string login, string plain, string database, CancellationToken ct)
    {
        using var client = DumpPrograms.Start(programs.Client, [$"--defaults-file={login}", "--binary-mode", database], input: true);
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

    private static async Task EmptyAsync(MySqlConnection connection, string database, CancellationToken ct)
    {
        var name = SchemaConnection.Quote(database);
        await connection.ExecuteAsync($"DROP DATABASE IF EXISTS {name}", ct);
        await connection.ExecuteAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", ct);
    }
}
