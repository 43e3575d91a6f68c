using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

/// <summary>Which tables a part of a query reads, and whether it refers to rows of the query around it.</summary>
internal sealed class MySqlQueryScope : ExpressionVisitor
{
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private MySqlQueryScope()
    {
    }

    public HashSet<string> Tables { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool IsCorrelated => _used.Any(alias => !_defined.Contains(alias));

    public static MySqlQueryScope Of(Expression part)
    {
        var scope = new MySqlQueryScope();
        scope.Visit(part);
        return scope;
    }

    protected override Expression VisitExtension(Expression node)
    {
        switch (node)
        {
            case TableExpression table:
                Tables.Add(table.Name);
                break;

            case ColumnExpression column:
                _used.Add(column.TableAlias);
                break;
        }

        if (node is TableExpressionBase { Alias: { } alias })
        {
            _defined.Add(alias);
        }

        return base.VisitExtension(node);
    }
}
