using System.Globalization;
using MySqlConnector;
using static Portal.Data.Schema.SchemaConnection;

namespace Portal.Data.Schema;

/// <summary>Looks for what stands between an existing database and the documented schema and cannot be put right without a
/// person: missing tables or columns, types that would lose values, values that mean nothing, rows that break a documented rule or one
/// that a later migration lays on documented columns. It walks the document, so that no column is forgotten. Changes nothing.</summary>
internal sealed class AdoptionSurvey(
    DocumentedSchema documented, IReadOnlyList<Migration> later, DatabaseShape actual, MySqlConnection connection)
{
    /// <summary>Rows named by id; a statement for more than these carries the condition instead.</summary>
    private const int RowsNamed = 20;

    private const int GroupsNamed = 200;

    private readonly List<AdoptionFinding> _findings = [];
    private readonly List<DocumentedRow> _missing = [];

    public async Task<List<AdoptionFinding>> FindProblemsAsync(CancellationToken ct)
    {
        await connection.ExecuteAsync("SET SESSION group_concat_max_len = 1000000", ct);
        foreach (var rows in documented.DefaultRows.GroupBy(row => row.Table).Where(rows => actual.Tables.ContainsKey(rows.Key)))
        {
            var names = await Adoption.NamesAsync(connection, actual.Tables[rows.Key].Name, ct);
            _missing.AddRange(rows.Where(row => !names.ContainsKey(row.Id)));
        }
        CheckTableNames();
        foreach (var table in documented.Tables)
        {
            if (!actual.Tables.TryGetValue(table.Name, out var found))
            {
                if (table.Name != Adoption.AuditTable)
                {
                    Add($"Table {table.Name} is missing.", Line(table.CreateStatement));
                }
            }
            else if (CheckColumnsExist(table, found))
            {
                await CheckValuesAsync(table, found, ct);
                await CheckUniquesAsync(table, found, ct);
                await CheckForeignKeysAsync(table, ct);
                await CheckChecksAsync(table, found, ct);
            }
        }
        await CheckDefaultRowsAsync(ct);
        return _findings;
    }

    private AdoptionMends Mends => new(documented, _missing);

    private void Add(string text, params string[] mends) => _findings.Add(new AdoptionFinding(text, mends));

    private static string Line(string statement) =>
        string.Join(' ', statement.Split('\n').Select(line => line.Trim()));

    /// <summary>Where the server tells <c>Users</c> from <c>users</c>, the portal's statements need the documented name.</summary>
    private void CheckTableNames()
    {
        foreach (var table in documented.Tables.Where(_ => actual.TellsCase))
        {
            if (actual.Tables.TryGetValue(table.Name, out var found) && found.Name != table.Name)
            {
                Add(
                    $"Table {found.Name} is documented as {table.Name}, and on this server these are two names.",
                    $"RENAME TABLE {Quote(found.Name)} TO {Quote(table.Name)}");
            }
        }
    }

    private bool CheckColumnsExist(DocumentedTable table, TableShape found)
    {
        var before = _findings.Count;
        foreach (
            var column in table.Columns.Where(column => !found.Columns.ContainsKey(column.Shape.Name) && table.Name != Adoption.AuditTable)
        )
        {
            Add(
                $"Column {table.Name}.{column.Shape.Name} is missing (documented as {column.Definition}).",
                $"ALTER TABLE {Quote(table.Name)} ADD COLUMN {Quote(column.Shape.Name)} {column.Definition}");
        }
        if (found.PrimaryKey is not { Columns: ["id"] })
        {
            Add($"Table {table.Name} has no primary key on id.");
        }
        var known = table.Columns.Select(column => column.Shape.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var extra in found.Columns.Values.Where(column =>
            !known.Contains(column.Name) && column is { Nullable: false, Default: null, AutoIncrement: false, Generated: false }))
        {
            Add(
                $"Column {table.Name}.{extra.Name} is not documented, NOT NULL and without a default: "
                    + "the portal could add no row. Give it a default.",
                $"ALTER TABLE {Quote(table.Name)} MODIFY COLUMN {Quote(extra.Name)} {extra.Type} NULL");
        }
        return _findings.Count == before;
    }

    private async Task CheckValuesAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        // The time of the last change first: what mends another column writes it as it is, and a strict session refuses one that is none.
        foreach (var column in table.Columns.OrderByDescending(column => column.Shape.SetOnUpdate))
        {
            if (!found.Columns.TryGetValue(column.Shape.Name, out var actualColumn))
            {
                continue;
            }
            var (name, quoted, wanted) = ($"{table.Name}.{column.Shape.Name}", Quote(column.Shape.Name), column.Shape.Type);
            var nullable = actualColumn.Nullable && column.Shape.Nullable;
            List<string> Mended(string where) => Mends.Value(table, column, nullable, where);

            var fit = TypeFit.Of(quoted, actualColumn.Type, wanted);
            if (!fit.Possible)
            {
                Add(
                    $"Column {name} is {actualColumn.Type}, documented as {wanted}: converting it would have to guess. "
                        + "Convert it yourself.");
                continue;
            }
            if (actualColumn.Nullable && !column.Shape.Nullable)
            {
                await NameRowsAsync(
                    table, $"{quoted} IS NULL", $"Column {name} must not be NULL, and is", "", where => Mends.Null(table, column, where),
                    ct);
            }
            if (fit.BadRows is { } condition)
            {
                await NameRowsAsync(
                    table, condition, $"Column {name} is {actualColumn.Type}, documented as {wanted}, and some values do not fit", "",
                    Mended, ct);
            }
            if (wanted == "text" && actualColumn.Collation?.StartsWith("utf8", StringComparison.Ordinal) == false)
            {
                await NameRowsAsync(
                    table, $"LENGTH(CONVERT({quoted} USING utf8mb4)) > 65535", $"Column {name} has texts with no room in UTF-8", "", Mended,
                    ct);
            }
            if (ValueRule.Of(quoted, actualColumn.Type, wanted) is { } rule)
            {
                await NameRowsAsync(table, rule.Condition, $"Column {name} {rule.Said}", "", Mended, ct);
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
            Add(
                $"Column {table.Name}.{column.Shape.Name} must become {column.Shape.Type} (is {found.Type}), and the undocumented foreign "
                    + $"key {owner}.{key.Name} depends on it. Drop that key, and add it again afterwards.",
                $"ALTER TABLE {Quote(owner)} DROP FOREIGN KEY {Quote(key.Name)}");
        }
    }

    private async Task CheckUniquesAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        var laidOn = DocumentedSchema.UniquesLaidOn(table, later).ToList();
        foreach (var index in table.Indexes.Where(index => index.Unique).Concat(laidOn))
        {
            // Equality is the documented collation's, under which é = e and A = a; and blanks around a name are none of it.
            var keys = index.Columns.Select(column => found.Columns[column]).Select(column => column.Collation is null
                ? Quote(column.Name)
                : $"{AdoptionMends.Trimmed(Quote(column.Name))} COLLATE utf8mb4_unicode_ci").ToList();
            var notNull = string.Join(" AND ", index.Columns.Select(column => $"{Quote(column)} IS NOT NULL"));
            var duplicates = await connection.QueryAsync(
                $"""
                SELECT CONCAT_WS(', ', {string.Join(", ", index.Columns.Select(column => $"MIN({Quote(column)})"))}),
                       GROUP_CONCAT(id ORDER BY {FirstToStay(table, index)} SEPARATOR ', ')
                FROM {Quote(found.Name)} WHERE {notNull} GROUP BY {string.Join(", ", keys)} HAVING COUNT(*) > 1
                ORDER BY MIN(id) LIMIT {GroupsNamed}
                """,
                row => (Value: row.GetString(0), Ids: row.GetString(1).Split(", ")), ct);
            foreach (var (value, ids) in duplicates)
            {
                var columns = string.Join(", ", index.Columns);
                Add(
                    $"{table.Name} ({columns}) must be unique, and '{value}' stands in the rows with id {Listed([.. ids.Order(ById)])}. "
                        + $"The row {ids[0]} stays as it is; change or merge the others.",
                    [.. AdoptionMends.Duplicates(table, index.Columns, string.Join(", ", ids[1..]))]);
            }
            foreach (var column in index.Columns.Where(column => found.Columns[column].Collation is not null))
            {
                await NameRowsAsync(
                    table, AdoptionMends.Padded(Quote(column)), $"Column {table.Name}.{column} has blanks before or after the text",
                    "Nobody types those, so it would not be found; they are taken away.",
                    where => [AdoptionMends.Set(table, column, AdoptionMends.Trimmed(Quote(column)), where)], ct);
            }
        }
    }

    private static readonly Comparer<string> ById = Comparer<string>.Create((a, b) => long.Parse(a).CompareTo(long.Parse(b)));

    /// <summary>Of profiles the one that migration 0021 keeps; of all else the oldest row.</summary>
    private static string FirstToStay(DocumentedTable table, IndexShape index) =>
        table.Name == "profile" && index.Columns is ["user_id"]
            ? "email IS NULL, (phone IS NOT NULL) + (document_number IS NOT NULL) DESC, id DESC"
            : "id";

    /// <summary>Also under keys that are there: rows may have been loaded while the server did not look.</summary>
    private async Task CheckForeignKeysAsync(DocumentedTable table, CancellationToken ct)
    {
        foreach (var key in table.ForeignKeys)
        {
            if (!actual.Tables.TryGetValue(key.ReferencedTable, out var parent) || parent.PrimaryKey is not { Columns: ["id"] })
            {
                continue;
            }
            var column = $"{Quote(table.Name)}.{Quote(key.Columns[0])}";
            // The document's own default rows are added before the keys: nothing is missing that they will be.
            var defaults = documented.DefaultRows.Where(row => row.Table == key.ReferencedTable).Select(row => row.Id).ToList();
            var but = defaults.Count == 0 ? "" : $" AND {column} NOT IN ({string.Join(", ", defaults)})";
            string Missing(string name) =>
                $"{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {Quote(name)} AS r WHERE r.id = {column}){but}";
            await NameRowsAsync(
                table, Missing(parent.Name),
                $"Column {table.Name}.{key.Columns[0]} points to rows of {key.ReferencedTable} that do not exist",
                Mends.Orphans(table, key, "", "").Meaning,
                where =>
                {
                    // The statements run when the tables have their documented names.
                    var gone = Missing(key.ReferencedTable);
                    return Mends.Orphans(table, key, where == Missing(parent.Name) ? gone : where, gone).Mends;
                },
                ct);
        }
    }

    private async Task CheckChecksAsync(DocumentedTable table, TableShape found, CancellationToken ct)
    {
        foreach (var check in table.Checks)
        {
            var dates = check.Name == "chk_reservation_dates";
            await NameRowsAsync(
                table, $"NOT ({check.Expression})", $"Table {table.Name} breaks the documented rule {check.Name} ({check.Expression})",
                dates ? "An hour is what the shortest booking lasts; write the right end where you know it." : "",
                where => dates ? [AdoptionMends.Set(table, "end_date", "`start_date` + INTERVAL 1 HOUR", where)] : [], ct);
        }
    }

    /// <summary>
    /// The portal means statuses by id: another word for the same thing is fine, the ids of two things exchanged are not.
    /// </summary>
    private async Task CheckDefaultRowsAsync(CancellationToken ct)
    {
        foreach (var rows in documented.DefaultRows.GroupBy(row => row.Table).Where(rows => actual.Tables.ContainsKey(rows.Key)))
        {
            var names = await Adoption.NamesAsync(connection, actual.Tables[rows.Key].Name, ct);
            foreach (var row in rows)
            {
                if (
                    names.TryGetValue(row.Id, out var name)
                    && rows.FirstOrDefault(other => other.Id != row.Id && other.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                        is { } other
                )
                {
                    Add(
                        $"{rows.Key} {row.Id} is '{name}', which the document gives the id {other.Id}; "
                            + $"{row.Id} is documented as '{row.Name}'. Renumber the rows."
                    );
                }
            }
        }
    }

    /// <param name="condition">Over the documented names; the table stands in the query under its documented one.</param>
    /// <param name="meaning">What becomes of the rows, when the statements are run.</param>
    /// <param name="mends">The statements, from the condition of the rows they are for.</param>
    private async Task NameRowsAsync(
        DocumentedTable table, string condition, string problem, string meaning, Func<string, List<string>> mends, CancellationToken ct)
    {
        var ids = await connection.QueryAsync(
            $"SELECT {Quote(table.Name)}.id FROM {Quote(actual.Tables[table.Name].Name)} AS {Quote(table.Name)} "
                + $"WHERE {condition} ORDER BY {Quote(table.Name)}.id LIMIT {RowsNamed + 1}",
            row => Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!, ct);
        if (ids.Count == 0)
        {
            return;
        }
        var where = ids.Count > RowsNamed ? condition : $"id IN ({string.Join(", ", ids)})";
        var statements = mends(where);
        Add($"{problem}: rows with id {Listed(ids)}.{(meaning.Length > 0 && statements.Count > 0 ? " " + meaning : "")}", [.. statements]);
    }

    private static string Listed(IReadOnlyList<string> ids) =>
        string.Join(", ", ids.Take(RowsNamed)) + (ids.Count > RowsNamed ? " and more" : "");
}
