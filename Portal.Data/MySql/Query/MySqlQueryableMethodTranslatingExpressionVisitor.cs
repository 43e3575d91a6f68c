using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>
/// Says which queries become a direct DELETE or UPDATE. The others, with an order or a limit for instance, are rewritten by EF Core
/// into a condition on the key, which the SQL generator wraps so that both servers accept it.
/// </summary>
internal sealed class MySqlQueryableMethodTranslatingExpressionVisitor : RelationalQueryableMethodTranslatingExpressionVisitor
{
    public MySqlQueryableMethodTranslatingExpressionVisitor(
        QueryableMethodTranslatingExpressionVisitorDependencies dependencies,
        RelationalQueryableMethodTranslatingExpressionVisitorDependencies relationalDependencies,
        RelationalQueryCompilationContext queryCompilationContext)
        : base(dependencies, relationalDependencies, queryCompilationContext)
    {
    }

    private MySqlQueryableMethodTranslatingExpressionVisitor(MySqlQueryableMethodTranslatingExpressionVisitor parentVisitor)
        : base(parentVisitor)
    {
    }

    protected override QueryableMethodTranslatingExpressionVisitor CreateSubqueryVisitor()
        => new MySqlQueryableMethodTranslatingExpressionVisitor(this);

    protected override bool IsValidSelectExpressionForExecuteDelete(SelectExpression selectExpression) => IsPlain(selectExpression);

    protected override bool IsValidSelectExpressionForExecuteUpdate(
        SelectExpression selectExpression, TableExpressionBase targetTable, [NotNullWhen(true)] out TableExpression? tableExpression)
    {
        tableExpression = IsPlain(selectExpression)
            ? (targetTable is JoinExpressionBase join ? join.Table : targetTable) as TableExpression
            : null;
        return tableExpression is not null;
    }

    protected override UpdateExpression? TranslateExecuteUpdate(ShapedQueryExpression source, IReadOnlyList<ExecuteUpdateSetter> setters)
    {
        try
        {
            return base.TranslateExecuteUpdate(source, setters);
        }
        catch (ArgumentException error) when (error.ParamName == "property")
        {
            // EF Core itself cannot follow a navigation from inside SetProperty, and says so in terms of its own internals.
            throw new InvalidOperationException(
                "ExecuteUpdate cannot follow a navigation inside SetProperty. Select it beforehand: "
                + ".Select(x => new { Row = x, x.Parent.Name }).ExecuteUpdate(s => s.SetProperty(r => r.Row.Name, r => r.Name)).", error);
        }
    }

    private static bool IsPlain(SelectExpression select)
        => select is { Offset: null, Limit: null, Having: null, IsDistinct: false, GroupBy: [], Orderings: [] };
}
