using MudBlazor;

namespace Portal.Components.Shared;

/// <summary>What is about to happen: what, to how many, and the verb that does it.</summary>
/// <param name="Verb">On the button: "Void 3 payments". Never "OK" or "Yes".</param>
/// <param name="Count">How many rows it touches; told in words where more than none.</param>
public sealed record Confirmation(string Title, string Text, string Verb, int Count = 0, bool Danger = true);

/// <summary>Asks before the acts that cannot be undone; where an act can be, do it and offer the undo in a toast.</summary>
public sealed class Dialogs(IDialogService dialogs)
{
    // It has no cross that Esc could press.
    private static readonly DialogOptions Options = Dialog.Shapes[DialogKind.Small] with { CloseOnEscapeKey = true };

    /// <summary>True when the person pressed the verb; false on cancel and Esc.</summary>
    public async Task<bool> ConfirmAsync(Confirmation confirmation)
    {
        var parameters = new DialogParameters<ConfirmDialog> { { dialog => dialog.Asked, confirmation } };
        var asked = await dialogs.ShowAsync<ConfirmDialog>(null, parameters, Options);
        return await asked.Result is { Canceled: false };
    }
}
