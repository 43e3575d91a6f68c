using static Portal.Data.Schema.SchemaConnection;

namespace Portal.Data.Schema;

/// <summary>The statements that bring an adopted database's tables to the documented shape. Each leaves a database from which
/// the plan can be made anew, so an interrupted adoption simply starts again.</summary>
internal sealed class AdoptionPlan(DocumentedSchema documented, DatabaseShape actual)
{
    private const string Text = "utf8mb4_unicode_ci";

    /// <param name="rows">Statements that add the document's missing default rows: after the tables have room for them, and before
    /// the keys, because older rows may point to one.</param>
    public IEnumerable<string> Statements(IReadOnlyList<string> rows)
    {
        List<string> loose = [.. DropKeysOnChangingColumns()];
        List<string> tables = [.. documented.Tables.SelectMany(AlterTable)];
        List<string> keys = [.. documented.Tables.SelectMany(AddKeys)];
        List<string> triggers = [.. Triggers()];
        if (loose.Count + tables.Count > 0)
        {
            // Nothing here removes a checked key for good: those dropped are added again, checked, below.
            yield return "SET SESSION foreign_key_checks = 0";
        }
        foreach (var statement in loose.Concat(tables).Concat(rows))
        {
            yield return statement;
        }
        if (keys.Count > 0)
        {
            yield return "SET SESSION foreign_key_checks = 1";
        }
        foreach (var statement in keys.Concat(triggers))
        {
            yield return statement;
        }
    }

    private IEnumerable<string> DropKeysOnChangingColumns()
    {
        var dropped = new HashSet<(string, string)>();
        foreach (var table in documented.Tables)
        {
            foreach (var column in table.Columns.Where(column => TypeChanges(table.Name, column)))
            {
                foreach (var (owner, key) in Adoption.KeysOn(actual, table.Name, column.Shape.Name))
                {
                    if (dropped.Add((owner, key.Name)))
                    {
                        yield return $"ALTER TABLE {Quote(owner)} DROP FOREIGN KEY {Quote(key.Name)}";
                    }
                }
            }
        }
    }

    private IEnumerable<string> AlterTable(DocumentedTable table)
    {
        if (!actual.Tables.TryGetValue(table.Name, out var found))
        {
            yield return table.CreateStatement;
            yield break;
        }
        List<string> changes = [];
        if (!"InnoDB".Equals(found.Engine, StringComparison.OrdinalIgnoreCase))
        {
            changes.Add("ENGINE=InnoDB");
        }
        if (!"Dynamic".Equals(found.RowFormat, StringComparison.OrdinalIgnoreCase))
        {
            // The others are too narrow for an index over 255 letters of utf8mb4, or are no format of InnoDB's.
            changes.Add("ROW_FORMAT=DYNAMIC");
        }
        if (found.Collation != Text)
        {
            changes.Add($"DEFAULT CHARACTER SET utf8mb4 COLLATE {Text}");
        }
        changes.AddRange(table.Columns.Select(column => ColumnChange(found, column)).OfType<string>());
        changes.AddRange(IndexChanges(table, found));
        changes.AddRange(
            table
                .Checks.Where(check => !found.Checks.Contains(check.Name))
                .Select(check => $"ADD CONSTRAINT {check.Name} CHECK ({check.Expression})")
        );
        if (changes.Count > 0)
        {
            yield return $"ALTER TABLE {Quote(table.Name)} {string.Join(", ", changes)}";
        }
        foreach (var key in table.ForeignKeys)
        {
            // A key that already held may be named anew without reading the rows again.
            if (Adoption.Existing(found, key) is { } existing && !Loosened(existing, table.Name) && !SameKey(existing, key))
            {
                yield return $"ALTER TABLE {Quote(table.Name)} DROP FOREIGN KEY {Quote(existing.Name)}, {AddKey(key)}";
            }
        }
    }

    private static string? ColumnChange(TableShape table, DocumentedColumn column)
    {
        var wanted = column.Shape;
        var definition = DocumentedSchema.IsText(wanted.Type)
            // Said outright: the table's own default may be another.
            ? column.Definition.Insert(TypeLength(column.Definition), $" CHARACTER SET utf8mb4 COLLATE {Text}")
            : column.Definition;
        if (!table.Columns.TryGetValue(wanted.Name, out var found))
        {
            return $"ADD COLUMN {Quote(wanted.Name)} {definition}";
        }
        var same = found.Type == wanted.Type && found.Nullable == wanted.Nullable && found.Default == wanted.Default
            && found.AutoIncrement == wanted.AutoIncrement && found.SetOnUpdate == wanted.SetOnUpdate
            && (wanted.Collation is null || found.Collation == wanted.Collation);
        return same ? null : $"MODIFY COLUMN {Quote(wanted.Name)} {definition}";
    }

