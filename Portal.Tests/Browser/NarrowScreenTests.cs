using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Tests.Authority;

namespace Portal.Tests.Browser;

/// <summary>No page of anybody scrolls sideways on a phone of 390 pixels. Pages are found by their routes: a new one is looked at, too.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class NarrowScreenTests(PortalProcess portal)
{
    /// <summary>What ends the session, or is only there for who has none.</summary>
    private static readonly HashSet<string> Aside = ["/sign-out", "/sign-in", "/setup", "/account/activate", "/account/forgot"];

    [Theory]
    [InlineData("carolina.mejia")]
    [InlineData("daniela.torres")]
    [InlineData("andrea.ruiz")]
    [InlineData("wilson.cardenas")]
    public async Task No_page_scrolls_sideways(string person)
    {
        await using var session = await portal.SignInAsync(person, phone: true);
        var wide = new List<string>();
        foreach (var route in Surface.Pages.Select(page => page["PAGE ".Length..]).Order(StringComparer.Ordinal))
        {
            if (Aside.Contains(route)) continue;
            // The demo building has a first of everything.
            var path = Hole().Replace(route, "1");
            await session.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
            var over = await session.Page.EvaluateAsync<int>(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over > 0)
            {
                var culprit = await session.Page.EvaluateAsync<string>(
                    """
                    () => [...document.querySelectorAll('main *, header *, nav *')]
                        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
                        .slice(0, 3).map(e => e.tagName + '.' + e.className).join(' > ')
                    """);
                wide.Add(string.Create(CultureInfo.InvariantCulture, $"{path}: {over} px ({culprit})"));
            }
        }

        Assert.True(wide.Count == 0, string.Join(Environment.NewLine, wide));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
