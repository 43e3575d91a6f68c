using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>Methods of string, apart from the searches that become LIKE.</summary>
internal sealed class MySqlStringTranslator(ISqlExpressionFactory sql) : IMethodCallTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments,
        IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        if (method.DeclaringType != typeof(string))
        {
            return null;
        }

        return (method.Name, arguments.Count, instance) switch
        {
            (nameof(string.ToUpper) or nameof(string.ToUpperInvariant), 0, not null) => Text("UPPER", instance),
            (nameof(string.ToLower) or nameof(string.ToLowerInvariant), 0, not null) => Text("LOWER", instance),
            (nameof(string.Trim), 0, not null) => Text("TRIM", instance),
            (nameof(string.TrimStart), 0, not null) => Text("LTRIM", instance),
            (nameof(string.TrimEnd), 0, not null) => Text("RTRIM", instance),
            (nameof(string.Replace), 2, not null) when method.GetParameters()[0].ParameterType == typeof(string)
                => Text("REPLACE", instance, arguments[0], arguments[1]),
            (nameof(string.Substring), 1, not null) => Text("SUBSTRING", instance, Next(arguments[0])),
            (nameof(string.Substring), 2, not null) => Text("SUBSTRING", instance, Next(arguments[0]), arguments[1]),
            (nameof(string.IndexOf), 1, not null) => Previous(Locate(arguments[0], instance)),
            (nameof(string.IndexOf), 2, not null) when method.GetParameters()[1].ParameterType == typeof(int)
                => Previous(Locate(arguments[0], instance, Next(arguments[1]))),
            (nameof(string.IsNullOrWhiteSpace), 1, null) => sql.OrElse(
                sql.IsNull(arguments[0]), sql.Equal(Text("TRIM", arguments[0]), sql.Constant(""))),
            _ => null,
        };
    }

    private SqlExpression Text(string function, params SqlExpression[] arguments)
    {
        var mapping = arguments[0].TypeMapping;
        return sql.Function(
            function, [sql.ApplyTypeMapping(arguments[0], mapping), .. arguments.Skip(1)],
            nullable: true, arguments.Select(_ => true), typeof(string), mapping);
    }

    private SqlExpression Locate(params SqlExpression[] arguments)
        => sql.Function("LOCATE", arguments, nullable: true, arguments.Select(_ => true), typeof(int));

    // C# counts from 0, SQL from 1.
    private SqlExpression Next(SqlExpression index)
        => index is SqlConstantExpression { Value: int value } ? sql.Constant(value + 1) : sql.Add(index, sql.Constant(1));

    private SqlExpression Previous(SqlExpression position) => sql.Subtract(position, sql.Constant(1));
}
