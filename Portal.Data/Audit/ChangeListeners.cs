using System.Collections.Concurrent;

namespace Portal.Data.Audit;

/// <summary>Who is told of changes. One that fails, as a page that is going away may, silences it for no other.</summary>
internal sealed class ChangeListeners
{
    private readonly ConcurrentDictionary<Guid, Func<IReadOnlyList<Change>, Task>> _all = new();

    /// <summary>Calls back with the changes as they come. Dispose what is given back to stop.</summary>
    public IDisposable Add(Func<IReadOnlyList<Change>, Task> listener)
    {
        var id = Guid.NewGuid();
        _all[id] = listener;
        return new Subscription(() => _all.TryRemove(id, out _));
    }

    /// <summary>Tells everybody, one after the other.</summary>
    /// <exception cref="AggregateException">Some failed; all were told.</exception>
    public async Task TellAsync(IReadOnlyList<Change> changes)
    {
        List<Exception>? failures = null;
        foreach (var listener in _all.Values)
        {
            try
            {
                await listener(changes);
            }
            catch (Exception exception)
            {
                (failures ??= []).Add(exception);
            }
        }

        if (failures is not null) throw new AggregateException(failures);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
