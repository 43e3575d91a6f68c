using System.Collections.Concurrent;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Database;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>
/// Acts that cannot be taken back once they are done, such as giving a receipt its number: they wait a few seconds, with an undo. Whoever
/// goes to another page takes them along; whoever closes the portal has meant them, and they are done at once. Only a server that stops
/// within these seconds loses one, and then nothing was done and nothing says that it was.
/// </summary>
public sealed class PostponedActs(Toasts toasts, IStringLocalizer<SharedWords> words, ILogger<PostponedActs> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Postponed> _waiting = [];

    /// <summary>How long they wait.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>This act was asked for and is not done yet.</summary>
    public bool Waits(string key) => _waiting.ContainsKey(key);

    /// <summary>Asked for twice, it is done once.</summary>
    /// <param name="key">The act and what it is done to: <c>payment.confirm.17</c>.</param>
    /// <param name="text">What is about to be done, and to what, by name.</param>
    /// <param name="act">It, for the person who asked; it touches no page, for there may be none by then.</param>
    /// <param name="over">Afterwards, in a page that may have been left: with what came of it, or null where it was taken back.</param>
    public void Begin<TResult>(string key, string text, Func<Task<TResult>> act, Func<TResult?, Task> over)
        where TResult : Result
    {
        var postponed = new Postponed(async () => await act());
        if (!_waiting.TryAdd(key, postponed)) return;
        postponed.Hide = toasts.Wait(text, () => TakeBackAsync(key));
        postponed.TakenBack = () => over(null);
        _ = RunAsync(key, postponed, over);
    }

    /// <summary>Nothing is done, if it is not too late.</summary>
    public async Task TakeBackAsync(string key)
    {
        if (!_waiting.TryRemove(key, out var postponed)) return;
        await postponed.EndAsync();
        await postponed.TakenBack();
    }

    private async Task RunAsync<TResult>(string key, Postponed postponed, Func<TResult?, Task> over)
        where TResult : Result
    {
        try
        {
            await Task.Delay(Wait, postponed.Ended);
            // Whoever takes it out of here does it, or does not: nobody else.
            if (!_waiting.TryRemove(key, out _)) return;
            await postponed.EndAsync();
            await over((TResult)await postponed.Act());
        }
        catch (OperationCanceledException)
        {
            // Taken back, or done because the portal was left.
        }
        catch (Exception exception)
        {
            log.LogError(exception, "The postponed act {Act} failed", key);
            toasts.Show(words[Outages.Of(exception) is null ? "error.unknown" : "outage.acting.busy"], Tone.Bad);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in _waiting.Keys)
        {
            if (!_waiting.TryRemove(key, out var postponed)) continue;
            try
            {
                await postponed.EndAsync(hide: false);
                if (await postponed.Act() is { Ok: false } refused)
                    log.LogWarning("The postponed act {Act} was refused when its portal was left: {Code}", key, refused.Error!.Code);
            }
            catch (Exception exception)
            {
                log.LogError(exception, "The postponed act {Act} failed when its portal was left", key);
            }
        }
    }

    private sealed class Postponed(Func<Task<Result>> act)
    {
        private readonly CancellationTokenSource _end = new();

        public Func<Task<Result>> Act => act;

        public CancellationToken Ended => _end.Token;

        public Action Hide { get; set; } = () => { };

        public Func<Task> TakenBack { get; set; } = () => Task.CompletedTask;

        public async Task EndAsync(bool hide = true)
        {
            await _end.CancelAsync();
            _end.Dispose();
            if (hide) Hide();
        }
    }
}
