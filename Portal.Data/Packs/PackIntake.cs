using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Backups;
using Portal.Data.Database;
using Portal.Data.Schema;

namespace Portal.Data.Packs;

/// <summary>What came of taking in a pack.</summary>
/// <param name="Applied">Migrations that the building got on the way, for its pack was of an older version.</param>
public sealed record PackTaken(int Tables, long Rows, IReadOnlyList<string> Applied, bool BooksAgree);

/// <summary>
/// Takes a pack into an empty database of either kind of server: looks at its signature and every file first, lays the schema it was made of,
/// loads the rows, compares every table with what the pack says of it, brings it to this version, and reckons whether the books still agree.
/// </summary>
public sealed class PackIntake(IServiceProvider services)
{
    /// <summary>Looks at the signature, and that no file is missing, damaged or added.</summary>
    /// <returns>The manifest, and the fingerprint of who signed it.</returns>
    /// <exception cref="PackException">What is wrong.</exception>
    public static async Task<(PackManifest Manifest, string Signer)> VerifyAsync(string folder, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder);
        byte[] bytes;
        string signature, pem;
        try
        {
            bytes = await File.ReadAllBytesAsync(Path.Combine(folder, PackManifest.FileName), ct);
            signature = await File.ReadAllTextAsync(Path.Combine(folder, PackManifest.Signature), ct);
            pem = await File.ReadAllTextAsync(Path.Combine(folder, PackManifest.Signer), ct);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{folder} is no pack that can be read: {missing.Message}", missing);
        }

        var signer = PackKey.SignerOf(bytes, signature, pem)
            ?? throw new PackException("The signature is not over this manifest: somebody changed the pack. Nothing was taken in.");
        var manifest = PackManifest.Read(bytes);
        var found = (await PackMaker.FilesAsync(folder, ct)).ToDictionary(f => f.Path, StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            if (!found.Remove(file.Path, out var there)) throw new PackException($"{file.Path} is missing. Nothing was taken in.");
            if (there != file) throw new PackException($"{file.Path} is not as it was signed. Nothing was taken in.");
        }

