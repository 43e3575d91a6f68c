using MySqlConnector;

namespace Portal.Data.Schema;

/// <param name="Type">As <see cref="StoreType.Normalise"/> spells it; <c>json</c> on both servers.</param>
/// <param name="Default">Without quotes, lower case for functions; null for none.</param>
internal sealed record ColumnShape(
    string Name, string Type, bool Nullable, string? Default, bool AutoIncrement, bool SetOnUpdate, bool Generated, string? Collation);

internal sealed record IndexShape(string Name, IReadOnlyList<string> Columns, bool Unique);

internal sealed record ForeignKeyShape(
    string Name, IReadOnlyList<string> Columns, string ReferencedTable, IReadOnlyList<string> ReferencedColumns, string DeleteRule)
{
    /// <summary>Counts the rows of a table whose parent by this key is missing: what a load with its checks off can leave.</summary>
    public string CountOrphans(string table)
    {
        var pairs = Columns.Zip(ReferencedColumns, (c, p) => (Child: $"c.{SchemaConnection.Quote(c)}", Parent: $"p.{SchemaConnection.Quote(p)}")).ToList();
        return $"SELECT COUNT(*) AS `Value` FROM {SchemaConnection.Quote(table)} AS c LEFT JOIN {SchemaConnection.Quote(ReferencedTable)} AS p "
            + $"ON {string.Join(" AND ", pairs.Select(p => $"{p.Parent} = {p.Child}"))} "
            + $"WHERE {string.Join(" AND ", pairs.Select(p => $"{p.Child} IS NOT NULL"))} AND {pairs[0].Parent} IS NULL";
    }
}

internal sealed record TableShape(string Name, string? Engine, string? Collation, string? RowFormat)
{
    public Dictionary<string, ColumnShape> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All indexes, <c>PRIMARY</c> among them.</summary>
    public List<IndexShape> Indexes { get; } = [];

    public List<ForeignKeyShape> ForeignKeys { get; } = [];

    public HashSet<string> Checks { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IndexShape? PrimaryKey => Indexes.Find(index => index.Name == "PRIMARY");
}

/// <summary>What <c>information_schema</c> says of a database, in one spelling for both servers.</summary>
internal sealed class DatabaseShape
{
    public Dictionary<string, TableShape> Tables { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Trigger names and the statements they run.</summary>
    public Dictionary<string, string> Triggers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool IsMariaDb { get; private init; }

    /// <summary>Whether <c>Users</c> and <c>users</c> are two tables on this server.</summary>
    public bool TellsCase { get; private set; }

    public static async Task<DatabaseShape> ReadAsync(MySqlConnection connection, CancellationToken ct)
    {
        var shape = new DatabaseShape { IsMariaDb = connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) };
        await shape.ReadTablesAsync(connection, ct);
        var json = await shape.ReadChecksAsync(connection, ct);
        await shape.ReadColumnsAsync(connection, json, ct);
        await shape.ReadIndexesAsync(connection, ct);
        await shape.ReadForeignKeysAsync(connection, ct);
        foreach (var (name, statement) in await connection.QueryAsync(
            "SELECT trigger_name, action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
            row => (row.GetString(0), row.GetString(1)), ct))
        {
            shape.Triggers[name] = statement;
        }
        return shape;
    }

    private async Task ReadTablesAsync(MySqlConnection connection, CancellationToken ct)
    {
        TellsCase = Convert.ToInt32(await connection.ScalarAsync("SELECT @@lower_case_table_names", ct)) == 0;
        foreach (
            var table in await connection.QueryAsync(
                """
                SELECT table_name, engine, table_collation, row_format FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
                """,
                row => new TableShape(row.GetString(0), row.TextOrNull(1), row.TextOrNull(2), row.TextOrNull(3)),
                ct
            )
        )
        {
            // All documented names are lower case: where there are both, that one is meant.
            if (!Tables.ContainsKey(table.Name) || table.Name == table.Name.ToLowerInvariant()) Tables[table.Name] = table;
        }
    }

