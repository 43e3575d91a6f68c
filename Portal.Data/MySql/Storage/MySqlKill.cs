using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Stops the running query of a connection, over another connection. The driver's own way has a time-out that can end the process.</summary>
internal static class MySqlKill
{
    public static async Task QueryAsync(MySqlConnection connection, int serverThread, TimeSpan patience)
    {
        var killer = MySqlPoolGate.Create(
            MySqlConnectionStrings.ForScripts(MySqlPoolGate.OriginOf(connection) ?? connection.ConnectionString));
        await MySqlOpening.OpenAsync(killer, patience, static _ => { }, CancellationToken.None).ConfigureAwait(false);
        await using (killer.ConfigureAwait(false))
        {
            var command = new MySqlCommand(FormattableString.Invariant($"KILL QUERY {serverThread}"), killer);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync().WaitAsync(patience).ConfigureAwait(false);
            }
        }
    }
}
