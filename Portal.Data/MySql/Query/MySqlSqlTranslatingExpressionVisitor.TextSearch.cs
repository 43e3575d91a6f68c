using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

// StartsWith, EndsWith and Contains on text. A known pattern becomes LIKE with its own % _ and \ escaped; a pattern from
// a column is compared by functions, since it cannot be escaped. Case and accents follow the column's collation.
internal sealed partial class MySqlSqlTranslatingExpressionVisitor
{
    private enum TextSearch
    {
        StartsWith,
        EndsWith,
        Contains,
    }

    private static readonly MethodInfo PatternOfParameterMethod =
        typeof(MySqlSqlTranslatingExpressionVisitor).GetMethod(nameof(PatternOfParameter), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static TextSearch? TextSearchOf(MethodInfo method)
        => method.DeclaringType == typeof(string) && method.GetParameters() is [{ ParameterType: var type }]
            && (type == typeof(string) || type == typeof(char))
                ? method.Name switch
                {
                    nameof(string.StartsWith) => TextSearch.StartsWith,
                    nameof(string.EndsWith) => TextSearch.EndsWith,
                    nameof(string.Contains) => TextSearch.Contains,
                    _ => null,
                }
                : null;

    private SqlExpression? TranslateTextSearch(Expression instance, Expression pattern, TextSearch search)
    {
        if (Visit(instance) is not SqlExpression text || Visit(pattern) is not SqlExpression part)
        {
            return null;
        }

        // LIKE patterns must not take a converter or a length from the column they are compared with.
        var mapping = Dependencies.TypeMappingSource.FindMapping(typeof(string))!;
        text = _sql.ApplyDefaultTypeMapping(text);
        switch (part)
        {
            case SqlConstantExpression { Value: null }:
                return _sql.Like(text, _sql.Constant(null, typeof(string), mapping));

            case SqlConstantExpression { Value: string or char } constant:
                return _sql.Like(text, _sql.Constant(Pattern(constant.Value.ToString()!, search), mapping));

            case SqlParameterExpression parameter:
            {
                var extractor = Expression.Lambda(
                    Expression.Call(
                        PatternOfParameterMethod,
                        QueryCompilationContext.QueryContextParameter,
                        Expression.Constant(parameter.Name),
                        Expression.Constant(search)),
                    QueryCompilationContext.QueryContextParameter);
                var escaped = _compilation.RegisterRuntimeParameter($"{parameter.Name}_{search.ToString().ToLowerInvariant()}", extractor);
                return _sql.Like(text, new SqlParameterExpression(escaped.Name, typeof(string), mapping));
            }

            default:
                return ByFunctions(text, _sql.ApplyDefaultTypeMapping(part), search);
        }
    }

    private SqlExpression ByFunctions(SqlExpression text, SqlExpression part, TextSearch search)
    {
        if (search == TextSearch.Contains)
        {
            return _sql.GreaterThan(
                _sql.Function("LOCATE", [part, text], nullable: true, argumentsPropagateNullability: [true, true], typeof(int)),
                _sql.Constant(0));
        }

        var length = _sql.Function("CHAR_LENGTH", [part], nullable: true, argumentsPropagateNullability: [true], typeof(int));
        var end = _sql.Function(
            search == TextSearch.StartsWith ? "LEFT" : "RIGHT", [text, length],
            nullable: true, argumentsPropagateNullability: [true, true], typeof(string), text.TypeMapping);

        // Null starts with nothing, not even with null, which a bare equality would grant.
        return _sql.AndAlso(_sql.IsNotNull(text), _sql.AndAlso(_sql.IsNotNull(part), _sql.Equal(end, part)));
    }

    private static string? PatternOfParameter(QueryContext context, string parameter, TextSearch search)
        => context.Parameters[parameter] switch
        {
            null => null,
            var value => Pattern(value.ToString()!, search),
        };

    private static string Pattern(string text, TextSearch search)
    {
        var escaped = text
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        return search switch
        {
            TextSearch.StartsWith => escaped + "%",
            TextSearch.EndsWith => "%" + escaped,
            _ => $"%{escaped}%",
        };
    }
}
