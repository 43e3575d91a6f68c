using System.Data.Common;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace Portal.Data.MySql.Storage.Mapping;

/// <summary>A mapping that cuts fractions of a second off what it stores.</summary>
internal interface IMySqlCutting
{
    /// <summary>
    /// The same mapping for comparing, with nothing cut: a moment at 10:00:00 is not later than or equal to 10:00:00.5.
    /// </summary>
    RelationalTypeMapping Exact();
}

/// <summary>Fractions of a second that a column keeps, from 0 to 6 digits.</summary>
internal static class MySqlPrecision
{
    /// <summary>
    /// Cuts what the column cannot hold. Left to the servers, MariaDB would cut and MySQL round,
    /// so that 23:59:59.9 would become the next day.
    /// </summary>
    public static long Truncate(long ticks, int digits)
    {
        var unit = (long)Math.Pow(10, 7 - Math.Clamp(digits, 0, 6));
        return ticks - (ticks % unit);
    }

    public static DateTime Truncate(DateTime value, int digits) => new(Truncate(value.Ticks, digits), value.Kind);

    /// <summary>The mapping for values that are compared or computed with and not stored; a converted one stays as it is.</summary>
    public static RelationalTypeMapping? Uncut(RelationalTypeMapping? mapping)
        => mapping is IMySqlCutting cutting && mapping.Converter is null ? cutting.Exact() : mapping;

    public static string Time(TimeSpan value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(value < TimeSpan.Zero ? "-" : "")}{(long)Math.Abs(Math.Truncate(value.TotalHours)):00}:{value:mm\\:ss\\.ffffff}");
}

/// <summary>
/// <c>datetime</c> holds wall-clock time and reads with an unspecified kind; <c>timestamp</c> holds an instant, reads as UTC, and is
/// written in UTC (a local time is converted, an unspecified one is taken to be UTC already).
/// </summary>
internal sealed class MySqlDateTimeTypeMapping : DateTimeTypeMapping, IMySqlCutting
{
    public MySqlDateTimeTypeMapping(string storeType, int digits)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(DateTime), jsonValueReaderWriter: JsonDateTimeReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.DateTime, precision: digits))
    {
    }

    private MySqlDateTimeTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public bool IsInstant => StoreTypeNameBase.StartsWith("timestamp", StringComparison.OrdinalIgnoreCase);

    public RelationalTypeMapping Exact() => new MySqlDateTimeTypeMapping(IsInstant ? "timestamp(6)" : "datetime(6)", 6);

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetDateTime;

    public override Expression CustomizeDataReaderExpression(Expression expression)
        => MySqlRead.With(IsInstant ? nameof(MySqlRead.AsUtc) : nameof(MySqlRead.AsWallClock), expression);

    protected override void ConfigureParameter(DbParameter parameter)
    {
        if (parameter.Value is DateTime value)
        {
            parameter.Value = DateTime.SpecifyKind(Stored(value), DateTimeKind.Unspecified);
        }
    }

    protected override string GenerateNonNullSqlLiteral(object value)
        => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{Stored((DateTime)value):yyyy-MM-dd HH:mm:ss.ffffff}'");

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlDateTimeTypeMapping(parameters);

    private DateTime Stored(DateTime value)
        => MySqlPrecision.Truncate(IsInstant && value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value, Precision ?? 0);
}

