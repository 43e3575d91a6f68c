using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Portal.Data.MySql.Storage.Mapping;

namespace Portal.Data.MySql.Query;

/// <summary>Writes SQL that MySQL and MariaDB both accept and both understand in the same way.</summary>
internal sealed partial class MySqlQuerySqlGenerator(QuerySqlGeneratorDependencies dependencies) : QuerySqlGenerator(dependencies)
{
    protected override void GenerateLimitOffset(SelectExpression selectExpression)
    {
        if (selectExpression.Limit is null && selectExpression.Offset is null)
        {
            return;
        }

        Sql.AppendLine().Append("LIMIT ");
        if (selectExpression.Limit is null)
        {
            // There is no OFFSET without LIMIT.
            Sql.Append("18446744073709551610");
        }
        else
        {
            Visit(selectExpression.Limit);
        }

        if (selectExpression.Offset is not null)
        {
            Sql.Append(" OFFSET ");
            Visit(selectExpression.Offset);
        }
    }

    protected override Expression VisitSqlBinary(SqlBinaryExpression sqlBinaryExpression)
    {
        if (sqlBinaryExpression.OperatorType == ExpressionType.Add && sqlBinaryExpression.Type == typeof(string))
        {
            // 'a' + 'b' and 'a' || 'b' are both 0 here.
            Sql.Append("CONCAT(");
            List<SqlExpression> parts = [];
            Flatten(sqlBinaryExpression, parts);
            VisitList(parts);
            Sql.Append(")");
            return sqlBinaryExpression;
        }

        return base.VisitSqlBinary(sqlBinaryExpression);
    }

    protected override Expression VisitSqlParameter(SqlParameterExpression sqlParameterExpression)
    {
        // A parameter travels as text, which MySQL compares with a computed time letter by letter.
        var isTime = sqlParameterExpression.TypeMapping is MySqlTimeOnlyTypeMapping or MySqlTimeSpanTypeMapping;
        Sql.Append(isTime ? "CAST(" : "");
        base.VisitSqlParameter(sqlParameterExpression);
        Sql.Append(isTime ? " AS time(6))" : "");
        return sqlParameterExpression;
    }

    protected override string GetOperator(SqlBinaryExpression binaryExpression) => binaryExpression.OperatorType switch
    {
        // 7 / 2 is 3.5 here, whatever the types.
        ExpressionType.Divide when IsInteger(binaryExpression.Type) => " DIV ",
        ExpressionType.ExclusiveOr => " ^ ",
        ExpressionType.LeftShift => " << ",
        ExpressionType.RightShift => " >> ",
        _ => base.GetOperator(binaryExpression),
    };

    protected override bool RequiresParentheses(SqlExpression outerExpression, SqlExpression innerExpression)
    {
        // NOT binds weaker than a comparison, and IS, IN and LIKE as strong as one: only AND and OR may hold them bare.
        var inLogic = outerExpression is SqlBinaryExpression { OperatorType: ExpressionType.AndAlso or ExpressionType.OrElse };
        return innerExpression switch
        {
            SqlUnaryExpression { OperatorType: ExpressionType.Not or ExpressionType.Equal or ExpressionType.NotEqual } => !inLogic,
            InExpression or LikeExpression => !inLogic,
            _ => base.RequiresParentheses(outerExpression, innerExpression),
        };
    }

    protected override Expression VisitSqlUnary(SqlUnaryExpression sqlUnaryExpression)
    {
        switch (sqlUnaryExpression.OperatorType)
        {
            case ExpressionType.Convert:
                GenerateCast(sqlUnaryExpression);
                return sqlUnaryExpression;

            case ExpressionType.Not or ExpressionType.OnesComplement when sqlUnaryExpression.Type != typeof(bool):
                // ~5 is an unsigned number of 64 bits here.
                Sql.Append("CAST(~(");
                Visit(sqlUnaryExpression.Operand);
                Sql.Append(") AS signed)");
                return sqlUnaryExpression;

            default:
                return base.VisitSqlUnary(sqlUnaryExpression);
        }
    }

    protected override void GenerateValues(ValuesExpression valuesExpression)
    {
        // The servers spell rows of VALUES differently; SELECTs they read alike.
        var rows = valuesExpression.RowValues
            ?? throw new InvalidOperationException("A list of values reached the SQL generator without having been expanded.");
        if (rows.Count == 0)
        {
            throw new InvalidOperationException("An empty list cannot be a table of a query. Check for emptiness before querying.");
        }

        for (var row = 0; row < rows.Count; row++)
        {
            Sql.Append(row == 0 ? "SELECT " : " UNION ALL SELECT ");
            for (var column = 0; column < rows[row].Values.Count; column++)
            {
                Sql.Append(column == 0 ? "" : ", ");
                Visit(rows[row].Values[column]);
                if (row == 0)
                {
                    Sql.Append(AliasSeparator).Append(Dependencies.SqlGenerationHelper.DelimitIdentifier(valuesExpression.ColumnNames[column]));
                }
            }
        }
    }

