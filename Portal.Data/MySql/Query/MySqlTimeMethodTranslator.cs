using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.MySql.Storage.Mapping;

namespace Portal.Data.MySql.Query;

/// <summary>AddDays and its like on DateTime, DateTimeOffset and DateOnly, and the conversions between date, time and both.</summary>
internal sealed class MySqlTimeMethodTranslator(ISqlExpressionFactory sql, IRelationalTypeMappingSource typeMappings) : IMethodCallTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MethodInfo method, IReadOnlyList<SqlExpression> arguments,
        IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        var owner = method.DeclaringType;
        if (owner == typeof(DateTime) || owner == typeof(DateTimeOffset) || owner == typeof(DateOnly))
        {
            return (method.Name, instance) switch
            {
                (nameof(DateTime.AddYears), not null) => AddWhole("YEAR", instance, arguments[0]),
                (nameof(DateTime.AddMonths), not null) => AddWhole("MONTH", instance, arguments[0]),
                (nameof(DateTime.AddDays), not null) => Add("DAY", 86_400_000_000, instance, arguments[0]),
                (nameof(DateTime.AddHours), not null) => Add("HOUR", 3_600_000_000, instance, arguments[0]),
                (nameof(DateTime.AddMinutes), not null) => Add("MINUTE", 60_000_000, instance, arguments[0]),
                (nameof(DateTime.AddSeconds), not null) => Add("SECOND", 1_000_000, instance, arguments[0]),
                (nameof(DateTime.AddMilliseconds), not null) => AddMicroseconds(1_000, instance, arguments[0]),
                (nameof(DateOnly.FromDateTime), null) => Function("DATE", typeof(DateOnly), arguments[0]),
                (nameof(DateOnly.ToDateTime), not null) when arguments.Count == 1
                    => Function("TIMESTAMP", typeof(DateTime), instance, arguments[0]),
                _ => null,
            };
        }

        return owner == typeof(TimeOnly) && instance is null && method.Name == nameof(TimeOnly.FromDateTime)
            ? Function("TIME", typeof(TimeOnly), arguments[0])
            : null;
    }

    private SqlExpression Add(string unit, long microseconds, SqlExpression instance, SqlExpression amount) => amount switch
    {
        // The argument of AddDays is a double, mostly written as a whole number.
        SqlConstantExpression { Value: double value } when value == Math.Truncate(value) && Math.Abs(value) < int.MaxValue
            => AddWhole(unit, instance, sql.Constant((int)value)),
        SqlUnaryExpression { OperatorType: ExpressionType.Convert, Operand: { } whole }
            when whole.Type.UnwrapNullable() == typeof(int) || whole.Type.UnwrapNullable() == typeof(long)
            => AddWhole(unit, instance, whole),
        _ when amount.Type.UnwrapNullable() == typeof(int) => AddWhole(unit, instance, amount),
        _ => AddMicroseconds(microseconds, instance, amount),
    };

    // The servers round a fraction of any unit away, so fractions are counted in the smallest one.
    private SqlExpression AddMicroseconds(long perUnit, SqlExpression instance, SqlExpression amount)
        => AddWhole(
            "MICROSECOND", instance,
            sql.Convert(
                sql.Function(
                    "ROUND", [sql.Multiply(sql.ApplyDefaultTypeMapping(amount), sql.Constant((double)perUnit))],
                    nullable: true, argumentsPropagateNullability: [true], typeof(double)),
                typeof(long)));

    private SqlExpression AddWhole(string unit, SqlExpression instance, SqlExpression amount)
    {
        // A parameter reaches the server as text, and adding to text gives text.
        var moment = instance is SqlParameterExpression ? sql.Convert(instance, instance.Type, typeMappings.FindMapping(instance.Type)) : instance;

        // The result keeps the column's meaning (UTC or wall clock), but not its precision, which a fraction exceeds.
        var mapping = instance is ColumnExpression ? MySqlPrecision.Uncut(instance.TypeMapping) : typeMappings.FindMapping(instance.Type.UnwrapNullable());
        return sql.Function(
            "TIMESTAMPADD", [sql.Fragment(unit), sql.ApplyDefaultTypeMapping(amount), sql.ApplyDefaultTypeMapping(moment)],
            nullable: true, argumentsPropagateNullability: [false, true, true], instance.Type, mapping);
    }

    private SqlExpression Function(string name, Type type, params SqlExpression[] arguments)
        => sql.Function(
            name, arguments.Select(argument => sql.ApplyDefaultTypeMapping(argument)!), nullable: true, arguments.Select(_ => true), type, typeMappings.FindMapping(type));
}
