using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Portal.Components.Shared;

/// <summary>
/// Chooses one thing out of many by typing: asks the server after a pause, arrows move, Enter takes, Esc closes. Enter before the answer is
/// there takes nothing of what an earlier text found: it waits for the answer, and takes it where it is one.
/// </summary>
public sealed partial class PickOne : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(180);
    private readonly string listId = "pick-" + Guid.NewGuid().ToString("N")[..8];
    private IReadOnlyList<PickOption> hits = [];
    private readonly Latest latest = new();
    private string text = "", status = "";
    private string? answered;
    private int at;
    private bool open, searching, failed, taking;

    [Parameter] public PickOption? Value { get; set; }

    [Parameter] public EventCallback<PickOption?> ValueChanged { get; set; }

    /// <summary>The best ten or so, best first.</summary>
    [Parameter, EditorRequired] public Func<string, CancellationToken, Task<IReadOnlyList<PickOption>>> Search { get; set; } = null!;

    [Parameter] public string? Hint { get; set; }

    /// <summary>Letters before the first question; 0 asks at once and so shows a short list on focus.</summary>
    [Parameter] public int MinLength { get; set; } = 1;

    [Parameter] public bool Disabled { get; set; }

    /// <summary>What FormField gives: the id and the descriptions.</summary>
    [Parameter] public IReadOnlyDictionary<string, object>? Wiring { get; set; }

    /// <summary>What is in the list was found by what stands in the box.</summary>
    private bool Current => answered == text.Trim();

    private Task OpenAsync()
    {
        open = true;
        return MinLength == 0 && hits.Count == 0 ? AskAsync() : Task.CompletedTask;
    }

    private Task TypeAsync(ChangeEventArgs change)
    {
        text = change.Value?.ToString() ?? "";
        open = true;
        return AskAsync();
    }

    private async Task AskAsync()
    {
        var ct = latest.Next();
        (failed, taking, at) = (false, false, 0);
        if (text.Trim().Length < MinLength)
        {
            (hits, searching) = ([], false);
            return;
        }

        searching = true;
        try
        {
            await Task.Delay(Pause, ct);
            var found = await Search(text.Trim(), ct);
            if (ct.IsCancellationRequested)
            {
                return;
            }

            (hits, answered) = (found, text.Trim());
            status = hits.Count switch { 0 => L["pick.none", text], 1 => L["pick.count.one"], _ => L["pick.count.many", hits.Count] };
        }
        catch (OperationCanceledException)
        {
            // Overtaken by the next letter.
            return;
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The search behind a choice failed");
            (hits, failed) = ([], true);
        }

        searching = false;
        if (taking && hits.Count == 1) await ChooseAsync(hits[0]);
        taking = false;
    }

    private async Task PressAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when hits.Count > 0:
                open = true;
                at = (at + 1) % hits.Count;
                break;
            case "ArrowUp" when hits.Count > 0:
                at = (at + hits.Count - 1) % hits.Count;
                break;
            case "Enter" when open && !Current:
                taking = searching;
                break;
            case "Enter" when open && at < hits.Count:
                await ChooseAsync(hits[at]);
                break;
            case "Escape":
                open = false;
                break;
        }
    }

    private Task ChooseAsync(PickOption option)
    {
        open = false;
        (text, answered, hits) = ("", null, []);
        return ValueChanged.InvokeAsync(option);
    }

    private Task ClearAsync() => ValueChanged.InvokeAsync(null);

    public void Dispose() => latest.Dispose();
}
