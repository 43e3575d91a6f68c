using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>Connections of backups: outside the pool, and without a time limit of their own.</summary>
internal static class BackupSession
{
    /// <exception cref="BackupException">The server or the database cannot be opened.</exception>
    public static async Task<MySqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, DefaultCommandTimeout = 0, GuidFormat = MySqlGuidFormat.None, AllowUserVariables = true,
            IgnoreCommandTransaction = true,
        };
        var connection = new MySqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch (MySqlException failure)
        {
            await connection.DisposeAsync();
            throw new BackupException(
                $"The database {settings.Database} on {settings.Server}:{settings.Port} cannot be opened: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Takes the named lock of some work on this connection's database, until the connection ends; waits for nobody.
    /// </summary>
    /// <returns>False where another has it.</returns>
    public static async Task<bool> TryLockAsync(this MySqlConnection connection, string work, CancellationToken ct)
    {
        // Names of locks have 64 letters at most, those of databases as many.
        var database = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(connection.Database)))[..24];
        var held = await connection.ScalarAsync("SELECT GET_LOCK(@name, 0)", ct, ("@name", $"portal.{work}.{database}")) ?? 0;
        return Convert.ToInt32(held, CultureInfo.InvariantCulture) == 1;
    }

    public static async Task<bool> HasBinaryLogAsync(this MySqlConnection connection, CancellationToken ct) =>
        Convert.ToInt32(await connection.ScalarAsync("SELECT @@GLOBAL.log_bin", ct), CultureInfo.InvariantCulture) == 1;

    /// <summary>
    /// Which installation's database this is: a hash of the moment, to the microsecond, at which its first migration ended. A restore
    /// brings it along; what is installed anew, or taken in from a pack, has another. Null where it is not the portal's.
    /// </summary>
    public static async Task<string?> InstallationAsync(this MySqlConnection connection, CancellationToken ct)
    {
        if (await connection.SchemaNumberAsync(ct) == 0) return null;
        var first = Convert.ToString(
            await connection.ScalarAsync("SELECT UNIX_TIMESTAMP(MIN(finished_at)) FROM schema_version", ct), CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(first) ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first)))[..32];
    }

    /// <summary>The number of the last migration; 0 where the database is not the portal's.</summary>
    public static async Task<int> SchemaNumberAsync(this MySqlConnection connection, CancellationToken ct) =>
        await connection.ScalarAsync(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_version'", ct) is null
            ? 0
            : Convert.ToInt32(
                await connection.ScalarAsync(
                    "SELECT MAX(number) FROM schema_version WHERE finished_at IS NOT NULL OR adopted = 1", ct) ?? 0,
                CultureInfo.InvariantCulture);
}
