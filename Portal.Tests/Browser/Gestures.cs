using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.Tests.Browser;

/// <summary>What a person does and waits for, where Playwright's own way depends on how busy the machine is.</summary>
internal static class Gestures
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a touch may take to become a click.</summary>
    private static readonly TimeSpan Touch = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Until the page's address is so. No event is waited for: of a page that was loaded before one asked, Playwright hears none any more.
    /// </summary>
    public static async Task ArriveAsync(this IPage page, Func<string, bool> there)
    {
        for (var waited = Stopwatch.StartNew(); !there(page.Url); await Task.Delay(Between))
        {
            if (waited.Elapsed > Patience) throw new TimeoutException($"The page is still at {page.Url}");
        }
    }

    /// <inheritdoc cref="ArriveAsync(IPage, Func{string, bool})"/>
    public static Task ArriveAsync(this IPage page, Regex there) => page.ArriveAsync(there.IsMatch);

    /// <summary>
    /// Touches with a finger. Where the machine stalls between finger down and finger up, Chromium takes it for a finger that is held and
    /// makes no click of it: then it is touched again, as a person would. A click that the page did not follow is not repeated.
    /// </summary>
    public static async Task TouchAsync(this ILocator place)
    {
        for (var time = 1; ; time++)
        {
            await place.Page.EvaluateAsync(
                "() => { window.touched = false; addEventListener('click', () => { window.touched = true; }, { capture: true, once: true }); }");
            await place.TapAsync();
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < Touch; await Task.Delay(Between))
            {
                if (await ClickedAsync(place.Page)) return;
            }

            if (time == 3) throw new TimeoutException("Three touches, and none was a click.");
        }
    }

    /// <summary>There was one, or it has already led to another page, which knows of no touch.</summary>
    private static async Task<bool> ClickedAsync(IPage page)
    {
        try
        {
            return await page.EvaluateAsync<bool>("() => window.touched !== false");
        }
        catch (PlaywrightException exception) when (exception.Message.Contains("navigation", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
    }
}
