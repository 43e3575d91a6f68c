using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>
/// Methods of Math and their like. ROUND takes halves away from zero for exact numbers, where C#'s default takes them to the even
/// neighbour: pass <see cref="MidpointRounding.AwayFromZero"/> in C# when both must agree.
/// </summary>
internal sealed class MySqlMathTranslator(ISqlExpressionFactory sql) : IMethodCallTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments,
        IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        var owner = method.DeclaringType;
        if (instance is not null
            || (owner != typeof(Math) && owner != typeof(MathF) && owner != typeof(decimal) && owner != typeof(double)))
        {
            return null;
        }

        return (method.Name, arguments.Count) switch
        {
            (nameof(Math.Abs), 1) => Call("ABS"),
            (nameof(Math.Ceiling), 1) => Call("CEILING"),
            (nameof(Math.Floor), 1) => Call("FLOOR"),
            (nameof(Math.Round), 1) => Call("ROUND"),
            (nameof(Math.Round), 2) when method.GetParameters()[1].ParameterType == typeof(int) => Call("ROUND"),
            (nameof(Math.Round), 2) when arguments[1] is SqlConstantExpression { Value: MidpointRounding.AwayFromZero } => Call("ROUND", take: 1),
            (nameof(Math.Round), 3) when arguments[2] is SqlConstantExpression { Value: MidpointRounding.AwayFromZero } => Call("ROUND", take: 2),
            (nameof(Math.Truncate), 1) => Truncate(),
            (nameof(Math.Sign), 1) => Call("SIGN", plain: true),
            (nameof(Math.Pow), 2) => Call("POWER"),
            (nameof(Math.Sqrt), 1) => Call("SQRT"),
            (nameof(Math.Exp), 1) => Call("EXP"),
            (nameof(Math.Log), 1) => Call("LN"),
            (nameof(Math.Log10), 1) => Call("LOG10"),
            (nameof(Math.Max), 2) => Call("GREATEST"),
            (nameof(Math.Min), 2) => Call("LEAST"),
            _ => null,
        };

        SqlExpression Call(string function, int? take = null, bool plain = false)
        {
            var used = arguments.Take(take ?? arguments.Count).ToList();
            var mapping = plain ? null : ExpressionExtensions.InferTypeMapping(used.Where(a => a.Type == method.ReturnType).ToArray());
            return sql.Function(
                function,
                used.Select(a => mapping is not null && a.Type == method.ReturnType ? sql.ApplyTypeMapping(a, mapping) : sql.ApplyDefaultTypeMapping(a)),
                nullable: true, used.Select(_ => true), method.ReturnType, mapping);
        }

        SqlExpression Truncate() => sql.Function(
            "TRUNCATE", [arguments[0], sql.Constant(0)], nullable: true, [true, false], method.ReturnType, arguments[0].TypeMapping);
    }
}
