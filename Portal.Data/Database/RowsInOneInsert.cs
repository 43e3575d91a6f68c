using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Update;
using Pomelo.EntityFrameworkCore.MySql.Infrastructure;
using Pomelo.EntityFrameworkCore.MySql.Infrastructure.Internal;
using Pomelo.EntityFrameworkCore.MySql.Update.Internal;

namespace Portal.Data.Database;

// The provider has no public place for this, and its next version says at compile time whether these still fit.
#pragma warning disable EF1001

/// <summary>
/// New rows of one table that follow one another are sent as one INSERT, also where the server hands out their ids: the provider, left
/// alone, sends a statement for each row whose id is read back.
/// </summary>
/// <remarks>How the ids come back, and why in the right order: <c>docs/decisions/029-many-rows-in-one-insert.md</c>.</remarks>
internal sealed class RowsInOneInsert(UpdateSqlGeneratorDependencies dependencies, IMySqlOptions options)
    : MySqlUpdateSqlGenerator(dependencies, options)
{
    private readonly bool _returning = options.ServerVersion.Supports.Returning;
    private readonly bool _mariaDb = options.ServerVersion.Type == ServerType.MariaDb;

    public override ResultSetMapping AppendBulkInsertOperation(
        StringBuilder commandStringBuilder, IReadOnlyList<IReadOnlyModificationCommand> modificationCommands, int commandPosition,
        out bool requiresTransaction)
    {
        // The provider has seen to it that all of them write and read the same columns of one table.
        var columns = modificationCommands[0].ColumnModifications;
        var read = columns.Where(column => column.IsRead).ToList();
        var identity = columns.FirstOrDefault(column => column is { IsRead: true, IsKey: true } && IsIdentityOperation(column));
        if (modificationCommands.Count == 1 || identity is null || !columns.Any(column => column.IsWrite) || (_mariaDb && !_returning))
            return base.AppendBulkInsertOperation(commandStringBuilder, modificationCommands, commandPosition, out requiresTransaction);

        AppendRows(commandStringBuilder, modificationCommands);
        if (_returning)
        {
            AppendReturningClause(commandStringBuilder, read);
            commandStringBuilder.AppendLine(SqlGenerationHelper.StatementTerminator);
        }
        else
        {
            commandStringBuilder.AppendLine(SqlGenerationHelper.StatementTerminator);
            AppendSelectOfRows(commandStringBuilder, modificationCommands, read, identity);
        }

        // One statement would be whole without it. But a commit that is not answered is told from one that was refused.
        requiresTransaction = true;
        return ResultSetMapping.NotLastInResultSet;
    }

    /// <summary>NULL and whole numbers are written out: most of a new row are, and a parameter costs the process more than the
    /// server.</summary>
    protected override void AppendValues(
        StringBuilder commandStringBuilder, string name, string? schema, IReadOnlyList<IColumnModification> operations)
    {
        if (operations.Count == 0)
        {
            base.AppendValues(commandStringBuilder, name, schema, operations);
            return;
        }

        commandStringBuilder.Append('(');
        for (var i = 0; i < operations.Count; i++)
        {
            if (i > 0) commandStringBuilder.Append(", ");
            if (!operations[i].UseCurrentValueParameter || IsWrittenOut(operations[i]))
                AppendSqlLiteral(commandStringBuilder, operations[i], name, schema);
            else
                SqlGenerationHelper.GenerateParameterNamePlaceholder(commandStringBuilder, operations[i].ParameterName!);
        }

        commandStringBuilder.Append(')');
    }

    /// <summary>A value of a new row that stands in the statement and has no parameter.</summary>
    internal static bool IsWrittenOut(IColumnModification column) =>
        column is { IsWrite: true, TypeMapping: { } mapping } && column.Value switch
        {
            null => mapping.Converter is not { ConvertsNulls: true },
            int or long => mapping.Converter is null,
            _ => false,
        };

    private void AppendRows(StringBuilder sql, IReadOnlyList<IReadOnlyModificationCommand> commands)
    {
        var (table, schema) = (commands[0].TableName, commands[0].Schema);
        for (var i = 0; i < commands.Count; i++)
        {
            var written = commands[i].ColumnModifications.Where(column => column.IsWrite).ToList();
            if (i == 0)
            {
                AppendInsertCommandHeader(sql, table, schema, written);
                AppendValuesHeader(sql, written);
            }
            else
            {
                sql.AppendLine(",");
            }

            AppendValues(sql, table, schema, written);
        }
    }

    // MySQL says only the first id, and hands out the others of a statement in steps of @@auto_increment_increment without a gap: how many
    // rows there are it knows before the first. The step also leaves out what another server of a group has put in between.
    private void AppendSelectOfRows(
        StringBuilder sql, IReadOnlyList<IReadOnlyModificationCommand> commands, List<IColumnModification> read, IColumnModification identity)
    {
        var id = SqlGenerationHelper.DelimitIdentifier(identity.ColumnName);
        sql.Append("SELECT ").AppendJoin(", ", read.Select(column => SqlGenerationHelper.DelimitIdentifier(column.ColumnName))).AppendLine();
        AppendFromClause(sql, commands[0].TableName, commands[0].Schema);
        sql.AppendLine(
            CultureInfo.InvariantCulture,
            $"""
            WHERE {id} >= LAST_INSERT_ID() AND {id} < LAST_INSERT_ID() + {commands.Count} * @@auto_increment_increment
              AND ({id} - LAST_INSERT_ID()) % @@auto_increment_increment = 0
            ORDER BY {id}{SqlGenerationHelper.StatementTerminator}
            """);
    }
}

/// <summary>Makes batches of as many rows as a packet surely holds, instead of the provider's 42.</summary>
internal sealed class PacketBatchFactory(ModificationCommandBatchFactoryDependencies dependencies) : IModificationCommandBatchFactory
{
    private const int MostRows = 500;

    public ModificationCommandBatch Create() => new PacketBatch(dependencies);

    /// <summary>One trip's changes. A single one goes whatever its size: whether it is too large is the server's to say.</summary>
    private sealed class PacketBatch(ModificationCommandBatchFactoryDependencies dependencies)
        : MySqlModificationCommandBatch(dependencies, MostRows)
    {
        /// <summary>The least <c>max_allowed_packet</c> that a server has had unless told otherwise.</summary>
        private const long MostBytes = 1 << 20;

        /// <summary>A number or an instant, its name in the statement, and its comma.</summary>
        private const int Small = 48;

        private long _bytes;

        protected override void AddParameters(IReadOnlyModificationCommand modificationCommand)
        {
            var inserts = modificationCommand is { EntityState: EntityState.Added, StoreStoredProcedure: null };
            foreach (var column in modificationCommand.ColumnModifications)
            {
                if (!inserts || !RowsInOneInsert.IsWrittenOut(column)) AddParameter(column);
            }
        }

        protected override void AddParameter(IColumnModification columnModification)
        {
            base.AddParameter(columnModification);
            if (columnModification.UseCurrentValueParameter) _bytes += Bytes(columnModification.Value);
            if (columnModification.UseOriginalValueParameter) _bytes += Bytes(columnModification.OriginalValue);
        }

        protected override bool IsValid() => _bytes <= MostBytes && base.IsValid();

        // At most: three bytes for a character of UTF-16, two for an escaped byte.
        private static long Bytes(object? value) => Small + value switch
        {
            string text => 3L * text.Length,
            byte[] bytes => 2L * bytes.Length,
            _ => 0,
        };
    }
}
