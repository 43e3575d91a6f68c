using System.Collections.Concurrent;
using MySql.Data.MySqlClient;

namespace Portal.Data.MySql.Storage;

/// <summary>
/// Lets in as many users of a connection pool as it has connections. The driver blocks a thread while it waits for a pooled
/// connection, which starves the thread pool under load and can hang; here the waiting is asynchronous and ends in a clear error.
/// </summary>
internal sealed class MySqlPoolGate
{
    private static readonly ConcurrentDictionary<string, MySqlPoolGate> Gates = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _places;
    private readonly int _size;
    private readonly TimeSpan _patience;

    private MySqlPoolGate(string connectionString)
    {
        var builder = new MySqlConnectionStringBuilder(connectionString);
        _size = (int)Math.Max(1, builder.MaximumPoolSize);
        _patience = TimeSpan.FromSeconds(builder.ConnectionTimeout == 0 ? 15 : builder.ConnectionTimeout);
        _places = new SemaphoreSlim(_size, _size);
    }

    /// <summary>The gate of a pool; <paramref name="connectionString"/> must come from <see cref="MySqlConnectionStrings.Force"/>.</summary>
    public static MySqlPoolGate For(string connectionString)
        => Gates.GetOrAdd(connectionString, static text => new MySqlPoolGate(text));

    /// <exception cref="TimeoutException">No connection became free within the connection time-out.</exception>
    public void Enter()
    {
        if (!_places.Wait(_patience))
        {
            throw Full();
        }
    }

    /// <inheritdoc cref="Enter"/>
    public async Task EnterAsync(CancellationToken ct)
    {
        if (!await _places.WaitAsync(_patience, ct).ConfigureAwait(false))
        {
            throw Full();
        }
    }

    public void Leave() => _places.Release();

    private TimeoutException Full() => new(
        $"All {_size} database connections of this process stayed in use for {_patience.TotalSeconds:0} seconds. "
        + "Dispose contexts and transactions sooner, or raise 'Maximum Pool Size' in the connection string.");
}
