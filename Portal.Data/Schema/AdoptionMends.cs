using static Portal.Data.Schema.SchemaConnection;

namespace Portal.Data.Schema;

/// <summary>The statements that an adoption suggests for what it found. They run as printed, in the order of the list, in a strict
/// session, and running one twice does no harm. Where a value has to be chosen it is the one under which somebody looks at the row
/// before it counts for anything.</summary>
/// <param name="missing">Documented default rows that the database lacks.</param>
internal sealed class AdoptionMends(DocumentedSchema documented, IReadOnlyCollection<DocumentedRow> missing)
{
    /// <summary>Stands for a day that nobody knows: later than the first instant a TIMESTAMP can hold, in every zone.</summary>
    private const string UnknownDay = "1970-01-02";

    /// <summary>Lists whose ids the portal means: what a row becomes whose own id says nothing.</summary>
    private static readonly Dictionary<string, int> Cautious = new()
    {
        ["user_status"] = 2,
        ["roles"] = 3,
        ["apartment_status"] = 2,
        ["payment_status"] = 2,
        ["reservation_status"] = 2,
        ["pqrs_status"] = 1,
        ["parking_status"] = 4,
    };

    /// <summary>Parents that a name is enough to bring back.</summary>
    private static readonly HashSet<string> Named = ["towers", "facilities", "pqrs_categories"];

    /// <summary>A text without blanks around it.</summary>
    public static string Trimmed(string column) =>
        $"REGEXP_REPLACE(CONVERT({column} USING utf8mb4), '^[[:space:]]+|[[:space:]]+$', '')";

    /// <summary>The condition of a text with blanks around it.</summary>
    public static string Padded(string column) => $"CONVERT({column} USING utf8mb4) REGEXP '^[[:space:]]|[[:space:]]$'";

    /// <summary>An UPDATE that leaves the row's own time of change as it is.</summary>
    public static string Set(DocumentedTable table, string column, string value, string where)
    {
        var stamp = table.Columns.Find(candidate => candidate.Shape.SetOnUpdate && candidate.Shape.Name != column);
        var kept = stamp is null ? "" : $", {Quote(stamp.Shape.Name)} = {Quote(stamp.Shape.Name)}";
        return $"UPDATE {Quote(table.Name)} SET {Quote(column)} = {value}{kept} WHERE {where}";
    }

    /// <summary>For a reference to a row that is gone.</summary>
    /// <param name="gone">The condition of such rows, over the documented names.</param>
    public (string Meaning, List<string> Mends) Orphans(DocumentedTable table, ForeignKeyShape key, string where, string gone)
    {
        var (column, parent) = (key.Columns[0], key.ReferencedTable);
        if (table.Columns.Find(candidate => candidate.Shape.Name == column)!.Shape.Nullable)
        {
            return ("The reference is emptied.", [Set(table, column, "NULL", where)]);
        }
        if (table.Indexes.Any(index => index.Unique && index.Columns.Contains(column)) && Cautious.ContainsKey(parent))
        {
            return ("They say something of what is gone, and go with it.", [Delete(table.Name, where)]);
        }
        if (Cautious.TryGetValue(parent, out var id))
        {
            var name = documented.DefaultRows.Find(row => row.Table == parent && row.Id == id)!.Name;
            return (
                $"They become {id} ({name}), in which somebody looks at them; write another id where you know it.",
                [.. DefaultRow(parent, id), Set(table, column, $"{id}", where)]);
        }
        var from = $"FROM {Quote(table.Name)} WHERE {gone}";
        if (Named.Contains(parent))
        {
            return (
                "Each of these comes back under its number, to be given its name.",
                [$"INSERT IGNORE INTO {Quote(parent)} (id, name) SELECT DISTINCT {Quote(column)}, CONCAT('#', {Quote(column)}) {from}"]);
        }
        return parent switch
        {
            "users" => (
                "Each of these accounts comes back as missing-<id>, inactive and with no password that anybody could type.",
                [
                    .. DefaultsOfAnAccount(),
                    "INSERT IGNORE INTO `users` (id, username, password, user_status_id, role_id) "
                        + $"SELECT DISTINCT {Quote(column)}, CONCAT('missing-', {Quote(column)}), '', 2, 3 {from}",
                ]),
            "owners" => (
                "Each of these owners comes back with an inactive account missing-owner-<id>, so that nothing of theirs is lost.",
                [
                    .. DefaultsOfAnAccount(),
                    "INSERT IGNORE INTO `users` (username, password, user_status_id, role_id) "
                        + $"SELECT DISTINCT CONCAT('missing-owner-', {Quote(column)}), '', 2, 3 {from}",
                    "INSERT IGNORE INTO `owners` (id, user_id) "
                        + $"SELECT DISTINCT {Quote(table.Name)}.{Quote(column)}, u.id FROM {Quote(table.Name)} JOIN `users` u "
                        + $"ON u.username = CONCAT('missing-owner-', {Quote(table.Name)}.{Quote(column)}) WHERE {gone}",
                ]),
            _ => ("They are parts of what is gone, and go with it.", [Delete(table.Name, where)]),
        };
    }

