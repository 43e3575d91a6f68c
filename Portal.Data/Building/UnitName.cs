using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data.Building;

/// <summary>
/// How a unit is called: its tower and its number, <c>B 1204</c>. Written here and nowhere else; in a query <see cref="Of(Apartment?)"/>
/// becomes the same in SQL.
/// </summary>
public static class UnitName
{
    /// <summary>For the statements that are written by hand: <c>t</c> is the tower, <c>a</c> the apartment.</summary>
    internal const string Sql = "CONCAT(t.name, ' ', a.apartment_number)";

    /// <summary>Makes <see cref="Of(Apartment?)"/> known to queries.</summary>
    internal static IQueryExpressionInterceptor InQueries { get; } = new Translation();

    private static readonly Expression<Func<Apartment, string>> InSql = a => a.Tower!.Name + " " + a.ApartmentNumber;

    public static string Of(string? tower, string? number) => $"{tower} {number}".Trim();

    /// <summary>Null for no apartment. Outside a query the tower must be loaded.</summary>
    [return: NotNullIfNotNull(nameof(apartment))]
    public static string? Of(Apartment? apartment) => apartment is null ? null : Of(apartment.Tower!.Name, apartment.ApartmentNumber);

    private sealed class Translation : IQueryExpressionInterceptor
    {
        public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData) =>
            new Written().Visit(queryExpression);
    }

    private sealed class Written : ExpressionVisitor
    {
        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            if (node.Method.DeclaringType != typeof(UnitName) || node.Arguments is not [var apartment]) return base.VisitMethodCall(node);
            var unit = Visit(apartment);
            var name = new Unit(InSql.Parameters[0], unit).Visit(InSql.Body);
            // A row of its own is never missing; one that another row points to may be.
            if (unit is ParameterExpression) return name;
            var missing = Expression.Equal(unit, Expression.Constant(null, unit.Type));
            return Expression.Condition(missing, Expression.Constant(null, typeof(string)), name);
        }
    }

    private sealed class Unit(ParameterExpression parameter, Expression apartment) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? apartment : node;
    }
}
