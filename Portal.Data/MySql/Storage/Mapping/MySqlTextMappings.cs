using System.Data;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace Portal.Data.MySql.Storage.Mapping;

/// <summary>char, varchar, the text types, enum, set and json (JSON as text).</summary>
internal sealed class MySqlStringTypeMapping : StringTypeMapping
{
    public MySqlStringTypeMapping(string storeType, int? size = null)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(string), jsonValueReaderWriter: JsonStringReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.String, unicode: true, size))
    {
    }

    private MySqlStringTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsString), expression);

    /// <summary>A quoted literal. Backslashes are escaped too: the session's SQL mode never has NO_BACKSLASH_ESCAPES.</summary>
    public static string Quote(string text)
        => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    protected override string GenerateNonNullSqlLiteral(object value) => Quote((string)value);

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlStringTypeMapping(parameters);
}

/// <summary>A Guid as text of 36 characters. (The driver cannot bind one to BINARY(16).)</summary>
internal sealed class MySqlGuidTypeMapping : GuidTypeMapping
{
    public MySqlGuidTypeMapping(string storeType)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(Guid), jsonValueReaderWriter: JsonGuidReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.String))
    {
    }

    private MySqlGuidTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsGuid), expression);

    protected override void ConfigureParameter(DbParameter parameter)
    {
        if (parameter.Value is Guid guid)
        {
            parameter.Value = guid.ToString("D");
        }
    }

    protected override string GenerateNonNullSqlLiteral(object value) => $"'{(Guid)value:D}'";

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlGuidTypeMapping(parameters);
}

/// <summary>The blob types, binary and varbinary.</summary>
internal sealed class MySqlByteArrayTypeMapping : ByteArrayTypeMapping
{
    public MySqlByteArrayTypeMapping(string storeType, int? size = null)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(byte[]), jsonValueReaderWriter: JsonByteArrayReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.Binary, size: size))
    {
    }

    private MySqlByteArrayTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsBytes), expression);

    protected override string GenerateNonNullSqlLiteral(object value) => $"X'{Convert.ToHexString((byte[])value)}'";

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlByteArrayTypeMapping(parameters);
}

/// <summary>The document of an entity mapped with <c>ToJson()</c>. A JSON type on MySQL, text on MariaDB: never compared as a whole.</summary>
internal sealed class MySqlOwnedJsonTypeMapping : JsonTypeMapping
{
    public MySqlOwnedJsonTypeMapping(string storeType)
        : base(storeType, typeof(JsonTypePlaceholder), System.Data.DbType.String)
    {
    }

    private MySqlOwnedJsonTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsStream), expression);

    protected override string GenerateNonNullSqlLiteral(object value) => MySqlStringTypeMapping.Quote(value switch
    {
        JsonElement element => element.GetRawText(),
        _ => (string)value,
    });

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlOwnedJsonTypeMapping(parameters);
}
