using System.Globalization;
using static Portal.Data.Schema.StoreType;

namespace Portal.Data.Schema;

/// <summary>Whether a column of an older database can become the documented type without losing anything.</summary>
/// <param name="Possible">False where the conversion would have to guess (a wall-clock DATETIME as an instant, say).</param>
/// <param name="BadRows">SQL condition of the rows whose value would not survive; null when every value of the old type fits.</param>
internal sealed record TypeFit(bool Possible, string? BadRows = null)
{
    private static readonly TypeFit Never = new(false);
    private static readonly TypeFit Always = new(true);

    private static readonly Dictionary<string, (decimal Min, decimal Max)> Ranges = new()
    {
        ["tinyint"] = (sbyte.MinValue, sbyte.MaxValue),
        ["smallint"] = (short.MinValue, short.MaxValue),
        ["mediumint"] = (-8_388_608, 8_388_607),
        ["int"] = (int.MinValue, int.MaxValue),
        ["bigint"] = (long.MinValue, long.MaxValue),
    };

    /// <param name="column">Quoted name, for the condition.</param>
    public static TypeFit Of(string column, string from, string to)
    {
        if (from == to)
        {
            return Always;
        }
        var (target, first, second) = Parts(to);
        return target switch
        {
            _ when Ranges.TryGetValue(target, out var range) => ToInteger(column, from, range),
            "decimal" => ToDecimal(column, from, first, second),
            "varchar" => ToVarchar(column, from, first),
            "text" => Parts(from).Name is "varchar" or "char" or "tinytext" ? Always
            : IsText(from) ? new TypeFit(true, $"LENGTH({column}) > 65535")
            : Never,
            "longtext" => IsText(from) || from == "json" ? Always : Never,
            "enum" => IsText(from) ? new TypeFit(true, $"{column} NOT IN ({to[(to.IndexOf('(') + 1)..^1]})") : Never,
            "json" => IsText(from) ? new TypeFit(true, $"NOT JSON_VALID({column})") : Never,
            "datetime" or "timestamp" or "time" => Parts(from).Name == target ? new TypeFit(true, $"MICROSECOND({column}) <> 0") : Never,
            _ => Never,
        };
    }

    private static TypeFit ToInteger(string column, string from, (decimal Min, decimal Max) range)
    {
        var outside =
            $"{column} NOT BETWEEN {range.Min.ToString(CultureInfo.InvariantCulture)} AND {range.Max.ToString(CultureInfo.InvariantCulture)}";
        var source = Parts(from).Name;
        if (source == "decimal")
        {
            return new TypeFit(true, $"{column} <> TRUNCATE({column}, 0) OR {outside}");
        }
        if (from == "bit(1)")
        {
            return Always;
        }
        if (!Ranges.TryGetValue(source, out var had))
        {
            return Never;
        }
        var unsigned = from.Contains("unsigned", StringComparison.Ordinal);
        return !unsigned && had.Min >= range.Min && had.Max <= range.Max ? Always : new TypeFit(true, outside);
    }

    private static TypeFit ToDecimal(string column, string from, int digits, int scale)
    {
        var (source, first, second) = Parts(from);
        if (source == "decimal" && second <= scale && first - second <= digits - scale)
        {
            return Always;
        }
        return source is "decimal" or "float" or "double" || Ranges.ContainsKey(source)
            ? new TypeFit(true, $"{column} <> ROUND({column}, {scale}) OR ABS({column}) >= 1{new string('0', digits - scale)}")
            : Never;
    }

    private static TypeFit ToVarchar(string column, string from, int length)
    {
        var (source, first, _) = Parts(from);
        if (source is "varchar" or "char" && first <= length)
        {
            return Always;
        }
        return IsText(from) || Ranges.ContainsKey(source) ? new TypeFit(true, $"CHAR_LENGTH({column}) > {length}") : Never;
    }

    private static bool IsText(string type) => DocumentedSchema.IsText(type);
}
