using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data.People;

/// <summary>Makes <see cref="Profile.FullName"/> known to queries.</summary>
internal sealed class FullNames : IQueryExpressionInterceptor
{
    public static FullNames InQueries { get; } = new();

    private static readonly MemberInfo FullName = typeof(Profile).GetProperty(nameof(Profile.FullName))!;

    private static readonly Expression<Func<Profile, string>> InSql = p => p.FirstName + " " + p.LastName;

    private FullNames()
    {
    }

    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData) =>
        new Written().Visit(queryExpression);

    private sealed class Written : ExpressionVisitor
    {
        protected override Expression VisitMember(MemberExpression node) =>
            node.Member == FullName ? new Named(Visit(node.Expression!)).Visit(InSql.Body) : base.VisitMember(node);
    }

    private sealed class Named(Expression profile) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => profile;
    }
}
