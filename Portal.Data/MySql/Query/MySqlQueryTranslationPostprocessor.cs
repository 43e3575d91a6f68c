using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>Refuses queries that would need a correlated derived table (APPLY or LATERAL), which MariaDB does not have.</summary>
internal sealed class MySqlQueryTranslationPostprocessor(
    QueryTranslationPostprocessorDependencies dependencies,
    RelationalQueryTranslationPostprocessorDependencies relationalDependencies,
    RelationalQueryCompilationContext queryCompilationContext)
    : RelationalQueryTranslationPostprocessor(dependencies, relationalDependencies, queryCompilationContext)
{
    public override Expression Process(Expression query)
    {
        var processed = base.Process(query);
        new ApplyRefusal().Visit(processed);
        return processed;
    }

    private sealed class ApplyRefusal : ExpressionVisitor
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
                    throw new InvalidOperationException(
                        "This query needs a correlated derived table (LATERAL), which MariaDB does not have. It comes from a collection inside "
                        + "Select, or from SelectMany over a filtered, ordered or limited collection. Load the collection with AsSplitQuery() and "
                        + "Include, select the parents and children in two queries, or write a join with the condition in its Where.");

                default:
                    return base.VisitExtension(node);
            }
        }
    }
}
