namespace Portal.Components.Shared;

/// <summary>A short word after an act, with its undo where there is one.</summary>
public sealed record Toast(Guid Id, string Text, Tone Tone, Func<Task>? Undo);

/// <summary>The portal's toasts in one circuit.</summary>
public sealed class Toasts
{
    private readonly List<Toast> shown = [];

    public IReadOnlyList<Toast> Shown
    {
        get
        {
            lock (shown)
            {
                return [.. shown];
            }
        }
    }

    public event Action? Changed;

    /// <summary>Stays six seconds, ten with an undo, and as long as it is pointed at or focused; refusals stay until closed.</summary>
    public void Show(string text, Tone tone = Tone.Ok, Func<Task>? undo = null)
    {
        lock (shown)
        {
            shown.Add(new(Guid.NewGuid(), text, tone, undo));
            if (shown.Count > 3)
            {
                shown.RemoveAt(0);
            }
        }

        Changed?.Invoke();
    }

    public void Close(Toast toast)
    {
        lock (shown)
        {
            shown.Remove(toast);
        }

        Changed?.Invoke();
    }
}
