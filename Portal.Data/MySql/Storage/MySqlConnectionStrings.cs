using System.Data.Common;
using System.Collections.Concurrent;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// The options that the provider relies on, forced upon every connection string:
/// utf8mb4; found rows instead of changed rows (optimistic concurrency counts them); no user variables (a null parameter would be sent
/// as one); several statements a trip; <c>tinyint(1)</c> as bool; no reset of a pooled session (its set-up is sent once per physical
/// connection); an explicit pool size, which is also the size of the gate in front of the pool.
/// </summary>
public static class MySqlConnectionStrings
{
    /// <summary>Connections a process opens at most when the connection string does not say.</summary>
    public const uint DefaultPoolSize = 64;

    private static readonly ConcurrentDictionary<string, string> Forced = new(StringComparer.Ordinal);

    /// <summary>The string with the forced options, normalised so that equal settings share one pool.</summary>
    public static string Force(string connectionString) => Forced.GetOrAdd(connectionString, static text =>
    {
        var builder = Common(text);
        builder.AllowUserVariables = false;
        builder.Pooling = true;
        if (!SaysPoolSize(text))
        {
            builder.MaximumPoolSize = DefaultPoolSize;
        }

        return builder.ConnectionString;
    });

    /// <summary>The string for running SQL scripts: never pooled, and user variables such as <c>@x</c> are left to the server.</summary>
    public static string ForScripts(string connectionString)
    {
        var builder = Common(connectionString);
        builder.AllowUserVariables = true;
        builder.Pooling = false;
        return builder.ConnectionString;
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
