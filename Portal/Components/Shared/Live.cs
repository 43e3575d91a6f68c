using Microsoft.AspNetCore.Components;
using Portal.Data.Audit;
using Portal.Data.Database;

namespace Portal.Components.Shared;

/// <summary>
/// Put on a page, it calls back when rows of the given tables change, here or in another portal on the same database, and when
/// the database is back after an outage. Changes that come together are told once. It listens only in a live circuit: prerendering shows
/// what is there and is gone.
/// </summary>
public sealed class Live : ComponentBase, IDisposable
{
    // A write touches several rows, and a busy morning several a second: one reading serves them all.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _gone = new();
    private IDisposable? _listening, _back;
    private int _waiting;

    /// <summary>Names of tables, as in the database.</summary>
    [Parameter, EditorRequired] public IReadOnlyCollection<string> Tables { get; set; } = [];

    [Parameter, EditorRequired] public EventCallback Changed { get; set; }

    /// <summary>How long changes are gathered before they are told; longer where many circuits listen to much.</summary>
    [Parameter] public TimeSpan Pause { get; set; } = Gather;

    /// <summary>Only changes of this record; null: of any. The tables must then be one.</summary>
    [Parameter] public long? RecordId { get; set; }

    [Inject] private LiveFeed Feed { get; set; } = null!;

    [Inject] private DatabaseWatch Watch { get; set; } = null!;

    protected override void OnInitialized()
    {
        if (!RendererInfo.IsInteractive) return;
        _listening = Feed.Listen(Tables, TellAsync);

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
        if (RecordId is null || changes.Any(c => c.RecordId == RecordId)) Call();
        return Task.CompletedTask;
    }

    private void Call()
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 1) return;
        // The feed goes on to its other listeners; this page reads in its own time, in its own circuit.
        _ = InvokeAsync(async () =>
        {
            try
            {
                await Task.Delay(Pause, _gone.Token);
                Interlocked.Exchange(ref _waiting, 0);
                await Changed.InvokeAsync();
            }
            catch (OperationCanceledException)
            {
                // The page was left while the changes were gathered.
            }
            catch (Exception exception) when (Outages.Of(exception) is not null)
            {
                // What is shown stays; it is told again when the database is back.
            }
            catch (Exception exception)
            {
                await DispatchExceptionAsync(exception);
            }
        });
    }
}
