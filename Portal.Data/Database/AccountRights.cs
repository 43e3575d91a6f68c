using System.Text.RegularExpressions;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Database;

/// <summary>
/// What each account of the database may do, table by table, given by the account that migrates (<c>ConnectionStrings:Migrate</c>) after
/// each run of migrations: the portal's own account writes lines of the audit log and cannot change or remove one; the keeper's, with
/// which only retention, the archive and the seals work, can. Neither may change the schema. Why: docs/decisions/087.
/// </summary>
public sealed partial class AccountRights(string migrating, string portal, string keeper)
{
    private const string All = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>What the portal's account may do with tables that are not its own to change. All others: everything but their shape.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> OfPortal = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["audit_log"] = "SELECT, INSERT",
        ["audit_log_archive"] = "SELECT",
        ["audit_seals"] = "SELECT",
        ["audit_redactions"] = "SELECT",
        ["audit_checks"] = "SELECT",
        ["schema_version"] = "SELECT",
    };

    /// <exception cref="SchemaException">The accounts are one, one of them may do more than it should, or the migrating one may not give
    /// rights; the message says what to do.</exception>
    public async Task GiveAsync(CancellationToken ct)
    {
        var (portalName, schema) = await NameAsync(portal, "Portal", ct);
        var (keeperName, keeperSchema) = await NameAsync(keeper, "Keeper", ct);
        await using var connection = await OpenAsync(migrating, "Migrate", ct);
        var giver = await TextAsync(connection, "SELECT CURRENT_USER()", ct);
        if (portalName == keeperName || portalName == giver || keeperName == giver)
        {
            throw new SchemaException(
                $"ConnectionStrings__Portal ({portalName}), __Keeper ({keeperName}) and __Migrate ({giver}) must name three accounts.");
        }

        if (schema != connection.Database || keeperSchema != schema)
            throw new SchemaException("ConnectionStrings__Portal, __Keeper and __Migrate must name the same database.");
        var tables = await connection.QueryAsync(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1",
            r => r.GetString(0), ct);
        // Without a database, so that the binary log does not have it as this database's: whoever restores to a moment would come upon it.
        await using var giving = await OpenAsync(
            new MySqlConnectionStringBuilder(migrating) { Database = "" }.ConnectionString, "Migrate", ct);
        foreach (var (name, login) in new[] { (portalName, portal), (keeperName, keeper) })
        {
            await using var own = await OpenAsync(login, login == portal ? "Portal" : "Keeper", ct);
            var has = await HasAsync(own, schema, ct);
            foreach (var table in tables)
            {
                var rights = Of(table, login == portal);
                if (!rights.Split(", ").All(right => has.Contains((table, right)))) await GiveAsync(giving, schema, rights, table, name, ct);
            }

            if (await ExcessAsync(own, login == portal, ct) is { } excess)
            {
                throw new SchemaException(
                    $"The account {name} may do more than it needs ({excess}): take it away with REVOKE, or whoever gets in as the portal "
                        + "can change the audit log.");
            }
        }
    }

    /// <summary>The first right that an account has beyond those given here; null where there is none.</summary>
    internal static async Task<string?> ExcessAsync(MySqlConnection own, bool isPortal, CancellationToken ct)
    {
        foreach (var line in await own.QueryAsync("SHOW GRANTS", r => r.GetString(0), ct))
        {
            if (Grant().Match(line) is not { Success: true } grant) return Shown(line);
            var (rights, on) = (grant.Groups["rights"].Value, grant.Groups["on"].Value.Replace("`", "", StringComparison.Ordinal));
            if (rights == "USAGE" && !line.Contains("GRANT OPTION", StringComparison.OrdinalIgnoreCase)) continue;
            var table = on[(on.LastIndexOf('.') + 1)..];
            if (table == "*" || line.Contains("GRANT OPTION", StringComparison.OrdinalIgnoreCase)) return Shown(line);
            var allowed = Of(table, isPortal).Split(", ");
            if (rights.Split(',').Any(right => !allowed.Contains(right.Trim(), StringComparer.OrdinalIgnoreCase))) return Shown(line);
        }

        return null;
    }

    private static string Of(string table, bool isPortal) =>
        isPortal ? OfPortal.GetValueOrDefault(table, All) : table == "schema_version" ? "SELECT" : All;

    /// <summary>What an account has already, by table: a start that gives nothing new writes nothing.</summary>
    private static async Task<HashSet<(string Table, string Right)>> HasAsync(MySqlConnection own, string schema, CancellationToken ct)
    {
        HashSet<(string, string)> has = [];
        foreach (var line in await own.QueryAsync("SHOW GRANTS", r => r.GetString(0), ct))
        {
            if (Grant().Match(line) is not { Success: true } grant) continue;
            var on = grant.Groups["on"].Value.Replace("`", "", StringComparison.Ordinal);
            if (!on.StartsWith(schema + ".", StringComparison.Ordinal)) continue;
            has.UnionWith(grant.Groups["rights"].Value.Split(',').Select(right => (on[(schema.Length + 1)..], right.Trim().ToUpperInvariant())));
        }

        return has;
    }

    /// <summary>Without what says who and by which password.</summary>
    private static string Shown(string line) => line[..Math.Max(0, line.IndexOf(" TO ", StringComparison.Ordinal))];

    private static async Task GiveAsync(
        MySqlConnection connection, string schema, string rights, string table, string to, CancellationToken ct)
    {
        var at = to.LastIndexOf('@');
        try
        {
            await connection.ExecuteAsync(
                $"GRANT {rights} ON {SchemaConnection.Quote(schema)}.{SchemaConnection.Quote(table)} "
                    + $"TO {Quote(to[..at])}@{Quote(to[(at + 1)..])}",
                ct);
        }
        catch (MySqlException refused)
        {
            throw new SchemaException(
                $"The account of ConnectionStrings__Migrate may not give rights on {table}: {refused.Message} "
                    + "It needs ALL on the database WITH GRANT OPTION.",
                refused);
        }
    }

    private static async Task<(string Name, string Schema)> NameAsync(string login, string which, CancellationToken ct)
    {
        await using var connection = await OpenAsync(login, which, ct);
        return (await TextAsync(connection, "SELECT CURRENT_USER()", ct), new MySqlConnectionStringBuilder(login).Database);
    }

    /// <summary>Without its database: an account without any right cannot enter it yet.</summary>
    private static async Task<MySqlConnection> OpenAsync(string login, string which, CancellationToken ct)
    {
        var connection = new MySqlConnection(
            which == "Migrate" ? login : new MySqlConnectionStringBuilder(login) { Database = "" }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch (MySqlException refused)
        {
            await connection.DisposeAsync();
            throw new SchemaException($"The server refuses the account of ConnectionStrings__{which}: {refused.Message}", refused);
        }
    }

    private static async Task<string> TextAsync(MySqlConnection connection, string sql, CancellationToken ct) =>
        (string)(await connection.ScalarAsync(sql, ct))!;

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^GRANT (?<rights>.+?) ON (?:TABLE )?(?<on>\S+) TO ")]
    private static partial Regex Grant();
}
