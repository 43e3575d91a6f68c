using Microsoft.AspNetCore.Components;
using Portal.Data.Audit;
using Portal.Data.Database;

namespace Portal.Components.Shared;

/// <summary>
/// Put on a page, it calls back when rows of the given tables change, here or in another portal on the same database, and when
/// the database is back after an outage. Changes that come together are told once, and one telling is over before the next begins: what
/// was read earlier never covers what was read later. It listens only in a live circuit: prerendering shows what is there and is gone;
/// what changed between the two is told as the circuit begins.
/// </summary>
public sealed class Live : ComponentBase, IDisposable
{
    /// <summary>As long a page may have read before it puts this on the screen.</summary>
    private static readonly TimeSpan ReadBefore = TimeSpan.FromSeconds(3);

    /// <summary>After so long a page that the database had no time for asks again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    // A write touches several rows, and a busy morning several a second: one reading serves them all.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _telling = new(1, 1);
    private readonly CancellationToken _left;
    private IDisposable? _listening, _back;
    private int _waiting;

    public Live() => _left = _gone.Token;

    /// <summary>Names of tables, as in the database.</summary>
    [Parameter, EditorRequired] public IReadOnlyCollection<string> Tables { get; set; } = [];

    [Parameter, EditorRequired] public EventCallback Changed { get; set; }

    /// <summary>How long changes are gathered before they are told; longer where many circuits listen to much.</summary>
    [Parameter] public TimeSpan Pause { get; set; } = Gather;

    /// <summary>Which changes of the tables the page is about; null: all.</summary>
    [Parameter] public Func<Change, bool>? Concerns { get; set; }

    [Inject] private LiveFeed Feed { get; set; } = null!;

    [Inject] private DatabaseWatch Watch { get; set; } = null!;

    [Inject] private LiveStart Start { get; set; } = null!;

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive) return;
        _listening = Feed.Listen(Tables, TellAsync);
        if (Feed.MayHaveChanged(Start.Read ?? Feed.Moment(ReadBefore), Tables, Concerns)) Call();

        // What changed while nobody could ask is told by no feed.
        _back = new DatabaseReturn(Watch, () =>
        {
            Call();
            return Task.CompletedTask;
        });
    }

    public void Dispose()
    {
        _back?.Dispose();
        _listening?.Dispose();
        _gone.Cancel();
        _gone.Dispose();
    }

    private Task TellAsync(IReadOnlyList<Change> changes)
    {
        if (Concerns is null || changes.Any(Concerns)) Call();
        return Task.CompletedTask;
    }

    private void Call() => Call(Pause);

    private void Call(TimeSpan after)
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 1) return;
        // The feed goes on to its other listeners; this page reads in its own time, in its own circuit.
        _ = InvokeAsync(async () =>
        {
            try
            {
                await Task.Delay(after, _left);
                await _telling.WaitAsync(_left);
                try
                {
                    Interlocked.Exchange(ref _waiting, 0);
                    await Changed.InvokeAsync();
                }
                finally
                {
                    _telling.Release();
                }
            }
            catch (OperationCanceledException)
            {
                // The page was left while the changes were gathered.
            }
            catch (Exception exception) when (Outages.Of(exception) is not null)
            {
                // What is shown stays; it is told again when the database is back, or has time: nothing is told of that.
                // Not all pages at once: it had too much to do.
                if (Watch.Now is null && !_left.IsCancellationRequested) Call(Again + Random.Shared.NextDouble() * Again);
            }
            catch (Exception exception)
            {
                await DispatchExceptionAsync(exception);
            }
        });
    }
}
