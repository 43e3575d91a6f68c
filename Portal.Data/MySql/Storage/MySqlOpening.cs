using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Opens a connection within a time and under a token that the driver never hears of. A token or time-out that strikes while the driver
/// shakes hands for TLS throws on the thread that cancels it, mostly a timer's, where nobody can catch it: the process ends.
/// So an opening is never interrupted. Whoever does not want to wait for it any longer walks away, and it is closed when it is done.
/// </summary>
internal static class MySqlOpening
{
    /// <summary>Opens the connection and sets its session up.</summary>
    /// <param name="abandoned">
    /// Called before an exception is thrown if the opening still goes on: with the task that ends once it has ended and the connection is
    /// closed again. Until then the connection must be left alone, and its place in the pool is taken.
    /// </param>
    /// <exception cref="TimeoutException">The server did not let us in in time.</exception>
    public static async Task OpenAsync(MySqlConnection connection, TimeSpan patience, Action<Task> abandoned, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();

        // A name to resolve or a slow ping would otherwise be waited for on the caller's thread.
        var opening = Task.Run(() => PrepareAsync(connection), CancellationToken.None);
        try
        {
            await opening.WaitAsync(patience, ct).ConfigureAwait(false);
        }
        catch (Exception error) when (!opening.IsCompleted)
        {
            abandoned(CloseLaterAsync(connection, opening));
            if (error is TimeoutException)
            {
                throw new TimeoutException(
                    $"The database server did not open a connection within {patience.TotalSeconds:0} seconds. "
                    + "Check that it is running and not overloaded, or raise 'Connection Timeout' in the connection string.", error);
            }

            throw;
        }
    }

    private static async Task PrepareAsync(MySqlConnection connection)
    {
        await connection.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await MySqlSessionSetup.ApplyAsync(connection).ConfigureAwait(false);
    }

    private static async Task CloseLaterAsync(MySqlConnection connection, Task opening)
    {
        try
        {
            await opening.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nobody waits for it any more; whoever did has been told.
        }

        try
        {
            await connection.CloseAsync().ConfigureAwait(false);
        }
        catch (MySqlException)
        {
            // Broken while it opened: the driver has dropped it.
        }
    }
}
