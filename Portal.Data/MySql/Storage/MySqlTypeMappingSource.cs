using System.Data;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.MySql.Storage.Mapping;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Finds how a CLR type is kept in a column type. A pair that does not fit answers null, upon which EF Core looks for a value
/// converter (an enum to its name, a char to a string).
/// </summary>
internal sealed class MySqlTypeMappingSource(
    TypeMappingSourceDependencies dependencies, RelationalTypeMappingSourceDependencies relationalDependencies)
    : RelationalTypeMappingSource(dependencies, relationalDependencies)
{
    // utf8mb4 takes up to four bytes a character and a row at most 65,535 bytes; an index 3,072.
    private const int LongestVarchar = 16_383;
    private const int LongestVarbinary = 65_535;
    private const int KeyLength = 255;

    protected override RelationalTypeMapping? FindMapping(in RelationalTypeMappingInfo mappingInfo)
    {
        if (base.FindMapping(mappingInfo) is { } plugin)
        {
            return plugin;
        }

        // A list of numbers is not a blob: null here lets EF Core expand it into parameters.
        if (mappingInfo.ClrType == typeof(byte[]) && mappingInfo.ElementTypeMapping is not null)
        {
            return null;
        }

        return mappingInfo.StoreTypeName is { } storeType
            ? ForStoreType(mappingInfo, storeType)
            : mappingInfo.ClrType is { } clrType ? ForClrType(mappingInfo, clrType) : null;
    }

    private static RelationalTypeMapping? ForClrType(in RelationalTypeMappingInfo info, Type clrType)
    {
        var digits = info.Precision ?? 6;
        if (clrType == typeof(string))
        {
            var size = info.Size ?? (info.IsKeyOrIndex ? KeyLength : null);
            return size is > 0 and <= LongestVarchar
                ? new MySqlStringTypeMapping(info.IsFixedLength == true ? $"char({size})" : $"varchar({size})", size)
                : new MySqlStringTypeMapping("longtext");
        }

        if (clrType == typeof(byte[]))
        {
            var size = info.Size ?? (info.IsKeyOrIndex ? KeyLength : null);
            return info.IsRowVersion == true ? null
                : size is > 0 and <= LongestVarbinary
                    ? new MySqlByteArrayTypeMapping(info.IsFixedLength == true ? $"binary({size})" : $"varbinary({size})", size)
                    : new MySqlByteArrayTypeMapping("longblob");
        }

        return clrType == typeof(bool) ? new MySqlBoolTypeMapping("tinyint(1)")
            : clrType == typeof(decimal) ? Decimal($"decimal({info.Precision ?? 18},{info.Scale ?? 2})", info.Precision ?? 18, info.Scale ?? 2)
            : clrType == typeof(DateTime) ? new MySqlDateTimeTypeMapping($"datetime({digits})", digits)
            : clrType == typeof(DateTimeOffset) ? new MySqlDateTimeOffsetTypeMapping($"datetime({digits})", digits)
            : clrType == typeof(DateOnly) ? new MySqlDateOnlyTypeMapping("date")
            : clrType == typeof(TimeOnly) ? new MySqlTimeOnlyTypeMapping($"time({digits})", digits)
            : clrType == typeof(TimeSpan) ? new MySqlTimeSpanTypeMapping($"time({digits})", digits)
            : clrType == typeof(Guid) ? new MySqlGuidTypeMapping("varchar(36)")
            : clrType == typeof(JsonTypePlaceholder) || clrType == typeof(JsonElement) ? new MySqlOwnedJsonTypeMapping("json")
            : Number(clrType, DefaultNumberType(clrType));
    }

    private static RelationalTypeMapping? ForStoreType(in RelationalTypeMappingInfo info, string storeType)
    {
        var name = (info.StoreTypeNameBase ?? storeType).Trim().ToLowerInvariant();
        var clrType = info.ClrType;
        var size = info.Size;
        if (!storeType.Contains('(', StringComparison.Ordinal) && size is not null && name is "varchar" or "char" or "varbinary" or "binary")
        {
            storeType = $"{storeType}({size})";
        }

        switch (name)
        {
            case "varchar" or "char" or "nvarchar" or "nchar" or "text" or "tinytext" or "mediumtext" or "longtext" or "enum" or "set" or "json":
                return clrType is null || clrType == typeof(string) ? new MySqlStringTypeMapping(storeType, name is "enum" or "set" ? null : size)
                    : clrType == typeof(Guid) ? new MySqlGuidTypeMapping(storeType)
                    : name == "json" && (clrType == typeof(JsonTypePlaceholder) || clrType == typeof(JsonElement)) ? new MySqlOwnedJsonTypeMapping(storeType)
                    : clrType == typeof(JsonTypePlaceholder) ? new MySqlOwnedJsonTypeMapping(storeType)
                    : null;

            case "blob" or "tinyblob" or "mediumblob" or "longblob" or "binary" or "varbinary":
                return clrType is null || clrType == typeof(byte[]) ? new MySqlByteArrayTypeMapping(storeType, size) : null;

            case "datetime" or "timestamp":
                return clrType is null || clrType == typeof(DateTime) ? new MySqlDateTimeTypeMapping(storeType, Digits(info))
                    : clrType == typeof(DateTimeOffset) ? new MySqlDateTimeOffsetTypeMapping(storeType, Digits(info))
                    : null;

            case "date":
                return clrType is null || clrType == typeof(DateOnly) ? new MySqlDateOnlyTypeMapping(storeType)
                    : clrType == typeof(DateTime) ? new MySqlDateTimeTypeMapping(storeType, 0)
                    : null;

            case "time":
                return clrType is null || clrType == typeof(TimeOnly) ? new MySqlTimeOnlyTypeMapping(storeType, Digits(info))
                    : clrType == typeof(TimeSpan) ? new MySqlTimeSpanTypeMapping(storeType, Digits(info))
                    : null;

            case "decimal" or "numeric" or "dec" or "fixed":
                return clrType is null || clrType == typeof(decimal)
                    ? Decimal(
                        storeType.Contains('(', StringComparison.Ordinal) || info.Precision is null
                            ? storeType
                            : string.Create(CultureInfo.InvariantCulture, $"{storeType}({info.Precision},{info.Scale ?? 0})"),
                        info.Precision ?? 10, info.Scale ?? 0)
                    : Number(clrType, storeType);

            case "bit" when size is null or 1 && (clrType is null || clrType == typeof(bool)):
            case "tinyint" when clrType == typeof(bool) || (clrType is null && size == 1):
            case "bool" or "boolean" when clrType is null || clrType == typeof(bool):
                return new MySqlBoolTypeMapping(storeType);

            default:
                return DefaultClrType(name) is { } number ? Number(clrType ?? number, storeType) : null;
        }
    }

    private static int Digits(in RelationalTypeMappingInfo info) => info.Precision ?? info.Size ?? 0;

    private static DecimalTypeMapping Decimal(string storeType, int precision, int scale)
        => new(storeType, DbType.Decimal, precision, scale);

    private static RelationalTypeMapping? Number(Type clrType, string? storeType) => storeType is null ? null
        : clrType == typeof(int) ? new IntTypeMapping(storeType, DbType.Int32)
        : clrType == typeof(long) ? new LongTypeMapping(storeType, DbType.Int64)
        : clrType == typeof(short) ? new ShortTypeMapping(storeType, DbType.Int16)
        : clrType == typeof(sbyte) ? new SByteTypeMapping(storeType, DbType.SByte)
        : clrType == typeof(byte) ? new ByteTypeMapping(storeType, DbType.Byte)
        : clrType == typeof(uint) ? new UIntTypeMapping(storeType, DbType.UInt32)
        : clrType == typeof(ulong) ? new ULongTypeMapping(storeType, DbType.UInt64)
        : clrType == typeof(ushort) ? new UShortTypeMapping(storeType, DbType.UInt16)
        : clrType == typeof(double) ? new MySqlDoubleTypeMapping(storeType)
        : clrType == typeof(float) ? new FloatTypeMapping(storeType, DbType.Single)
        : clrType == typeof(decimal) ? new DecimalTypeMapping(storeType, DbType.Decimal)
        : null;

    private static string? DefaultNumberType(Type clrType) => Type.GetTypeCode(clrType) switch
    {
        _ when clrType.IsEnum => null,
        TypeCode.Int32 => "int",
        TypeCode.Int64 => "bigint",
        TypeCode.Int16 => "smallint",
        TypeCode.SByte => "tinyint",
        TypeCode.Byte => "tinyint unsigned",
        TypeCode.UInt32 => "int unsigned",
        TypeCode.UInt64 => "bigint unsigned",
        TypeCode.UInt16 => "smallint unsigned",
        TypeCode.Double => "double",
        TypeCode.Single => "float",
        _ => null,
    };

    private static Type? DefaultClrType(string storeType) => storeType switch
    {
        "int" or "integer" or "mediumint" or "year" => typeof(int),
        "bigint" => typeof(long),
        "smallint" => typeof(short),
        "tinyint" => typeof(sbyte),
        "tinyint unsigned" => typeof(byte),
        "int unsigned" or "integer unsigned" or "mediumint unsigned" => typeof(uint),
        "bigint unsigned" or "bit" => typeof(ulong),
        "smallint unsigned" => typeof(ushort),
        "double" or "real" or "double precision" => typeof(double),
        "float" => typeof(float),
        _ => null,
    };
}
