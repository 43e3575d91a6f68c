using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Lets in as many users of a connection pool as it has connections. The driver blocks a thread while it waits for a pooled
/// connection, which starves the thread pool under load and can hang; here the waiting is asynchronous and ends in a clear error.
/// </summary>
internal sealed class MySqlPoolGate
{
    // The gates of strings that differ only in their time-out share the driver's pool, and so its places.
    private static readonly ConcurrentDictionary<string, MySqlPoolGate> Gates = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Pools = new(StringComparer.Ordinal);

    // The driver forgets the password once a connection is open, and stopping a query takes a second connection.
    private static readonly ConditionalWeakTable<MySqlConnection, string> Origins = [];

    private readonly string _connectionString;
    private readonly SemaphoreSlim _places;
    private readonly int _size;

    private MySqlPoolGate(string connectionString)
    {
        _connectionString = MySqlConnectionStrings.Force(connectionString);
        Patience = MySqlConnectionStrings.Patience(connectionString);
        _size = (int)Math.Max(1, new MySqlConnectionStringBuilder(_connectionString).MaximumPoolSize);
        _places = Pools.GetOrAdd(_connectionString, _ => new SemaphoreSlim(_size, _size));
    }

    /// <summary>How long a user waits at the gate, and then for the connection to open.</summary>
    public TimeSpan Patience { get; }

    public static MySqlPoolGate For(string connectionString)
        => Gates.GetOrAdd(connectionString, static text => new MySqlPoolGate(text));

    /// <summary>The string that a connection made by <see cref="Create"/> was made with, or null for a stranger's.</summary>
    public static string? OriginOf(MySqlConnection connection) => Origins.TryGetValue(connection, out var origin) ? origin : null;

    /// <summary>A connection, still closed, of the pool behind this gate.</summary>
    public MySqlConnection Create() => Create(_connectionString);

    /// <inheritdoc cref="Create()"/>
    public static MySqlConnection Create(string forced)
    {
        var connection = new MySqlConnection(forced);
        Origins.Add(connection, forced);
        return connection;
    }

    /// <exception cref="TimeoutException">No connection became free within the connection time-out.</exception>
    public void Enter()
    {
        if (!_places.Wait(Patience))
        {
            throw Full();
        }
    }

    /// <inheritdoc cref="Enter"/>
    public async Task EnterAsync(CancellationToken ct)
    {
        if (!await _places.WaitAsync(Patience, ct).ConfigureAwait(false))
        {
            throw Full();
        }
    }

    public void Leave() => _places.Release();

    private TimeoutException Full() => new(
        $"All {_size} database connections of this process stayed in use for {Patience.TotalSeconds:0} seconds. "
        + "Dispose contexts and transactions sooner, or raise 'Maximum Pool Size' in the connection string.");
}
