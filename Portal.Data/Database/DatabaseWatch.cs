using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace Portal.Data.Database;

/// <summary>
/// Knows whether the database answers. It is told of failures by whoever meets one, and only then looks for itself, once a second until all
/// is well again. While it is known to be away nobody is made to wait for it: opening a connection fails at once; and so it does while too
/// many wait for one already.
/// </summary>
public sealed class DatabaseWatch(ILogger<DatabaseWatch> logger) : DbConnectionInterceptor, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>As long others go on trying: a server that is started again, or the next one of a cluster, is there within it.</summary>
    private static readonly TimeSpan Bridged = TimeSpan.FromSeconds(15);

    /// <summary>As long a server that takes no changes may be one that another is just taking over from.</summary>
    private static readonly TimeSpan Switched = TimeSpan.FromSeconds(6);

    /// <summary>A full disk shows only to who writes: after so long somebody may try again.</summary>
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(20);

    private const int ProbeSeconds = 3;

    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PoolQueue _queue = new();
    private Outage? _now;
    private long _failed, _since;
    private bool _looking;

    /// <summary>What is wrong at this moment; null: nothing that is known.</summary>
    public Outage? Now
    {
        get
        {
            lock (_gate) return _now;
        }
    }

    /// <summary>Called, on any thread, when <see cref="Now"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Something failed: if it was an outage it is looked into.</summary>
    internal void Notice(Exception exception, string? connectionString)
    {
        if (connectionString is null || Outages.Of(exception) is not { } outage || exception is DatabaseAwayException or DatabaseBusyException) return;
        if (outage is Outage.ReadOnly or Outage.Full) Set(outage);
        lock (_gate)
        {
            if (_looking || _stop.IsCancellationRequested) return;
            (_looking, _failed) = (true, Environment.TickCount64);
        }

        logger.LogWarning("The database failed ({Outage}: {Reason}); looking whether it answers", outage, exception.Message);

        // It outlives what failed, and those it wakes are not to act in that one's name.
        using (ExecutionContext.SuppressFlow()) _ = LookAsync(connectionString);
    }

    /// <summary>Something was saved: it can be written again.</summary>
    internal void Wrote()
    {
        if (Now is Outage.Full or Outage.ReadOnly) Set(null);
    }

    public override InterceptionResult ConnectionOpening(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Admit(connection);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Admit(connection);
        return ValueTask.FromResult(result);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => _queue.Waited(eventData.Duration);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _queue.Waited(eventData.Duration);
        return Task.CompletedTask;
    }

    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData)
    {
        if (TransientErrors.IsCrowded(eventData.Exception)) _queue.Waited(eventData.Duration);
    }

    public override Task ConnectionFailedAsync(
        DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionFailed(connection, eventData);
        return Task.CompletedTask;
    }

    /// <summary>Ends the looking; nothing is told after it.</summary>
    public void Dispose() => _stop.Cancel();

    /// <exception cref="DatabaseAwayException">It is known to be away.</exception>
    /// <exception cref="DatabaseBusyException">Too many wait already.</exception>
    private void Admit(DbConnection connection)
    {
        if (Closed) throw new DatabaseAwayException();
        if (_queue.IsFull(connection.ConnectionString)) throw new DatabaseBusyException();
    }

    private bool Closed
    {
        get
        {
            lock (_gate) return _now == Outage.Away && TimeSpan.FromMilliseconds(Environment.TickCount64 - _failed) > Bridged;
        }
    }

    private async Task LookAsync(string connectionString)
    {
        try
        {
            while (true)
            {
                var found = await ProbeAsync(connectionString, _stop.Token);
                if (found is null && Now == Outage.Full && !IsOver(FullFor)) found = Outage.Full;
                lock (_gate) _looking = found is not null;
                Set(found);
                if (found is null) return;
                await Task.Delay(Pause, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    /// <summary>Whether changes may be taken again in a moment: nothing is known of a server that is read-only on purpose.</summary>
    internal bool MaySwitch => Now != Outage.ReadOnly || !IsOver(Switched);

    private bool IsOver(TimeSpan time)
    {
        lock (_gate) return TimeSpan.FromMilliseconds(Environment.TickCount64 - _since) > time;
    }

    private void Set(Outage? outage)
    {
        lock (_gate)
        {
            if (_now == outage) return;
            (_now, _since) = (outage, Environment.TickCount64);
        }

        if (outage is null) logger.LogWarning("The database answers again and takes changes");
        else logger.LogError("The database fails: {Outage}. The portal goes on looking for it", outage);
        Changed?.Invoke();
    }

    /// <summary>On a connection of its own, past the pool: what waits in there is as dead as the server.</summary>
    private static async Task<Outage?> ProbeAsync(string connectionString, CancellationToken ct)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, ConnectionTimeout = ProbeSeconds, DefaultCommandTimeout = ProbeSeconds,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(ProbeSeconds + 1));
        try
        {
            await using var connection = new MySqlConnection(settings.ConnectionString);
            await connection.OpenAsync(limit.Token);
            await using var command = new MySqlCommand("SELECT @@global.read_only + @@global.innodb_read_only", connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync(limit.Token), null) > 0 ? Outage.ReadOnly : null;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            // Too many connections is an answer.
            return TransientErrors.IsCrowded(exception) ? null : Outage.Away;
        }
    }
}
