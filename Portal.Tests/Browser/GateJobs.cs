using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A visit from the owner's telephone to the gate and out again, in a browser, on the demo building.</summary>
[Collection(GateBrowserCollection.Name)]
public sealed class GateJobs(PortalProcess portal)
{
    [Fact]
    public async Task An_owner_announces_a_visitor_and_the_guard_lets_them_in_and_out_with_few_keys()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var phone = await andrea.OpenAsync("/visits");
        await phone.Locator(".who .go", new() { HasText = "Alguien nuevo" }).ClickAsync();

        // Nobody named: the form says so and keeps the rest.
        await phone.Locator("#f-plate").FillAsync("qrs 123");
        await phone.Locator("#invite button[type=submit]").ClickAsync();
        await Expect(phone.Locator(".summary")).ToBeVisibleAsync();
        await Expect(phone.Locator("#f-plate")).ToHaveValueAsync("qrs 123");
        await phone.Locator("#f-name").FillAsync("Tomás Bernal");
        // At any hour: what is for tonight does not open in the afternoon.
        await phone.Locator(".when button").First.ClickAsync();
        await phone.Locator("#invite button[type=submit]").ClickAsync();
        var row = phone.Locator(".who .done", new() { HasText = "Tomás Bernal" });
        await Expect(row).ToBeVisibleAsync();
        var code = Regex.Match(await row.Locator("small").InnerTextAsync(), @"\d{3} \d{3}").Value;
        Assert.Matches(@"^\d{3} \d{3}$", code);

        await using var wilson = await portal.SignInAsync("wilson.cardenas");
        var terminal = await GatePage.EnrolAsync(portal, wilson);
        var (gate, box) = (terminal.Page, terminal.Box);
        await box.FillAsync("no such thing");
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("No encontrado");

        await gate.Keyboard.PressAsync("Escape");
        await box.FillAsync(code);
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Adelante");
        await Expect(gate.Locator(".v-facts")).ToContainTextAsync("QRS 123");
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Entró");
        await Expect(gate.Locator(".ins")).ToContainTextAsync("Tomás Bernal");

        // The same pass again is refused, and the owner sees on the open page that the visitor came.
        await box.FillAsync(code);
        await box.PressAsync("Enter");
        await Expect(gate.Locator(".v-word")).ToHaveTextAsync("Ya usado");
        await Expect(phone.Locator(".visits li", new() { HasText = "Tomás Bernal" })).ToContainTextAsync("1 persona adentro");

        await gate.GetByRole(AriaRole.Button, new() { Name = "Registrar la salida de Tomás Bernal" }).ClickAsync();
        await Expect(gate.Locator(".ins .in:not(.gone)", new() { HasText = "Tomás Bernal" })).ToHaveCountAsync(0);
        await gate.GetByRole(AriaRole.Button, new() { Name = "Deshacer" }).ClickAsync();
        await Expect(gate.Locator(".ins .in:not(.gone)", new() { HasText = "Tomás Bernal" })).ToHaveCountAsync(1);
    }
}