    private static int TypeLength(string definition)
    {
        var bracket = definition.IndexOf('(');
        var blank = definition.IndexOf(' ');
        return bracket >= 0 && bracket < blank ? definition.IndexOf(')') + 1 : blank;
    }

    private static IEnumerable<string> IndexChanges(DocumentedTable table, TableShape found)
    {
        var documentedNames = table.Indexes.Select(index => index.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var renamed = new HashSet<string>();
        foreach (var index in table.Indexes)
        {
            if (found.Indexes.Find(candidate => candidate.Name.Equals(index.Name, StringComparison.OrdinalIgnoreCase)) is { } named)
            {
                if (SameIndex(named, index))
                {
                    continue;
                }
                yield return $"DROP INDEX {Quote(named.Name)}";
            }
            else if (found.Indexes.Find(candidate => candidate.Name != "PRIMARY" && SameIndex(candidate, index)
                && !documentedNames.Contains(candidate.Name) && !renamed.Contains(candidate.Name)) is { } unnamed)
            {
                renamed.Add(unnamed.Name);
                yield return $"RENAME INDEX {Quote(unnamed.Name)} TO {index.Name}";
                continue;
            }
            yield return $"ADD {(index.Unique ? "UNIQUE " : "")}INDEX {index.Name} ({string.Join(", ", index.Columns.Select(Quote))})";
        }
    }

    private IEnumerable<string> AddKeys(DocumentedTable table)
    {
        foreach (var key in table.ForeignKeys)
        {
            var existing = actual.Tables.TryGetValue(table.Name, out var found) ? Adoption.Existing(found, key) : null;
            if (found is not null && (existing is null || Loosened(existing, table.Name)))
            {
                yield return $"ALTER TABLE {Quote(table.Name)} {AddKey(key)}";
            }
        }
    }

    private IEnumerable<string> Triggers()
    {
        foreach (var (name, statement) in documented.Triggers)
        {
            if (actual.Triggers.TryGetValue(name, out var body))
            {
                if (Words(statement).EndsWith(Words(body), StringComparison.Ordinal))
                {
                    continue;
                }
                yield return $"DROP TRIGGER {Quote(name)}";
            }
            yield return statement;
        }
        static string Words(string sql) => string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string AddKey(ForeignKeyShape key) =>
        $"ADD CONSTRAINT {key.Name} FOREIGN KEY ({string.Join(", ", key.Columns.Select(Quote))}) REFERENCES {Quote(key.ReferencedTable)} ({string.Join(", ", key.ReferencedColumns.Select(Quote))})"
        + (key.DeleteRule == "RESTRICT" ? "" : $" ON DELETE {key.DeleteRule}");

    private bool Loosened(ForeignKeyShape key, string table) =>
        key.Columns.Any(column => TypeChanges(table, column))
        || key.ReferencedColumns.Any(column => TypeChanges(key.ReferencedTable, column));

    private bool TypeChanges(string table, string column) =>
        documented.Tables.Find(candidate => candidate.Name == table)?.Columns.Find(candidate => candidate.Shape.Name == column) is { } known
        && TypeChanges(table, known);

    private bool TypeChanges(string table, DocumentedColumn column) =>
        actual.Tables.TryGetValue(table, out var found)
        && found.Columns.TryGetValue(column.Shape.Name, out var shape)
        && shape.Type != column.Shape.Type;

    private static bool SameKey(ForeignKeyShape found, ForeignKeyShape wanted) =>
        found.Name.Equals(wanted.Name, StringComparison.OrdinalIgnoreCase) && Rule(found) == Rule(wanted);

    private static string Rule(ForeignKeyShape key) => key.DeleteRule == "NO ACTION" ? "RESTRICT" : key.DeleteRule;

    private static bool SameIndex(IndexShape a, IndexShape b) =>
        a.Unique == b.Unique && a.Columns.SequenceEqual(b.Columns, StringComparer.OrdinalIgnoreCase);
}
