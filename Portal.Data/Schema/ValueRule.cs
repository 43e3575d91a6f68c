namespace Portal.Data.Schema;

/// <summary>
/// What a column of the documented type can hold on a server and mean to nobody: rows loaded in a session that was not strict.
/// </summary>
/// <param name="Condition">SQL condition of such rows; safe in a strict session.</param>
/// <param name="Said">What is wrong with them, after the column's name.</param>
internal sealed record ValueRule(string Condition, string Said)
{
    /// <summary>Zero years, months or days; a 30th of February.</summary>
    private const string Impossible = "^0000|-00|-02-3|-0[469]-31|-11-31";

    /// <param name="column">Quoted name.</param>
    /// <param name="from">The type it has.</param>
    /// <param name="to">The documented type.</param>
    public static ValueRule? Of(string column, string from, string to) =>
        StoreType.Parts(from).Name switch
        {
            "time" => new(
                $"({column} < '00:00:00' OR {column} >= '24:00:00')",
                "has times that are none of a day (negative, or 24:00 and later). Up to 48:00 they are read as that time of the next day, "
                    + "the rest as not noted"),
            "date" or "datetime" or "timestamp" => new(
                NoDate(column),
                "has dates that are none (0000-00-00, a month or day 00, a 30th of February). They are read as not noted; "
                    + "where there must be one, it is when the row was made"),
            "enum" when from == to => new(
                $"{column} NOT IN ({Words(to)})",
                "holds '', which the server writes for a word that is none of "
                    + $"{Words(to).Replace(",", ", ", StringComparison.Ordinal)}. Write the right one where you know it"),
            _ => null,
        };

    /// <summary>The condition of a date that is none, over a column of DATE, DATETIME or TIMESTAMP.</summary>
    public static string NoDate(string column) =>
        $"(CAST({column} AS CHAR) REGEXP '{Impossible}' OR CAST({column} AS CHAR) LIKE '%-02-29%' AND NOT {Leap(column)})";

    private static string Words(string type) => type[(type.IndexOf('(') + 1)..^1];

    private static string Leap(string column)
    {
        var year = $"LEFT(CAST({column} AS CHAR), 4)";
        return $"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))";
    }
}
