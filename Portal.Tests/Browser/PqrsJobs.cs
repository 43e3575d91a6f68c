using Microsoft.Playwright;
using Portal.Tests.Documents;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What people do with PQRS, in a browser, on the demo building.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PqrsJobs(PortalProcess portal)
{
    [Fact]
    public async Task An_owner_files_staff_takes_it_up_the_administrator_answers_and_the_owner_reads_it()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var phone = await andrea.OpenAsync("/pqrs/new");

        // Everything forgotten: each field says what it wants, nothing is filed.
        await phone.Locator("form .form-acts button").ClickAsync();
        await Expect(phone.Locator(".summary")).ToContainTextAsync("Escribe el asunto.");
        await Expect(phone.Locator(".summary")).ToContainTextAsync("Elige la categoría.");

        await phone.Locator(".kind", new() { HasText = "Reclamo" }).ClickAsync();
        await phone.Locator("#f-categoryid").SelectOptionAsync(new SelectOptionValue { Label = "Cobros" });
        await phone.Locator("#f-title").FillAsync("Cobro repetido de la cancha");
        await phone.Locator("#f-description").FillAsync("La cancha del domingo aparece dos veces.");
        await phone
            .Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "cobro.png",
                    MimeType = "image/png",
                    Buffer = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2],
                }
            );
        await Expect(phone.Locator(".picked .file")).ToContainTextAsync("cobro.png");
        await phone.Locator("form .form-acts button").ClickAsync();
        await phone.ArriveAsync(url => char.IsDigit(url[^1]));
        var path = new Uri(phone.Url).AbsolutePath;
        await Expect(phone.Locator("h1")).ToContainTextAsync("Nueva");
        Assert.Equal(390, await phone.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await using var daniela = await portal.SignInAsync("daniela.torres");
        var list = await daniela.OpenAsync("/pqrs?q=Cobro+repetido+de+la+cancha");
        await list.Locator("tbody tr", new() { HasText = "Cobro repetido" }).ClickAsync();
        await Expect(list.Locator("h1")).ToContainTextAsync("Cobro repetido de la cancha");
        await list.Locator("h1").PressAsync("i");
        await list.Locator("#f-comment").FillAsync("Lo revisamos con contabilidad.");
        await list.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await Expect(list.Locator("h1")).ToContainTextAsync("En proceso");

        // Their page shows it without reloading.
        await Expect(phone.Locator(".timeline")).ToContainTextAsync("Lo revisamos con contabilidad.");

        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var desk = await carolina.OpenAsync(path);
        await desk.GetByRole(AriaRole.Button, new() { Name = "Nota interna" }).ClickAsync();
        await desk.Locator("textarea[data-composer]").FillAsync("El cobro doble sale de una prueba.");
        await desk.Locator("[data-composer-send]").ClickAsync();
        await Expect(desk.Locator(".msg-note")).ToContainTextAsync("sale de una prueba");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Respuesta pública" }).ClickAsync();
        await desk.Locator("textarea[data-composer]").FillAsync("Andrea, ya reversamos el segundo cobro.");
        await desk.Locator("textarea[data-composer]").PressAsync("Control+Enter");
        await Expect(desk.Locator(".msg-out")).ToContainTextAsync("ya reversamos");

        await Expect(phone.Locator(".msg-out")).ToContainTextAsync("ya reversamos el segundo cobro");
        await Expect(phone.Locator(".timeline")).Not.ToContainTextAsync("sale de una prueba");
        await Expect(desk.Locator(".msg-out")).ToContainTextAsync("leída");

        var shown = await desk.Context.APIRequest.GetAsync($"{portal.Address}{path}/report.pdf");
        var report = Pdf.Text(await shown.BodyAsync());
        Assert.Contains("ya reversamos el segundo cobro", report, StringComparison.Ordinal);
        Assert.DoesNotContain("sale de una prueba", report, StringComparison.Ordinal);
        var withNotes = Pdf.Text(await (await desk.Context.APIRequest.GetAsync($"{portal.Address}{path}/report.pdf?notes=1")).BodyAsync());
        Assert.Contains("sale de una prueba", withNotes, StringComparison.Ordinal);

        // Asking for the notes does not give them to the petitioner.
        var own = Pdf.Text(await (await phone.Context.APIRequest.GetAsync($"{portal.Address}{path}/report.pdf?notes=1")).BodyAsync());
        Assert.DoesNotContain("sale de una prueba", own, StringComparison.Ordinal);

        await desk.Locator("h1").PressAsync("r");
        await desk.Locator("#f-comment").FillAsync("El abono ya está en tu estado de cuenta.");
        await desk.Locator(".dlg-foot .mud-button-filled-primary").ClickAsync();
        await phone.Locator(".stars button").Nth(4).ClickAsync();
        await Expect(phone.Locator(".rating")).ToContainTextAsync("5 de 5: muy bien");
    }

    [Fact]
    public async Task What_is_typed_survives_the_page_and_a_case_fits_the_desktop()
    {
        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var page = await carolina.OpenAsync("/pqrs?q=talanquera");
        await page.Locator("tbody tr").First.ClickAsync();
        await Expect(page.Locator("textarea[data-composer]")).ToBeVisibleAsync();
        await page.Locator("textarea[data-composer]").PressSequentiallyAsync("Vamos a revisar la talanquera");
        await Expect(page.Locator(".composer-draft")).ToContainTextAsync("Borrador guardado");

        var path = new Uri(page.Url).AbsolutePath;
        await carolina.OpenAsync(path);
        await Expect(page.Locator("textarea[data-composer]")).ToHaveValueAsync("Vamos a revisar la talanquera");

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= innerHeight"));
        await Expect(page.Locator("[data-composer-send]")).ToBeInViewportAsync();
        await Expect(page.Locator(".cal")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Another_residents_case_answers_like_one_that_is_not_there()
    {
        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var list = await carolina.OpenAsync("/pqrs?q=talanquera");
        var path = await list.Locator("tbody tr").First.GetAttributeAsync("data-href");

        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        foreach (var address in new[] { path!, $"{path}/report.pdf", $"{path}/proof.pdf", "/pqrs/99999999", "/pqrs/attachments/99999999" })
        {
            Assert.Equal(404, (await andrea.Page.GotoAsync(address))!.Status);
        }
    }

    [Theory]
    [InlineData("carolina.mejia", false)]
    [InlineData("andrea.ruiz", true)]
    public async Task A_persons_case_shuts_nobody_out(string who, bool phone)
    {
        await using var session = await portal.SignInAsync(who, phone);
        var page = await session.OpenAsync("/pqrs");
        var first = await page.Locator(".mine-card, table.grid a[href^='/pqrs/']").First.GetAttributeAsync("href");
        var found = await Axe.LookAsync(await session.OpenAsync(first!), first!);
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}
