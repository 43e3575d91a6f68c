using System.Data;
using System.Data.Common;
using MySql.Data.MySqlClient;
using Portal.Data.MySql.Storage;

namespace Portal.Data.MySql;

/// <summary>
/// The driver without EF Core, but behind the same guards: the place in front of the connection pool is waited for without blocking
/// a thread, the session is set up like a context's, and tokens and time-outs stop a command on the server.
/// Use it wherever raw SQL outside a context is wanted; never open a <see cref="MySqlConnection"/> by hand.
/// </summary>
public sealed class MySqlSession : IAsyncDisposable
{
    private readonly MySqlPoolGate? _gate;
    private bool _disposed;

    private MySqlSession(MySqlConnection connection, MySqlPoolGate? gate)
    {
        Connection = connection;
        _gate = gate;
    }

    /// <summary>The open connection, for what this class does not offer. Commands run on it directly escape the guards.</summary>
    public MySqlConnection Connection { get; }

    /// <summary>Seconds a command may take; 0 for no limit. 30 when not set.</summary>
    public int CommandTimeout { get; set; } = 30;

    /// <summary>Takes a connection from the pool that contexts with the same connection string use.</summary>
    /// <exception cref="TimeoutException">No connection of the pool became free in time.</exception>
    /// <exception cref="MySqlException">The server refused, or cannot be reached.</exception>
    public static async Task<MySqlSession> OpenAsync(string connectionString, CancellationToken ct = default)
    {
        var gate = MySqlPoolGate.For(connectionString);
        await gate.EnterAsync(ct).ConfigureAwait(false);
        return await OpenAsync(gate.Create(), gate.Patience, gate, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Opens a connection of its own, outside the pool, in which <c>@name</c> is a user variable of the server and not a parameter,
    /// as scripts with triggers need. It ends with this object, so nothing it sets leaks into a later session.
    /// </summary>
    public static Task<MySqlSession> OpenForScriptsAsync(string connectionString, CancellationToken ct = default)
        => OpenAsync(
            MySqlPoolGate.Create(MySqlConnectionStrings.ForScripts(connectionString)),
            MySqlConnectionStrings.Patience(connectionString), gate: null, ct);

    /// <summary>Runs a statement, or several separated by semicolons, and returns the number of rows affected.</summary>
    public async Task<int> ExecuteAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken ct = default)
    {
        var command = Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            return await MySqlGuardedExecution.RunAsync(command, static c => c.ExecuteNonQueryAsync(), ct).ConfigureAwait(false);
        }
    }

    /// <summary>The first column of the first row, or null when there is none or it is NULL.</summary>
    public async Task<object?> ScalarAsync(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken ct = default)
    {
        var command = Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            var value = await MySqlGuardedExecution.RunAsync(command, static c => c.ExecuteScalarAsync(), ct).ConfigureAwait(false);
            return value is DBNull ? null : value;
        }
    }

    /// <summary>All rows, each turned into a value by <paramref name="row"/>.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<DbDataReader, T> row, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken ct = default)
    {
        List<T> rows = [];
        var command = Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            var reader = await MySqlGuardedExecution.RunReaderAsync(command, static c => c.ExecuteReaderAsync(), ct).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(ct).ConfigureAwait(false))
                {
                    rows.Add(row(reader));
                }
            }
        }

        return rows;
    }

    /// <summary>Runs several statements separated by semicolons in one trip. <paramref name="read"/> goes through the results with
    /// <see cref="DbDataReader.NextResultAsync(CancellationToken)"/>.</summary>
    public async Task<T> BatchAsync<T>(
        string sql, Func<DbDataReader, CancellationToken, Task<T>> read, IReadOnlyDictionary<string, object?>? parameters = null, CancellationToken ct = default)
    {
        var command = Command(sql, parameters);
        await using (command.ConfigureAwait(false))
        {
            var reader = await MySqlGuardedExecution.RunReaderAsync(command, static c => c.ExecuteReaderAsync(), ct).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await read(reader, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins a transaction on this connection; dispose it without a commit to roll back.</summary>
    public async Task<DbTransaction> BeginAsync(IsolationLevel isolation = IsolationLevel.RepeatableRead, CancellationToken ct = default)
        => await Connection.BeginTransactionAsync(isolation, ct).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate?.Leave();
        }
    }

    private static async Task<MySqlSession> OpenAsync(
        MySqlConnection connection, TimeSpan patience, MySqlPoolGate? gate, CancellationToken ct)
    {
        Task? abandoned = null;
        try
        {
            await MySqlOpening.OpenAsync(connection, patience, ended => abandoned = ended, ct).ConfigureAwait(false);
            return new MySqlSession(connection, gate);
        }
        catch
        {
            if (abandoned is null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                gate?.Leave();
            }
            else
            {
                // The place is taken as long as the opening goes on.
                _ = LeaveAfterAsync(abandoned, gate);
            }

            throw;
        }
    }

    private static async Task LeaveAfterAsync(Task ended, MySqlPoolGate? gate)
    {
        await ended.ConfigureAwait(false);
        gate?.Leave();
    }

    private MySqlCommand Command(string sql, IReadOnlyDictionary<string, object?>? parameters)
    {
        var command = new MySqlCommand(sql, Connection) { CommandTimeout = CommandTimeout };
        foreach (var (name, value) in parameters ?? new Dictionary<string, object?>())
        {
            command.Parameters.AddWithValue(name, MySqlParameterValue.ForDriver(value));
        }

        return command;
    }
}
