namespace Portal.Data.MySql.Storage;

/// <summary>Values as the driver binds them rightly: it writes a DateOnly in the culture's words and drops a TimeOnly's seconds.</summary>
internal static class MySqlParameterValue
{
    public static object ForDriver(object? value) => value switch
    {
        null => DBNull.Value,
        DateOnly date => date.ToDateTime(TimeOnly.MinValue),
        TimeOnly time => time.ToTimeSpan(),
        DateTimeOffset instant => instant.UtcDateTime,
        Guid guid => guid.ToString("D"),
        Enum named => named.ToString(),
        _ => value,
    };
}
