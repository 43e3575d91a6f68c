using Portal.Data.Database;

namespace Portal.Components.Shared;

/// <summary>
/// Calls back once the database is well again after an outage. Everybody's pages are spread over some seconds: a server that has just come
/// back is not asked for everything at once.
/// </summary>
internal sealed class DatabaseReturn : IDisposable
{
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(4);

    private readonly DatabaseWatch _watch;
    private readonly Func<Task> _back;
    private readonly CancellationTokenSource _gone = new();
    private int _waiting;

    public DatabaseReturn(DatabaseWatch watch, Func<Task> back)
    {
        (_watch, _back) = (watch, back);
        watch.Changed += Look;
    }

    public void Dispose()
    {
        _watch.Changed -= Look;
        _gone.Cancel();
        _gone.Dispose();
    }

    private void Look()
    {
        if (_watch.Now is null && Interlocked.Exchange(ref _waiting, 1) == 0) _ = WaitAsync(_gone.Token);
    }

    private async Task WaitAsync(CancellationToken gone)
    {
        try
        {
            await Task.Delay(Random.Shared.NextDouble() * Spread, gone);
            Interlocked.Exchange(ref _waiting, 0);
            await _back();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left meanwhile.
        }
    }
}
