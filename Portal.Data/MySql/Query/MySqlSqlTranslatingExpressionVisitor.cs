using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Portal.Data.MySql.Storage.Mapping;

namespace Portal.Data.MySql.Query;

/// <summary>Translates what needs more than a function call: text search as escaped LIKE, and time, whose arithmetic SQL does not have.</summary>
internal sealed partial class MySqlSqlTranslatingExpressionVisitor(
    RelationalSqlTranslatingExpressionVisitorDependencies dependencies,
    QueryCompilationContext queryCompilationContext,
    QueryableMethodTranslatingExpressionVisitor queryableMethodTranslatingExpressionVisitor)
    : RelationalSqlTranslatingExpressionVisitor(dependencies, queryCompilationContext, queryableMethodTranslatingExpressionVisitor)
{
    private readonly ISqlExpressionFactory _sql = dependencies.SqlExpressionFactory;
    private readonly QueryCompilationContext _compilation = queryCompilationContext;

    protected override Expression VisitMethodCall(MethodCallExpression methodCallExpression)
        => TextSearchOf(methodCallExpression.Method) is { } search
            && TranslateTextSearch(methodCallExpression.Object!, methodCallExpression.Arguments[0], search) is { } translation
                ? translation
                : base.VisitMethodCall(methodCallExpression);

    protected override Expression VisitMember(MemberExpression memberExpression)
    {
        if (TranslateElapsed(memberExpression) is { } elapsed)
        {
            return elapsed;
        }

        if (memberExpression.Expression is null
            && (memberExpression.Member.DeclaringType == typeof(DateTime) || memberExpression.Member.DeclaringType == typeof(DateTimeOffset))
            && memberExpression.Member.Name is "Now" or "Today")
        {
            AddTranslationErrorDetails(
                $"{memberExpression.Member.DeclaringType!.Name}.{memberExpression.Member.Name} inside a query would be the server's clock, which is "
                + "set to UTC. Read the clock into a variable first and use that, or use UtcNow for a timestamp column.");
            return QueryCompilationContext.NotTranslatedExpression;
        }

        return base.VisitMember(memberExpression);
    }

    protected override Expression VisitBinary(BinaryExpression binaryExpression)
    {
        var visited = base.VisitBinary(binaryExpression);
        if (visited is not SqlBinaryExpression binary)
        {
            return visited;
        }

        if (binary.OperatorType is ExpressionType.Add or ExpressionType.Subtract or ExpressionType.Multiply or ExpressionType.Divide
                or ExpressionType.Modulo
            && (IsTime(binary.Left.Type) || IsTime(binary.Right.Type)))
        {
            AddTranslationErrorDetails(
                "Dates and times cannot be added or subtracted as such in SQL. Use AddDays, AddHours and the like, "
                + "(a - b).TotalMinutes and the like, or EF.Functions.DateDiffDay(from, to).");
            return QueryCompilationContext.NotTranslatedExpression;
        }

        return binary.OperatorType is ExpressionType.GreaterThan or ExpressionType.GreaterThanOrEqual or ExpressionType.LessThan
                or ExpressionType.LessThanOrEqual
            ? binary.Update(Exactly(binary.Left), Exactly(binary.Right))
            : visited;
    }

    protected override Expression VisitUnary(UnaryExpression unaryExpression)
        => unaryExpression.NodeType == ExpressionType.ArrayLength && unaryExpression.Operand.Type == typeof(byte[])
            ? Visit(unaryExpression.Operand) is SqlExpression bytes
                ? _sql.Function("LENGTH", [bytes], nullable: true, argumentsPropagateNullability: [true], typeof(int))
                : QueryCompilationContext.NotTranslatedExpression
            : base.VisitUnary(unaryExpression);

    public override SqlExpression? GenerateGreatest(IReadOnlyList<SqlExpression> expressions, Type resultType)
        => Extreme("GREATEST", expressions, resultType);

    // EF Core also asks when one LIMIT meets another, and LIMIT takes no expression; null makes it nest the queries instead.
    public override SqlExpression? GenerateLeast(IReadOnlyList<SqlExpression> expressions, Type resultType)
        => expressions.All(e => e is SqlParameterExpression or SqlConstantExpression) ? null : Extreme("LEAST", expressions, resultType);

    private SqlExpression Extreme(string function, IReadOnlyList<SqlExpression> expressions, Type resultType)
    {
        var mapping = expressions.Select(e => e.TypeMapping).FirstOrDefault(m => m is not null);

        // Both servers answer NULL as soon as one argument is NULL.
        return _sql.Function(
            function, expressions.Select(e => _sql.ApplyTypeMapping(e, mapping)), nullable: true,
            expressions.Select(_ => true), resultType, mapping);
    }

    // Stored values are cut to the column's precision; a value that is only compared must not be, or ">= 10:00:00.5" would find 10:00:00.
    private static SqlExpression Exactly(SqlExpression operand) => operand switch
    {
        SqlParameterExpression { TypeMapping: IMySqlCutting } parameter => parameter.ApplyTypeMapping(MySqlPrecision.Uncut(parameter.TypeMapping)),
        SqlConstantExpression { TypeMapping: IMySqlCutting } constant
            => new SqlConstantExpression(constant.Value, constant.Type, MySqlPrecision.Uncut(constant.TypeMapping)),
        _ => operand,
    };

    // (a - b).TotalHours and its like, the one difference of times that SQL can tell exactly.
    private SqlExpression? TranslateElapsed(MemberExpression member)
    {
        if (member is not { Member: PropertyInfo { DeclaringType: var owner, Name: var name } } || owner != typeof(TimeSpan)
            || MicrosecondsPer(name) is not { } unit
            || Strip(member.Expression) is not BinaryExpression { NodeType: ExpressionType.Subtract } difference
            || !IsMoment(difference.Left.Type) || !IsMoment(difference.Right.Type)
            || Visit(difference.Left) is not SqlExpression to || Visit(difference.Right) is not SqlExpression from)
        {
            return null;
        }

        var mapping = to is ColumnExpression ? to.TypeMapping : from.TypeMapping ?? to.TypeMapping;
        var microseconds = _sql.Function(
            "TIMESTAMPDIFF",
            [_sql.Fragment("MICROSECOND"), _sql.ApplyTypeMapping(from, mapping), _sql.ApplyTypeMapping(to, mapping)],
            nullable: true, argumentsPropagateNullability: [false, true, true], typeof(long));
        return _sql.Divide(_sql.Convert(microseconds, typeof(double)), _sql.Constant(unit));
    }

    private static double? MicrosecondsPer(string totalName) => totalName switch
    {
        nameof(TimeSpan.TotalDays) => 86_400_000_000,
        nameof(TimeSpan.TotalHours) => 3_600_000_000,
        nameof(TimeSpan.TotalMinutes) => 60_000_000,
        nameof(TimeSpan.TotalSeconds) => 1_000_000,
        nameof(TimeSpan.TotalMilliseconds) => 1_000,
        _ => null,
    };

    // (a - b).Value and conversions to nullable stand between the member and the subtraction.
    private static Expression? Strip(Expression? expression) => expression switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => Strip(convert.Operand),
        MemberExpression { Member.Name: "Value", Expression: { } inner } when Nullable.GetUnderlyingType(inner.Type) is not null => Strip(inner),
        _ => expression,
    };

    private static bool IsMoment(Type type)
        => type.UnwrapNullable() is var bare && (bare == typeof(DateTime) || bare == typeof(DateTimeOffset));

    private static bool IsTime(Type type) => type.UnwrapNullable() is var bare
        && (bare == typeof(DateTime) || bare == typeof(DateTimeOffset) || bare == typeof(DateOnly)
            || bare == typeof(TimeOnly) || bare == typeof(TimeSpan));
}
