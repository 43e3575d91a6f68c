using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What the administrator does with the registry, in a browser, on the demo building.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class BuildingJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_tower_an_apartment_and_its_new_owner_who_signs_in()
    {
        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var page = await carolina.OpenAsync("/towers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Nueva torre" }).ClickAsync();
        await page.Locator("#f-name").FillAsync("A");
        await page.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(page.Locator("#f-name-error")).ToContainTextAsync("Ya hay una torre con el nombre A.");
        await page.Locator("#f-name").FillAsync("Z");
        await page.Locator("#f-floors").FillAsync("4");
        await page.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await page.Locator("tbody tr", new() { HasText = "Z" }).Last.ClickAsync();
        await Expect(page.GetByText("1 resultado").Or(page.GetByText("Nada coincide")).First).ToBeVisibleAsync();

        page = await carolina.OpenAsync("/units/new");
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator(".summary")).ToContainTextAsync("Elige la torre.");
        await Expect(page.Locator(".summary")).ToContainTextAsync("Escribe el número del apartamento.");
        await page.Locator("#f-towerid").SelectOptionAsync(new SelectOptionValue { Label = "Z" });
        await page.Locator("#f-number").FillAsync("401");
        await page.Locator("#f-floor").FillAsync("5");
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator("#f-floor-error")).ToContainTextAsync("La torre Z tiene 4 pisos.");
        await page.Locator("#f-floor").FillAsync("4");
        await page.Locator("form .form-acts button").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Z 401");

        await page.GetByRole(AriaRole.Button, new() { Name = "Asignar propietario" }).ClickAsync();
        await page.Locator(".dlg .seg label").Nth(1).ClickAsync();
        await page.Locator("#f-firstname").FillAsync("Núria");
        await page.Locator("#f-lastname").FillAsync("Ibáñez Soler");
        await page.Locator("#f-lastname").BlurAsync();
        await Expect(page.Locator("#f-username")).ToHaveValueAsync("nuria.ibanez");
        await page.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        var code = await page.Locator(".code-value").InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ya lo anoté" }).ClickAsync();
        await Expect(page.Locator(".ties tbody tr")).ToContainTextAsync("Núria Ibáñez Soler");
        await Expect(page.Locator(".ties tbody tr")).ToContainTextAsync("responde por el apartamento");

        await using var nuria = await portal.SignInAsync(null, phone: true);
        await nuria.Page.GotoAsync("/account/activate");
        await nuria.Page.Locator("#f-login").FillAsync("nuria.ibanez");
        await nuria.Page.Locator("#f-code").FillAsync(code.ToLowerInvariant());
        await nuria.Page.Locator("#f-new").FillAsync("una frase para entrar");
        await nuria.Page.Locator("#f-again").FillAsync("una frase para entrar");
        await nuria.Page.Locator("form button[type=submit]").ClickAsync();
        await Expect(nuria.Page.Locator("main")).ToContainTextAsync("401");
        Assert.Equal(403, (await nuria.Page.GotoAsync("/units"))!.Status);
    }

    [Fact]
    public async Task A_guard_reads_how_to_reach_people_and_what_a_role_may_do_changes_at_once()
    {
        await using var wilson = await portal.SignInAsync("wilson.cardenas", phone: true);
        var phone = await wilson.OpenAsync("/people?q=andrea+ruiz");
        await Expect(phone.Locator("main")).ToContainTextAsync("Andrea Ruiz");
        Assert.Equal(390, await phone.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var roles = await carolina.OpenAsync("/roles");
        var box = roles.GetByLabel("Portería: Crear y cambiar torres y apartamentos, y de quién son");
        await Expect(box).Not.ToBeCheckedAsync();
        Assert.Equal(403, (await phone.GotoAsync("/units/new"))!.Status);
        await box.CheckAsync();
        await Expect(roles.Locator(".mud-snackbar")).ToContainTextAsync("permitido");
        Assert.Equal(200, (await phone.GotoAsync("/units/new"))!.Status);
        await roles.Locator(".mud-snackbar-action-button").ClickAsync();
        await Expect(box).Not.ToBeCheckedAsync();
        Assert.Equal(403, (await phone.GotoAsync("/units/new"))!.Status);
        await Expect(roles.GetByLabel("Administración: Decidir roles y permisos")).ToBeDisabledAsync();
    }
}
