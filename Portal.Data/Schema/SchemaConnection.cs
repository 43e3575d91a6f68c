using System.Data.Common;
using MySqlConnector;
using Portal.Data.Database;

namespace Portal.Data.Schema;

/// <summary>A connection for schema work: outside the pool, because it waits for locks and changes its session, and without a
/// command time-out, because an ALTER on a large table takes as long as it takes.</summary>
internal static class SchemaConnection
{
    private const int UnknownDatabase = 1049;

    /// <summary>Opens the database, creating it when the server knows none of that name.</summary>
    public static async Task<MySqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            AllowUserVariables = true,
            DefaultCommandTimeout = 0,
            GuidFormat = MySqlGuidFormat.None,

            // The migrator has one transaction at a time on this connection, and each of its statements is meant to be in it.
            IgnoreCommandTransaction = true,
        };
        if (string.IsNullOrWhiteSpace(settings.Database))
        {
            throw new SchemaException("The connection string names no database: add Database=... to ConnectionStrings__Portal.");
        }
        var connection = new MySqlConnection(settings.ConnectionString);
        try
        {
            try
            {
                await connection.OpenAsync(ct);
            }
            catch (MySqlException failure) when (IsUnknownDatabase(failure))
            {
                await CreateDatabaseAsync(settings, ct);
                await connection.OpenAsync(ct);
            }
            DatabaseServer.Remember(connection);
            await connection.ExecuteAsync(SessionSetup.SqlFor(connection.ServerVersion), ct);
            await connection.ExecuteAsync("SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci", ct);
            return connection;
        }
        catch (MySqlException failure)
        {
            await connection.DisposeAsync();
            throw new SchemaException(
                $"The database {settings.Database} on {settings.Server}:{settings.Port} cannot be opened: {failure.Message} Check ConnectionStrings__Portal, and that the server runs.",
                failure
            ) { Unopened = true };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task<int> ExecuteAsync(
        this MySqlConnection connection, string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<object?> ScalarAsync(
        this MySqlConnection connection, string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync(ct) is { } value and not DBNull ? value : null;
    }

    public static async Task<List<T>> QueryAsync<T>(
        this MySqlConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken ct,
        params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        List<T> rows = [];
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    public static string Quote(string identifier) => $"`{identifier.Replace("`", "``", StringComparison.Ordinal)}`";

    public static string? TextOrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static async Task CreateDatabaseAsync(MySqlConnectionStringBuilder settings, CancellationToken ct)
    {
        var name = settings.Database;
        await using var server = new MySqlConnection(
            new MySqlConnectionStringBuilder(settings.ConnectionString) { Database = "" }.ConnectionString
        );
        try
        {
            await server.OpenAsync(ct);
            await server.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {Quote(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", ct);
        }
        catch (MySqlException failure)
        {
            throw new SchemaException(
                $"The database {name} does not exist and could not be created ({failure.Message}). Create it as an administrator: "
                    + $"CREATE DATABASE {Quote(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; and grant this user all rights on it.",
                failure
            );
        }
    }

    private static bool IsUnknownDatabase(MySqlException failure) => failure.Number == UnknownDatabase;

    private static MySqlCommand Command(MySqlConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        var command = new MySqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }
        return command;
    }
}