    protected override Expression VisitJsonScalar(JsonScalarExpression jsonScalarExpression)
    {
        if (jsonScalarExpression.Path.Count == 0)
        {
            Visit(jsonScalarExpression.Json);
            return jsonScalarExpression;
        }

        var mapping = jsonScalarExpression.TypeMapping!;
        if (mapping is MySqlOwnedJsonTypeMapping)
        {
            JsonFunction("JSON_EXTRACT(", jsonScalarExpression, ")");
        }
        else if ((mapping.Converter?.ProviderClrType ?? mapping.ClrType).UnwrapNullable() == typeof(bool))
        {
            // JSON_VALUE makes 1 of true on one server and a word on the other; a word alone would compare as 0.
            JsonFunction("(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(", jsonScalarExpression, ")), 'null') = 'true')");
        }
        else if (CastTarget(mapping.StoreType) is var target and not "char")
        {
            JsonFunction("CAST(JSON_VALUE(", jsonScalarExpression, $") AS {target})");
        }
        else
        {
            JsonFunction("JSON_VALUE(", jsonScalarExpression, ")");
        }

        return jsonScalarExpression;
    }

    private void JsonFunction(string opening, JsonScalarExpression scalar, string closing)
    {
        Sql.Append(opening);
        Visit(scalar.Json);
        var path = new System.Text.StringBuilder("$");
        foreach (var segment in scalar.Path)
        {
            path.Append(segment switch
            {
                { PropertyName: { } name } => $".\"{name.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                { ArrayIndex: SqlConstantExpression { Value: int index } } => FormattableString.Invariant($"[{index}]"),
                _ => throw new InvalidOperationException(
                    "Only constant positions inside a JSON document can be translated. Load the document and index it in memory."),
            });
        }

        Sql.Append(", ").Append(MySqlStringTypeMapping.Quote(path.ToString())).Append(closing);
    }

    private static void Flatten(SqlExpression expression, List<SqlExpression> parts)
    {
        if (expression is SqlBinaryExpression { OperatorType: ExpressionType.Add } add && add.Type == typeof(string))
        {
            Flatten(add.Left, parts);
            Flatten(add.Right, parts);
        }
        else
        {
            parts.Add(expression);
        }
    }

    private void VisitList(IReadOnlyList<Expression> items, string separator = ", ")
    {
        for (var i = 0; i < items.Count; i++)
        {
            Sql.Append(i == 0 ? "" : separator);
            Visit(items[i]);
        }
    }

    private void GenerateCast(SqlUnaryExpression cast)
    {
        var target = CastTarget(cast.TypeMapping!.StoreType);
        var source = cast.Operand.Type.UnwrapNullable();

        // C# cuts where CAST rounds.
        var cut = target is "signed" or "unsigned" && (source == typeof(double) || source == typeof(float) || source == typeof(decimal));
        Sql.Append(cut ? "CAST(TRUNCATE(" : "CAST(");
        Visit(cast.Operand);
        Sql.Append(cut ? ", 0) AS " : " AS ").Append(target).Append(")");
    }

    /// <summary>CAST knows other names than columns do.</summary>
    private static string CastTarget(string storeType)
    {
        var name = storeType.Split('(')[0].Trim().ToLowerInvariant();
        return name switch
        {
            _ when name.EndsWith("unsigned", StringComparison.Ordinal) || storeType.EndsWith("unsigned", StringComparison.OrdinalIgnoreCase) => "unsigned",
            "tinyint" or "smallint" or "mediumint" or "int" or "integer" or "bigint" or "bool" or "boolean" or "year" => "signed",
            "bit" => "unsigned",
            "double" or "float" or "real" => "double",
            "decimal" or "numeric" => storeType.Contains('(', StringComparison.Ordinal) ? storeType : "decimal(65,30)",
            "timestamp" => storeType.ToLowerInvariant().Replace("timestamp", "datetime", StringComparison.Ordinal),
            "datetime" or "date" or "time" => storeType,
            "binary" or "varbinary" or "blob" or "tinyblob" or "mediumblob" or "longblob" => "binary",
            _ => "char",
        };
    }

    private static bool IsInteger(Type type) => Type.GetTypeCode(type.UnwrapNullable()) is
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.Int16 or TypeCode.SByte or TypeCode.Byte
        or TypeCode.UInt32 or TypeCode.UInt64 or TypeCode.UInt16;
}

internal static class MySqlTypeExtensions
{
    public static Type UnwrapNullable(this Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
