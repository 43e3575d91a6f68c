using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Portal.Data.Schema;

/// <summary>What a run of the migrator did.</summary>
/// <param name="Applied">File names applied by this run; empty when the database was up to date.</param>
/// <param name="Adopted">Whether an existing database was recognised as having the documented schema.</param>
/// <param name="Newer">The last migration in the database, where that is one which this portal does not know; else null.</param>
public sealed record MigrationOutcome(IReadOnlyList<string> Applied, bool Adopted, string? Newer = null);

/// <summary>Brings a database to the last migration: files in order, under a lock held by the server so that two portals that
/// start at once apply each once, recorded with checksum in <c>schema_version</c>.</summary>
/// <exception cref="SchemaException">An applied file was edited, a number is missing, the database is too new for this portal, older portals
/// serve a database that is to be narrowed, or a file stopped half-way; the message says how to go on.</exception>
public sealed class Migrator(string connectionString, ILogger<Migrator> logger, IReadOnlyList<Migration>? migrations = null)
{
    /// <summary>Longer than the longest silence of a portal that serves (<c>PortalPulse.Every</c>).</summary>
    private const int SilentSeconds = 45;

    private const int LockPatienceSeconds = 600;

    private readonly IReadOnlyList<Migration> _migrations = migrations ?? Migration.BuiltIn;

    /// <summary>How long older portals are waited for before a database is narrowed: one that was killed is thought to serve for a while.</summary>
    internal int PatienceSeconds { get; init; } = SilentSeconds;

    /// <param name="resume">Carry on with a file that stopped half-way, from the statement it stopped at.</param>
    public async Task<MigrationOutcome> ApplyAsync(bool resume = false, CancellationToken ct = default)
    {
        await using var connection = await SchemaConnection.OpenAsync(connectionString, ct);
        // Released by the server when the connection ends, however it ends.
        await LockAsync(connection, ct);

        var applied = await MigrationLedger.ReadAsync(connection, ct);
        var adopted = applied.Count == 0 && await AdoptAsync(connection, ct);
        if (applied.Count == 0)
        {
            await MigrationLedger.CreateAsync(connection, ct);
            if (adopted)
            {
                await MigrationLedger.AdoptedAsync(connection, _migrations[0], ct);
                applied = await MigrationLedger.ReadAsync(connection, ct);
            }
        }
        Refuse(applied, resume);

        List<string> done = [];
        foreach (var migration in _migrations.Skip(applied.Count(row => row.Finished)))
        {
            if (migration.Narrows && applied.Count > 0) await AloneAsync(connection, migration, ct);
            await ApplyAsync(connection, migration, applied.Find(row => row.Number == migration.Number), ct);
            done.Add(migration.FileName);
        }
        return new MigrationOutcome(done, adopted, applied.Count > _migrations.Count ? applied[^1].FileName : null);
    }

    /// <summary>Until no portal serves that was built before this migration.</summary>
    private async Task AloneAsync(MySqlConnection connection, Migration migration, CancellationToken ct)
    {
        var table = await connection.ScalarAsync(
            """
            SELECT COUNT(*) FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'portals' AND column_name IN ('seen_at', 'schema_number')
            """, ct);
        var known = Convert.ToInt32(table);
        if (known == 0) return;
        var older = known == 1 ? "" : " AND (schema_number IS NULL OR schema_number < @number)";
        for (var waited = 0; ; waited++)
        {
            var serve = await connection.QueryAsync(
                $"SELECT name FROM portals WHERE seen_at > UTC_TIMESTAMP(3) - INTERVAL {SilentSeconds} SECOND{older} ORDER BY name",
                row => row.GetString(0), ct, ("@number", migration.Number));
            if (serve.Count == 0) return;
            if (waited == 0) logger.LogInformation("{Migration} waits for older portals to end: {Portals}", migration.FileName, serve);
            if (waited >= PatienceSeconds)
            {
                throw new SchemaException(
                    $"{migration.FileName} takes away what older portals need, and {string.Join(", ", serve)} still serve. Stop them, then start again; nothing of that file was applied."
                );
            }

            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }
    }

    private async Task<bool> AdoptAsync(MySqlConnection connection, CancellationToken ct)
    {
        if (_migrations.Count == 0)
        {
            return false;
        }
        var documented = DocumentedSchema.Parse(_migrations[0]);
        return await new Adoption(documented, [.. _migrations.Skip(1)], logger).AdoptAsync(connection, ct);
    }

