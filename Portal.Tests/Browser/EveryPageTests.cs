using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Tests.Authority;

namespace Portal.Tests.Browser;

/// <summary>
/// Every page that somebody may open, found by its route: a new one is looked at, too. axe-core finds nothing on it, light and dark, on a
/// phone and at a desk, and it does not scroll sideways: not at 390 pixels, and not on a screen of 1280 with everything at twice its size.
/// A list is light: a phone on a bad line waits for it. Staff open what the administrator opens, with fewer buttons on it; that they may is
/// asked without a browser.
/// </summary>
[Trait("Day", "any")]
[Collection(LooksBrowserCollection.Name)]
public sealed partial class EveryPageTests(PortalProcess portal)
{
    /// <summary>What ends the session, or is only there for who has none.</summary>
    private static readonly HashSet<string> Aside = ["/sign-out", "/sign-in", "/setup", "/account/activate", "/account/forgot", "/account/was-it-you"];

    /// <summary>Bytes of HTML, as a server sends it before anything is compressed.</summary>
    private const int HeaviestList = 45_000;

    [Theory]
    [InlineData("carolina.mejia", 0, 2)]
    [InlineData("carolina.mejia", 1, 2)]
    [InlineData("andrea.ruiz", 0, 1)]
    [InlineData("wilson.cardenas", 0, 1)]
    public async Task No_page_shuts_anybody_out_or_scrolls_sideways(string person, int part, int parts)
    {
        // The administrator's pages in two parts: a test that runs for ten minutes is taken for one that hangs.
        await using var session = await portal.SignInAsync(person, phone: true);
        var page = session.Page;
        List<string> wrong = [];
        HashSet<int> refusals = [];
        HashSet<string> seen = [];
        var routes = Surface.Pages.Select(page => page["PAGE ".Length..]).Order(StringComparer.Ordinal).Where(route => !Aside.Contains(route));
        foreach (var route in routes.Where((_, index) => index % parts == part))
        {
            // The demo building has a first of everything.
            var path = Hole().Replace(route, "1");
            await page.SetViewportSizeAsync(390, 844);
            var answer = await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });

            // A refusal looks the same wherever it is met, and so does the page that a route leads on to.
            if (answer is { Ok: false } && !refusals.Add(answer.Status)) continue;
            if (!seen.Add(page.Url)) continue;
            var html = await answer!.TextAsync();
            var bytes = Encoding.UTF8.GetByteCount(html);
            if (bytes > HeaviestList && html.Contains("<section class=\"card list\"", StringComparison.Ordinal))
                wrong.Add($"{path}: {bytes} bytes of HTML");
            if (!html.Contains("<main", StringComparison.Ordinal)) wrong.Add($"{path}: {answer.Status} is blank until its circuit stands");
            // Pages around the sign-in are forms without a circuit.
            if (html.Contains("\"type\":\"server\"", StringComparison.Ordinal))
                await page.Locator("[data-live]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await MeasureAsync(page, $"{path} at 390 px", wrong);
            await page.SetViewportSizeAsync(640, 480);
            await MeasureAsync(page, $"{path} twice its size at 1280 px", wrong);
            wrong.AddRange(await Axe.LookAsync(page, path));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private static async Task MeasureAsync(IPage page, string what, List<string> wrong)
    {
        var over = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (over <= 0) return;
        var culprit = await page.EvaluateAsync<string>(
            """
            () => [...document.querySelectorAll('main *, header *, nav *')]
                .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
                .slice(0, 3).map(e => e.tagName + '.' + e.className).join(' > ')
            """);
        wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {over} px ({culprit})"));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
