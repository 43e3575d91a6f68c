using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Data.Audit;

/// <summary>A row changed, here or in another portal on the same database.</summary>
public sealed record Change(string Table, long? RecordId, string Action);

/// <summary>
/// Tells whoever listens what changed. The audit log carries it: this process reads what is new in it, at once after a write of its own and
/// twice a second for those of others. Every change is told once to each listener.
/// </summary>
public sealed class LiveFeed
{
    private readonly ConcurrentDictionary<Guid, Func<IReadOnlyList<Change>, Task>> _listeners = new();
    private readonly SemaphoreSlim _look = new(0, 1);

    /// <summary>Calls back with the changes as they come, on a thread of the feed. Dispose what is given back to stop.</summary>
    public IDisposable Listen(Func<IReadOnlyList<Change>, Task> listener)
    {
        var id = Guid.NewGuid();
        var (culture, language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        _listeners[id] = ToldAsync;
        return new Subscription(() => _listeners.TryRemove(id, out _));

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

    internal Task WaitAsync(TimeSpan longest, CancellationToken ct) => _look.WaitAsync(longest, ct);

    internal async Task TellAsync(IReadOnlyList<Change> changes, ILogger logger)
    {
        foreach (var listener in _listeners.Values)
        {
            try
            {
                await listener(changes);
            }
            catch (Exception exception)
            {
                // A page that is going away must not silence the feed for the others.
                logger.LogWarning(exception, "A listener of the live feed failed");
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
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

    private readonly Dictionary<long, DateTimeOffset> _told = [];
    private long _settled = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
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
        if (_settled < 0)
        {
            _settled = await db.AuditLog.MaxAsync(e => (long?)e.Id, ct) ?? 0;
            return;
        }

        var rows = await db.AuditLog.AsNoTracking().Where(e => e.Id > _settled).OrderBy(e => e.Id).Take(5000)
            .Select(e => new { e.Id, e.TableName, e.RecordId, e.Action }).ToListAsync(ct);
        var now = time.GetUtcNow();
        var fresh = rows.Where(r => _told.TryAdd(r.Id, now)).Select(r => new Change(r.TableName, r.RecordId, r.Action)).ToList();
        foreach (var (id, told) in _told.ToList())
        {
            if (now - told < Overlap && rows.Count < 5000) continue;
            _told.Remove(id);
            _settled = Math.Max(_settled, id);
        }

        if (fresh.Count > 0) await feed.TellAsync(fresh, logger);
    }
}
