using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data.MySql.Query;

/// <summary><c>ToString()</c> of whole numbers, Guids and texts, and <c>Guid.NewGuid()</c>.</summary>
internal sealed class MySqlConversionTranslator(ISqlExpressionFactory sql, IRelationalTypeMappingSource typeMappings) : IMethodCallTranslator
{
    private static readonly HashSet<Type> Writable =
        [typeof(int), typeof(long), typeof(short), typeof(byte), typeof(sbyte), typeof(uint), typeof(ulong), typeof(ushort), typeof(Guid), typeof(string)];

    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments,
        IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (method.DeclaringType == typeof(Guid) && method.Name == nameof(Guid.NewGuid))
        {
            return sql.Function("UUID", [], nullable: false, [], typeof(Guid), typeMappings.FindMapping(typeof(Guid)));
        }

        // A converted property (an enum kept as its name) is skipped: its ToString is C#'s, not the column's.
        return method.Name == nameof(ToString) && arguments.Count == 0 && instance is { TypeMapping: null or { Converter: null } }
            && Writable.Contains(instance.Type.UnwrapNullable())
                ? sql.Coalesce(
                    instance.Type == typeof(string) ? instance : sql.Convert(instance, typeof(string), typeMappings.FindMapping(typeof(string))),
                    sql.Constant(""))
                : null;
    }
}
