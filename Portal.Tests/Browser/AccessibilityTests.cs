using Microsoft.Playwright;
using Portal.Tests.Server;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// axe-core finds nothing in what a page becomes while it is used: every state of the booking page, open dialogs, the office's calendar in
/// each of its views. The pages as they open are <see cref="EveryPageTests"/>'.
/// </summary>
[Trait("Day", "any")]
[Collection(LooksBrowserCollection.Name)]
public sealed class AccessibilityTests(PortalProcess portal)
{
    /// <summary>
    /// What a resident opens. The demo building's BBQ has terms and a used-up month, the gymnasium is shared, the hall needs approval.
    /// </summary>
    private static readonly string[] Resident =
    [
        $"/book/5?day={TestDay.Iso(40)}",
        $"/book/4?day={TestDay.Iso(3)}",
        $"/book/2?day={TestDay.Iso(41)}",
        $"/book/1?day={TestDay.Iso(2)}",
        $"/book/5?day={TestDay.Iso(90)}&start=10:00",
        $"/book/5?day={TestDay.Iso(40)}&start=03:30",
        "/visits",
        "/visits?kind=event",
        "/visits?kind=recurring",
        "/visits?kind=delivery",
        "/visits?kind=vehicle",
        "/visits/6",
        "/visits/7",
        "/visits/blocks",
    ];

    private static readonly string[] Office =
    [
        "/reservations?view=week",
        "/reservations?view=week&facility=3",
        "/reservations?view=month",
        "/reservations?view=month&facility=3",
        "/reservations?view=list",
        "/reservations?view=queue",
        "/reservations?view=waits",
        "/reservations/report?period=year",
        $"/book/3?day={TestDay.Iso(42)}",
        "/gate/blocks",
    ];

    [Fact]
    public async Task A_residents_pages_have_no_violations()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz");
        var found = new List<string>();
        foreach (var path in Resident) await LookAsync(await andrea.OpenAsync(path), path, found);

        var page = await andrea.OpenAsync($"/book/4?day={TestDay.Iso(BrowserDays.Terms)}");
        await page.Locator(".bk-terms .link").ClickAsync();
        await LookAsync(page, "the rules of a facility", found, ".mud-dialog");

        page = await andrea.OpenAsync($"/book/5?day={TestDay.Iso(BrowserDays.KeptForAWhile)}");
        await page.Locator(".bk-hold button").ClickAsync();
        await Expect(page.Locator(".booked .held")).ToBeVisibleAsync();
        await LookAsync(page, "a place on hold", found);
        page = await andrea.OpenAsync("/reservations");
        await Expect(page.Locator(".held")).ToBeVisibleAsync();
        await LookAsync(page, "own bookings with a place on hold", found);
        await page.Locator(".held .mud-button-text").ClickAsync();
        await Expect(page.Locator(".held")).ToHaveCountAsync(0);

        await page.Locator(".rsv-cancel").First.ClickAsync();
        await LookAsync(page, "cancelling", found, ".mud-dialog");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".rsv-change").First.ClickAsync();
        await LookAsync(page, "changing", found, ".mud-dialog");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".mine-before summary").ClickAsync();
        await LookAsync(page, "bookings of the past", found);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task The_offices_pages_have_no_violations()
    {
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var found = new List<string>();
        foreach (var path in Office) await LookAsync(await daniela.OpenAsync(path), path, found);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static async Task LookAsync(IPage page, string what, List<string> found, string? until = null)
    {
        await Expect(page.Locator(until ?? "main h1").First).ToBeVisibleAsync();
        found.AddRange(await Axe.LookAsync(page, what));
    }
}
