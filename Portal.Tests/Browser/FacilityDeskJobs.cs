using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Tests.Server;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// The office makes a facility with every rule, tries it out, and a resident books it; in a browser, on the demo building.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class FacilityDeskJobs(PortalProcess portal)
{
    private static readonly DateOnly Saturday = BrowserDays.Next(DayOfWeek.Saturday, TestDay.Today.AddDays(1));

    [Fact]
    public async Task The_office_makes_a_facility_tries_it_out_mends_what_two_rules_refuse_and_it_is_booked()
    {
        await using var office = await portal.SignInAsync("daniela.torres");
        var page = await office.OpenAsync("/facilities/new");
        await page.FillAsync("#f-name", "Terraza alta");
        await page.FillAsync("#f-kind", "Terraza");
        await page.FillAsync("#f-capacity", "10");
        await page.GetByLabel("Sábado: Cierra").FillAsync("02:00");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".night")).ToHaveTextAsync("hasta las 02:00 del domingo");
        await page.FillAsync("#f-maxminutes", "2");
        await page.FillAsync("#f-bufferminutes", "30");
        await page.FillAsync("#f-minnoticeminutes", "2");
        await page.FillAsync("#f-maxadvancedays", "30");
        foreach (var folded in new[] { "Cada cuánto", "Dinero y reglas", "En la puerta" })
            await page.Locator("details.part > summary", new() { HasText = folded }).ClickAsync();
        await page.FillAsync("#f-quotaspersonweek", "1");
        await page.FillAsync("#f-quotasapartmentmonth", "2");
        await page.FillAsync("#f-openlimit", "2");
        await page.FillAsync("#f-hourlyrate", "20000");
        await page.FillAsync("#f-deposit", "50000");
        await page.FillAsync("#f-changenoticeminutes", "3");
        await page.FillAsync("#f-cancelnoticeminutes", "2");
        await page.FillAsync("#f-cancelchargepercent", "30");
        await page.FillAsync("#f-terms", "Se entrega limpia.");
        await page.GetByText("Se registra la llegada").ClickAsync();
        var summary = page.Locator(".sum");
        await Expect(summary).ToContainTextAsync("sábado de 08:00 a 02:00 del domingo");
        await Expect(summary).ToContainTextAsync("Cada persona puede tener 1 a la semana.");
        await Expect(summary).ToContainTextAsync("Se puede cambiar hasta 3 días antes.");
        await Expect(summary).ToContainTextAsync("después se cobra el 30 %");
        await Expect(summary).ToContainTextAsync("quien no llega queda con inasistencia");

        // Four hours for twelve people: too long, and too many.
        await page.FillAsync("#f-try-home", "1204");
        await page.Locator(".pick-list li", new() { HasText = "B 1204" }).ClickAsync();
        await page.FillAsync("#f-try-people", "12");
        var verdict = page.Locator(".verdict");
        await Expect(verdict).ToContainTextAsync("No: lo impiden 2 reglas");
        await Expect(page.Locator("[data-rule=long]")).ToContainTextAsync("Pide 2 horas o menos");
        await Expect(page.Locator("[data-rule=people]")).ToContainTextAsync("Caben 10 personas");
        await Expect(page.Locator(".try-rules li")).ToHaveCountAsync(21);
        await page.FillAsync("#f-maxminutes", "4");
        await Expect(verdict).ToContainTextAsync("No: lo impide 1 regla");
        await page.FillAsync("#f-try-people", "8");
        await Expect(verdict).ToContainTextAsync("Sí, B 1204 puede");
        await Expect(page.Locator(".try-note").First).ToContainTextAsync("130.000");

        await page.GetByRole(AriaRole.Button, new() { Name = "Guardar", Exact = true }).ClickAsync();
        await page.ArriveAsync(new Regex(@"/facilities/\d+$"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Terraza alta");
        await Expect(page.Locator("#f-changenoticeminutes")).ToHaveValueAsync("3");
        await PhotographAsync(page);

        var id = page.Url[(page.Url.LastIndexOf('/') + 1)..];
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var booking = await andrea.OpenAsync($"/book/{id}?day={TestDay.Iso(Saturday)}");
        await booking.Locator(".slotb", new() { HasText = "18:00" }).First.TouchAsync();
        await booking.Locator("#bk-terms").CheckAsync();
        await booking.Locator(".bk-foot :is(.mud-button-filled-primary, .btn-primary)").TouchAsync();
        await Expect(booking.Locator(".booked")).ToContainTextAsync("Listo, quedó reservado");

        // What is not saved is not lost by a wrong press.
        await page.FillAsync("#f-capacity", "11");
        await page.Locator(".save a[href='/facilities']").ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("¿Salir sin guardar?");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Cancelar" }).ClickAsync();
        await Expect(page.Locator("#f-capacity")).ToHaveValueAsync("11");
        await page.FillAsync("#f-capacity", "10");

        // Booked once, it is withdrawn and not deleted.
        await page.GetByRole(AriaRole.Button, new() { Name = "Eliminar" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Eliminar" }).ClickAsync();
        await Expect(page.Locator(".mud-dialog")).ToContainTextAsync("tiene reservas");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Retirar" }).ClickAsync();
        await Expect(summary).ToContainTextAsync("Nadie puede reservarla ahora");
        await page.GotoAsync("/facilities");
        await Expect(page.Locator("tr", new() { HasText = "Terraza alta" })).ToContainTextAsync("Fuera de servicio");
        await Expect(page.Locator("tr", new() { HasText = "Terraza alta" }).Locator("img.thumb")).ToBeVisibleAsync();
    }

    /// <summary>A file that only says it is a picture is refused; one of 2400 × 1800 comes back small enough for a page.</summary>
    private static async Task PhotographAsync(IPage page)
    {
        var input = page.Locator("input[type=file]");
        await input.SetInputFilesAsync(
            new FilePayload
            {
                Name = "terraza.jpg",
                MimeType = "image/jpeg",
                Buffer = [.. "<svg onload='alert(1)'/> no picture at all"u8],
            }
        );
        await Expect(page.GetByText("Eso no es una foto")).ToBeVisibleAsync();

        var drawn = await page.EvaluateAsync<string>(
            "() => { const c = document.createElement('canvas'); c.width = 2400; c.height = 1800; const g = c.getContext('2d'); g.fillRect(0, 0, 1200, 900); return c.toDataURL('image/jpeg', .8).split(',')[1]; }"
        );
        await page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "terraza.jpg",
                    MimeType = "image/jpeg",
                    Buffer = Convert.FromBase64String(drawn),
                }
            );
        var photo = page.Locator("img.shot");
        await Expect(photo).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('img.shot')?.naturalWidth === 1280");
        Assert.Equal("Terraza alta", await photo.GetAttributeAsync("alt"));
        var sent = await page.APIRequest.GetAsync(await photo.GetAttributeAsync("src") ?? "");
        Assert.Equal("image/webp", sent.Headers["content-type"]);
        Assert.Contains("immutable", sent.Headers["cache-control"], StringComparison.Ordinal);
        Assert.Equal("nosniff", sent.Headers["x-content-type-options"]);
        var again = await page.APIRequest.GetAsync(
            await photo.GetAttributeAsync("src") ?? "",
            new() { Headers = new Dictionary<string, string> { ["If-None-Match"] = sent.Headers["etag"] } }
        );
        Assert.Equal(304, again.Status);
    }
}