        if (found.Count > 0) throw new PackException($"{found.Keys.First()} was not there when the pack was signed. Nothing was taken in.");
        return (manifest, signer);
    }

    /// <param name="connectionString">Names the database to load into, with an account that may change its shape. It is made where it is not
    /// there.</param>
    /// <exception cref="PackException">It is not empty, the pack is of a newer version, or what was loaded is not what was packed: the
    /// database is empty again.</exception>
    public async Task<PackTaken> IntoAsync(string folder, PackManifest manifest, string connectionString, CancellationToken ct)
    {
        if (manifest.Schema > Migration.BuiltIn.Count)
        {
            throw new PackException(
                $"The pack was made by {manifest.MadeBy} with schema {manifest.Schema}, and this portal knows {Migration.BuiltIn.Count}: take it in with a newer version.");
        }

        var loading = false;
        try
        {
            await using var connection = await BackupRestore.OpenEmptyAsync(new MySqlConnectionStringBuilder(connectionString), ct);
            loading = true;
            await MigrateAsync(connectionString, manifest.Schema, ct);
            var shape = await DatabaseShape.ReadAsync(connection, ct);
            if (manifest.Tables.FirstOrDefault(t => !Belongs(shape, t)) is { } strange)
                throw new PackException($"The pack has a table {strange.Name} as the portal does not have it.");
            await connection.ExecuteAsync(PackRows.SetUp, ct);
            await LoadAsync(connection, folder, manifest, ct);
            await CompareAsync(connection, manifest, ct);
            var books = await PackMaker.BooksAsync(connection, ct);
            var differs = manifest.Books.Where(b => books.GetValueOrDefault(b.Key) != b.Value)
                .Select(b => $"{b.Key} {b.Value:0.##}, here {books.GetValueOrDefault(b.Key):0.##}").ToList();
            if (differs.Count > 0) throw new PackException($"The books do not come out as they were packed: {string.Join("; ", differs)}.");
            var applied = await MigrateAsync(connectionString, Migration.BuiltIn.Count, ct);
            await DatabaseServer.DetectAsync(connectionString, ct);
            var store = PortalDataServices.StoreOn(services, options => options.UseDatabase(connectionString));
            await using (var db = await store.OpenAsync(CurrentUser.System, ct)) await ModelCheck.EnsureAsync(db, connectionString, ct: ct);
            var proof = await PackMaker.ProofAsync(store, ct);
            if (manifest.BooksAgree && !proof.Agrees) throw new PackException("The books agreed when they were packed, and do not here.");
            return new PackTaken(manifest.Tables.Count, manifest.Rows, applied, proof.Agrees);
        }
        catch (Exception failure)
        {
            if (loading) await EmptyAsync(connectionString);
            throw failure switch
            {
                BackupException or SchemaException => new PackException(failure.Message, failure),
                MySqlException or IOException or InvalidDataException or InvalidCastException => new PackException($"The pack could not be loaded: {failure.Message}", failure),
                _ => failure,
            };
        }
    }

    /// <summary>It is one of the building's, and has the columns that this schema gives it.</summary>
    private static bool Belongs(DatabaseShape shape, PackedTable packed) => !PackTables.LeftOut.ContainsKey(packed.Name)
        && shape.Tables.TryGetValue(packed.Name, out var table) && table.Name == packed.Name
        && new PackRows(table).Columns.Select(c => c.Name).SequenceEqual(packed.Columns, StringComparer.Ordinal);

    private static async Task<IReadOnlyList<string>> MigrateAsync(string connectionString, int schema, CancellationToken ct) =>
        (await new Migrator(connectionString, NullLogger<Migrator>.Instance, [.. Migration.BuiltIn.Take(schema)]).ApplyAsync(ct: ct)).Applied;

    private static async Task LoadAsync(MySqlConnection connection, string folder, PackManifest manifest, CancellationToken ct)
    {
        // They would reckon again what comes already reckoned.
        var triggers = await connection.QueryAsync(
            """
            SELECT trigger_name, CONCAT('CREATE TRIGGER `', trigger_name, '` ', action_timing, ' ', event_manipulation, ' ON `',
                event_object_table, '` FOR EACH ROW ', action_statement)
            FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY event_object_table, action_timing, event_manipulation, action_order
            """, r => (Name: r.GetString(0), Statement: r.GetString(1)), ct);
        foreach (var trigger in triggers) await connection.ExecuteAsync($"DROP TRIGGER {SchemaConnection.Quote(trigger.Name)}", ct);
        foreach (var table in manifest.Tables)
        {
            await connection.ExecuteAsync($"DELETE FROM {SchemaConnection.Quote(table.Name)}", ct);
            await using var file = File.OpenRead(Path.Combine(folder, "sql", table.Name + ".sql.gz"));
            await using var open = new GZipStream(file, CompressionMode.Decompress);
            using var lines = new StreamReader(open, Encoding.UTF8);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            while (await lines.ReadLineAsync(ct) is { Length: > 0 } statement)
            {
                if (!PackStatement.IsRows(statement, table)) throw new PackException($"sql/{table.Name}.sql.gz holds something else than rows.");
                await connection.ExecuteAsync(statement, ct);
            }

            await transaction.CommitAsync(ct);
        }

        // A trigger runs in the mode in which it was made.
        await connection.ExecuteAsync(SessionSetup.SqlFor(connection.ServerVersion), ct);
        foreach (var trigger in triggers) await connection.ExecuteAsync(trigger.Statement, ct);
        await connection.ExecuteAsync(PackRows.SetUp, ct);
    }

    private static async Task CompareAsync(MySqlConnection connection, PackManifest manifest, CancellationToken ct)
    {
        var shape = await DatabaseShape.ReadAsync(connection, ct);
        foreach (var table in manifest.Tables)
        {
            var (rows, hash) = await new PackRows(shape.Tables[table.Name]).ReadAsync(connection, _ => ValueTask.CompletedTask, ct);
            if (rows != table.Rows || hash != table.Hash)
                throw new PackException($"{table.Name} is not what was packed ({table.Rows} rows, here {rows}).");
        }

        foreach (var table in shape.Tables.Values)
        {
            foreach (var key in table.ForeignKeys)
            {
                var lost = Convert.ToInt64(await connection.ScalarAsync(key.CountOrphans(table.Name), ct), null);
                if (lost > 0) throw new PackException($"{lost} rows of {table.Name} point to rows of {key.ReferencedTable} that are not there.");
            }
        }
    }

    private static async Task EmptyAsync(string connectionString)
    {
        try
        {
            await using var connection = await BackupSession.OpenAsync(connectionString, CancellationToken.None);
            await BackupRestore.EmptyAsync(connection, connection.Database, CancellationToken.None);
        }
        catch (Exception gone) when (gone is BackupException or MySqlException)
        {
            // What went wrong before is said.
        }
    }
}
