using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>The functions of <see cref="MySqlDbFunctionsExtensions"/>.</summary>
internal sealed class MySqlDbFunctionsTranslator(ISqlExpressionFactory sql) : IMethodCallTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments,
        IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (method.DeclaringType != typeof(MySqlDbFunctionsExtensions))
        {
            return null;
        }

        var unit = method.Name["DateDiff".Length..].ToUpperInvariant();
        var mapping = ExpressionExtensions.InferTypeMapping(arguments[1], arguments[2]);
        return sql.Function(
            "TIMESTAMPDIFF",
            [sql.Fragment(unit), sql.ApplyTypeMapping(arguments[1], mapping), sql.ApplyTypeMapping(arguments[2], mapping)],
            nullable: true, argumentsPropagateNullability: [false, true, true], method.ReturnType);
    }
}
