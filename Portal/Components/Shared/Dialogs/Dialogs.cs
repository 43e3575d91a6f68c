namespace Portal.Components.Shared;

/// <summary>What is about to happen: what, to how many, and the verb that does it.</summary>
/// <param name="Verb">On the button: "Void 3 payments". Never "OK" or "Yes".</param>
/// <param name="Count">How many rows it touches; told in words where more than none.</param>
public sealed record Confirmation(string Title, string Text, string Verb, int Count = 0, bool Danger = true);

/// <summary>Asks before the acts that cannot be undone; where an act can be, do it and offer the undo in a toast.</summary>
public sealed class Dialogs
{
    private TaskCompletionSource<bool>? answer;

    public Confirmation? Asked { get; private set; }

    public event Action? Changed;

    /// <summary>True when the person pressed the verb; false on cancel, Esc, and when another question came in between.</summary>
    public Task<bool> ConfirmAsync(Confirmation confirmation)
    {
        answer?.TrySetResult(false);
        answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Asked = confirmation;
        Changed?.Invoke();
        return answer.Task;
    }

    public void Answer(bool yes)
    {
        Asked = null;
        Changed?.Invoke();
        answer?.TrySetResult(yes);
        answer = null;
    }
}
