using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Tests.Server;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// An owner's bookings in a browser: in three taps on a slow network, held and confirmed, waited for and accepted, and all of it by
/// keyboard.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class BookingJobs(PortalProcess portal)
{
    private const float Long = 120_000;

    [Fact]
    public async Task An_owner_books_in_three_taps_on_a_slow_network_and_no_tap_is_lost()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var page = andrea.Page;
        page.SetDefaultTimeout(Long);
        var network = await page.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        await network.SendAsync(
            "Network.emulateNetworkConditions",
            new()
            {
                ["offline"] = false,
                ["latency"] = 400,
                ["downloadThroughput"] = 50_000,
                ["uploadThroughput"] = 50_000,
            }
        );

        // Nothing is waited for but that it is on the screen: not the circuit, not the scripts.
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(".owner-quick a[href='/book']").TouchAsync();
        await page.Locator(".choice-card", new() { HasText = "Cancha múltiple" }).TouchAsync();
        await page.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TouchAsync();
        await Expect(page.Locator(".booked")).ToContainTextAsync("Listo, quedó reservado", new() { Timeout = Long });
    }

    [Fact]
    public async Task A_place_is_held_survives_a_reload_and_is_confirmed()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var page = await andrea.OpenAsync($"/book/5?day={TestDay.Iso(BrowserDays.Held)}&start=11:00");
        await page.Locator(".bk-hold button").TouchAsync();
        await Expect(page.Locator(".held .countdown")).ToHaveTextAsync(new Regex("^1[45]:[0-5][0-9]$"));
        Assert.Equal("H2", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        var before = await page.Locator(".held .countdown").TextContentAsync();
        await Expect(page.Locator(".held .countdown")).Not.ToHaveTextAsync(before!);

        page = await andrea.OpenAsync(new Uri(page.Url).PathAndQuery);
        await page.Locator(".held .mud-button-filled-primary").TouchAsync();
        await Expect(page.Locator(".booked h2")).ToHaveTextAsync("Listo, quedó reservado");
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task A_taken_slot_is_waited_for_offered_when_it_is_free_and_accepted()
    {
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var office = await daniela.OpenAsync($"/book/5?day={TestDay.Iso(BrowserDays.Waited)}&start=11:00");
        await office.Locator("#bk-home").FillAsync("B 402");
        await office.Locator(".pick-list [role=option]", new() { HasText = "B 402" }).First.ClickAsync();
        await Expect(office.Locator(".bk-pick")).ToContainTextAsync("Cambiar");
        await Expect(office.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)")).ToBeEnabledAsync();
        await office.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").ClickAsync();
        var number = (await office.Locator(".booked .number").TextContentAsync())!.Trim();

        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var page = await andrea.OpenAsync($"/book/5?day={TestDay.Iso(BrowserDays.Waited)}&start=11:00");
        await page.Locator(".bk-wait button").TouchAsync();
        await Expect(page.Locator(".bk-wait")).ToContainTextAsync("Eres el número 1");
        page = await andrea.OpenAsync("/reservations");
        await Expect(page.Locator(".mine-wait li")).ToHaveCountAsync(1);

        office = await daniela.OpenAsync($"/reservations?view=list&q={number}");
        await office.Locator(".celllink", new() { HasText = number }).ClickAsync();
        await office.GetByRole(AriaRole.Button, new() { Name = "Cancelar la reserva" }).ClickAsync();
        await office.Locator("#cancel-reason").FillAsync("Lo pidió el residente");
        await office.Locator(".mud-dialog .mud-button-filled-error").ClickAsync();

        // The open page shows the offer by itself.
        var offer = page.Locator(".mine li", new() { HasText = "Se liberó el turno que esperabas" });
        await Expect(offer).ToBeVisibleAsync();
        var offered = Regex.Match(await offer.InnerTextAsync(), @"R-\d{4}-\d{6}").Value;
        await Expect(page.Locator(".mine-wait li")).ToHaveCountAsync(0);
        await page.Locator(".held .mud-button-filled-primary").TouchAsync();
        await Expect(page.Locator(".held")).ToHaveCountAsync(0);
        await Expect(page.Locator(".mine li", new() { HasText = offered })).ToContainTextAsync("Confirmada");
    }

    [Fact]
    public async Task All_of_it_goes_by_keyboard_and_the_focus_is_always_somewhere_one_can_see()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz");
        var page = await andrea.OpenAsync("/book");
        await ReachAsync(page, ".choice-card[href^='/book/5']");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".bk")).ToBeVisibleAsync();
        await andrea.OpenAsync($"/book/5?day={TestDay.Iso(BrowserDays.ByKeyboard)}");
        await ReachAsync(page, "#slot-1400");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#slot-1400.on")).ToBeFocusedAsync();
        await ReachAsync(page, ".bk-foot :is(.mud-button-filled-primary, .btn-primary)");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".booked h2")).ToBeFocusedAsync();
        var number = (await page.Locator(".booked .number").TextContentAsync())!.Trim();
        await ReachAsync(page, ".booked a[href='/reservations']");
        await page.Keyboard.PressAsync("Enter");

        var mine = page.Locator(".mine li", new() { HasText = number });
        await Expect(mine.Locator(".rsv-cancel")).ToHaveCountAsync(1);
        await mine.Locator(".rsv-cancel").EvaluateAsync("button => button.id = 'this-one'");
        await ReachAsync(page, "#this-one");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#cancel-reason")).ToBeFocusedAsync();
        await ReachAsync(page, ".mud-dialog .mud-button-filled-error");
        await page.Keyboard.PressAsync("Enter");
        await Expect(mine.Locator(".rsv-cancel")).ToHaveCountAsync(0);
        await Expect(page.Locator("#mine-next")).ToBeFocusedAsync();
    }

    /// <summary>Tab, until it is there; every stop on the way is to be seen.</summary>
    private static async Task ReachAsync(IPage page, string selector)
    {
        for (var press = 0; press < 120; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            var seen = await page.EvaluateAsync<string?>(
                """
                () => {
                    const one = document.activeElement;
                    if (one === document.body) return null;
                    const style = getComputedStyle(one);
                    return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || one.matches('iframe') ? null : one.outerHTML.slice(0, 200);
                }
                """);
            Assert.True(seen is null, $"The focus is not to be seen on {seen}");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector)) return;
        }

        Assert.Fail($"Tab never comes to {selector}");
    }
}
