using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Portal.Data.MySql.Storage;

/// <summary>Runs every command of EF Core under a watch, so that tokens and <c>CommandTimeout</c> mean what they say.</summary>
internal sealed class MySqlCommandGuard : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
        => result.HasResult
            ? result
            : InterceptionResult<DbDataReader>.SuppressWithResult(
                MySqlGuardedExecution.RunReader(command, static c => c.ExecuteReader()));

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
        => result.HasResult
            ? result
            : InterceptionResult<object>.SuppressWithResult(
                MySqlGuardedExecution.Run(command, static c => c.ExecuteScalar())!);

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
        => result.HasResult
            ? result
            : InterceptionResult<int>.SuppressWithResult(
                MySqlGuardedExecution.Run(command, static c => c.ExecuteNonQuery()));

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        => result.HasResult
            ? result
            : InterceptionResult<DbDataReader>.SuppressWithResult(
                await MySqlGuardedExecution.RunReaderAsync(
                    command, static c => c.ExecuteReaderAsync(CancellationToken.None), cancellationToken).ConfigureAwait(false));

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
        => result.HasResult
            ? result
            : InterceptionResult<object>.SuppressWithResult(
                (await MySqlGuardedExecution.RunAsync(
                    command, static c => c.ExecuteScalarAsync(CancellationToken.None), cancellationToken).ConfigureAwait(false))!);

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        => result.HasResult
            ? result
            : InterceptionResult<int>.SuppressWithResult(
                await MySqlGuardedExecution.RunAsync(
                    command, static c => c.ExecuteNonQueryAsync(CancellationToken.None), cancellationToken).ConfigureAwait(false));
}
