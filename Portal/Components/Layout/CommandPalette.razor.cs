using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Portal.Components.Shared;

namespace Portal.Components.Layout;

/// <summary>
/// Ctrl K: people, apartments, plates, PQRS numbers (by <see cref="ShellSearch"/>, within the person's reach) and the areas of
/// the portal. Opened by app.js, which presses the hidden button for the key and for every search box of the shell.
/// </summary>
public sealed partial class CommandPalette : IDisposable
{
    // A pause in typing, so that a name costs one query and not one for each letter.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(180);

    private IReadOnlyList<SearchHit> hits = [];
    private readonly Latest latest = new();
    private string text = "";
    private int at;
    private bool open, searching, failed;

    [CascadingParameter] private Task<AuthenticationState>? Authentication { get; set; }

    private void OpenAsync()
    {
        text = "";
        hits = Pages();
        at = 0;
        open = true;
    }

    private void Toggle(bool next) => open = next;

    private async Task TypeAsync(ChangeEventArgs change)
    {
        text = change.Value?.ToString() ?? "";
        var ct = latest.Next();
        failed = false;
        hits = Pages();
        at = 0;
        if (text.Trim().Length < 2 || Authentication is null)
        {
            return;
        }

        searching = true;
        try
        {
            await Task.Delay(Pause, ct);
            var found = await Search(text.Trim(), (await Authentication).User, ct);
            if (!ct.IsCancellationRequested)
            {
                hits = [.. found, .. Pages()];
                at = Math.Min(at, Math.Max(0, hits.Count - 1));
                searching = false;
            }
        }
        catch (OperationCanceledException)
        {
            // Overtaken by the next letter.
            return;
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The search of the portal failed");
            failed = true;
            searching = false;
        }
    }

    private void Press(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown" when hits.Count > 0:
                at = (at + 1) % hits.Count;
                break;
            case "ArrowUp" when hits.Count > 0:
                at = (at + hits.Count - 1) % hits.Count;
                break;
            case "Enter" when at < hits.Count:
                open = false;
                Nav.NavigateTo(hits[at].Href);
                break;
        }
    }

    private IReadOnlyList<SearchHit> Pages()
    {
        if (Shell.Model is not { } model)
        {
            return [];
        }

        var compare = CultureInfo.CurrentUICulture.CompareInfo;
        const CompareOptions loose = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;
        return
        [
            .. Navigation.For(model)
                .Select(item => new SearchHit(L["palette.pages"], item.Icon, L["nav." + item.Key], null, item.Href))
                .Where(hit => compare.IndexOf(hit.Title, text.Trim(), loose) >= 0),
        ];
    }

    public void Dispose() => latest.Dispose();
}
