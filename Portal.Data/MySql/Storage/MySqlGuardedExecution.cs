using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Runs one command of the driver under a <see cref="MySqlCommandWatch"/>. The command's own time-out becomes the deadline.</summary>
internal static class MySqlGuardedExecution
{
    public static T Run<T>(DbCommand command, Func<DbCommand, T> run)
    {
        var watch = Arm(command, CancellationToken.None);
        var result = Attempt(watch, command, run);
        watch.Finish();
        return watch.Fired ? throw Stopped(watch) : result;
    }

    public static async Task<T> RunAsync<T>(DbCommand command, Func<DbCommand, Task<T>> run, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var watch = Arm(command, ct);
        var result = await AttemptAsync(watch, command, run).ConfigureAwait(false);
        await watch.FinishAsync().ConfigureAwait(false);
        return watch.Fired ? throw Stopped(watch) : result;
    }

    /// <summary>As <see cref="Run"/>; the reader stays under watch until it is closed.</summary>
    public static DbDataReader RunReader(DbCommand command, Func<DbCommand, DbDataReader?> run)
    {
        var watch = Arm(command, CancellationToken.None);
        var reader = Attempt(watch, command, run);
        watch.LeaveWait();
        if (reader is not null && !watch.Fired)
        {
            return new GuardedDataReader(reader, watch);
        }

        watch.Finish();
        reader?.Dispose();
        throw Stopped(watch);
    }

    /// <inheritdoc cref="RunReader"/>
    public static async Task<DbDataReader> RunReaderAsync(DbCommand command, Func<DbCommand, Task<DbDataReader>> run, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var watch = Arm(command, ct);

        // After a kill the driver may hand over no reader at all, though it says it always does.
        DbDataReader? reader = await AttemptAsync(watch, command, run).ConfigureAwait(false);
        watch.LeaveWait();
        if (reader is not null && !watch.Fired)
        {
            return new GuardedDataReader(reader, watch);
        }

        await watch.FinishAsync().ConfigureAwait(false);
        if (reader is not null)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        throw Stopped(watch);
    }

    private static MySqlCommandWatch Arm(DbCommand command, CancellationToken ct)
    {
        var watch = new MySqlCommandWatch((MySqlConnection)command.Connection!, command.CommandTimeout, ct);
        command.CommandTimeout = 0;
        return watch;
    }

    private static T Attempt<T>(MySqlCommandWatch watch, DbCommand command, Func<DbCommand, T> run)
    {
        try
        {
            return run(command);
        }
        catch (Exception error)
        {
            watch.Finish();
            if (watch.Fired)
            {
                throw Stopped(watch, error);
            }

            throw;
        }
    }

    private static async Task<T> AttemptAsync<T>(MySqlCommandWatch watch, DbCommand command, Func<DbCommand, Task<T>> run)
    {
        try
        {
            // The token is not handed down: the driver would notice it only before and after, and leave the connection in between.
            return await run(command).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await watch.FinishAsync().ConfigureAwait(false);
            if (watch.Fired)
            {
                throw Stopped(watch, error);
            }

            throw;
        }
    }

    // Also for a killed query that ended as if all were well, with half an answer: it must not be believed.
    private static Exception Stopped(MySqlCommandWatch watch, Exception? cause = null)
    {
        watch.Settle();
        return watch.Reason(cause);
    }
}
