using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// The connection broke while a transaction was being committed: nobody here can know whether the server did it.
/// Read the data back before repeating, or give <c>ExecuteAsync</c> of the execution strategy a <c>verifySucceeded</c> that does.
/// </summary>
public sealed class MySqlCommitUnknownException(Exception inner) : Exception(
    "The connection was lost while the transaction was being committed, so it is not known whether it took effect. "
    + "Read the data back before repeating the operation.", inner);

internal sealed class MySqlTransactionFactory(RelationalTransactionFactoryDependencies dependencies)
    : RelationalTransactionFactory(dependencies)
{
    public override RelationalTransaction Create(
        IRelationalConnection connection,
        DbTransaction transaction,
        Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger,
        bool transactionOwned)
        => new MySqlRelationalTransaction(
            connection, transaction, transactionId, logger, transactionOwned, Dependencies.SqlGenerationHelper);

    private sealed class MySqlRelationalTransaction(
        IRelationalConnection connection,
        DbTransaction transaction,
        Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger,
        bool transactionOwned,
        ISqlGenerationHelper sqlGenerationHelper)
        : RelationalTransaction(connection, transaction, transactionId, logger, transactionOwned, sqlGenerationHelper)
    {
        public override void Commit()
        {
            try
            {
                base.Commit();
            }
            catch (Exception error) when (MySqlTransientErrors.IsLostConnection(error))
            {
                throw new MySqlCommitUnknownException(error);
            }
        }

        public override async Task CommitAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await base.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (MySqlTransientErrors.IsLostConnection(error))
            {
                throw new MySqlCommitUnknownException(error);
            }
        }
    }
}
