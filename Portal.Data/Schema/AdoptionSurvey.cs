using MySqlConnector;
using static Portal.Data.Schema.SchemaConnection;

namespace Portal.Data.Schema;

/// <summary>Looks for what stands between an existing database and the documented schema and cannot be put right without a
/// person: missing tables or columns, types that would lose values, rows that break a documented rule. Changes nothing.</summary>
internal sealed class AdoptionSurvey(DocumentedSchema documented, DatabaseShape actual, MySqlConnection connection)
{
    private const int RowsNamed = 5;
    private readonly List<string> _problems = [];

    public async Task<List<string>> FindProblemsAsync(CancellationToken ct)
    {
        foreach (var table in documented.Tables)
        {
            if (!actual.Tables.TryGetValue(table.Name, out var found))
            {
                if (table.Name != Adoption.AuditTable)
                {
                    _problems.Add($"Table {table.Name} is missing.");
                }
            }
            else if (CheckColumnsExist(table, found))
            {
                await CheckValuesAsync(table, found, ct);
                await CheckUniquesAsync(table, found, ct);
                await CheckForeignKeysAsync(table, found, ct);
                await CheckChecksAsync(table, found, ct);
            }
        }
        await CheckDefaultRowsAsync(ct);
        return _problems;
    }

    private bool CheckColumnsExist(DocumentedTable table, TableShape found)
    {
        var before = _problems.Count;
        foreach (
            var column in table.Columns.Where(column => !found.Columns.ContainsKey(column.Shape.Name) && table.Name != Adoption.AuditTable)
        )
        {
            _problems.Add($"Column {table.Name}.{column.Shape.Name} is missing (documented as {column.Definition}).");
        }
        if (found.PrimaryKey is not { Columns: ["id"] })
        {
            _problems.Add($"Table {table.Name} has no primary key on id.");
        }
        var known = table.Columns.Select(column => column.Shape.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var extra in found.Columns.Values.Where(column =>
            !known.Contains(column.Name) && column is { Nullable: false, Default: null, AutoIncrement: false, Generated: false }))
        {
            _problems.Add(
                $"Column {table.Name}.{extra.Name} is not documented, NOT NULL and without a default: the portal could add no row. Give it a default."
            );
        }
        return _problems.Count == before;
    }

