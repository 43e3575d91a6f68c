using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Notices, in a browser on the demo building.</summary>
[Collection(BrowserCollection.Name)]
public sealed class NoticeJobs(PortalProcess portal)
{
    [Fact]
    public async Task The_office_writes_a_notice_with_a_file_and_a_resident_reads_both_on_a_phone()
    {
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var page = await daniela.OpenAsync("/notices/new");
        await page.Locator("#f-title").FillAsync("Fumigación de sótanos");
        await page.Locator("#f-body").FillAsync("El sábado desde las 7:00. Retira tu vehículo la noche anterior.");
        await page.Locator("#notice input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "cronograma.pdf", MimeType = "application/pdf", Buffer = "%PDF-1.4\n1 0 obj"u8.ToArray() });
        await Expect(page.Locator(".picked .file")).ToContainTextAsync("cronograma.pdf");
        await page.Locator(".head-actions .mud-button-filled-primary").ClickAsync();
        await page.ArriveAsync(url => url.EndsWith("/notices", StringComparison.Ordinal));

        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var phone = await andrea.OpenAsync("/notices");
        var paper = phone.Locator("article", new() { HasText = "Fumigación de sótanos" });
        await Expect(paper).ToContainTextAsync("Retira tu vehículo");
        Assert.Equal(390, await phone.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var file = await paper.Locator(".files a").GetAttributeAsync("href");
        var answer = await phone.APIRequest.GetAsync(new Uri(new Uri(phone.Url), file).ToString());
        Assert.Equal("%PDF-1.4\n1 0 obj"u8.ToArray(), await answer.BodyAsync());
        Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);

        // Only the office prints; and the office sees that it was read.
        await page.Locator("tbody button.celllink", new() { HasText = "Fumigación de sótanos" }).ClickAsync();
        var lift = await page.Locator(".dlg-foot a", new() { HasText = "Imprimir" }).GetAttributeAsync("href");
        Assert.Equal(200, (await page.APIRequest.GetAsync(new Uri(new Uri(page.Url), lift).ToString())).Status);
        Assert.NotEqual(200, (await phone.APIRequest.GetAsync(new Uri(new Uri(page.Url), lift).ToString())).Status);
    }
}
