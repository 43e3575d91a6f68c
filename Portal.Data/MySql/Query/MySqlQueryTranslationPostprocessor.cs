using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>
/// Mends what only one of the servers understands, and refuses what MariaDB has no way to say: a derived table that refers to rows
/// of the query around it (APPLY, LATERAL, or a limited or distinct subquery under an aggregate).
/// </summary>
internal sealed class MySqlQueryTranslationPostprocessor(
    QueryTranslationPostprocessorDependencies dependencies,
    RelationalQueryTranslationPostprocessorDependencies relationalDependencies,
    RelationalQueryCompilationContext queryCompilationContext)
    : RelationalQueryTranslationPostprocessor(dependencies, relationalDependencies, queryCompilationContext)
{
    public override Expression Process(Expression query)
    {
        var processed = base.Process(query);
        processed = new ConstantKeys(RelationalDependencies.SqlExpressionFactory).Mend(processed);
        new CorrelatedTables().Visit(processed);
        return processed;
    }

    private sealed class CorrelatedTables : ExpressionVisitor
    {
        protected override Expression VisitExtension(Expression node)
        {
            switch (node)
            {
                case ShapedQueryExpression shaped:
                    Visit(shaped.QueryExpression);
                    Visit(shaped.ShaperExpression);
                    return node;

                case CrossApplyExpression or OuterApplyExpression:
                    throw Refusal();

                case SelectExpression select when select.Tables
                    .Select(table => table is JoinExpressionBase join ? join.Table : table)
                    .Any(table => table is SelectExpression or SetOperationBase && MySqlQueryScope.Of(table).IsCorrelated):
                    throw Refusal();

                default:
                    return base.VisitExtension(node);
            }
        }

        private static InvalidOperationException Refusal() => new(
            "This query needs a derived table that refers to the row outside of it (LATERAL), which MariaDB does not have. It comes from "
            + "SelectMany over a filtered, ordered or limited collection, or from Take or Distinct under Sum, Max and the like inside Select or "
            + "GroupBy. Load the collection with Include and AsSplitQuery(), count or add without Take and Distinct, or make two queries of it.");
    }

    /// <summary>
    /// <c>GroupBy(x => 1)</c> with a related row inside an aggregate compares the constant key of two derived tables, upon which
    /// MariaDB says that the key is not in GROUP BY. The comparison is always true and goes.
    /// </summary>
    private sealed class ConstantKeys(ISqlExpressionFactory sql) : ExpressionVisitor
    {
        private readonly Dictionary<(string Alias, string Column), object> _constants = [];

        public Expression Mend(Expression query)
        {
            new Finder(_constants).Visit(query);
            return _constants.Count == 0 ? query : Visit(query);
        }

        protected override Expression VisitExtension(Expression node) => node switch
        {
            ShapedQueryExpression shaped => shaped.UpdateQueryExpression(Visit(shaped.QueryExpression)),
            SqlBinaryExpression { OperatorType: ExpressionType.Equal, Left: ColumnExpression left, Right: ColumnExpression right } equal
                when ConstantOf(left) is { } one && one.Equals(ConstantOf(right)) => sql.Constant(true, equal.TypeMapping),
            _ => base.VisitExtension(node),
        };

        private object? ConstantOf(ColumnExpression column) => _constants.GetValueOrDefault((column.TableAlias, column.Name));

        private sealed class Finder(Dictionary<(string, string), object> constants) : ExpressionVisitor
        {
            protected override Expression VisitExtension(Expression node)
            {
                if (node is ShapedQueryExpression shaped)
                {
                    Visit(shaped.QueryExpression);
                    return node;
                }

                if (node is SelectExpression { Alias: { } alias } select)
                {
                    foreach (var projection in select.Projection)
                    {
                        if (projection.Expression is SqlConstantExpression { Value: { } value })
                        {
                            constants[(alias, projection.Alias)] = value;
                        }
                    }
                }

                return base.VisitExtension(node);
            }
        }
    }
}
