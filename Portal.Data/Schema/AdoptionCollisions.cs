using System.Text.RegularExpressions;
using static Portal.Data.Schema.SchemaConnection;

namespace Portal.Data.Schema;

/// <summary>Finds what an older database has under a name or id that a later migration is about to use: better said before
/// anything is changed than met half-way through a file.</summary>
internal sealed partial class AdoptionCollisions(IEnumerable<Migration> later, DatabaseShape actual)
{
    /// <param name="rows">Ids and names of a table's rows.</param>
    public async Task<List<AdoptionFinding>> FindAsync(Func<string, Task<Dictionary<long, string>>> rows)
    {
        List<AdoptionFinding> problems = [];
        foreach (var migration in later)
        {
            foreach (var statement in migration.Statements)
            {
                if (CreateTable().Match(statement) is { Success: true } created && actual.Tables.ContainsKey(created.Groups[1].Value))
                {
                    var theirs = actual.Tables[created.Groups[1].Value].Name;
                    problems.Add(
                        new AdoptionFinding(
                            $"Table {theirs} is not documented, and {migration.FileName} makes one of that name. Rename yours.",
                            $"RENAME TABLE {Quote(theirs)} TO {Quote(theirs + "_before")}")
                    );
                }
                else if (
                    AlterTable().Match(statement) is { Success: true } altered
                    && actual.Tables.TryGetValue(altered.Groups[1].Value, out var table)
                )
                {
                    problems.AddRange(
                        AddColumn()
                            .Matches(statement)
                            .Select(column => column.Groups[1].Value)
                            .Where(table.Columns.ContainsKey)
                            .Select(column => new AdoptionFinding(
                                $"Column {table.Name}.{column} is not documented, and {migration.FileName} adds one of that name. "
                                    + "Rename yours.",
                                $"ALTER TABLE {Quote(altered.Groups[1].Value)} "
                                    + $"RENAME COLUMN {Quote(column)} TO {Quote(column + "_before")}"))
                    );
                }
                else if (Insert().Match(statement) is { Success: true } insert && actual.Tables.ContainsKey(insert.Groups[1].Value))
                {
                    var name = insert.Groups[1].Value;
                    var taken = await rows(name);
                    problems.AddRange(
                        Row()
                            .Matches(statement)
                            .Select(row => (Id: long.Parse(row.Groups[1].ValueSpan), Name: row.Groups[2].Value))
                            .Where(row => taken.ContainsKey(row.Id))
                            .Select(row => new AdoptionFinding(
                                $"{name} {row.Id} is '{taken[row.Id]}', and {migration.FileName} needs that id for '{row.Name}'. "
                                    + "Give yours another id, and what points to it."))
                    );
                }
            }
        }
        return problems;
    }

    [GeneratedRegex(@"^CREATE TABLE (\w+) \(")]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^ALTER TABLE (\w+)\s")]
    private static partial Regex AlterTable();

    [GeneratedRegex(@"ADD COLUMN (\w+) ")]
    private static partial Regex AddColumn();

    [GeneratedRegex(@"^INSERT INTO (\w+) \(id, name, description\) VALUES")]
    private static partial Regex Insert();

    [GeneratedRegex(@"^\s*\((\d+), '([^']*)'", RegexOptions.Multiline)]
    private static partial Regex Row();
}
