using System.Text.RegularExpressions;

namespace Portal.Data.Schema;

/// <param name="Definition">Everything after the name, as CREATE TABLE and MODIFY take it.</param>
internal sealed record DocumentedColumn(ColumnShape Shape, string Definition);

/// <param name="Expression">The condition, without the outer brackets.</param>
internal sealed record DocumentedCheck(string Name, string Expression);

internal sealed record DocumentedTable(string Name, string CreateStatement)
{
    public List<DocumentedColumn> Columns { get; } = [];
    public List<IndexShape> Indexes { get; } = [];
    public List<ForeignKeyShape> ForeignKeys { get; } = [];
    public List<DocumentedCheck> Checks { get; } = [];
}

/// <param name="Values">The row as SQL writes it, brackets included.</param>
internal sealed record DocumentedRow(string Table, int Id, string Name, string Values);

/// <summary>What migration 0001 creates, read from the file itself so that there is one truth. It understands that file's
/// form (one line per column, key, constraint and row), not SQL at large.</summary>
internal sealed partial class DocumentedSchema
{
    public List<DocumentedTable> Tables { get; } = [];
    public List<DocumentedRow> DefaultRows { get; } = [];

    /// <summary>Trigger names and their CREATE TRIGGER statements.</summary>
    public Dictionary<string, string> Triggers { get; } = [];

    public static DocumentedSchema Parse(Migration migration)
    {
        var schema = new DocumentedSchema();
        foreach (var statement in migration.Statements)
        {
            if (CreateTable().Match(statement) is { Success: true } table)
            {
                schema.Tables.Add(ParseTable(table.Groups[1].Value, statement));
            }
            else if (Insert().Match(statement) is { Success: true } insert)
            {
                schema.DefaultRows.AddRange(Row().Matches(statement).Select(row => new DocumentedRow(
                    insert.Groups[1].Value, int.Parse(row.Groups[2].ValueSpan), row.Groups[3].Value, row.Groups[1].Value)));
            }
            else if (CreateTrigger().Match(statement) is { Success: true } trigger)
            {
                schema.Triggers[trigger.Groups[1].Value] = statement;
            }
        }
        return schema;
    }

    /// <summary>Unique keys that later migrations put on documented columns of a table: rows of before must keep them too.</summary>
    public static IEnumerable<IndexShape> UniquesLaidOn(DocumentedTable table, IEnumerable<Migration> later)
    {
        var known = table.Columns.Select(column => column.Shape.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return later
            .SelectMany(migration => migration.Statements)
            .Where(statement => AlterTable().Match(statement) is { Success: true } altered && altered.Groups[1].Value == table.Name)
            .SelectMany(statement => AddUnique().Matches(statement))
            .Select(added => new IndexShape(added.Groups[1].Value, [.. Names(added.Groups[2].Value)], Unique: true))
            .Where(index => index.Columns.All(known.Contains));
    }

    private static DocumentedTable ParseTable(string name, string statement)
    {
        var table = new DocumentedTable(name, statement);
        foreach (var line in statement.Split('\n').Skip(1).Select(line => line.Trim().TrimEnd(',')))
        {
            if (Key().Match(line) is { Success: true } key)
            {
                table.Indexes.Add(new IndexShape(key.Groups[2].Value, [.. Names(key.Groups[3].Value)], key.Groups[1].Success));
            }
            else if (ForeignKey().Match(line) is { Success: true } foreign)
            {
                table.ForeignKeys.Add(
                    new ForeignKeyShape(
                        foreign.Groups[1].Value, [.. Names(foreign.Groups[2].Value)], foreign.Groups[3].Value,
                        [.. Names(foreign.Groups[4].Value)], foreign.Groups[5].Success ? foreign.Groups[5].Value : "RESTRICT")
                );
            }
            else if (Check().Match(line) is { Success: true } check)
            {
                table.Checks.Add(new DocumentedCheck(check.Groups[1].Value, check.Groups[2].Value));
            }
            else if (!line.StartsWith("PRIMARY KEY", StringComparison.Ordinal) && Column().Match(line) is { Success: true } column)
            {
                table.Columns.Add(ParseColumn(column));
            }
        }
        return table;
    }

    private static DocumentedColumn ParseColumn(Match match)
    {
        var definition = match.Groups[2].Value + match.Groups[3].Value;
        var type = StoreType.Normalise(match.Groups[2].Value);
        var rest = match.Groups[3].Value;
        return new DocumentedColumn(
            new ColumnShape(
                match.Groups[1].Value, type, !rest.Contains("NOT NULL", StringComparison.Ordinal),
                DefaultClause().Match(rest) is { Success: true } found ? DatabaseShape.NormaliseDefault(found.Groups[1].Value) : null,
                rest.Contains("AUTO_INCREMENT", StringComparison.Ordinal), rest.Contains("ON UPDATE", StringComparison.Ordinal),
                Generated: false, Collation: IsText(type) ? "utf8mb4_unicode_ci" : null),
            definition);
    }

    public static bool IsText(string type) =>
        StoreType.Parts(type).Name is "varchar" or "char" or "tinytext" or "text" or "mediumtext" or "longtext" or "enum" or "set";

    private static IEnumerable<string> Names(string list) => list.Split(',').Select(name => name.Trim().Trim('`'));

    [GeneratedRegex(@"^CREATE TABLE (\w+) \(")]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^ALTER TABLE (\w+)\s")]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"ADD UNIQUE KEY (\w+) \(([^)]+)\)")]
    private static partial Regex AddUnique();

    [GeneratedRegex(@"^INSERT INTO (\w+) \(id, name, description\) VALUES")]
    private static partial Regex Insert();

    [GeneratedRegex(@"^\s*(\((\d+), '([^']*)', .*\)),?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^CREATE TRIGGER (\w+)")]
    private static partial Regex CreateTrigger();

    [GeneratedRegex(@"^(UNIQUE )?KEY (\w+) \(([^)]+)\)$")]
    private static partial Regex Key();

    [GeneratedRegex(@"^CONSTRAINT (\w+) FOREIGN KEY \(([^)]+)\) REFERENCES (\w+) \(([^)]+)\)(?: ON DELETE (\w+))?$")]
    private static partial Regex ForeignKey();

    [GeneratedRegex(@"^CONSTRAINT (\w+) CHECK \((.+)\)$")]
    private static partial Regex Check();

    [GeneratedRegex(@"^`?(\w+)`? (\w+(?:\([^)]*\))?)(.*)$")]
    private static partial Regex Column();

    [GeneratedRegex(@"DEFAULT ('[^']*'|\w+)")]
    private static partial Regex DefaultClause();
}
