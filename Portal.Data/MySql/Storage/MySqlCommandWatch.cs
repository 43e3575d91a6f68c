using System.Data;
using System.Runtime.CompilerServices;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Stops a running command on the server when its token is cancelled or its deadline passes. The driver does neither: it ignores a
/// token once a query runs, and its asynchronous time-out hangs. Here the server is asked, over a connection of its own, to kill the
/// query; the command then fails and the guard turns that failure into what the caller expects.
/// </summary>
/// <remarks>
/// The deadline counts the time spent waiting for the server, from one call to the next, not the time a caller takes between rows.
/// Invariant: once <see cref="FinishAsync"/> is over, no kill is under way or can begin, so the connection may serve the next command.
/// </remarks>
internal sealed class MySqlCommandWatch
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly MySqlConnection _connection;
    private readonly int _serverThread;
    private readonly TimeSpan _deadline;
    private readonly CancellationToken _token;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private readonly CancellationTokenRegistration _registration;
    private long _waitingSince;
    private bool _finished;
    private volatile bool _fired;
    private Task _killing = Task.CompletedTask;

    public MySqlCommandWatch(MySqlConnection connection, int timeoutSeconds, CancellationToken token, TimeProvider? time = null)
    {
        _connection = connection;
        _serverThread = connection.State == ConnectionState.Open ? connection.ServerThread : 0;
        _token = token;
        _time = time ?? TimeProvider.System;
        _deadline = TimeSpan.FromSeconds(timeoutSeconds);
        EnterWait();
        if (timeoutSeconds > 0)
        {
            _timer = _time.CreateTimer(static state => ((MySqlCommandWatch)state!).OnDeadline(), this, _deadline, Timeout.InfiniteTimeSpan);
        }

        _registration = token.UnsafeRegister(static state => ((MySqlCommandWatch)state!).Fire(), this);
    }

    /// <summary>The command was stopped, or is being stopped.</summary>
    public bool Fired => _fired;

    /// <summary>A call to the server begins.</summary>
    public void EnterWait() => Volatile.Write(ref _waitingSince, _time.GetTimestamp());

    /// <summary>The call returned; until the next one the deadline does not count.</summary>
    public void LeaveWait() => Volatile.Write(ref _waitingSince, 0);

    /// <summary>The command is over: waits for a kill under way and forbids later ones. May be called again.</summary>
    public Task FinishAsync()
    {
        _timer?.Dispose();
        _registration.Dispose();
        lock (_lock)
        {
            _finished = true;
            return _killing;
        }
    }

    /// <inheritdoc cref="FinishAsync"/>
    public void Finish() => FinishAsync().GetAwaiter().GetResult();

    /// <summary>
    /// After a kill: takes up a kill that arrived when the query had already ended, which would otherwise hit the next command.
    /// Call it when no reader is open.
    /// </summary>
    public void Settle()
    {
        if (!_fired || _connection.State != ConnectionState.Open)
        {
            return;
        }

        try
        {
            using var command = new MySqlCommand("DO 0", _connection);
            command.ExecuteNonQuery();
        }
        catch (MySqlException)
        {
            // Either the late kill, which is what this was for, or a connection already lost, which its next user will report.
        }
    }

    /// <summary>What the caller of a stopped command is told.</summary>
    public Exception Reason(Exception? cause) => _token.IsCancellationRequested
        ? new OperationCanceledException("The database command was cancelled.", cause, _token)
        : new TimeoutException(
            $"The database did not answer within {_deadline.TotalSeconds:0} seconds and the command was stopped. "
            + "Narrow the query, add an index, or raise CommandTimeout.", cause);

    private void OnDeadline()
    {
        var since = Volatile.Read(ref _waitingSince);
        var left = since == 0 ? _deadline : _deadline - _time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            Fire();
            return;
        }

        try
        {
            _timer?.Change(left, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Finished meanwhile: nothing is left to watch.
        }
    }

    private void Fire()
    {
        lock (_lock)
        {
            if (_finished || _fired)
            {
                return;
            }

            // Elsewhere, so that whoever cancels the token does not wait for it.
            _killing = Task.Run(KillAsync);
            _fired = true;
        }
    }

    private async Task KillAsync()
    {
        var began = _time.GetTimestamp();
        for (var left = KillPatience; left > TimeSpan.Zero; left = KillPatience - _time.GetElapsedTime(began))
        {
            try
            {
                await MySqlKill.QueryAsync(_connection, _serverThread, left).ConfigureAwait(false);
                return;
            }
            catch (Exception)
            {
                // A server full for a moment refuses at once and is asked again; one that cannot be reached uses the time up.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time).ConfigureAwait(false);
            }
        }

        // The query cannot be stopped, so its answer would be waited for without end: the connection is given up.
        Abort();
    }

    private void Abort()
    {
        try
        {
            AbortConnection(_connection, CancellationToken.None);
        }
        catch (Exception error) when (error is MySqlException or IOException or MissingMethodException or InvalidOperationException)
        {
            // Already broken, which is what was wanted.
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Abort")]
    private static extern void AbortConnection(MySqlConnection connection, CancellationToken cancellationToken);
}
