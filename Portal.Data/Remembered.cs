using Portal.Data.Audit;
using Portal.Data.Database;

namespace Portal.Data;

/// <summary>
/// One value out of the database, kept until it may have changed: until the live feed tells of its tables, or somebody here has written and
/// says so. What is read carries the version taken <em>before</em> it was read. So a reading that began before a change and ends after it
/// is given to whoever asked, and is not kept: the next asks again.
/// </summary>
/// <typeparam name="T">Immutable: everybody gets the same one.</typeparam>
public sealed class Remembered<T> : IDisposable where T : class
{
    /// <summary>What no line of the audit log told of (rows mended by hand, a restored backup) is known after this long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly LiveFeed _feed;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<T>> _read;
    private readonly IDisposable _listening;
    private volatile Known? _known;
    private long _forgotten;

    public Remembered(LiveFeed feed, TimeProvider time, IReadOnlyCollection<string> tables, Func<CancellationToken, Task<T>> read)
    {
        (_feed, _time, _read) = (feed, time, read);
        _listening = feed.Listen(tables, _ =>
        {
            Forget();
            return Task.CompletedTask;
        });
    }

    // Both only grow, so one number stands for the two.
    private long Version => Interlocked.Read(ref _forgotten) + _feed.Epoch;

    public async ValueTask<T> GetAsync(CancellationToken ct)
    {
        var known = _known;
        var version = Version;
        if (known is not null && known.Version != version) known = null;
        if (known is not null && _time.GetElapsedTime(known.At) < Longest) return known.Value;
        var at = _time.GetTimestamp();
        T value;
        try
        {
            value = await _read(ct);
        }
        catch (Exception exception) when (known is not null && Outages.Of(exception) is not null)
        {
            // Only old, not known to be wrong; and while the database is away nobody changes it.
            return known.Value;
        }

        var read = new Known(value, version, at);
        for (var there = _known; there is null || there.Version <= version; there = _known)
        {
            if (Interlocked.CompareExchange(ref _known, read, there) == there) break;
        }

        return value;
    }

    /// <summary>To be called after a write, whatever came of it.</summary>
    public void Forget() => Interlocked.Increment(ref _forgotten);

    public void Dispose() => _listening.Dispose();

    private sealed record Known(T Value, long Version, long At);
}
