using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Portal.Data.Schema;

/// <summary>Recognises a database that already holds the documented tables, with its rows, and adds what the document asks for
/// and it lacks: indexes, uniques, keys, checks, default rows, the audit table and trigger. Constraints the server named by
/// itself get their documented names. No row and no undocumented column, index or table is touched.</summary>
internal sealed class Adoption(DocumentedSchema documented, IReadOnlyList<Migration> later, ILogger logger)
{
    /// <summary>Written to by the documented trigger, defined nowhere in the document: an older database may lack it.</summary>
    public const string AuditTable = "audit_log";

    /// <returns>False when the database holds none of the documented tables.</returns>
    /// <exception cref="SchemaException">Something needs a person's decision; nothing was changed.</exception>
    public async Task<bool> AdoptAsync(MySqlConnection connection, CancellationToken ct)
    {
        var actual = await DatabaseShape.ReadAsync(connection, ct);
        if (!documented.Tables.Any(table => actual.Tables.ContainsKey(table.Name)))
        {
            return false;
        }
        logger.LogInformation("{Database} holds documented tables and no schema_version: adopting it", connection.Database);
        var problems = await new AdoptionSurvey(documented, later, actual, connection).FindProblemsAsync(ct);
        problems.AddRange(
            await new AdoptionCollisions(later, actual).FindAsync(table => NamesAsync(connection, actual.Tables[table].Name, ct)));
        if (problems.Count > 0)
        {
            throw new SchemaException(
                $"The database {connection.Database} holds documented tables but cannot be adopted as it is; nothing was changed. "
                    + "Take a backup. Where statements stand under a finding they put it right as they are, in the order of the list; "
                    + "read each before you run it, and write what you know better:\n- "
                    + string.Join("\n- ", problems)
            );
        }
        foreach (var step in await PlanAsync(connection, actual, ct))
        {
            logger.LogInformation("Adopting: {Statement}", step);
            try
            {
                await connection.ExecuteAsync(step, ct);
            }
            catch (MySqlException failure)
            {
                throw new SchemaException(
                    $"Adopting {connection.Database} stopped: {failure.Message}\n{step}\nEvery step so far only added; remove the cause and start again.",
                    failure
                );
            }
        }
        await connection.ExecuteAsync("SET SESSION foreign_key_checks = 1", ct);

        var left = await PlanAsync(connection, await DatabaseShape.ReadAsync(connection, ct), ct);
        return left.Count == 0
            ? true
            : throw new SchemaException(
                "After adopting, the database still differs from the document; it lacks:\n- " + string.Join("\n- ", left)
            );
    }

    private async Task<List<string>> PlanAsync(MySqlConnection connection, DatabaseShape actual, CancellationToken ct)
    {
        List<string> rows = [];
        foreach (var table in documented.DefaultRows.GroupBy(row => row.Table))
        {
            var names = await NamesAsync(connection, table.Key, ct);
            rows.AddRange(
                table
                    .Where(row => !names.ContainsKey(row.Id))
                    .Select(row => $"INSERT INTO {row.Table} (id, name, description) VALUES {row.Values}")
            );
        }
        return [.. new AdoptionPlan(documented, actual).Statements(rows)];
    }

    public static async Task<Dictionary<long, string>> NamesAsync(MySqlConnection connection, string table, CancellationToken ct) =>
        (
            await connection.QueryAsync(
                $"SELECT id, name FROM {SchemaConnection.Quote(table)} ORDER BY id LIMIT 1000",
                row => (Id: Convert.ToInt64(row.GetValue(0)), Name: row.TextOrNull(1) ?? ""), ct)
        ).ToDictionary(row => row.Id, row => row.Name);

    /// <summary>The key that does what a documented one asks for, whatever it is called.</summary>
    public static ForeignKeyShape? Existing(TableShape table, ForeignKeyShape key) => table.ForeignKeys.Find(found =>
        found.ReferencedTable.Equals(key.ReferencedTable, StringComparison.OrdinalIgnoreCase)
        && found.Columns.SequenceEqual(key.Columns, StringComparer.OrdinalIgnoreCase));

    /// <summary>Keys that stand on a column, on either side.</summary>
    public static IEnumerable<(string Table, ForeignKeyShape Key)> KeysOn(DatabaseShape actual, string table, string column) =>
        from owner in actual.Tables.Values
        from key in owner.ForeignKeys
        where owner.Name == table && key.Columns.Contains(column, StringComparer.OrdinalIgnoreCase)
            || key.ReferencedTable == table && key.ReferencedColumns.Contains(column, StringComparer.OrdinalIgnoreCase)
        select (owner.Name, key);

    public static bool IsDocumented(DocumentedSchema documented, string table, ForeignKeyShape key) => documented.Tables
        .Find(candidate => candidate.Name == table)?.ForeignKeys
        .Any(known => known.ReferencedTable == key.ReferencedTable && known.Columns.SequenceEqual(key.Columns)) == true;
}
