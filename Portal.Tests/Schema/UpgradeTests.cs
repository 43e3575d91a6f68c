using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Schema;
using Portal.Tests.Server;
using Xunit.Abstractions;

namespace Portal.Tests.Schema;

/// <summary>A building that stayed on an older version, with rows in all its tables, and goes on with this one.</summary>
public sealed class UpgradeTests(ITestOutputHelper output)
{
    /// <summary>Tables whose rows a migration keeps elsewhere or under other keys, and where.</summary>
    private static readonly Dictionary<string, string> Moved = new(StringComparer.Ordinal)
    {
        ["survey_answers"] = "0041 keeps each under a key of its own, so that an anonymous one leads to nobody",
        ["survey_responses"] = "0041: survey_participants",
    };

    private static int Last => Migration.BuiltIn.Count;

    /// <summary>The first, every twenty-fourth, and the one before this; <c>./test long</c> takes each.</summary>
    public static TheoryData<int> Some() => [.. Enumerable.Range(1, Last - 1).Where(n => n == 1 || n % 24 == 0 || n == Last - 1)];

    public static TheoryData<int> Each() => [.. Enumerable.Range(1, Last - 1)];

    [Theory]
    [MemberData(nameof(Some))]
    public Task From_an_earlier_version_no_row_is_lost_or_changed(int from) => FromAsync(from);

    [Theory]
    [MemberData(nameof(Each))]
    [Trait("Length", "long")]
    public Task From_each_earlier_version_no_row_is_lost_or_changed(int from) => FromAsync(from);

    private async Task FromAsync(int from)
    {
        await using var database = await EmptyDatabase.CreateAsync();
        await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance, [.. Migration.BuiltIn.Take(from)]).ApplyAsync();
        await using var connection = await SchemaConnection.OpenAsync(database.ConnectionString, default);
        var filler = await RowFiller.FillAsync(connection);
        var before = await RowsAsync(connection);
        foreach (var (table, why) in filler.Refused) output.WriteLine($"{table}: {why}");
        Assert.Empty(filler.Refused);

        var outcome = await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();
        Assert.Equal(Last - from, outcome.Applied.Count);

        var after = await RowsAsync(connection);
        var lost = new List<string>();
        foreach (var (table, rows) in before)
        {
            if (Moved.ContainsKey(table) && from < 41) continue;
            var now = after.GetValueOrDefault(table) ?? [];
            foreach (var (key, row) in rows)
            {
                if (!now.TryGetValue(key, out var found)) lost.Add($"{table} {key} is gone");
                else
                {
                    lost.AddRange(row
                        .Where(cell => found.TryGetValue(cell.Key, out var value) && value != cell.Value)
                        .Select(cell => $"{table}.{cell.Key} of {key} was {cell.Value}, is {found[cell.Key]}"));
                }
            }
        }

        foreach (var line in lost) output.WriteLine(line);
        Assert.Empty(lost);
        var options = new DbContextOptionsBuilder<PortalDb>();
        options.UseDatabase(database.ConnectionString);
        await using var db = new PortalDb(options.Options);
        Assert.Empty(await ModelCheck.DifferencesAsync(db, database.ConnectionString, extras: true));
    }

    /// <summary>Every row of every table, by its key.</summary>
    private static async Task<Dictionary<string, Dictionary<string, Dictionary<string, string>>>> RowsAsync(MySqlConnection connection)
    {
        var shape = await DatabaseShape.ReadAsync(connection, default);
        Dictionary<string, Dictionary<string, Dictionary<string, string>>> all = new(StringComparer.Ordinal);
        foreach (var table in shape.Tables.Values.Where(t => t.Name != "schema_version" && t.PrimaryKey is not null))
        {
            var rows = await connection.QueryAsync(
                $"SELECT * FROM {SchemaConnection.Quote(table.Name)}",
                row => Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => Text(row.GetValue(i)), StringComparer.OrdinalIgnoreCase),
                default);
            all[table.Name] = rows.ToDictionary(row => string.Join(",", table.PrimaryKey!.Columns.Select(c => row[c])), StringComparer.Ordinal);
        }

        return all;
    }

    private static string Text(object value) => value switch
    {
        DBNull => "NULL",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        decimal number => number.ToString("0.####", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
