using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace Portal.Data.MySql.Storage.Mapping;

/// <summary><c>tinyint(1)</c> or <c>bit(1)</c>; a computed condition comes as an integer of either size.</summary>
internal sealed class MySqlBoolTypeMapping : BoolTypeMapping
{
    public MySqlBoolTypeMapping(string storeType)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(bool), jsonValueReaderWriter: JsonBoolReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.Boolean))
    {
    }

    private MySqlBoolTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    public override MethodInfo GetDataReaderMethod() => MySqlRead.GetValue;

    public override Expression CustomizeDataReaderExpression(Expression expression) => MySqlRead.With(nameof(MySqlRead.AsBool), expression);

    // Words, because ORDER BY 1 and GROUP BY 1 would mean the first column.
    protected override string GenerateNonNullSqlLiteral(object value) => (bool)value ? "TRUE" : "FALSE";

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlBoolTypeMapping(parameters);
}

/// <summary><c>double</c>, with literals that are doubles too: <c>0.1</c> alone would be an exact decimal.</summary>
internal sealed class MySqlDoubleTypeMapping : DoubleTypeMapping
{
    public MySqlDoubleTypeMapping(string storeType)
        : base(new RelationalTypeMappingParameters(
            new CoreTypeMappingParameters(typeof(double), jsonValueReaderWriter: JsonDoubleReaderWriter.Instance),
            storeType, StoreTypePostfix.None, System.Data.DbType.Double))
    {
    }

    private MySqlDoubleTypeMapping(RelationalTypeMappingParameters parameters)
        : base(parameters)
    {
    }

    protected override string GenerateNonNullSqlLiteral(object value)
    {
        var text = Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? text : text + "E0";
    }

    protected override RelationalTypeMapping Clone(RelationalTypeMappingParameters parameters) => new MySqlDoubleTypeMapping(parameters);
}
