using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Pomelo.EntityFrameworkCore.MySql.Infrastructure;

namespace Portal.Data.Database;

/// <summary>
/// Brings every session to the same state whatever the server's defaults are: strict SQL mode, UTC, one collation. Sent at each opening,
/// because the driver resets a pooled session before it gives it out again.
/// </summary>
internal sealed class SessionSetup : DbConnectionInterceptor
{
    private const string Modes =
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

    // Left to itself MySQL would round what a column cannot hold, so that 23:59:59.9 would become the next day. MariaDB cuts.
    private const string Cutting = ",TIME_TRUNCATE_FRACTIONAL";

    private static readonly SessionSetup MariaDb = new(MariaDbSql), MySql = new(MySqlSql);

    private readonly string _sql;

    private SessionSetup(string sql) => _sql = sql;

    private static string MariaDbSql => Statement(Modes);

    private static string MySqlSql => Statement(Modes + Cutting);

    /// <summary>One object for each kind of server, because contexts that share their options share their caches.</summary>
    public static SessionSetup For(ServerVersion version) => version.Type == ServerType.MariaDb ? MariaDb : MySql;

    /// <summary>The statement itself, for connections outside a context.</summary>
    public static string SqlFor(string serverVersion) =>
        serverVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? MariaDbSql : MySqlSql;

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    private DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = _sql;
        return command;
    }

    private static string Statement(string modes) =>
        $"SET SESSION sql_mode='{modes}',time_zone='+00:00',collation_connection='utf8mb4_unicode_ci',group_concat_max_len=1048576";
}
