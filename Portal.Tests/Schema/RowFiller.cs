using System.Globalization;
using System.Text.RegularExpressions;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Tests.Schema;

/// <summary>
/// Puts rows into every table of a database, whatever its schema: as full as its types, keys and checks allow, and as empty. What a test of
/// an upgrade finds then is what a migration does to rows that were there before.
/// </summary>
internal sealed partial class RowFiller
{
    private const int Variants = 6;

    private readonly MySqlConnection _connection;
    private readonly DatabaseShape _shape;

    private RowFiller(MySqlConnection connection, DatabaseShape shape) => (_connection, _shape) = (connection, shape);

    /// <summary>Tables into which no row went, with what the server said.</summary>
    public Dictionary<string, string> Refused { get; } = new(StringComparer.Ordinal);

    public static async Task<RowFiller> FillAsync(MySqlConnection connection)
    {
        var filler = new RowFiller(connection, await DatabaseShape.ReadAsync(connection, default));
        await filler.FillAsync();
        return filler;
    }

    private async Task FillAsync()
    {
        var waiting = _shape.Tables.Values.Where(t => t.Name != "schema_version").OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(table => Needed(table).All(name => waiting.TrueForAll(other => other.Name != name))).ToList();

            // A circle: its first table goes with what there is.
            if (ready.Count == 0) ready = [waiting[0]];
            foreach (var table in ready) await FillAsync(table);
            waiting.RemoveAll(ready.Contains);
        }
    }

    private static IEnumerable<string> Needed(TableShape table) => table.ForeignKeys
        .Where(key => key.ReferencedTable != table.Name && key.Columns.Any(c => !table.Columns[c].Nullable)).Select(key => key.ReferencedTable);

    private async Task FillAsync(TableShape table)
    {
        // What migrations put there themselves are lists with fixed numbers.
        if (await _connection.ScalarAsync($"SELECT 1 FROM {SchemaConnection.Quote(table.Name)} LIMIT 1", default) is not null) return;
        var (put, refusal) = (0, "");
        for (var variant = 0; variant < Variants; variant++)
        {
            try
            {
                await InsertAsync(table, variant);
                put++;
            }
            catch (MySqlException refused)
            {
                refusal = refused.Message;
            }
        }

        if (put == 0) Refused[table.Name] = refusal;
    }

    private async Task InsertAsync(TableShape table, int variant)
    {
        Dictionary<string, object?> values = new(StringComparer.OrdinalIgnoreCase);
        var bare = variant % 3 == 2;
        foreach (var key in table.ForeignKeys)
        {
            if (bare && key.Columns.All(c => table.Columns[c].Nullable)) continue;
            var columns = string.Join(", ", key.ReferencedColumns.Select(SchemaConnection.Quote));
            var found = await _connection.QueryAsync(
                $"SELECT {columns} FROM {SchemaConnection.Quote(key.ReferencedTable)} ORDER BY 1 DESC LIMIT {Variants}",
                row => Enumerable.Range(0, key.Columns.Count).Select(row.GetValue).ToArray(), default);
            if (found.Count == 0) continue;
            for (var i = 0; i < key.Columns.Count; i++) values.TryAdd(key.Columns[i], found[variant % found.Count][i]);
        }

        foreach (var column in table.Columns.Values.Where(c => !c.AutoIncrement && !c.Generated && !values.ContainsKey(c.Name)))
        {
            if (bare && (column.Nullable || column.Default is not null)) continue;
            if (column.Nullable && table.ForeignKeys.Exists(key => key.Columns.Contains(column.Name))) continue;
            values[column.Name] = Value(column, variant);
        }

        Agree(values, variant);
        var names = values.Keys.ToList();
        await _connection.ExecuteAsync(
            $"INSERT INTO {SchemaConnection.Quote(table.Name)} ({string.Join(", ", names.Select(SchemaConnection.Quote))}) "
                + $"VALUES ({string.Join(", ", names.Select((_, i) => $"@p{i}"))})",
            default, [.. names.Select((name, i) => ($"@p{i}", values[name]))]);
    }

    /// <summary>Columns that a check holds together.</summary>
    private static void Agree(Dictionary<string, object?> values, int variant)
    {
        if (values.ContainsKey("debit") && values.ContainsKey("credit"))
            (values["debit"], values["credit"]) = variant % 2 == 0 ? (1 + variant, 0) : (0, 1 + variant);
        if (values.ContainsKey("capital") && values.ContainsKey("waived"))
            (values["capital"], values["interest"], values["waived"], values["total"]) = (5 + variant, 2, 1, 6 + variant);
    }

    private static object Value(ColumnShape column, int variant)
    {
        var type = column.Type;
        var size = SizePattern().Match(type) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 40;
        var later = EndPattern().IsMatch(column.Name);
        var day = new DateTime(2026, 2, 3).AddMonths(variant).AddDays(later ? 9 : 0);
        if (type.StartsWith("enum", StringComparison.Ordinal))
        {
            var words = WordPattern().Matches(type).Select(m => m.Groups[1].Value).ToList();
            return words[variant % words.Count];
        }

        return TypePattern().Match(type).Value switch
        {
            "json" => "[]",
            "bit" or "boolean" => variant % 2,
            "tinyint" => variant % 2,
            "smallint" or "int" or "bigint" or "mediumint" => later ? 50 + variant : 1 + variant,
            "decimal" or "float" or "double" => later ? 9 + variant : 1 + variant,
            "year" => 2026,
            "date" => day,
            "datetime" or "timestamp" => day.AddHours(15),
            "time" => TimeSpan.FromHours(later ? 14 + variant : 6 + variant),
            "blob" or "longblob" or "mediumblob" or "tinyblob" or "varbinary" or "binary" => Bytes(type, size, variant),
            "char" => new string((char)('a' + variant), size),
            "varchar" => Words(size, variant, column),
            _ => $"Texto {(IsAscii(column) ? "n" : "ñ")} {variant} de {column.Name}",
        };
    }

    /// <summary>One of them as long as the column is.</summary>
    private static string Words(int size, int variant, ColumnShape column)
    {
        var text = $"{variant} {column.Name} {(IsAscii(column) ? "nandu" : "ñandú")}";
        return variant == 1 && size <= 300 ? text.PadRight(size, 'x')[..size] : text.Length > size ? text[..size] : text;
    }

    private static bool IsAscii(ColumnShape column) => column.Collation?.StartsWith("ascii", StringComparison.Ordinal) == true;

    private static byte[] Bytes(string type, int size, int variant) =>
        [.. Enumerable.Repeat((byte)(variant + 1), type.StartsWith("binary", StringComparison.Ordinal) ? size : Math.Min(size, 16))];

    [GeneratedRegex(@"\((\d+)")]
    private static partial Regex SizePattern();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex WordPattern();

    [GeneratedRegex("^[a-z]+")]
    private static partial Regex TypePattern();

    [GeneratedRegex("end|until|last|expires|_to$|most|max|exit|close|due|total|finished")]
    private static partial Regex EndPattern();
}