    /// <summary>For a value that the documented type has no room or no meaning for.</summary>
    /// <param name="nullable">Whether the value may be left out: in the database as it is, and in the document.</param>
    public List<string> Value(DocumentedTable table, DocumentedColumn column, bool nullable, string where) =>
        Replacement(table, column, nullable) is { } value ? [Set(table, column.Shape.Name, value, where)] : [];

    /// <summary>For NULL where the document allows none.</summary>
    public List<string> Null(DocumentedTable table, DocumentedColumn column, string where)
    {
        var name = column.Shape.Name;
        if (table.ForeignKeys.Find(key => key.Columns[0] == name) is { } key)
        {
            return Cautious.TryGetValue(key.ReferencedTable, out var id)
                ? [.. DefaultRow(key.ReferencedTable, id), Set(table, name, $"{id}", where)]
                : [];
        }
        if (StoreType.Parts(column.Shape.Type).Name is "varchar" or "text")
        {
            var unique = table.Indexes.Any(index => index.Unique && index.Columns.Contains(name));
            return [Set(table, name, unique ? "CONCAT('missing-', id)" : "''", where)];
        }
        return Value(table, column, nullable: false, where);
    }

    /// <summary>For rows that share what may occur once: the first stays.</summary>
    public static List<string> Duplicates(DocumentedTable table, IReadOnlyList<string> columns, string others)
    {
        var where = $"id IN ({others})";
        var text = table.Columns.Find(column =>
            columns.Contains(column.Shape.Name) && StoreType.Parts(column.Shape.Type).Name == "varchar");
        if (table.Name == "profile" && text is null)
        {
            return
            [
                "CREATE TABLE IF NOT EXISTS `profile_before` LIKE `profile`",
                $"INSERT IGNORE INTO `profile_before` SELECT * FROM `profile` WHERE {where}",
                Delete(table.Name, where),
            ];
        }
        if (text is null)
        {
            return [Delete(table.Name, where)];
        }
        var (name, length) = (text.Shape.Name, StoreType.Parts(text.Shape.Type).First);
        var renamed = $"CONCAT(LEFT({Trimmed(Quote(name))}, {length - 1} - CHAR_LENGTH(id)), '-', id)";
        return [Set(table, name, text.Shape.Nullable ? "NULL" : renamed, where)];
    }

    public static string Delete(string table, string where) => $"DELETE FROM {Quote(table)} WHERE {where}";

    private IEnumerable<string> DefaultsOfAnAccount() => [.. DefaultRow("user_status", 2), .. DefaultRow("roles", 3)];

    private IEnumerable<string> DefaultRow(string table, int id) =>
        missing.Where(row => row.Table == table && row.Id == id)
            .Select(row => $"INSERT IGNORE INTO {Quote(table)} (id, name, description) VALUES {row.Values}");

    private static string? Replacement(DocumentedTable table, DocumentedColumn column, bool nullable)
    {
        var (name, type) = (Quote(column.Shape.Name), column.Shape.Type);
        var (kind, length, _) = StoreType.Parts(type);
        var otherwise = nullable ? "NULL" : null;
        return kind switch
        {
            "time" => $"IF({name} >= '24:00:00' AND {name} < '48:00:00', SUBTIME({name}, '24:00:00'), {otherwise ?? "'00:00:00'"})",
            "date" or "datetime" or "timestamp" => otherwise ?? Moment(table, column.Shape.Name, kind),
            "enum" => column.Shape.Default is { } word ? $"'{word}'" : otherwise ?? $"'{StoreType.Values(type)[0]}'",
            "varchar" => $"LEFT({name}, {length})",
            "text" => $"LEFT({name}, 16383)",
            "json" => $"JSON_QUOTE({name})",
            "int" or "bigint" or "tinyint" => otherwise,
            _ => null,
        };
    }

    /// <summary>A day for a row that must have one: of its counterpart, or on which the row was made.</summary>
    private static string Moment(DocumentedTable table, string column, string kind)
    {
        var has = table.Columns.Select(candidate => candidate.Shape.Name).ToHashSet();
        if (column == "end_date" && has.Contains("start_date"))
        {
            return "`start_date` + INTERVAL 1 HOUR";
        }
        var unknown = kind == "date" ? $"'{UnknownDay}'" : $"'{UnknownDay} 00:00:00'";
        if (column == "start_date" && has.Contains("end_date"))
        {
            return $"IF(`end_date` >= '1971-01-01' AND NOT {ValueRule.NoDate("`end_date`")}, `end_date` - INTERVAL 1 HOUR, {unknown})";
        }
        return column != "created_at" && has.Contains("created_at")
            ? $"IF(`created_at` >= '1971-01-01', {(kind == "date" ? "DATE(`created_at`)" : "`created_at`")}, {unknown})"
            : unknown;
    }
}