    private async Task LockAsync(MySqlConnection connection, CancellationToken ct)
    {
        var name = "portal.migrate." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(connection.Database)))[..24];
        for (var waited = 0; waited < LockPatienceSeconds; waited += 5)
        {
            ct.ThrowIfCancellationRequested();
            if (await connection.ScalarAsync("SELECT GET_LOCK(@name, 5)", ct, ("@name", name)) is { } taken && Convert.ToInt32(taken) == 1)
            {
                return;
            }
            logger.LogInformation("Another portal is migrating {Database}; waiting for it", connection.Database);
        }
        throw new SchemaException(
            $"Another connection has held the migration lock of {connection.Database} for {LockPatienceSeconds / 60} minutes. Look for it with SHOW PROCESSLIST; end it if it is stuck, then start again."
        );
    }

    private void Refuse(List<AppliedMigration> applied, bool resume)
    {
        for (var i = 0; i < applied.Count; i++)
        {
            var row = applied[i];
            if (row.Number != i + 1)
            {
                throw new SchemaException(
                    $"schema_version has {row.FileName} but no row for migration {i + 1:0000}: a row was removed. Restore the row (or the database from a backup); nothing was changed."
                );
            }
            if (row.Number > _migrations.Count)
            {
                if (row is { Narrows: false, Finished: true }) continue;
                throw new SchemaException(
                    $"The database has {row.FileName}, which this portal does not know: it belongs to a newer version{(row.Narrows ? ", and what it takes away is needed here" : "")}. Start that version, or restore the backup taken before it; nothing was changed."
                );
            }
            if (!row.Finished)
            {
                RefuseHalfApplied(row, _migrations[i], resume);
            }
            else if (row.Checksum != _migrations[i].Checksum)
            {
                throw new SchemaException(
                    $"{_migrations[i].FileName} was edited after it was applied here (as {row.FileName}). Put the file back as it was and write the change as a new migration; nothing was changed."
                );
            }
        }
    }

    private static void RefuseHalfApplied(AppliedMigration row, Migration migration, bool resume)
    {
        if (!resume)
        {
            throw new SchemaException(
                $"{row.FileName} stopped at statement {row.StatementsDone + 1} of {migration.Statements.Count}. Remove what made it fail (the log of that run names it), then go on from there with: -- migrate --resume"
            );
        }
        if (row.StatementsDone > migration.Statements.Count || row.ProgressChecksum != migration.ChecksumOf(row.StatementsDone))
        {
            throw new SchemaException(
                $"{migration.FileName} was changed in one of its first {row.StatementsDone} statements, which have already run. Put those back as they were; only later statements may be corrected."
            );
        }
    }

    private async Task ApplyAsync(MySqlConnection connection, Migration migration, AppliedMigration? half, CancellationToken ct)
    {
        logger.LogInformation("Applying {Migration}", migration.FileName);
        await MigrationLedger.StartedAsync(connection, migration, ct);
        for (var i = half?.StatementsDone ?? 0; i < migration.Statements.Count; i++)
        {
            try
            {
                await RunAsync(connection, migration, i, outcomeUnknown: half?.Running == i, ct);
            }
            catch (MySqlException failure)
            {
                throw new SchemaException(
                    $"{migration.FileName}, statement {i + 1} of {migration.Statements.Count}, failed: {failure.Message}{Advice(failure)}\n{FirstLines(migration.Statements[i])}\nRemove the cause, then go on from there with: -- migrate --resume",
                    failure
                );
            }
        }
        await MigrationLedger.FinishedAsync(connection, migration, ct);
    }

    private static async Task RunAsync(
        MySqlConnection connection, Migration migration, int index, bool outcomeUnknown, CancellationToken ct)
    {
        var statement = migration.Statements[index];
        if (ServerErrors.IsTransactional(statement))
        {
            // Rows and progress are one transaction: this statement runs exactly once, whatever is killed.
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync(statement, ct);
            await MigrationLedger.DoneAsync(connection, migration, index + 1, ct);
            await transaction.CommitAsync(ct);
            return;
        }
        await MigrationLedger.RunningAsync(connection, migration, index, ct);
        try
        {
            await connection.ExecuteAsync(statement, ct);
        }
        catch (MySqlException failure) when (outcomeUnknown && ServerErrors.SaysAlreadyDone(failure))
        {
            // The process died between this statement's end and its record: each statement of DDL is atomic, so it is done.
        }
        catch (MySqlException failure) when (failure.Number > 0)
        {
            // The server itself refused: known not to be done, so a later "already exists" is a real one.
            await MigrationLedger.RunningAsync(connection, migration, null, ct);
            throw;
        }
        await MigrationLedger.DoneAsync(connection, migration, index + 1, ct);
    }

    private static string Advice(MySqlException failure) =>
        failure.Number == 1419
            ? " (On a server with a binary log, creating the audit trigger needs log_bin_trust_function_creators=1: SET GLOBAL log_bin_trust_function_creators = 1 as an administrator.)"
            : "";

    private static string FirstLines(string statement) => string.Join('\n', statement.Split('\n').Take(6));
}
