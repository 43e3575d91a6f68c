using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data.MySql.Query;

/// <summary>Properties of string, DateTime, DateTimeOffset, DateOnly and TimeOnly.</summary>
internal sealed class MySqlMemberTranslator(ISqlExpressionFactory sql, IRelationalTypeMappingSource typeMappings) : IMemberTranslator
{
    public SqlExpression? Translate(
        SqlExpression? instance, MemberInfo member, Type returnType, IDiagnosticsLogger<DbLoggerCategory.Query> logger)
    {
        var owner = member.DeclaringType;
        if (owner == typeof(string) && member.Name == nameof(string.Length) && instance is not null)
        {
            return Function("CHAR_LENGTH", typeof(int), instance);
        }

        if (instance is null)
        {
            return (owner == typeof(DateTime) || owner == typeof(DateTimeOffset)) && member.Name == nameof(DateTime.UtcNow)
                ? sql.Function("UTC_TIMESTAMP", [sql.Constant(6)], nullable: false, [false], returnType, Mapping(returnType))
                : null;
        }

        return owner == typeof(DateTime) || owner == typeof(DateTimeOffset) || owner == typeof(DateOnly) || owner == typeof(TimeOnly)
            ? Part(instance, member.Name, returnType)
            : null;
    }

    private SqlExpression? Part(SqlExpression instance, string name, Type returnType) => name switch
    {
        nameof(DateTime.Year) => Function("YEAR", typeof(int), instance),
        nameof(DateTime.Month) => Function("MONTH", typeof(int), instance),
        nameof(DateTime.Day) => Function("DAYOFMONTH", typeof(int), instance),
        nameof(DateTime.DayOfYear) => Function("DAYOFYEAR", typeof(int), instance),
        nameof(DateTime.Hour) => Function("HOUR", typeof(int), instance),
        nameof(DateTime.Minute) => Function("MINUTE", typeof(int), instance),
        nameof(DateTime.Second) => Function("SECOND", typeof(int), instance),
        nameof(DateTime.Millisecond) => sql.Divide(Function("MICROSECOND", typeof(int), instance), sql.Constant(1000)),

        // SQL counts the days of the week from 1, C# from 0; both begin with Sunday.
        nameof(DateTime.DayOfWeek) => sql.Convert(
            sql.Subtract(Function("DAYOFWEEK", typeof(int), instance), sql.Constant(1)), typeof(DayOfWeek), Mapping(typeof(int))),
        nameof(DateTime.Date) => sql.Convert(
            Function("DATE", typeof(DateOnly), instance), returnType, instance.TypeMapping ?? Mapping(returnType)),
        nameof(DateTime.TimeOfDay) => Function("TIME", typeof(TimeSpan), instance),
        nameof(DateOnly.DayNumber) => sql.Subtract(Function("TO_DAYS", typeof(int), instance), sql.Constant(366)),
        _ => null,
    };

    private SqlExpression Function(string name, Type type, SqlExpression argument)
        => sql.Function(name, [sql.ApplyDefaultTypeMapping(argument)], nullable: true, [true], type, Mapping(type));

    private RelationalTypeMapping? Mapping(Type type) => typeMappings.FindMapping(type);
}