/// <summary>
/// An instant, kept in UTC; the offset is not stored and reads as zero. In <c>datetime</c> unless the model says otherwise:
/// <c>timestamp</c> ends in January 2038, and Identity locks accounts until the year 9999.
/// </summary>
internal sealed class MySqlDateTimeOffsetTypeMapping : DateTimeOffsetTypeMapping, IMySqlCutting
{
    public MySqlDateTimeOffsetTypeMapping(string storeType, int digits)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(DateTimeOffset), jsonValueReaderWriter: JsonDateTimeOffsetReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.DateTime, precision: digits))
    {
    }

    private MySqlDateTimeOffsetTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public RelationalTypeMapping Exact() => new MySqlDateTimeOffsetTypeMapping("datetime(6)", 6);

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetDateTime;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsInstant), expression);

    protected override void ConfigureParameter(DbParameter parameter)
    {
        if (parameter.Value is DateTimeOffset value)
        {
            parameter.Value = Stored(value);
        }
    }

    protected override string GenerateNonNullSqlLiteral(object value)
        => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{Stored((DateTimeOffset)value):yyyy-MM-dd HH:mm:ss.ffffff}'");

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlDateTimeOffsetTypeMapping(parameters);

    private DateTime Stored(DateTimeOffset value)
        => DateTime.SpecifyKind(MySqlPrecision.Truncate(value.UtcDateTime, Precision ?? 0), DateTimeKind.Unspecified);
}

/// <summary><c>date</c>.</summary>
internal sealed class MySqlDateOnlyTypeMapping : DateOnlyTypeMapping
{
    public MySqlDateOnlyTypeMapping(string storeType)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(DateOnly), jsonValueReaderWriter: JsonDateOnlyReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.Date))
    {
    }

    private MySqlDateOnlyTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetDateTime;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsDate), expression);

    protected override void ConfigureParameter(DbParameter parameter)
    {
        if (parameter.Value is DateOnly date)
        {
            parameter.Value = date.ToDateTime(TimeOnly.MinValue);
        }
    }

    protected override string GenerateNonNullSqlLiteral(object value)
        => string.Create(CultureInfo.InvariantCulture, $"DATE '{(DateOnly)value:yyyy-MM-dd}'");

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlDateOnlyTypeMapping(parameters);
}

/// <summary><c>time</c> as a time of day.</summary>
internal sealed class MySqlTimeOnlyTypeMapping : TimeOnlyTypeMapping, IMySqlCutting
{
    public MySqlTimeOnlyTypeMapping(string storeType, int digits)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(TimeOnly), jsonValueReaderWriter: JsonTimeOnlyReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.Time, precision: digits))
    {
    }

    private MySqlTimeOnlyTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public RelationalTypeMapping Exact() => new MySqlTimeOnlyTypeMapping("time(6)", 6);

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsTime), expression);

    protected override void ConfigureParameter(DbParameter parameter)
    {
        if (parameter.Value is TimeOnly time)
        {
            parameter.Value = Stored(time);
        }
    }

    protected override string GenerateNonNullSqlLiteral(object value) => $"TIME '{MySqlPrecision.Time(Stored((TimeOnly)value))}'";

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlTimeOnlyTypeMapping(parameters);

    private TimeSpan Stored(TimeOnly time) => TimeSpan.FromTicks(MySqlPrecision.Truncate(time.Ticks, Precision ?? 0));
}

/// <summary><c>time</c> as a duration, from -838:59:59 to 838:59:59.</summary>
internal sealed class MySqlTimeSpanTypeMapping : TimeSpanTypeMapping, IMySqlCutting
{
    public MySqlTimeSpanTypeMapping(string storeType, int digits)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(TimeSpan), jsonValueReaderWriter: JsonTimeSpanReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.Time, precision: digits))
    {
    }

    private MySqlTimeSpanTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public RelationalTypeMapping Exact() => new MySqlTimeSpanTypeMapping("time(6)", 6);

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsTimeSpan), expression);

    protected override void ConfigureParameter(DbParameter parameter)
    {
        if (parameter.Value is TimeSpan span)
        {
            parameter.Value = Stored(span);
        }
    }

    protected override string GenerateNonNullSqlLiteral(object value) => $"TIME '{MySqlPrecision.Time(Stored((TimeSpan)value))}'";

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlTimeSpanTypeMapping(parameters);

    private TimeSpan Stored(TimeSpan span) => TimeSpan.FromTicks(MySqlPrecision.Truncate(span.Ticks, Precision ?? 0));
}
