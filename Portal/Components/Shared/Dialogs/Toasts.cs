using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>A short word after an act, with its undo where there is one: MudBlazor's snackbars in the portal's manner.</summary>
public sealed class Toasts(ISnackbar snackbars, IStringLocalizer<SharedWords> words)
{
    /// <summary>
    /// Stays six seconds, ten with an undo, and as long as it is pointed at; refusals stay until closed. The same words do not stand twice.
    /// </summary>
    public void Show(string text, Tone tone = Tone.Ok, Func<Task>? undo = null) =>
        snackbars.Add(text, Of(tone), options =>
        {
            options.RequireInteraction = tone == Tone.Bad;
            options.VisibleStateDuration = undo is null ? 6000 : 10_000;
            options.Icon = tone.Icon().Svg();
            options.DuplicatesBehavior = undo is null ? SnackbarDuplicatesBehavior.Prevent : SnackbarDuplicatesBehavior.Allow;
            if (undo is null) return;
            options.Action = words["action.undo"];
            options.ActionVariant = Variant.Text;
            options.OnClick = _ => undo();
        });

    /// <summary>Of an act that waits (<see cref="PostponedActs"/>): stays with its undo until it is taken away.</summary>
    /// <returns>Takes it away.</returns>
    public Action Wait(string text, Func<Task> undo)
    {
        var shown = snackbars.Add(text, Of(Tone.Info), options =>
        {
            options.RequireInteraction = true;
            options.ShowCloseIcon = false;
            options.Icon = Glyph.Clock.Svg();
            options.DuplicatesBehavior = SnackbarDuplicatesBehavior.Allow;
            options.Action = words["action.undo"];
            options.ActionVariant = Variant.Text;
            options.OnClick = _ => undo();
        });
        return () =>
        {
            if (shown is not null) snackbars.Remove(shown);
        };
    }

    private static Severity Of(Tone tone) => tone switch
    {
        Tone.Ok => Severity.Success, Tone.Warn => Severity.Warning, Tone.Bad => Severity.Error, Tone.Info => Severity.Info, _ => Severity.Normal,
    };
}