    /// <returns>The columns that MariaDB keeps as text with a json_valid check, which is its JSON type.</returns>
    private async Task<HashSet<(string Table, string Column)>> ReadChecksAsync(MySqlConnection connection, CancellationToken ct)
    {
        var sql = IsMariaDb
            ? "SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()"
            : """
                SELECT t.table_name, c.constraint_name, c.check_clause FROM information_schema.check_constraints c
                JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name
                WHERE c.constraint_schema = DATABASE() AND t.constraint_type = 'CHECK'
                """;
        HashSet<(string, string)> json = [];
        foreach (
            var (table, name, clause) in await connection.QueryAsync(sql, row => (row.GetString(0), row.GetString(1), row.GetString(2)), ct)
        )
        {
            if (IsMariaDb && clause.Equals($"json_valid(`{name}`)", StringComparison.OrdinalIgnoreCase))
            {
                json.Add((table, name));
            }
            else if (Tables.TryGetValue(table, out var shape) && shape.Name == table)
            {
                shape.Checks.Add(name);
            }
        }
        return json;
    }

    private async Task ReadColumnsAsync(MySqlConnection connection, HashSet<(string, string)> json, CancellationToken ct)
    {
        foreach (var (table, column) in await connection.QueryAsync(
            """
            SELECT table_name, column_name, column_type, is_nullable, column_default, extra, collation_name
            FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position
            """,
            row =>
            {
                var (table, name, extra) = (row.GetString(0), row.GetString(1), row.TextOrNull(5)?.ToLowerInvariant() ?? "");
                var type = json.Contains((table, name)) ? "json" : StoreType.Normalise(row.GetString(2));
                return (table, new ColumnShape(
                    name, type, row.GetString(3) == "YES", NormaliseDefault(row.TextOrNull(4)),
                    extra.Contains("auto_increment", StringComparison.Ordinal),
                    extra.Contains("on update", StringComparison.Ordinal),
                    extra.Replace("default_generated", "", StringComparison.Ordinal).Contains("generated", StringComparison.Ordinal),
                    row.TextOrNull(6)));
            }, ct))
        {
            if (Tables.TryGetValue(table, out var shape) && shape.Name == table)
            {
                shape.Columns[column.Name] = column;
            }
        }
    }

    private async Task ReadIndexesAsync(MySqlConnection connection, CancellationToken ct)
    {
        var parts = await connection.QueryAsync(
            """
            SELECT table_name, index_name, column_name, non_unique FROM information_schema.statistics
            WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index
            """,
            // An index over an expression has no column name.
            row =>
                (
                    Table: row.GetString(0), Index: row.GetString(1), Column: row.TextOrNull(2) ?? "(expression)",
                    Unique: Convert.ToInt32(row.GetValue(3)) == 0),
            ct
        );
        foreach (var index in parts.GroupBy(part => (part.Table, part.Index)))
        {
            if (Tables.TryGetValue(index.Key.Table, out var shape) && shape.Name == index.Key.Table)
            {
                shape.Indexes.Add(new IndexShape(index.Key.Index, [.. index.Select(part => part.Column)], index.First().Unique));
            }
        }
    }

    private async Task ReadForeignKeysAsync(MySqlConnection connection, CancellationToken ct)
    {
        var parts = await connection.QueryAsync(
            """
            SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.delete_rule
            FROM information_schema.key_column_usage k
            JOIN information_schema.referential_constraints r
              ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
            WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
            ORDER BY k.table_name, k.constraint_name, k.ordinal_position
            """,
            row =>
                (
                    Table: row.GetString(0), Name: row.GetString(1), Column: row.GetString(2), To: row.GetString(3),
                    ToColumn: row.GetString(4), Rule: row.GetString(5)),
            ct
        );
        foreach (var key in parts.GroupBy(part => (part.Table, part.Name)))
        {
            if (Tables.TryGetValue(key.Key.Table, out var shape) && shape.Name == key.Key.Table)
            {
                shape.ForeignKeys.Add(
                    new ForeignKeyShape(
                        key.Key.Name, [.. key.Select(part => part.Column)], key.First().To, [.. key.Select(part => part.ToColumn)],
                        key.First().Rule)
                );
            }
        }
    }

    /// <summary>
    /// MariaDB prints defaults as expressions ('x', NULL, current_timestamp()), MySQL as values (x, null, CURRENT_TIMESTAMP).
    /// </summary>
    internal static string? NormaliseDefault(string? text)
    {
        if (text is null || text.Equals("NULL", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        if (text.StartsWith("current_timestamp", StringComparison.OrdinalIgnoreCase))
        {
            return text.ToLowerInvariant().Replace("()", "", StringComparison.Ordinal);
        }
        return text.ToLowerInvariant() switch
        {
            "true" => "1",
            "false" => "0",
            _ => text.Length > 1 && text[0] == '\'' && text[^1] == '\'' ? text[1..^1] : text,
        };
    }
}
