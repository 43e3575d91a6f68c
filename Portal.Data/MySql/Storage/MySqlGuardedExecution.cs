using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Runs one command of the driver under a <see cref="MySqlCommandWatch"/>. The command's own time-out becomes the deadline.</summary>
internal static class MySqlGuardedExecution
{
    public static T Run<T>(DbCommand command, Func<DbCommand, T> run)
    {
        var watch = Arm(command, CancellationToken.None);
        T result;
        try
        {
            result = run(command);
        }
        catch (Exception error)
        {
            Disarm(watch);
            throw watch.Fired ? watch.Reason(error) : Rethrow(error);
        }

        return Complete(watch, result);
    }

    public static async Task<T> RunAsync<T>(DbCommand command, Func<DbCommand, Task<T>> run, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var watch = Arm(command, ct);
        T result;
        try
        {
            // The token is not handed down: the driver would notice it only before and after, and leave the connection in between.
            result = await run(command).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Disarm(watch);
            throw watch.Fired ? watch.Reason(error) : Rethrow(error);
        }

        return Complete(watch, result);
    }

    public static DbDataReader RunReader(DbCommand command, Func<DbCommand, DbDataReader> run)
    {
        var watch = Arm(command, CancellationToken.None);
        DbDataReader? reader;
        try
        {
            reader = run(command);
        }
        catch (Exception error)
        {
            Disarm(watch);
            throw watch.Fired ? watch.Reason(error) : Rethrow(error);
        }

        return Guard(watch, reader);
    }

    public static async Task<DbDataReader> RunReaderAsync(DbCommand command, Func<DbCommand, Task<DbDataReader>> run, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var watch = Arm(command, ct);
        DbDataReader? reader;
        try
        {
            reader = await run(command).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Disarm(watch);
            throw watch.Fired ? watch.Reason(error) : Rethrow(error);
        }

        return Guard(watch, reader);
    }

    private static MySqlCommandWatch Arm(DbCommand command, CancellationToken ct)
    {
        var watch = new MySqlCommandWatch((MySqlConnection)command.Connection!, command.CommandTimeout, ct);
        command.CommandTimeout = 0;
        return watch;
    }

    private static void Disarm(MySqlCommandWatch watch)
    {
        watch.Finish();
        watch.Settle();
    }

    private static T Complete<T>(MySqlCommandWatch watch, T result)
    {
        watch.Finish();
        if (!watch.Fired)
        {
            return result;
        }

        // A killed query may also end as if all were well, with half an answer: it must not be believed.
        watch.Settle();
        throw watch.Reason(null);
    }

    private static GuardedDataReader Guard(MySqlCommandWatch watch, DbDataReader? reader)
    {
        watch.LeaveWait();
        if (!watch.Fired && reader is not null)
        {
            return new GuardedDataReader(reader, watch);
        }

        watch.Finish();
        reader?.Dispose();
        watch.Settle();
        throw watch.Reason(null);
    }

    private static Exception Rethrow(Exception error)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return error;
    }
}
