using Microsoft.Playwright;
using Portal.Tests.Documents;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>How the office works through many cases: together, by the board, with answers kept ready.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PqrsDeskJobs(PortalProcess portal)
{
    [Fact]
    public async Task Two_of_the_office_see_each_other_answer_alike_cases_together_and_move_cards()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz");
        var first = await FileAsync(andrea, "Bache en la rampa del sótano");
        var second = await FileAsync(andrea, "Hueco en la rampa del sótano");

        // Daniela is at the case, and Carolina sees it: on the case and on the board.
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var hers = await daniela.OpenAsync(first);
        await Expect(hers.Locator("textarea[data-composer]")).ToBeVisibleAsync();
        await hers.Locator("textarea[data-composer]").FillAsync("Estoy viendo");
        await Expect(hers.Locator(".composer-draft")).Not.ToBeEmptyAsync();
        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var desk = await carolina.OpenAsync(first);
        await Expect(desk.Locator(".case-present")).ToContainTextAsync("Daniela Torres Rincón está escribiendo aquí");

        // The second is answered with the first.
        await desk.GotoAsync(portal.Address + second);
        await desk.GetByRole(AriaRole.Button, new() { Name = "Responder con otra" }).ClickAsync();
        await desk.Locator(".dlg .pick input").FillAsync("Bache");
        await desk.Locator(".dlg .pick-list li", new() { HasText = "Bache en la rampa" }).ClickAsync();
        await desk.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(desk.Locator(".case-merged")).ToContainTextAsync("Bache en la rampa del sótano");

        // An answer kept ready is filled; the hole that nothing fills is not sent.
        await desk.GotoAsync(portal.Address + first);
        await desk.GetByRole(AriaRole.Button, new() { Name = "Respuesta lista" }).ClickAsync();
        await desk.Locator(".mud-popover .mud-menu-item", new() { HasText = "Acuse de recibo" }).ClickAsync();
        var area = desk.Locator("textarea[data-composer]");
        await Expect(area).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("Andrea Ruiz.*PQRS-"));
        await area.FillAsync(await area.InputValueAsync() + " Te llama {responsable}.");
        await desk.Locator("[data-composer-send]").ClickAsync();
        await Expect(desk.Locator(".composer-errors")).ToContainTextAsync("{responsable}");
        await area.FillAsync("Cerramos la rampa el lunes para repararla.");
        await desk.Locator("[data-composer-send]").ClickAsync();
        await Expect(desk.Locator(".msg-out")).ToContainTextAsync("Cerramos la rampa");

        // Both petitions have it.
        var own = await andrea.OpenAsync(second);
        await Expect(own.Locator(".msg-out")).ToContainTextAsync("Cerramos la rampa");
        await Expect(own.Locator(".timeline")).ToContainTextAsync("Se responde junto con otras");

        // On the board by keys: what an act needs to be said is asked for.
        var board = await carolina.OpenAsync("/pqrs/board?q=rampa");
        var card = board.Locator(".board-card", new() { HasText = "Bache en la rampa" });
        await Expect(card).ToContainTextAsync("+1");
        await card.Locator("a").PressAsync("Alt+ArrowRight");
        await Expect(board.Locator(".dlg h2")).ToBeVisibleAsync();
        await board.Locator("#f-comment").FillAsync("¿A qué hora entras con el carro?");
        await board.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(board.Locator("[data-column=WaitingForPetitioner] .board-card", new() { HasText = "Bache en la rampa" })).ToBeVisibleAsync();

        // By mouse: resolved, and the one that is answered with it too.
        await board.Locator("[data-column=WaitingForPetitioner] .board-card").First.DragToAsync(board.Locator("[data-column=Resolved]"));
        await board.Locator("#f-comment").FillAsync("La rampa quedó reparada.");
        await board.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(board.Locator("[data-column=Resolved] .board-card", new() { HasText = "Bache en la rampa" })).ToBeVisibleAsync();
        await own.ReloadAsync();
        await Expect(own.Locator("h1")).ToContainTextAsync("Resuelta");
    }

    [Fact]
    public async Task A_list_is_kept_found_by_words_and_the_months_report_is_a_pdf()
    {
        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var list = await carolina.OpenAsync("/pqrs?q=plomero");
        await Expect(list.Locator("tbody tr", new() { HasText = "Filtración de agua" })).ToBeVisibleAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "Más", Exact = true }).ClickAsync();
        await list.Locator(".mud-menu-item", new() { HasText = "Guardar este filtro" }).ClickAsync();
        await list.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(list.Locator(".dlg .summary")).ToContainTextAsync("Ponle un nombre");
        await list.Locator(".dlg #f-name").FillAsync("Del plomero");
        await list.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(list.Locator(".kept a", new() { HasText = "Del plomero" })).ToBeVisibleAsync();

        var report = await carolina.OpenAsync("/pqrs/period");
        await Expect(report.Locator(".equation .whole")).ToContainTextAsync("abiertas al cerrar");
        var figures = await report.Locator(".equation b").AllTextContentsAsync();
        var numbers = figures.Select(f => int.Parse(f, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers[4], numbers[0] + numbers[1] + numbers[2] - numbers[3]);
        var pdf = Pdf.Text(await (await report.Context.APIRequest.GetAsync($"{portal.Address}/pqrs/period.pdf")).BodyAsync());
        Assert.Contains("IP-", pdf, StringComparison.Ordinal);
        Assert.Contains("abiertas al cerrar", pdf, StringComparison.Ordinal);
        Assert.True((await report.Context.APIRequest.GetAsync($"{portal.Address}/pqrs/period/export?format=xlsx")).Ok);
    }

    private static async Task<string> FileAsync(Session who, string title)
    {
        var page = await who.OpenAsync("/pqrs/new");
        await page.Locator(".kind", new() { HasText = "Petición" }).ClickAsync();
        await page.Locator("#f-categoryid").SelectOptionAsync(new SelectOptionValue { Label = "Mantenimiento" });
        await page.Locator("#f-title").FillAsync(title);
        await page.Locator("#f-description").FillAsync("Los carros golpean por debajo al bajar.");
        await page.Locator("form .form-acts button").ClickAsync();
        await page.ArriveAsync(url => char.IsDigit(url[^1]));
        return new Uri(page.Url).AbsolutePath;
    }
}
