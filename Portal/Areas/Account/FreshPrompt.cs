using MudBlazor;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Identity;

namespace Portal.Areas.Account;

/// <summary>
/// Does what a service may refuse for want of a fresh sign-in: asks for the password in a dialog over the page, which loses nothing of what
/// was typed, and does it again.
/// </summary>
public sealed class FreshPrompt(IDialogService dialogs)
{
    private static readonly DialogOptions Options = Dialog.Shapes[DialogKind.Small] with { CloseOnEscapeKey = true };

    /// <summary>The refusal stays where the person does not want to prove themselves.</summary>
    public async Task<TResult> RunAsync<TResult>(Func<Task<TResult>> act) where TResult : Result
    {
        var result = await act();
        if (result.Error?.Code != FreshSignIn.Needed) return result;
        var asked = await dialogs.ShowAsync<ProveDialog>(null, new DialogParameters(), Options);
        return await asked.Result is { Canceled: false } ? await act() : result;
    }
}
