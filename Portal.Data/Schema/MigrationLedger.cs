using MySqlConnector;

namespace Portal.Data.Schema;

/// <summary>A row of <c>schema_version</c>. DDL is not transactional, so the row carries how far its file got:
/// <paramref name="Running"/> is the index of a statement that was sent and whose outcome is unknown.</summary>
/// <param name="Narrows">Portals that do not know it cannot work with the database any more.</param>
public sealed record AppliedMigration(
    int Number, string FileName, string Checksum, bool Adopted, int StatementsDone, int? Running, string ProgressChecksum, bool Finished,
    bool Narrows);

/// <summary>Reads and writes <c>schema_version</c>, which the migrator itself owns.</summary>
internal static class MigrationLedger
{
    private const string Create = """
        CREATE TABLE IF NOT EXISTS schema_version (
            number INT NOT NULL,
            file_name VARCHAR(200) NOT NULL,
            checksum VARCHAR(64) NOT NULL,
            adopted BOOLEAN NOT NULL DEFAULT FALSE,
            statements_done INT NOT NULL DEFAULT 0,
            statement_running INT NULL,
            progress_checksum VARCHAR(64) NOT NULL,
            started_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            finished_at TIMESTAMP(6) NULL,
            narrows BOOLEAN NOT NULL DEFAULT TRUE,
            PRIMARY KEY (number)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
        """;

    public static async Task<List<AppliedMigration>> ReadAsync(MySqlConnection connection, CancellationToken ct)
    {
        var exists = await connection.ScalarAsync(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_version'",
            ct
        );
        if (exists is null) return [];
        await WidenAsync(connection, ct);
        return await connection.QueryAsync(
            """
            SELECT number, file_name, checksum, adopted, statements_done, statement_running, progress_checksum, finished_at IS NOT NULL, narrows
            FROM schema_version ORDER BY number
            """,
            row => new AppliedMigration(
                row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetInt32(4),
                row.IsDBNull(5) ? null : row.GetInt32(5), row.GetString(6), row.GetInt32(7) == 1, row.GetBoolean(8)),
            ct);
    }

    /// <summary>The table is older than its files, so none of them can change it.</summary>
    private static async Task WidenAsync(MySqlConnection connection, CancellationToken ct)
    {
        var has = await connection.ScalarAsync(
            """
            SELECT 1 FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = 'schema_version' AND column_name = 'narrows'
            """, ct);
        if (has is null) await connection.ExecuteAsync("ALTER TABLE schema_version ADD COLUMN narrows BOOLEAN NOT NULL DEFAULT TRUE", ct);
    }

    public static Task CreateAsync(MySqlConnection connection, CancellationToken ct) => connection.ExecuteAsync(Create, ct);

    public static Task AdoptedAsync(MySqlConnection connection, Migration migration, CancellationToken ct) => connection.ExecuteAsync(
        """
        INSERT INTO schema_version (number, file_name, checksum, adopted, statements_done, progress_checksum, finished_at)
        VALUES (@number, @file, @checksum, TRUE, @done, @progress, CURRENT_TIMESTAMP(6))
        """, ct, ("@number", migration.Number), ("@file", migration.FileName), ("@checksum", migration.Checksum),
        ("@done", migration.Statements.Count), ("@progress", migration.ChecksumOf(migration.Statements.Count)));

    /// <summary>Opens the row of a file, or takes over the row of a half-applied one (whose text may have been corrected).</summary>
    public static Task StartedAsync(MySqlConnection connection, Migration migration, CancellationToken ct) =>
        connection.ExecuteAsync(
            """
            INSERT INTO schema_version (number, file_name, checksum, progress_checksum, narrows)
            VALUES (@number, @file, @checksum, @progress, @narrows)
            ON DUPLICATE KEY UPDATE file_name = @file, checksum = @checksum, narrows = @narrows
            """,
            ct,
            ("@number", migration.Number),
            ("@file", migration.FileName),
            ("@checksum", migration.Checksum),
            ("@progress", migration.ChecksumOf(0)),
            ("@narrows", migration.Narrows)
        );

    public static Task RunningAsync(MySqlConnection connection, Migration migration, int? statement, CancellationToken ct) =>
        connection.ExecuteAsync(
            "UPDATE schema_version SET statement_running = @statement WHERE number = @number", ct, ("@statement", statement),
            ("@number", migration.Number));

    public static Task DoneAsync(MySqlConnection connection, Migration migration, int statements, CancellationToken ct) =>
        connection.ExecuteAsync(
            "UPDATE schema_version SET statements_done = @done, statement_running = NULL, progress_checksum = @progress WHERE number = @number",
            ct,
            ("@done", statements),
            ("@progress", migration.ChecksumOf(statements)),
            ("@number", migration.Number)
        );

    public static Task FinishedAsync(MySqlConnection connection, Migration migration, CancellationToken ct) => connection.ExecuteAsync(
        "UPDATE schema_version SET finished_at = CURRENT_TIMESTAMP(6) WHERE number = @number", ct, ("@number", migration.Number));
}
