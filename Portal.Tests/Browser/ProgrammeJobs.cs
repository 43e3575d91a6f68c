using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Courses in a browser: the office enrols and marks, a teacher takes the register on a phone through a cut, a mother reads.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ProgrammeJobs(PortalProcess portal)
{
    [Fact]
    public async Task A_teacher_takes_the_register_on_a_phone_through_a_cut_and_the_mother_reads_it()
    {
        await using var sofia = await portal.SignInAsync("sofia.leal", phone: true);
        var page = await sofia.OpenAsync("/programmes/courses/1/sessions");
        await page.Locator("a.today").ClickAsync();
        await page.ArriveAsync(new Regex(@"/programmes/sessions/\d+$"));
        var save = page.Locator("[data-save]");
        await Expect(save).ToBeEnabledAsync();
        var sara = page.Locator(".sheet-list li").Filter(new() { HasText = "Sara Ruiz" });
        await Expect(sara).ToContainTextAsync("Alergia al maní");
        await Expect(page.Locator("[data-count]")).ToContainTextAsync("Faltan");

        // Thirty names: everyone present, then the exceptions.
        await page.Locator("[data-all]").ClickAsync();
        await sara.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(sara.GetByRole(AriaRole.Button)).ToContainTextAsync("Ausente");
        await sara.Locator("input").FillAsync("Está enferma");
        await page.Context.SetOfflineAsync(true);
        await save.ClickAsync();
        await Expect(page.Locator("[data-state]")).ToContainTextAsync("Sin conexión");

        // Without a line it stays on the device, also where the page is loaded again; it is sent once there is one.
        await page.Context.SetOfflineAsync(false);
        await page.ReloadAsync();
        await Expect(page.Locator(".head")).ToContainTextAsync("Tomada");
        await Expect(sara.GetByRole(AriaRole.Button)).ToContainTextAsync("Ausente");
        await Expect(sara.Locator("input")).ToHaveValueAsync("Está enferma");
        Assert.Equal(403, (await page.APIRequest.GetAsync("/programmes/participants/1")).Status);

        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var home = await andrea.OpenAsync("/programmes/mine");
        await home.Locator(".mine a").First.ClickAsync();
        await home.ArriveAsync(new Regex(@"/programmes/mine/\d+$"));
        await Expect(home.Locator(".days li").First).ToContainTextAsync("Está enferma");
        var paper = await home.APIRequest.GetAsync((await home.Locator("a[href$='attendance.pdf']").GetAttributeAsync("href"))!);
        Assert.Equal("%PDF"u8.ToArray(), (await paper.BodyAsync())[..4]);
        Assert.Equal(404, (await home.APIRequest.GetAsync("/programmes/reports/2/marks.pdf")).Status);
        var bell = await andrea.OpenAsync("/notifications");
        await Expect(bell.Locator("main")).ToContainTextAsync("Sara no asistió a Inglés 5A");
    }

    [Fact]
    public async Task The_office_registers_somebody_enrols_them_plans_sessions_and_gives_a_mark()
    {
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var page = await daniela.OpenAsync("/programmes/participants");
        var panel = page.Locator(".mud-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Nuevo participante" }).ClickAsync();
        await panel.Locator("#f-birthdate").FillAsync("4/5/2015");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(panel.Locator(".summary li")).ToHaveCountAsync(2);
        await panel.Locator("#f-firstname").FillAsync("Gabriela");
        await panel.Locator("#f-lastname").FillAsync("Nieto");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await page.ArriveAsync(new Regex(@"/programmes/participants/\d+$"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Gabriela Nieto");
        var person = page.Url;

        // Without a consent nobody enrols; a child was heard.
        page = await daniela.OpenAsync("/programmes/courses/1");
        await EnrolAsync();
        await Expect(panel.Locator(".summary")).ToContainTextAsync("autorización");
        page = await daniela.OpenAsync(new Uri(person).AbsolutePath);
        panel = page.Locator(".mud-dialog");
        await page.Locator(".card").Filter(new() { HasText = "Autorizaciones" }).GetByRole(AriaRole.Button, new() { Name = "Agregar" }).ClickAsync();
        await panel.Locator("#f-givenby").FillAsync("Rosa Nieto");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(panel.Locator(".summary")).ToContainTextAsync("escuchado");
        await panel.GetByText("El menor fue escuchado", new() { Exact = true }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(page.Locator(".lines")).ToContainTextAsync(["Rosa Nieto"]);
        page = await daniela.OpenAsync("/programmes/courses/1");
        await EnrolAsync();
        var row = page.Locator("tbody tr").Filter(new() { HasText = "Gabriela Nieto" });
        await Expect(row).ToBeVisibleAsync();

        // A mark, corrected: what it was stays to be read.
        page = await daniela.OpenAsync("/programmes/courses/1/marks");
        panel = page.Locator(".mud-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Poner nota: Gabriela Nieto, Lectura" }).ClickAsync();
        await panel.Locator("#f-value").FillAsync("11");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(panel.Locator(".summary")).ToContainTextAsync("De 0 a 10");
        await panel.Locator("#f-value").FillAsync("8,5");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        var mark = page.GetByRole(AriaRole.Button, new() { Name = "Gabriela Nieto, Lectura: 8,5" });
        await mark.ClickAsync();
        await panel.Locator("#f-value").FillAsync("9");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Gabriela Nieto, Lectura: 9*" }).ClickAsync();
        await Expect(panel.Locator(".history")).ToContainTextAsync("8,50 → 9,00");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Quitar nota" }).ClickAsync();
        await Expect(mark).ToHaveCountAsync(0);

        // She leaves on the day she came: nothing of her is left in the way.
        page = await daniela.OpenAsync("/programmes/courses/1");
        panel = page.Locator(".mud-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retirar: Gabriela Nieto" }).ClickAsync();
        await panel.Locator("#f-reason").FillAsync("Se muda");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Retirar" }).ClickAsync();
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "Gabriela Nieto" })).ToContainTextAsync("Se muda");

        // Its sessions are planned and one is called off.
        page = await daniela.OpenAsync("/programmes/courses/2/sessions");
        panel = page.Locator(".mud-dialog");
        await page.GetByRole(AriaRole.Button, new() { Name = "Programar sesiones" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Programar sesiones" }).ClickAsync();
        await Expect(panel.Locator(".summary")).ToContainTextAsync("Elige al menos un día");
        await panel.GetByText("sábado").ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Programar sesiones" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Cancelar sesión:") }).First.ClickAsync();
        await panel.Locator("#f-reason").FillAsync("Festivo");
        await panel.Locator(".mud-button-filled-error").ClickAsync();
        await Expect(page.Locator("tr.gone")).ToContainTextAsync("Festivo");

        async Task EnrolAsync()
        {
            panel = page.Locator(".mud-dialog");
            await page.GetByRole(AriaRole.Button, new() { Name = "Inscribir", Exact = true }).First.ClickAsync();
            await panel.Locator("#f-participantid").FillAsync("Gabri");
            await page.Locator(".pick-list li[role=option]").First.ClickAsync();
            await panel.GetByRole(AriaRole.Button, new() { Name = "Inscribir" }).ClickAsync();
        }
    }
}
