using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>
/// What stands in a database, table by table. A row's digest is the SHA-256 of its columns in their order, as hexadecimal text (files and
/// long texts by their own SHA-256) with a mark of its own for NULL; the server reckons it, so that no file travels. A table's hash is the
/// SHA-256 of the digests of its rows in the order of the primary key (of the digests where it has none).
/// </summary>
internal static class TableHashes
{
    private static readonly HashSet<string> Bytes =
        new(["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "geometry"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Long =
        new(["text", "mediumtext", "longtext"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What a session must be like for its answers to be the same everywhere.</summary>
    private const string SetUp = "SET SESSION time_zone = '+00:00', sql_mode = '', group_concat_max_len = 1048576";

    /// <exception cref="BackupException">A table that a dump beside writers does not hold as of one moment.</exception>
    public static async Task<IReadOnlyList<TableState>> OfAsync(MySqlConnection connection, CancellationToken ct)
    {
        await connection.ExecuteAsync(SetUp, ct);
        var tables = await connection.QueryAsync(
            "SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' "
                + "ORDER BY table_name",
            r => (Name: r.GetString(0), Engine: r.TextOrNull(1)), ct);
        if (tables.Find(t => !string.Equals(t.Engine, "InnoDB", StringComparison.OrdinalIgnoreCase)) is { Name: not null } other)
        {
            throw new BackupException(
                $"The table {other.Name} is kept by {other.Engine}, which knows no moment: "
                    + $"convert it with ALTER TABLE {other.Name} ENGINE=InnoDB.");
        }

        var columns = (await connection.QueryAsync(
            "SELECT table_name, column_name, data_type, column_type, is_nullable, column_default, extra, collation_name, "
                + "generation_expression FROM information_schema.columns WHERE table_schema = DATABASE() "
                + "ORDER BY table_name, ordinal_position",
            r => (Table: r.GetString(0), Name: r.GetString(1), Type: r.GetString(2),
                Whole: string.Join('|', Enumerable.Range(1, 8).Select(i => r.TextOrNull(i) ?? "~"))),
            ct)).ToLookup(c => c.Table);
        var keys = (await connection.QueryAsync(
            "SELECT table_name, index_name, column_name, non_unique, seq_in_index FROM information_schema.statistics "
                + "WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index",
            r => (Table: r.GetString(0), Index: r.GetString(1), Column: r.TextOrNull(2),
                Whole: string.Join('|', Enumerable.Range(1, 4).Select(i => r.GetValue(i).ToString()))),
            ct)).ToLookup(k => k.Table);
        var references = (await connection.QueryAsync(
            "SELECT table_name, constraint_name, column_name, referenced_table_name, referenced_column_name "
                + "FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL "
                + "ORDER BY table_name, constraint_name, ordinal_position",
            r => (Table: r.GetString(0), Whole: string.Join('|', Enumerable.Range(1, 4).Select(i => r.TextOrNull(i) ?? "~"))),
            ct)).ToLookup(k => k.Table);

        List<TableState> states = [];
        foreach (var (table, _) in tables)
        {
            var structure = Sha(string.Join('\n', columns[table].Select(c => c.Whole)
                .Concat(keys[table].Select(k => k.Whole)).Concat(references[table].Select(k => k.Whole))));
            var key = keys[table].Where(k => k.Index == "PRIMARY").Select(k => k.Column!).ToList();
            var (rows, hash) = await HashAsync(connection, table, [.. columns[table].Select(c => (c.Name, c.Type))], key, ct);
            states.Add(new TableState(table, rows, hash, structure));
        }

        return states;
    }

    /// <summary>All triggers, routines, events and views, and which of them name the database they are in.</summary>
    public static async Task<(string Hash, IReadOnlyList<string> NamesItsSchema)> ObjectsAsync(
        MySqlConnection connection, CancellationToken ct)
    {
        var all = await connection.QueryAsync(
            """
            SELECT 'trigger', trigger_name, CONCAT_WS('|', event_object_table, action_timing, event_manipulation, action_statement)
            FROM information_schema.triggers WHERE trigger_schema = DATABASE()
            UNION ALL SELECT LOWER(routine_type), routine_name, COALESCE(routine_definition, '')
            FROM information_schema.routines WHERE routine_schema = DATABASE()
            UNION ALL SELECT 'event', event_name, COALESCE(event_definition, '') FROM information_schema.events
            WHERE event_schema = DATABASE()
            UNION ALL SELECT 'view', table_name, '' FROM information_schema.views WHERE table_schema = DATABASE()
            """,
            r => (Kind: r.GetString(0), Name: r.GetString(1), Text: r.GetString(2)), ct);
        var ordered = all.OrderBy(o => o.Kind, StringComparer.Ordinal).ThenBy(o => o.Name, StringComparer.Ordinal).ToList();
        var schema = connection.Database;
        string[] spellings = [$"`{schema}`.", $" {schema}.", $"({schema}.", $"\n{schema}.", $",{schema}."];
        return (
            Sha(string.Join('\n', ordered.Select(o => $"{o.Kind} {o.Name} {o.Text.Trim()}"))),
            [.. ordered.Where(o => spellings.Any(s => o.Text.Contains(s, StringComparison.OrdinalIgnoreCase)))
                .Select(o => $"{o.Kind} {o.Name}")]);
    }

    /// <summary>What differs, in a few words each; nothing where both are the same.</summary>
    /// <param name="structure">Also look at columns and keys: two versions of a server describe them differently.</param>
    public static IReadOnlyList<string> Differences(IReadOnlyList<TableState> wanted, IReadOnlyList<TableState> found, bool structure)
    {
        var there = found.ToDictionary(t => t.Name, StringComparer.Ordinal);
        List<string> differences = [];
        foreach (var table in wanted)
        {
            if (!there.Remove(table.Name, out var other)) differences.Add($"{table.Name} is missing");
            else if (other.Rows != table.Rows) differences.Add($"{table.Name} has {other.Rows} rows instead of {table.Rows}");
            else if (other.Hash != table.Hash) differences.Add($"{table.Name} has other content");
            else if (structure && other.Structure != table.Structure) differences.Add($"{table.Name} has other columns or keys");
        }

        differences.AddRange(there.Keys.Order(StringComparer.Ordinal).Select(name => $"{name} is there and should not be"));
        return differences;
    }

    private static async Task<(long Rows, string Hash)> HashAsync(
        MySqlConnection connection, string table, IReadOnlyList<(string Name, string Type)> columns, List<string> key, CancellationToken ct)
    {
        var digest = $"UNHEX(SHA2(CONCAT({string.Join(", ", columns.Select(Column))}), 256))";
        var order = key.Count > 0 ? string.Join(", ", key.Select(SchemaConnection.Quote)) : "1";
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var command = new MySqlCommand($"SELECT {digest} FROM {SchemaConnection.Quote(table)} ORDER BY {order}", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = 0L;
        while (await reader.ReadAsync(ct))
        {
            if (reader.IsDBNull(0))
                throw new BackupException($"A row of {table} is too long to be reckoned: raise max_allowed_packet on the server.");
            whole.AppendData(reader.GetFieldValue<byte[]>(0));
            rows++;
        }

        return (rows, Convert.ToHexStringLower(whole.GetHashAndReset()));
    }

    /// <summary>One column as text without a semicolon; files and long texts by their own digest.</summary>
    private static string Column((string Name, string Type) column)
    {
        var name = SchemaConnection.Quote(column.Name);
        var text = column.Type.Equals("json", StringComparison.OrdinalIgnoreCase) ? $"SHA2(CAST({name} AS CHAR), 256)"
            : Bytes.Contains(column.Type) || Long.Contains(column.Type) ? $"SHA2({name}, 256)"
            : $"HEX(CAST({name} AS CHAR CHARACTER SET utf8mb4))";
        return $"IF({name} IS NULL, 'N;', CONCAT('V', {text}, ';'))";
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
