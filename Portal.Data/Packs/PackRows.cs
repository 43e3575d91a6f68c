using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Data.Packs;

/// <summary>
/// The rows of a table in the order of their key, in one spelling whatever server they lie on: numbers without a comma, moments in UTC, bytes
/// in hexadecimal, JSON with its keys in order.
/// </summary>
internal sealed class PackRows(TableShape table)
{
    private const char Cell = '\u001f', Row = '\u001e', Null = '\u0000';

    public string Name => table.Name;

    /// <summary>Those that rows are made of; what the database works out is not among them.</summary>
    public IReadOnlyList<ColumnShape> Columns { get; } = [.. table.Columns.Values.Where(c => !c.Generated)];

    /// <summary>What a session must be like for its answers to be the same everywhere.</summary>
    public const string SetUp = "SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0, unique_checks = 0";

    /// <summary>Which of <see cref="Columns"/> tell a row from all others.</summary>
    public IReadOnlyList<int> Key => [.. table.PrimaryKey!.Columns.Select(name => Columns.TakeWhile(c => c.Name != name).Count())];

    /// <summary>What of a row's files comes after their first piece, in order.</summary>
    public IEnumerable<(int Column, byte[] Piece)> Rest(object?[] cells, int size) => Enumerable.Range(0, Columns.Count)
        .SelectMany(i => cells[i] is byte[] { Length: var length } bytes && length > size
            ? bytes.Skip(size).Chunk(size).Select(piece => (i, piece))
            : []);

    public static bool IsBytes(ColumnShape column) =>
        column.Type.Contains("blob", StringComparison.Ordinal) || column.Type.Contains("binary", StringComparison.Ordinal);

    /// <summary>Reads them all.</summary>
    /// <param name="each">Given the cells, in the order of <see cref="Columns"/>: null, <c>byte[]</c>, or text.</param>
    /// <returns>How many, and their hash.</returns>
    public async Task<(long Rows, string Hash)> ReadAsync(
        MySqlConnection connection, Func<object?[], ValueTask> each, CancellationToken ct)
    {
        var key = table.PrimaryKey?.Columns ?? throw new PackException($"The table {Name} has no primary key.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0L;
        await using var command = new MySqlCommand(
            $"SELECT {string.Join(", ", Columns.Select(c => SchemaConnection.Quote(c.Name)))} FROM {SchemaConnection.Quote(Name)} "
                + $"ORDER BY {string.Join(", ", key.Select(Sorted))}", connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var cells = new object?[Columns.Count];
        var line = new StringBuilder();
        while (await reader.ReadAsync(ct))
        {
            line.Clear();
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = Value(reader, i);
                line.Append(cells[i] switch
                {
                    null => Null.ToString(),
                    byte[] bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)),
                    string text when Columns[i].Type == "json" => Ordered(text),
                    var text => text,
                }).Append(Cell);
            }

            hash.AppendData(Encoding.UTF8.GetBytes(line.Append(Row).ToString()));
            count++;
            await each(cells);
        }

        return (count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Texts by their bytes: what comes first is the same on every server.</summary>
    private string Sorted(string column) => table.Columns[column].Collation is null
        ? SchemaConnection.Quote(column)
        : $"CAST({SchemaConnection.Quote(column)} AS BINARY)";

    private object? Value(DbDataReader reader, int column)
    {
        if (reader.IsDBNull(column) || PackTables.Emptied.Contains($"{Name}.{Columns[column].Name}")) return null;
        return reader.GetValue(column) switch
        {
            byte[] bytes => bytes,
            bool flag => flag ? "1" : "0",
            DateTime time => Columns[column].Type == "date"
                ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            TimeSpan time => (time < TimeSpan.Zero ? "-" : "") + string.Create(
                CultureInfo.InvariantCulture, $"{(int)Math.Abs(time.TotalHours):00}:{Math.Abs(time.Minutes):00}:{Math.Abs(time.Seconds):00}.{Math.Abs(time.Ticks % TimeSpan.TicksPerSecond / 10):000000}"),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string Ordered(string json)
    {
        return Of(JsonNode.Parse(json)).ToString();

        static StringBuilder Of(JsonNode? node, StringBuilder? into = null)
        {
            into ??= new StringBuilder();
            switch (node)
            {
                case JsonObject all:
                    into.Append('{');
                    foreach (var (name, value) in all.OrderBy(p => p.Key, StringComparer.Ordinal)) Of(value, into.Append(name).Append(':')).Append(',');
                    return into.Append('}');
                case JsonArray list:
                    into.Append('[');
                    foreach (var value in list) Of(value, into).Append(',');
                    return into.Append(']');
                case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                    return into.Append(decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        ? number.ToString("0.############", CultureInfo.InvariantCulture)
                        : value.ToJsonString());
                default:
                    return into.Append(node is null ? "null" : node.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString());
            }
        }
    }
}
