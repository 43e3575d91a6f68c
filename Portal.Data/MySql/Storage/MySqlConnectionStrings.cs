using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// The options that the provider relies on, forced upon every connection string:
/// utf8mb4; found rows instead of changed rows (optimistic concurrency counts them); no user variables (a null parameter would be sent
/// as one); several statements a trip; <c>tinyint(1)</c> as bool; no reset of a pooled session (its set-up is sent once per physical
/// connection); an explicit pool size, which is also the size of the gate in front of the pool; and no connection time-out of the
/// driver's own, since one that strikes during a TLS handshake ends the whole process. <see cref="MySqlOpening"/> keeps the time instead.
/// </summary>
public static class MySqlConnectionStrings
{
    /// <summary>Connections a process opens at most when the connection string does not say.</summary>
    public const uint DefaultPoolSize = 64;

    // The longest time that the driver can count in milliseconds, 24 days. Zero, which means none, makes its pool refuse at once.
    private const uint Never = int.MaxValue / 1000;

    /// <summary>The string with the forced options, normalised so that equal settings share one pool.</summary>
    public static string Force(string connectionString)
    {
        var builder = Common(connectionString);
        builder.AllowUserVariables = false;
        builder.Pooling = true;
        if (!SaysPoolSize(connectionString))
        {
            builder.MaximumPoolSize = DefaultPoolSize;
        }

        return builder.ConnectionString;
    }

    /// <summary>The string for running SQL scripts: never pooled, and user variables such as <c>@x</c> are left to the server.</summary>
    public static string ForScripts(string connectionString)
    {
        var builder = Common(connectionString);
        builder.AllowUserVariables = true;
        builder.Pooling = false;
        return builder.ConnectionString;
    }

    /// <summary>How long to wait for a place in the pool, and then for the server to let us in: the string's Connection Timeout.</summary>
    internal static TimeSpan Patience(string connectionString)
    {
        var seconds = new MySqlConnectionStringBuilder(connectionString).ConnectionTimeout;
        return seconds is 0 or >= Never ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
    }

    private static MySqlConnectionStringBuilder Common(string text) => new(text)
    {
        CharacterSet = "utf8mb4",
        UseAffectedRows = false,
        AllowBatch = true,
        TreatTinyAsBoolean = true,
        ConnectionReset = false,
        AllowZeroDateTime = false,
        ConvertZeroDateTime = false,
        OldGuids = false,
        SqlServerMode = false,
        ConnectionTimeout = Never,
    };

    private static bool SaysPoolSize(string text)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = text };
        return given.Keys.Cast<string>()
            .Select(key => key.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal))
            .Any(key => key.Equals("maximumpoolsize", StringComparison.OrdinalIgnoreCase)
                || key.Equals("maxpoolsize", StringComparison.OrdinalIgnoreCase));
    }
}
