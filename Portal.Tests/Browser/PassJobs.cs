using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A resident on a phone invites people, and what their guests see.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class PassJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_resident_invites_twenty_people_to_a_party_in_a_few_taps_and_a_guest_opens_their_page()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var phone = await andrea.OpenAsync("/visits?kind=event");
        await phone.Locator("#f-title").FillAsync("Grado de Julián");
        await phone.Locator("#f-guests").FillAsync(string.Join('\n', Enumerable.Range(1, 19).Select(n => $"{n}. Invitada Número {n}")) + ", Tomás Gil KLM 204");
        await Expect(phone.Locator("#event button[type=submit]")).ToContainTextAsync("Invitar a 20 personas");
        await phone.Locator("#event button[type=submit]").ClickAsync();
        await Expect(phone.Locator(".undo")).ToContainTextAsync("20 invitados tienen su código");
        await Expect(phone.Locator(".who li .acts")).ToHaveCountAsync(20);
        await Expect(phone.Locator(".who li").Last).ToContainTextAsync("KLM 204");
        var page = await phone.Locator(".who li").Last.Locator("a[href^='/p/']").GetAttributeAsync("href");

        await using var guest = await portal.SignInAsync(null, phone: true);
        var seen = guest.Page;
        await seen.GotoAsync(page!);
        await Expect(seen.Locator(".pp-card .qr")).ToBeVisibleAsync();
        Assert.Matches(Code(), await seen.Locator(".code").InnerTextAsync());
        await Expect(seen.Locator(".pp-law")).ToContainTextAsync("Ley 1581 de 2012");
        await Expect(seen.Locator("main")).Not.ToContainTextAsync("Tomás");
        await Expect(seen.Locator("main")).Not.ToContainTextAsync("1204");

        // Taken off the list, their page says the same as one that never was.
        await phone.Locator(".who li").Last.Locator("button.ic").ClickAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Quitar de la lista", Exact = true }).ClickAsync();
        await Expect(phone.Locator(".who li.gone")).ToHaveCountAsync(1);
        await seen.ReloadAsync();
        await Expect(seen.Locator(".pp-end")).ToBeVisibleAsync();
    }

    [GeneratedRegex(@"^\d{3} \d{3}$")]
    private static partial Regex Code();
}
