using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace Portal.Data.Database;

/// <summary>
/// The connection broke while a transaction was being committed: nobody here can know whether the server did it.
/// Read the data back before repeating, or give <c>ExecuteAsync</c> of the execution strategy a <c>verifySucceeded</c> that does.
/// </summary>
public sealed class CommitUnknownException(Exception inner) : Exception(
    "The connection was lost while the transaction was being committed, so it is not known whether it took effect. "
    + "Read the data back before repeating the operation.", inner);

/// <summary>Makes transactions that tell a refused commit from one whose outcome is unknown.</summary>
internal sealed class VerifiedTransactionFactory(RelationalTransactionFactoryDependencies dependencies)
    : RelationalTransactionFactory(dependencies)
{
    public override RelationalTransaction Create(
        IRelationalConnection connection, DbTransaction transaction, Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger, bool transactionOwned) =>
        new VerifiedTransaction(connection, transaction, transactionId, logger, transactionOwned, Dependencies.SqlGenerationHelper);

    private sealed class VerifiedTransaction(
        IRelationalConnection connection, DbTransaction transaction, Guid transactionId,
        IDiagnosticsLogger<DbLoggerCategory.Database.Transaction> logger, bool transactionOwned, ISqlGenerationHelper sqlGenerationHelper)
        : RelationalTransaction(connection, transaction, transactionId, logger, transactionOwned, sqlGenerationHelper)
    {
        /// <remarks>The token is not passed on: who stops waiting for a commit knows less than who waits for its end.</remarks>
        public override async Task CommitAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await base.CommitAsync(CancellationToken.None);
            }
            catch (Exception error) when (!IsAnswer(error))
            {
                throw new CommitUnknownException(error);
            }
        }

        // Only what the server itself said is known. A time-out of the driver's own has a number below zero, and a server that lost its
        // group (3100) does not know whether the others have what it had sent them.
        private static bool IsAnswer(Exception error) =>
            error is MySqlException { Number: > 0 and not 3100 } && !TransientErrors.IsLostConnection(error);
    }
}
