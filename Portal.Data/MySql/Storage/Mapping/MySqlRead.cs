using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;

namespace Portal.Data.MySql.Storage.Mapping;

/// <summary>
/// Turns what the driver hands over into the CLR type that was asked for. The driver's own typed getters refuse some pairs
/// (a CHAR(36) as string, a DATE as DateOnly), and a computed value may come as bytes on one server and as text on the other.
/// </summary>
internal static class MySqlRead
{
    public static readonly MethodInfo GetValue = typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetValue), [typeof(int)])!;
    public static readonly MethodInfo GetDateTime = typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetDateTime), [typeof(int)])!;

    public static Expression With(string conversion, Expression value)
        => Expression.Call(typeof(MySqlRead).GetMethod(conversion)!, value);

    public static string AsString(object value) => value switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        Guid guid => guid.ToString("D"),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };

    public static Guid AsGuid(object value) => value switch
    {
        Guid guid => guid,
        byte[] { Length: 16 } bytes => new Guid(bytes, bigEndian: true),
        _ => Guid.Parse(AsString(value)),
    };

    public static byte[] AsBytes(object value) => value switch
    {
        byte[] bytes => bytes,
        Guid guid => guid.ToByteArray(bigEndian: true),
        _ => Encoding.UTF8.GetBytes(AsString(value)),
    };

    public static bool AsBool(object value) => value switch
    {
        bool flag => flag,
        byte[] bytes => bytes.Any(b => b is not (0 or (byte)'0')),
        _ => Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture) != 0,
    };

    public static DateTime AsUtc(DateTime value) => DateTime.SpecifyKind(value, DateTimeKind.Utc);

    public static DateTime AsWallClock(DateTime value) => DateTime.SpecifyKind(value, DateTimeKind.Unspecified);

    public static DateTimeOffset AsInstant(DateTime value) => new(AsUtc(value));

    public static DateOnly AsDate(DateTime value) => DateOnly.FromDateTime(value);

    public static TimeSpan AsTimeSpan(object value) => value switch
    {
        TimeSpan span => span,
        DateTime moment => moment.TimeOfDay,
        _ => TimeSpan.Parse(AsString(value), System.Globalization.CultureInfo.InvariantCulture),
    };

    public static TimeOnly AsTime(object value) => TimeOnly.FromTimeSpan(AsTimeSpan(value));

    public static MemoryStream AsStream(object value) => new(Encoding.UTF8.GetBytes(AsString(value)));
}
