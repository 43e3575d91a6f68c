using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

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

        stringBuilder.Append("JSON_SET(");
        updateSqlGeneratorHelper.DelimitIdentifier(stringBuilder, columnModification.ColumnName);
        stringBuilder.Append(CultureInfo.InvariantCulture, $", '{columnModification.JsonPath}', ");

        // A part of the document, a list or a truth value is JSON text and must not become a quoted string.
        var scalar = columnModification.Property is { IsPrimitiveCollection: false } property
            && (property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType) is var type
            && (Nullable.GetUnderlyingType(type) ?? type) != typeof(bool);
        stringBuilder.Append(scalar ? "" : "JSON_EXTRACT(");
        base.AppendUpdateColumnValue(updateSqlGeneratorHelper, columnModification, stringBuilder, name, schema);
        stringBuilder.Append(scalar ? ")" : ", '$'))");
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
