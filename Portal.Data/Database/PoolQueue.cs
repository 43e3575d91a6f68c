using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MySqlConnector;

namespace Portal.Data.Database;

/// <summary>
/// Who waits for a connection of the pool. A database that has become slow gives back fewer than are asked for, and without a limit everybody
/// would wait longer and longer for an answer that nobody expects any more. So once the queue is as long as the pool and its head has waited
/// too long, those who come new are told at once. A long queue that moves quickly turns nobody away.
/// </summary>
internal sealed class PoolQueue
{
    /// <summary>Who got a connection only after so long shows that the queue stands.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(4);

    /// <summary>As long that is remembered.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(2);

    private static readonly AsyncLocal<bool> Exempt = new();

    private static readonly ConcurrentDictionary<string, int> Most = new(StringComparer.Ordinal);
    private static readonly MeterListener Pools = new();
    private static int _waiting;
    private long _slow = long.MinValue;

    static PoolQueue()
    {
        Pools.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MySqlConnector" && instrument.Name == "db.client.connections.pending_requests")
                listener.EnableMeasurementEvents(instrument);
        };
        Pools.SetMeasurementEventCallback<int>((_, change, _, _) => Interlocked.Add(ref _waiting, change));
        Pools.Start();
    }

    /// <summary>In this process, for whatever pool; a portal has one that counts.</summary>
    public static int Waiting => Math.Max(0, Volatile.Read(ref _waiting));

    /// <summary>From here on whatever this flow does waits its turn: the portal's own few works, whose end must be written down.</summary>
    public static void NeverTurnAway() => Exempt.Value = true;

    /// <summary>Whether another one would only wait in vain.</summary>
    public bool IsFull(string connectionString) =>
        !Exempt.Value && Environment.TickCount64 - Interlocked.Read(ref _slow) is >= 0 and var since && since < Shown.TotalMilliseconds
        && Waiting >= Most.GetOrAdd(connectionString, text => (int)new MySqlConnectionStringBuilder(text).MaximumPoolSize);

    /// <summary>Somebody got a connection, or gave up waiting for one, after so long.</summary>
    public void Waited(TimeSpan time)
    {
        if (time >= Long) Interlocked.Exchange(ref _slow, Environment.TickCount64);
    }
}
