using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using Portal.Data.MySql.Storage.Mapping;

namespace Portal.Data.MySql.Update;

/// <summary>
/// INSERT, UPDATE and DELETE followed by a SELECT of what the server generated or of the rows affected. <c>ROW_COUNT()</c> must come
/// directly after its statement. RETURNING is not used: only MariaDB has it.
/// </summary>
internal sealed class MySqlUpdateSqlGenerator(UpdateSqlGeneratorDependencies dependencies) : UpdateAndSelectSqlGenerator(dependencies)
{
    public override ResultSetMapping AppendInsertOperation(
        StringBuilder commandStringBuilder, IReadOnlyModificationCommand command, int commandPosition, out bool requiresTransaction)
    {
        var writes = command.ColumnModifications.Where(c => c.IsWrite).ToList();
        var reads = command.ColumnModifications.Where(c => c.IsRead).ToList();
        if (reads.Count > 1 || (reads.Count == 1 && !IsIdentityOperation(reads[0])))
        {
            return base.AppendInsertOperation(commandStringBuilder, command, commandPosition, out requiresTransaction);
        }

        // Nothing that follows the INSERT can fail, so a lone one is atomic by itself and costs a single trip.
        requiresTransaction = false;
        AppendInsertCommand(commandStringBuilder, command.TableName, command.Schema, writes, readOperations: []);
        if (reads.Count == 0)
        {
            // An INSERT either writes its row or fails; there is no count to check.
            return ResultSetMapping.NoResults;
        }

        commandStringBuilder.Append("SELECT LAST_INSERT_ID() AS ");
        SqlGenerationHelper.DelimitIdentifier(commandStringBuilder, reads[0].ColumnName);
        commandStringBuilder.AppendLine(SqlGenerationHelper.StatementTerminator).AppendLine();
        return ResultSetMapping.LastInResultSet;
    }

    protected override void AppendValuesHeader(StringBuilder commandStringBuilder, IReadOnlyList<IColumnModification> operations)
    {
        if (operations.Count == 0)
        {
            commandStringBuilder.Append(" ()");
        }

        commandStringBuilder.AppendLine();
        commandStringBuilder.Append("VALUES ");
    }

    protected override void AppendValues(
        StringBuilder commandStringBuilder, string name, string? schema, IReadOnlyList<IColumnModification> operations)
    {
        if (operations.Count == 0)
        {
            commandStringBuilder.Append("()");
            return;
        }

        base.AppendValues(commandStringBuilder, name, schema, operations);
    }

    protected override void AppendUpdateColumnValue(
        ISqlGenerationHelper updateSqlGeneratorHelper,
        IColumnModification columnModification,
        StringBuilder stringBuilder,
        string name,
        string? schema)
    {
        if (columnModification.JsonPath is null or "$")
        {
            base.AppendUpdateColumnValue(updateSqlGeneratorHelper, columnModification, stringBuilder, name, schema);
            return;
        }

        void Value() => base.AppendUpdateColumnValue(updateSqlGeneratorHelper, columnModification, stringBuilder, name, schema);

        stringBuilder.Append("JSON_SET(");
        updateSqlGeneratorHelper.DelimitIdentifier(stringBuilder, columnModification.ColumnName);
        stringBuilder.Append(", ").Append(MySqlStringTypeMapping.Quote(columnModification.JsonPath)).Append(", ");
        if (columnModification.Property is not { IsPrimitiveCollection: false } property)
        {
            // A part of the document is JSON in text and must not become a quoted string.
            stringBuilder.Append("JSON_EXTRACT(");
            Value();
            stringBuilder.Append(", '$')");
        }
        else if (IsTruth(property))
        {
            // Only JSON's own words are truth values; the parameter is a number.
            stringBuilder.Append("JSON_EXTRACT(CASE WHEN ");
            Value();
            stringBuilder.Append(" IS NULL THEN 'null' WHEN ");
            Value();
            stringBuilder.Append(" THEN 'true' ELSE 'false' END, '$')");
        }
        else
        {
            Value();
        }

        stringBuilder.Append(')');
    }

    private static bool IsTruth(IProperty property)
    {
        var type = property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType;
        return (Nullable.GetUnderlyingType(type) ?? type) == typeof(bool);
    }

    protected override void AppendIdentityWhereCondition(StringBuilder commandStringBuilder, IColumnModification columnModification)
    {
        SqlGenerationHelper.DelimitIdentifier(commandStringBuilder, columnModification.ColumnName);
        commandStringBuilder.Append(" = LAST_INSERT_ID()");
    }

    protected override void AppendRowsAffectedWhereCondition(StringBuilder commandStringBuilder, int expectedRowsAffected)
        => commandStringBuilder.Append(CultureInfo.InvariantCulture, $"ROW_COUNT() = {expectedRowsAffected}");

    protected override ResultSetMapping AppendSelectAffectedCountCommand(
        StringBuilder commandStringBuilder, string name, string? schema, int commandPosition)
    {
        commandStringBuilder
            .Append("SELECT ROW_COUNT()").AppendLine(SqlGenerationHelper.StatementTerminator)
            .AppendLine();
        return ResultSetMapping.LastInResultSet | ResultSetMapping.ResultSetWithRowsAffectedOnly;
    }
}