    private async Task CheckValuesAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        foreach (var column in table.Columns)
        {
            if (!found.Columns.TryGetValue(column.Shape.Name, out var actualColumn))
            {
                continue;
            }
            var name = $"{table.Name}.{column.Shape.Name}";
            var fit = TypeFit.Of(Quote(column.Shape.Name), actualColumn.Type, column.Shape.Type);
            if (!fit.Possible)
            {
                _problems.Add(
                    $"Column {name} is {actualColumn.Type}, documented as {column.Shape.Type}: converting it would have to guess. Convert it yourself."
                );
                continue;
            }
            if (fit.BadRows is { } condition)
            {
                await NameRowsAsync(
                    table.Name, condition,
                    $"Column {name} is {actualColumn.Type}, documented as {column.Shape.Type}, and some values do not fit", ct);
            }
            if (actualColumn.Nullable && !column.Shape.Nullable)
            {
                await NameRowsAsync(table.Name, $"{Quote(column.Shape.Name)} IS NULL", $"Column {name} must not be NULL, and is", ct);
            }
            CheckForeignersOf(table, column, actualColumn);
        }
    }

    /// <summary>A foreign key of somebody's own pins the type of the column it stands on.</summary>
    private void CheckForeignersOf(DocumentedTable table, DocumentedColumn column, ColumnShape found)
    {
        if (found.Type == column.Shape.Type)
        {
            return;
        }
        foreach (
            var (owner, key) in Adoption
                .KeysOn(actual, table.Name, column.Shape.Name)
                .Where(pair => !Adoption.IsDocumented(documented, pair.Table, pair.Key))
        )
        {
            _problems.Add(
                $"Column {table.Name}.{column.Shape.Name} must become {column.Shape.Type} (is {found.Type}), and the undocumented foreign key {owner}.{key.Name} depends on it. Drop that key, and add it again afterwards."
            );
        }
    }

    private async Task CheckUniquesAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        foreach (var index in table.Indexes.Where(index => index.Unique))
        {
            // Equality is the documented collation's, under which é = e and A = a.
            var keys = index.Columns.Select(column => found.Columns[column]).Select(column => column.Collation is null
                ? Quote(column.Name)
                : $"CONVERT({Quote(column.Name)} USING utf8mb4) COLLATE utf8mb4_unicode_ci").ToList();
            var notNull = string.Join(" AND ", index.Columns.Select(column => $"{Quote(column)} IS NOT NULL"));
            var duplicates = await connection.QueryAsync(
                $"""
                SELECT CONCAT_WS(', ', {string.Join(", ", index.Columns.Select(column => $"MIN({Quote(column)})"))}),
                       SUBSTRING_INDEX(GROUP_CONCAT(id ORDER BY id SEPARATOR ', '), ', ', 10)
                FROM {Quote(table.Name)} WHERE {notNull} GROUP BY {string.Join(", ", keys)} HAVING COUNT(*) > 1 ORDER BY MIN(id) LIMIT 10
                """,
                row => (Value: row.GetString(0), Ids: row.GetString(1)), ct);
            foreach (var (value, ids) in duplicates)
            {
                _problems.Add(
                    $"{table.Name} ({string.Join(", ", index.Columns)}) must be unique, and '{value}' stands in the rows with id {ids}. Change or merge them."
                );
            }
        }
    }

    private async Task CheckForeignKeysAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        foreach (var key in table.ForeignKeys.Where(key => Adoption.Existing(found, key) is null))
        {
            if (actual.Tables.ContainsKey(key.ReferencedTable))
            {
                var (column, target) = (Quote(key.Columns[0]), Quote(key.ReferencedTable));
                await NameRowsAsync(table.Name, $"{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} r WHERE r.id = t.{column})",
                    $"Column {table.Name}.{key.Columns[0]} points to rows of {key.ReferencedTable} that do not exist", ct);
            }
        }
    }

    private async Task CheckChecksAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        foreach (var check in table.Checks.Where(check => !found.Checks.Contains(check.Name)))
        {
            await NameRowsAsync(
                table.Name, $"NOT ({check.Expression})", $"Table {table.Name} breaks the documented rule {check.Name} ({check.Expression})",
                ct);
        }
    }

    /// <summary>
    /// The portal means statuses by id: another word for the same thing is fine, the ids of two things exchanged are not.
    /// </summary>
    private async Task CheckDefaultRowsAsync(CancellationToken ct)
    {
        foreach (var rows in documented.DefaultRows.GroupBy(row => row.Table).Where(rows => actual.Tables.ContainsKey(rows.Key)))
        {
            var names = await Adoption.NamesAsync(connection, rows.Key, ct);
            foreach (var row in rows)
            {
                if (
                    names.TryGetValue(row.Id, out var name)
                    && rows.FirstOrDefault(other => other.Id != row.Id && other.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                        is { } other
                )
                {
                    _problems.Add(
                        $"{rows.Key} {row.Id} is '{name}', which the document gives the id {other.Id}; {row.Id} is documented as '{row.Name}'. Renumber the rows."
                    );
                }
            }
        }
    }

    private async Task NameRowsAsync(string table, string condition, string problem, CancellationToken ct)
    {
        var ids = await connection.QueryAsync(
            $"SELECT t.id FROM {Quote(table)} t WHERE {condition} ORDER BY t.id LIMIT {RowsNamed + 1}",
            row => Convert.ToString(row.GetValue(0)), ct);
        if (ids.Count > 0)
        {
            _problems.Add($"{problem}: rows with id {string.Join(", ", ids.Take(RowsNamed))}{(ids.Count > RowsNamed ? " and more" : "")}.");
        }
    }
}
