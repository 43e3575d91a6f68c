using System.Net;
using MySqlConnector;

namespace Portal.Hosting;

/// <summary>Whether somebody between the portal and its database could read along, or be taken for it.</summary>
public static class DatabaseLine
{
    /// <summary>What to mend, in a sentence for the log; null where the server is on this machine or proves who it is.</summary>
    public static string? Problem(string connectionString)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString);
        if (settings.SslMode is MySqlSslMode.VerifyCA or MySqlSslMode.VerifyFull) return null;
        var strange = settings.Server.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(server => !IsHere(server));
        return strange is null
            ? null
            : $"The database server {strange} is on another machine and need not prove who it is (SslMode={settings.SslMode}): "
                + "say SslMode=VerifyFull, with SslCa where its certificate is of an authority of your own.";
    }

    private static bool IsHere(string server) =>
        server.StartsWith('/') || server.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(server, out var address) && IPAddress.IsLoopback(address);
}
