using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data.Database;

namespace Portal.Data.Audit;

/// <summary>A row changed, here or in another portal on the same database.</summary>
public sealed record Change(string Table, long? RecordId, string Action);

/// <summary>A moment of a feed: after how many changes.</summary>
/// <param name="Feed">Whose: another portal counts otherwise.</param>
public readonly record struct FeedMoment(Guid Feed, long Number);

/// <summary>
/// Tells whoever listens what changed. The audit log carries it: this process reads what is new in it, at once after a write of its own and
/// twice a second for those of others. Every change is told once to each listener.
/// </summary>
public sealed class LiveFeed
{
    private readonly ChangeListeners _listeners = new();
    private readonly SemaphoreSlim _look = new(0, 1);
    private readonly Guid _id = Guid.NewGuid();
    private readonly Queue<(long Number, long At, Change Change)> _recent = [];
    private long _epoch, _number, _readAt;

    /// <summary>How many changes are remembered for <see cref="MayHaveChanged"/>.</summary>
    private const int Remembered = 4096;

    /// <summary>
    /// Grows when changes may have gone by untold: as the reader of the log begins, and where more was written at once than it follows.
    /// What was remembered in an earlier epoch is to be read again.
    /// </summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>Calls back with the changes as they come, on a thread of the feed. Dispose what is given back to stop.</summary>
    public IDisposable Listen(Func<IReadOnlyList<Change>, Task> listener)
    {
        var (culture, language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        return _listeners.Add(ToldAsync);

        // The feed's thread speaks no language: what a page draws from here must be in its reader's.
        async Task ToldAsync(IReadOnlyList<Change> changes)
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, language);
            await listener(changes);
        }
    }

    /// <summary>Only the changes of some tables.</summary>
    public IDisposable Listen(IReadOnlyCollection<string> tables, Func<IReadOnlyList<Change>, Task> listener) => Listen(async changes =>
    {
        var mine = changes.Where(c => tables.Contains(c.Table)).ToList();
        if (mine.Count > 0) await listener(mine);
    });

    /// <summary>The moment that was <paramref name="before"/> now.</summary>
    public FeedMoment Moment(TimeSpan before)
    {
        lock (_recent)
        {
            var at = Environment.TickCount64 - (long)before.TotalMilliseconds;
            var late = _recent.FirstOrDefault(one => one.At > at);
            return new FeedMoment(_id, late.Change is null ? _number : late.Number - 1);
        }
    }

    /// <summary>
    /// Whether something was told since that concerns who listens like this; also where nobody can say any more. Who read at the moment and
    /// listens only now asks it once.
    /// </summary>
    public bool MayHaveChanged(FeedMoment since, IReadOnlyCollection<string> tables, Func<Change, bool>? concerns = null)
    {
        lock (_recent)
        {
            if (since.Feed != _id) return true;
            if (since.Number < _number - _recent.Count) return true;
            return _recent.Any(one => one.Number > since.Number && tables.Contains(one.Change.Table) && concerns?.Invoke(one.Change) != false);
        }
    }

    /// <summary>Look now: something was just written.</summary>
    internal void Look()
    {
        try
        {
            if (_look.CurrentCount == 0) _look.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else asked in the same moment; one look serves both.
        }
    }

    /// <summary>How long ago the log was last read to its end; null where nobody reads it here.</summary>
    public TimeSpan? Lag => Interlocked.Read(ref _readAt) is > 0 and var at
        ? TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - at))
        : null;

    internal void ReadToEnd() => Interlocked.Exchange(ref _readAt, Environment.TickCount64);

    internal void BeginEpoch() => Interlocked.Increment(ref _epoch);

    internal Task WaitAsync(TimeSpan longest, CancellationToken ct) => _look.WaitAsync(longest, ct);

    internal async Task TellAsync(IReadOnlyList<Change> changes, ILogger logger)
    {
        lock (_recent)
        {
            foreach (var change in changes)
            {
                _recent.Enqueue((++_number, Environment.TickCount64, change));
                if (_recent.Count > Remembered) _recent.Dequeue();
            }
        }

        try
        {
            await _listeners.TellAsync(changes);
        }
        catch (AggregateException failed)
        {
            logger.LogWarning(failed, "A listener of the live feed failed");
        }
    }
}

/// <summary>Reads the audit log for <see cref="LiveFeed"/>.</summary>
public sealed class LiveFeedReader(LiveFeed feed, IDbContextFactory<PortalDb> contexts, TimeProvider time, ILogger<LiveFeedReader> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Ids are given when a transaction writes, seen when it commits: a smaller one may appear after a larger one.
    // So the last ten seconds are read again, and what was told already is remembered that long.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private const int Most = 5000;

    /// <summary>As far back a write that was under way when this portal started is looked for.</summary>
    private const int Back = 1000;

    private readonly Dictionary<long, DateTimeOffset> _told = [];
    private long _settled = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
                feed.ReadToEnd();
            }
            catch (Exception exception) when (Outages.Of(exception) is not null)
            {
                // The watch has said so, once.
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The live feed could not read the audit log; it goes on trying");
                await Task.Delay(Pause, time, stoppingToken);
            }

            await feed.WaitAsync(Pause, stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = time.GetUtcNow();
        if (_settled < 0)
        {
            var last = await db.AuditLog.MaxAsync(e => (long?)e.Id, ct) ?? 0;
            foreach (var id in await db.AuditLog.Where(e => e.Id > last - Back).Select(e => e.Id).ToListAsync(ct)) _told[id] = now;
            _settled = Math.Max(0, last - Back);
            feed.BeginEpoch();
            return;
        }

        var rows = await db.AuditLog.AsNoTracking().Where(e => e.Id > _settled).OrderBy(e => e.Id).Take(Most)
            .Select(e => new { e.Id, e.TableName, e.RecordId, e.Action }).ToListAsync(ct);
        var fresh = rows.Where(r => _told.TryAdd(r.Id, now)).Select(r => new Change(r.TableName, r.RecordId, r.Action)).ToList();
        foreach (var (id, told) in _told.ToList())
        {
            if (now - told < Overlap && rows.Count < Most) continue;
            _told.Remove(id);
            _settled = Math.Max(_settled, id);
        }

        if (rows.Count == Most) feed.BeginEpoch();
        if (fresh.Count > 0) await feed.TellAsync(fresh, logger);
    }
}
