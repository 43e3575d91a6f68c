using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Portal.Data.Database;

/// <summary>What this process knows of its database servers: which kind and version answers at an address.</summary>
public static class DatabaseServer
{
    // By address and not by database: a test run has hundreds of databases on one server.
    private static readonly ConcurrentDictionary<string, ServerVersion> Versions = new();

    /// <summary>
    /// Asks the server which it is, once for each address. Needed before the first context: the provider writes other SQL for MariaDB
    /// than for MySQL. No database is named, so the one that is to be made need not exist.
    /// </summary>
    /// <exception cref="MySqlException">The server refuses or cannot be reached.</exception>
    public static async Task<ServerVersion> DetectAsync(string connectionString, CancellationToken ct)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString);
        if (Versions.TryGetValue(Address(settings), out var known)) return known;
        settings.Database = "";
        settings.Pooling = false;
        LimitOpening(settings);
        await using var connection = new MySqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        return Remember(connection);
    }

    /// <summary>An open connection tells as well.</summary>
    internal static ServerVersion Remember(MySqlConnection connection) =>
        Versions[Address(new MySqlConnectionStringBuilder(connection.ConnectionString))] = ServerVersion.Parse(connection.ServerVersion);

    /// <summary>The version that <see cref="DetectAsync"/> found.</summary>
    internal static ServerVersion VersionOf(string connectionString)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString);
        return Versions.TryGetValue(Address(settings), out var version)
            ? version
            : throw new InvalidOperationException(
                $"The database server {Address(settings)} has not been asked for its version: "
                    + $"apply the migrations, or await {nameof(DatabaseServer)}.{nameof(DetectAsync)}, before the first context.");
    }

    /// <summary>
    /// The connection string with what the portal relies on: user variables are the server's (<c>@current_user_id</c>); found rows are
    /// counted instead of changed ones, as optimistic concurrency needs; a CHAR(36) is a text; a date of zeros, which only another program
    /// can have written, is the first day there is: it must not hide the rows beside it. When a pooled session is reset
    /// <see cref="SessionSetup"/> decides.
    /// </summary>
    internal static string Force(string connectionString)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            AllowUserVariables = true,
            UseAffectedRows = false,
            GuidFormat = MySqlGuidFormat.None,
            ConvertZeroDateTime = true,
        };
        LimitOpening(settings);
        return settings.ConnectionString;
    }

    /// <summary>A person waits meanwhile; whoever writes the connection string may decide otherwise.</summary>
    private static void LimitOpening(MySqlConnectionStringBuilder settings)
    {
        if (!settings.ContainsKey("Connection Timeout")) settings.ConnectionTimeout = 8;
    }

    private static string Address(MySqlConnectionStringBuilder settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings.Server}:{settings.Port}");
}
