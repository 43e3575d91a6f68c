using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The library, in a browser on the demo building.</summary>
[Trait("Day", "any")]
[Collection(BrowserCollection.Name)]
public sealed class DocumentJobs(PortalProcess portal)
{
    [Fact]
    public async Task The_office_sends_a_file_over_a_line_that_breaks_and_a_resident_opens_it_on_a_phone()
    {
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var page = await daniela.OpenAsync("/documents");
        await page.GetByRole(AriaRole.Button, new() { Name = "Agregar documento" }).ClickAsync();
        var file = page.Locator(".up input[type=file]");
        await file.SetInputFilesAsync(new FilePayload { Name = "plano.svg", MimeType = "image/svg+xml", Buffer = "<svg/>"u8.ToArray() });
        await Expect(page.Locator(".up [role=alert]")).ToContainTextAsync("«plano.svg» no es un archivo");
        await file.SetInputFilesAsync(new FilePayload { Name = "plano.pdf", MimeType = "application/pdf", Buffer = "<svg/>"u8.ToArray() });
        await Expect(page.Locator(".up [role=alert]")).ToContainTextAsync("«plano.pdf» no es un archivo");

        // The second piece and all after it do not arrive, until the line is back.
        var broken = true;
        await page.RouteAsync("**/documents/uploads/**", route => broken && !route.Request.Url.EndsWith("/0", StringComparison.Ordinal)
            ? route.AbortAsync()
            : route.ContinueAsync());
        var content = Encoding.ASCII.GetBytes("%PDF-1.4\n" + new string('x', 1_200_000));
        await file.SetInputFilesAsync(new FilePayload { Name = "Estudio_de_redes.pdf", MimeType = "application/pdf", Buffer = content });
        await Expect(page.Locator(".up [role=alert]")).ToContainTextAsync("Lo que ya llegó está guardado", new() { Timeout = 20_000 });
        broken = false;
        await page.GetByRole(AriaRole.Button, new() { Name = "Continuar" }).ClickAsync();
        await Expect(page.Locator(".up-done")).ToContainTextAsync("Estudio_de_redes.pdf");
        await Expect(page.Locator("#f-title")).ToHaveValueAsync("Estudio de redes");
        await page.Locator("#f-folderid").SelectOptionAsync(new SelectOptionValue { Label = "Otros documentos" });
        await page.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Estudio de redes");

        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var phone = await andrea.OpenAsync("/documents?q=redes");
        await phone.Locator("tbody tr", new() { HasText = "Estudio de redes" }).TouchAsync();
        await Expect(phone.Locator("h1")).ToContainTextAsync("Estudio de redes");
        Assert.Equal(390, await phone.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var address = await phone.Locator(".head-actions a").GetAttributeAsync("href");
        var answer = await phone.APIRequest.GetAsync(new Uri(new Uri(phone.Url), address).ToString());
        Assert.Equal(content, await answer.BodyAsync());
        Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
        Assert.StartsWith("inline", answer.Headers["content-disposition"], StringComparison.Ordinal);

        await page.ReloadAsync();
        await Expect(page.Locator("#list-document-reads tbody")).ToContainTextAsync("Andrea");
    }
}
