using System.Data.Common;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>Runs one command of the driver under a <see cref="MySqlCommandWatch"/>. The command's own time-out becomes the deadline.</summary>
internal static class MySqlGuardedExecution
{
    public static T Run<T>(DbCommand command, Func<DbCommand, T> run) => Run(command, run, Finished);

    public static DbDataReader RunReader(DbCommand command, Func<DbCommand, DbDataReader> run) => Run(command, run, Watched);

    public static Task<T> RunAsync<T>(DbCommand command, Func<DbCommand, Task<T>> run, CancellationToken ct)
        => RunAsync(command, run, Finished, ct);

    public static Task<DbDataReader> RunReaderAsync(DbCommand command, Func<DbCommand, Task<DbDataReader>> run, CancellationToken ct)
        => RunAsync(command, run, Watched, ct);

    private static T Run<T>(DbCommand command, Func<DbCommand, T> run, Func<MySqlCommandWatch, T, T> complete)
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
            if (watch.Fired)
            {
                throw watch.Reason(error);
            }

            throw;
        }

        return complete(watch, result);
    }

    private static async Task<T> RunAsync<T>(
        DbCommand command, Func<DbCommand, Task<T>> run, Func<MySqlCommandWatch, T, T> complete, CancellationToken ct)
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
            if (watch.Fired)
            {
                throw watch.Reason(error);
            }

            throw;
        }

        return complete(watch, result);
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

    private static T Finished<T>(MySqlCommandWatch watch, T result)
    {
        Disarm(watch);

        // A killed query may also end as if all were well, with half an answer: it must not be believed.
        return watch.Fired ? throw watch.Reason(null) : result;
    }

    // The reader stays under watch until it is closed. After a kill the driver may hand over no reader at all.
    private static DbDataReader Watched(MySqlCommandWatch watch, DbDataReader? reader)
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
}
