using System.Reflection;
using System.Runtime.CompilerServices;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Brings every session to the same state whatever the server's defaults are: strict SQL mode, UTC, one collation.
/// Sent once per physical connection, not once per open: a pooled connection keeps its session.
/// </summary>
internal static class MySqlSessionSetup
{
    private const string Sql =
        "SET SESSION sql_mode='ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',"
        + "time_zone='+00:00',collation_connection='utf8mb4_unicode_ci',group_concat_max_len=1048576";

    // The driver's own object for a physical connection is the only sound key: the server's connection ids start again after a restart.
    // Should a later driver rename the field, the set-up is sent on every open, which is only slower.
    private static readonly FieldInfo? DriverField = typeof(MySqlConnection).GetField("driver", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly ConditionalWeakTable<object, object> Prepared = [];

    public static async Task ApplyAsync(MySqlConnection connection)
    {
        var physical = DriverField?.GetValue(connection);
        if (physical is not null && Prepared.TryGetValue(physical, out _))
        {
            return;
        }

        var command = new MySqlCommand(Sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        }

        if (physical is not null)
        {
            Prepared.AddOrUpdate(physical, physical);
        }
    }
}
