using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace Portal.Data.MySql.Query;

// DELETE and UPDATE, and the subqueries that need wrapping: LIMIT inside IN, and subqueries that read the table being changed.
internal sealed partial class MySqlQuerySqlGenerator
{
    // The table that a DELETE or UPDATE under way changes.
    private string? _changedTable;
    private int _wrappers;

    protected override Expression VisitDelete(DeleteExpression deleteExpression)
    {
        var select = deleteExpression.SelectExpression;
        _changedTable = deleteExpression.Table.Name;
        Sql.Append("DELETE ").Append(Dependencies.SqlGenerationHelper.DelimitIdentifier(deleteExpression.Table.Alias!)).AppendLine();
        Sql.Append("FROM ");
        GenerateTables(select);
        GeneratePredicate(select);
        _changedTable = null;
        return deleteExpression;
    }

    protected override Expression VisitUpdate(UpdateExpression updateExpression)
    {
        var select = updateExpression.SelectExpression;
        var helper = Dependencies.SqlGenerationHelper;
        _changedTable = updateExpression.Table.Name;
        Sql.Append("UPDATE ");
        GenerateTables(select);
        Sql.AppendLine().Append("SET ");
        for (var i = 0; i < updateExpression.ColumnValueSetters.Count; i++)
        {
            var setter = updateExpression.ColumnValueSetters[i];
            Sql.Append(i == 0 ? "" : ", ")
                .Append(helper.DelimitIdentifier(updateExpression.Table.Alias!)).Append(".")
                .Append(helper.DelimitIdentifier(setter.Column.Name)).Append(" = ");
            Visit(setter.Value);
        }

        GeneratePredicate(select);
        _changedTable = null;
        return updateExpression;
    }

    protected override void GenerateIn(InExpression inExpression, bool negated)
    {
        var bare = inExpression.Item is not (SqlBinaryExpression or SqlUnaryExpression or InExpression or LikeExpression);
        if (inExpression.Subquery is not { } subquery || !NeedsWrapper(subquery, limitsToo: true))
        {
            if (bare)
            {
                base.GenerateIn(inExpression, negated);
                return;
            }

            Sql.Append("(");
            Visit(inExpression.Item);
            Sql.Append(negated ? ") NOT IN (" : ") IN (");
            if (inExpression.Values is { } values)
            {
                VisitList(values);
            }
            else
            {
                Visit(inExpression.Subquery);
            }

            Sql.Append(")");
            return;
        }

        Sql.Append(bare ? "" : "(");
        Visit(inExpression.Item);
        Sql.Append(bare ? "" : ")").Append(negated ? " NOT IN (" : " IN (");
        GenerateWrapped(subquery);
        Sql.Append(")");
    }

    protected override Expression VisitScalarSubquery(ScalarSubqueryExpression scalarSubqueryExpression)
    {
        if (!NeedsWrapper(scalarSubqueryExpression.Subquery, limitsToo: false))
        {
            return base.VisitScalarSubquery(scalarSubqueryExpression);
        }

        Sql.Append("(");
        GenerateWrapped(scalarSubqueryExpression.Subquery);
        Sql.Append(")");
        return scalarSubqueryExpression;
    }

    protected override void GenerateExists(ExistsExpression existsExpression, bool negated)
    {
        if (_changedTable is not null && Reads(existsExpression.Subquery, _changedTable))
        {
            throw ReadsItself();
        }

        base.GenerateExists(existsExpression, negated);
    }

    private void GenerateTables(SelectExpression select)
    {
        for (var i = 0; i < select.Tables.Count; i++)
        {
            if (i > 0)
            {
                Sql.AppendLine();
            }

            Visit(select.Tables[i]);
        }
    }

    private void GeneratePredicate(SelectExpression select)
    {
        if (select.Predicate is not null)
        {
            Sql.AppendLine().Append("WHERE ");
            Visit(select.Predicate);
        }
    }

    private bool NeedsWrapper(SelectExpression subquery, bool limitsToo)
    {
        var readsItself = _changedTable is not null && Reads(subquery, _changedTable);
        if (!readsItself && !(limitsToo && (subquery.Limit is not null || subquery.Offset is not null)))
        {
            return false;
        }

        if (!IsCorrelated(subquery))
        {
            return true;
        }

        throw readsItself
            ? ReadsItself()
            : new InvalidOperationException(
                "A limited subquery inside Contains cannot refer to the outer row on these servers. "
                + "Load the inner keys first and pass them as a list, or write it as a join on a ranked subquery in SQL.");
    }

    // A derived table is evaluated by itself, before the statement around it.
    private void GenerateWrapped(SelectExpression subquery)
    {
        Sql.Append("SELECT * FROM (").AppendLine();
        using (Sql.Indent())
        {
            Visit(subquery);
        }

        Sql.AppendLine().Append(")").Append(AliasSeparator)
            .Append(Dependencies.SqlGenerationHelper.DelimitIdentifier($"wrapped{_wrappers++}"));
    }

    private static InvalidOperationException ReadsItself() => new(
        "The condition of this ExecuteUpdate or ExecuteDelete reads the table that it changes, row by row, which these servers refuse. "
        + "Load the keys of the rows first and pass them as a list: Where(x => keys.Contains(x.Id)).");

    private static bool Reads(SelectExpression subquery, string table) => MySqlQueryScope.Of(subquery).Tables.Contains(table);

    private static bool IsCorrelated(SelectExpression subquery) => MySqlQueryScope.Of(subquery).IsCorrelated;
}
