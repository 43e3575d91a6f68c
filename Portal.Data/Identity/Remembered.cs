using System.Collections.Concurrent;
using System.Data.Common;
using Portal.Data.Audit;
using Portal.Data.Database;

namespace Portal.Data.Identity;

/// <summary>What a question to the database came to.</summary>
/// <param name="Sure">False: it could not be asked, and <paramref name="Value"/> is what was known before, if anything.</param>
/// <param name="Value">Null where there is none.</param>
public readonly record struct Answer<T>(bool Sure, T? Value) where T : class;

/// <summary>
/// What was read from the database lately, by key. Asked again when it is older than a few seconds or was forgotten; while the database
/// cannot be asked, what was known goes on being used for some minutes. Failing to ask is an answer here, not an exception, and costs no
/// request more than <see cref="Patience"/>.
/// </summary>
internal sealed class Remembered<TKey, T>(
    LiveFeed feed, TimeProvider time, TimeSpan knownFor, TimeSpan trustedFor, Func<TKey, CancellationToken, Task<T?>> read)
    where TKey : notnull
    where T : class
{
    /// <summary>The longest one question waits for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>For how long nobody asks again after a question that failed: a page asks several, and each would wait.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<TKey, Known> _known = new();
    private long _forgotten;
    private long _failedAt = long.MinValue;

    // Both only grow, so one number stands for the two.
    private long Generation => Interlocked.Read(ref _forgotten) + feed.Epoch;

    /// <summary>What is known, read anew where it is too old.</summary>
    public ValueTask<Answer<T>> FindAsync(TKey key, CancellationToken ct) =>
        Fresh(key) is { } known ? new(new Answer<T>(true, known.Value)) : AskAsync(key, ct);

    /// <summary>As the database has it this moment, or what was known before where it does not answer.</summary>
    public async ValueTask<Answer<T>> AskAsync(TKey key, CancellationToken ct)
    {
        T? value = null;
        return await TryAsync(async token => value = await LoadAsync(key, token), ct) ? new Answer<T>(true, value) : Trusted(key);
    }

    /// <summary>Does something with the database unless it just failed to answer; false where it does not answer in time.</summary>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        var failed = Interlocked.Read(ref _failedAt);
        if (failed != long.MinValue && time.GetElapsedTime(failed) < Rest) return false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await work(patience.Token);
            return true;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && CouldNotAsk(exception))
        {
            Interlocked.Exchange(ref _failedAt, time.GetTimestamp());
            return false;
        }
    }

    /// <summary>As the database has it this moment; throws where it does not answer.</summary>
    public async Task<T?> LoadAsync(TKey key, CancellationToken ct)
    {
        if (_known.Count > Most) Sweep();

        // Taken before reading: what changes while we read makes the answer old at once.
        var generation = Generation;
        var at = time.GetTimestamp();
        var value = await read(key, ct);
        if (value is null) _known.TryRemove(key, out _);
        else Keep(key, new Known(value, generation, at));
        Interlocked.Exchange(ref _failedAt, long.MinValue);
        return value;
    }

    /// <summary>Makes everything be read again.</summary>
    public void Forget() => Interlocked.Increment(ref _forgotten);

    /// <summary>Makes everything be read again, and uses these no more even while the database cannot be asked.</summary>
    public void Forget(Func<T, bool> which)
    {
        Forget();
        foreach (var pair in _known)
        {
            if (which(pair.Value.Value)) _known.TryRemove(pair);
        }
    }

    /// <summary>Unless somebody who began later was quicker.</summary>
    private void Keep(TKey key, Known read) =>
        _known.AddOrUpdate(key, read, (_, there) => there.At > read.At && there.Generation >= read.Generation ? there : read);

    private Known? Fresh(TKey key) =>
        _known.TryGetValue(key, out var known)
        && known.Generation == Generation
        && time.GetElapsedTime(known.At) < knownFor
            ? known
            : null;

    private Answer<T> Trusted(TKey key) =>
        new(false, _known.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < trustedFor ? known.Value : null);

    /// <summary>Drops who has not been seen lately, so that the memory held follows the people who are here.</summary>
    private void Sweep()
    {
        foreach (var pair in _known)
        {
            if (time.GetElapsedTime(pair.Value.At) >= knownFor) _known.TryRemove(pair);
        }
    }

    // Whatever the database answers instead: none of it says anything about a session.
    private static bool CouldNotAsk(Exception exception) =>
        exception is OperationCanceledException or DbException || Outages.Of(exception) is not null;

    private sealed record Known(T Value, long Generation, long At);
}
