using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

/// <summary>
/// While a new version is brought up, portals of the old one go on working with its database. So a migration adds, and one that takes
/// something away says so: <c>-- narrows: why</c>.
/// </summary>
public sealed class WideningTests
{
    /// <summary>Older ones were applied before portals of two versions could serve side by side.</summary>
    private const int First = 64;

    [Fact]
    public async Task Every_migration_since_0064_only_widens_or_says_that_it_narrows()
    {
        await using var database = await EmptyDatabase.CreateAsync();
        await using var connection = await SchemaConnection.OpenAsync(database.ConnectionString, default);
        DatabaseShape? before = null;
        var wrong = new List<string>();
        for (var number = First - 1; number <= Migration.BuiltIn.Count; number++)
        {
            await new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance, [.. Migration.BuiltIn.Take(number)]).ApplyAsync();
            var after = await DatabaseShape.ReadAsync(connection, default);
            var migration = Migration.BuiltIn[number - 1];
            if (before is not null && !migration.Narrows) wrong.AddRange(Narrowings(before, after).Select(n => $"{migration.FileName}: {n}"));
            before = after;
        }

        Assert.Equal([], wrong);
    }

    [Theory]
    [InlineData("DROP TABLE kept", "table kept is gone")]
    [InlineData("ALTER TABLE kept DROP COLUMN note", "column kept.note is gone")]
    [InlineData("ALTER TABLE kept RENAME COLUMN note TO text", "column kept.note is gone")]
    [InlineData("ALTER TABLE kept ADD COLUMN more INT NOT NULL", "column kept.more is new and an older portal gives it no value")]
    [InlineData("ALTER TABLE kept MODIFY note VARCHAR(10) NULL", "column kept.note is varchar(10), was varchar(20)")]
    [InlineData("ALTER TABLE kept MODIFY state ENUM('b', 'c') NOT NULL", "column kept.state is enum('b','c'), was enum('a','b')")]
    [InlineData("ALTER TABLE kept MODIFY note VARCHAR(20) NOT NULL", "column kept.note takes no NULL any more")]
    [InlineData("ALTER TABLE kept ADD UNIQUE KEY uq_kept_note (note)", "index uq_kept_note is new and refuses what an older portal writes")]
    [InlineData("ALTER TABLE kept ADD CONSTRAINT ck_kept CHECK (note <> '')", "check ck_kept is new and refuses what an older portal writes")]
    [InlineData("ALTER TABLE kept MODIFY many INT NOT NULL", "column kept.many has no default any more")]
    [InlineData("ALTER TABLE kept MODIFY id INT NOT NULL", "column kept.id gives no number by itself any more")]
    [InlineData("ALTER TABLE kept DROP COLUMN note, ADD COLUMN note VARCHAR(20) GENERATED ALWAYS AS (state) STORED", "column kept.note is worked out now and cannot be written")]
    [InlineData("ALTER TABLE kept ADD COLUMN more INT NULL, ADD UNIQUE KEY uq_kept_more (more)", null)]
    [InlineData("ALTER TABLE kept ADD COLUMN more INT NOT NULL DEFAULT 3", null)]
    [InlineData("ALTER TABLE kept MODIFY note VARCHAR(40) NULL", null)]
    [InlineData("ALTER TABLE kept MODIFY state ENUM('a', 'b', 'c') NOT NULL", null)]
    [InlineData("ALTER TABLE kept MODIFY amount DECIMAL(14,2) NULL", null)]
    [InlineData("CREATE TABLE further (id INT NOT NULL PRIMARY KEY)", null)]
    public async Task What_narrows_is_found(string statement, string? expected)
    {
        await using var database = await EmptyDatabase.CreateAsync();
        await database.ExecuteAsync(
            "CREATE TABLE kept (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, note VARCHAR(20) NULL, state ENUM('a','b') NOT NULL, "
                + "amount DECIMAL(12,2) NOT NULL, many INT NOT NULL DEFAULT 0)");
        await using var connection = await SchemaConnection.OpenAsync(database.ConnectionString, default);
        var before = await DatabaseShape.ReadAsync(connection, default);
        await database.ExecuteAsync(statement);
        var found = Narrowings(before, await DatabaseShape.ReadAsync(connection, default)).ToList();
        if (expected is null) Assert.Empty(found);
        else Assert.Contains(expected, found);
    }

    [Fact]
    public void A_migration_says_that_it_narrows()
    {
        Assert.True(Migration.Parse("0001_a.sql", "-- Takes it away.\n-- narrows: the column was replaced in 0007\nDROP TABLE a;").Narrows);
        Assert.False(Migration.Parse("0001_a.sql", "-- It narrows: nothing.\nCREATE TABLE a (id INT);").Narrows);
    }

    private static IEnumerable<string> Narrowings(DatabaseShape before, DatabaseShape after)
    {
        foreach (var old in before.Tables.Values)
        {
            if (!after.Tables.TryGetValue(old.Name, out var now))
            {
                yield return $"table {old.Name} is gone";
                continue;
            }

            foreach (var column in old.Columns.Values)
            {
                var name = $"column {old.Name}.{column.Name}";
                if (!now.Columns.TryGetValue(column.Name, out var found))
                {
                    yield return $"{name} is gone";
                    continue;
                }

                if (!Holds(found.Type, column.Type)) yield return $"{name} is {found.Type}, was {column.Type}";
                if (column.Nullable && !found.Nullable) yield return $"{name} takes no NULL any more";
                if (column.Default is not null && found is { Default: null, Nullable: false }) yield return $"{name} has no default any more";
                if (column.AutoIncrement && !found.AutoIncrement) yield return $"{name} gives no number by itself any more";
                if (!column.Generated && found.Generated) yield return $"{name} is worked out now and cannot be written";
            }

            foreach (var column in now.Columns.Values.Where(c => !old.Columns.ContainsKey(c.Name)))
            {
                if (column is { Nullable: false, Default: null, Generated: false, AutoIncrement: false })
                    yield return $"column {old.Name}.{column.Name} is new and an older portal gives it no value";
            }

            foreach (var index in now.Indexes.Where(i => i.Unique && i.Columns.All(old.Columns.ContainsKey)))
            {
                if (!old.Indexes.Exists(i => i.Unique && i.Columns.SequenceEqual(index.Columns)))
                    yield return $"index {index.Name} is new and refuses what an older portal writes";
            }

            foreach (var check in now.Checks.Where(c => !old.Checks.Contains(c)))
                yield return $"check {check} is new and refuses what an older portal writes";
            foreach (var key in now.ForeignKeys.Where(k => k.Columns.All(old.Columns.ContainsKey) && !old.ForeignKeys.Exists(o => o.Name == k.Name)))
                yield return $"foreign key {key.Name} is new and refuses what an older portal writes";
        }
    }

    /// <summary>Whether all that the older type holds is held by the newer.</summary>
    private static bool Holds(string now, string old)
    {
        if (now == old) return true;
        var (kind, size) = Split(now);
        var (oldKind, oldSize) = Split(old);
        if (kind == "enum" && oldKind == "enum") return now.StartsWith(old.TrimEnd(')'), StringComparison.Ordinal);
        if (kind == oldKind && size.Length == oldSize.Length && size.Length > 0)
            return size.Zip(oldSize).All(pair => pair.First >= pair.Second) && (size.Length < 2 || size[0] - size[1] >= oldSize[0] - oldSize[1]);
        string[] whole = ["tinyint", "smallint", "mediumint", "int", "bigint"];
        string[] text = ["tinytext", "varchar", "text", "mediumtext", "longtext"];
        string[] blob = ["tinyblob", "blob", "mediumblob", "longblob"];
        return new[] { whole, text, blob }.Any(kinds =>
            Array.IndexOf(kinds, kind) is >= 0 and var place && Array.IndexOf(kinds, oldKind) is >= 0 and var was && place >= was);
    }

    private static (string Kind, int[] Size) Split(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return (type, []);
        var inside = type[(open + 1)..type.IndexOf(')', open)];
        return (type[..open], [.. inside.Split(',').Select(part => int.TryParse(part, out var number) ? number : 0)]);
    }
}
