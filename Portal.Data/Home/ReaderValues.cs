using System.Data.Common;

namespace Portal.Data.Home;

/// <summary>What the dashboards read: the two servers give counts, sums and truth values in types of their own.</summary>
internal static class ReaderValues
{
    public static int Number(this DbDataReader reader, int column) => Convert.ToInt32(reader.GetValue(column), null);

    public static bool Flag(this DbDataReader reader, int column) => Convert.ToBoolean(reader.GetValue(column), null);

    /// <summary>A sum over nothing is NULL, which is nothing.</summary>
    public static decimal Money(this DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? 0 : Convert.ToDecimal(reader.GetValue(column), null);

    public static DateTime Time(this DbDataReader reader, int column) => Convert.ToDateTime(reader.GetValue(column), null);

    public static DateOnly Date(this DbDataReader reader, int column) => DateOnly.FromDateTime(reader.Time(column));

    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A day as a parameter: the driver takes no <see cref="DateOnly"/>.</summary>
    public static DateTime AsParameter(this DateOnly day) => day.ToDateTime(TimeOnly.MinValue);
}
