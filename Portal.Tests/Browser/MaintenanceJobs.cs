using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;
using Pictures = Portal.Tests.Facilities.Pictures;

namespace Portal.Tests.Browser;

/// <summary>Equipment and its inspections in a browser, and the switch of their module.</summary>
[Collection(BrowserCollection.Name)]
public sealed class MaintenanceJobs(PortalProcess portal)
{
    [Fact]
    public async Task The_office_registers_equipment_asks_for_an_inspection_and_records_it_with_its_paper()
    {
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var page = await daniela.OpenAsync("/maintenance/assets?new=true");
        var panel = page.Locator(".mud-dialog");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(panel.Locator(".summary li")).ToHaveCountAsync(3);
        await panel.Locator("#f-code").FillAsync("ext-77");
        await panel.Locator("#f-kind").FillAsync("Extintores");
        await panel.Locator("#f-name").FillAsync("Extintores del gimnasio");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await page.ArriveAsync(new Regex(@"/maintenance/assets/\d+$"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Extintores del gimnasio");

        await page.Locator("#duty-kind").SelectOptionAsync(new SelectOptionValue { Label = "Extintores" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Agregar", Exact = true }).ClickAsync();
        var duty = page.Locator(".duty");
        await Expect(duty).ToContainTextAsync("Falta");

        // One that was not passed says so; a picture of the report goes with it.
        await duty.GetByRole(AriaRole.Button, new() { Name = "Registrar inspección" }).ClickAsync();
        await panel.Locator("#f-issuer").FillAsync("Extintores del Norte");
        await panel.GetByText("Fue aprobada").ClickAsync();
        await panel.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "informe.png", MimeType = "image/png", Buffer = Pictures.Png });
        await Expect(panel.Locator(".picked")).ToContainTextAsync("informe.png");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(duty.Locator(".duty-head")).ToContainTextAsync("No aprobada");
        var paper = await page.APIRequest.GetAsync((await duty.Locator("a.file").GetAttributeAsync("href"))!);
        Assert.Equal(Pictures.Png, await paper.BodyAsync());

        // The next one was passed, and the one before it was written down by mistake.
        await duty.GetByRole(AriaRole.Button, new() { Name = "Registrar inspección" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(duty.Locator(".duty-head")).ToContainTextAsync("Hasta el");
        await duty.GetByRole(AriaRole.Button, new() { Name = "Anular" }).Last.ClickAsync();
        await panel.Locator(".mud-button-filled-error").ClickAsync();
        await Expect(panel.Locator(".summary")).ToContainTextAsync("Escribe el motivo.");
        await panel.Locator("#f-reason").FillAsync("Era de otro equipo");
        await panel.Locator(".mud-button-filled-error").ClickAsync();
        await Expect(duty.Locator("tr.gone")).ToContainTextAsync("Era de otro equipo");

        // Off, nobody has a way there, whoever has its pages open too.
        await using var carolina = await portal.SignInAsync("carolina.mejia");
        var modules = await carolina.OpenAsync("/settings/modules");
        await modules.GetByRole(AriaRole.Button, new() { Name = "Apagar: Mantenimiento" }).ClickAsync();
        await modules.Locator(".mud-dialog .mud-button-filled-error").ClickAsync();
        var on = modules.GetByRole(AriaRole.Button, new() { Name = "Encender: Mantenimiento" });
        await Expect(on).ToBeVisibleAsync();
        try
        {
            await Expect(page.Locator("nav a[href='/maintenance']")).ToHaveCountAsync(0);
            Assert.Equal(404, (await page.GotoAsync("/maintenance"))!.Status);
        }
        finally
        {
            // Others of this portal go there too.
            await on.ClickAsync();
        }

        await Expect(modules.GetByRole(AriaRole.Button, new() { Name = "Apagar: Mantenimiento" })).ToBeVisibleAsync();
        page = await daniela.OpenAsync("/maintenance?q=ext-77");
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("Extintores del gimnasio");
    }

    [Fact]
    public async Task A_case_becomes_work_that_is_quoted_done_and_accepted_and_its_petitioner_sees_how_far_it_is()
    {
        await using var andrea = await portal.SignInAsync("andrea.ruiz", phone: true);
        var home = await andrea.OpenAsync("/pqrs/123");
        await using var daniela = await portal.SignInAsync("daniela.torres");
        var page = await daniela.OpenAsync("/pqrs/123");
        await page.GetByRole(AriaRole.Link, new() { Name = "Crear orden de trabajo" }).ClickAsync();
        var panel = page.Locator(".mud-dialog");
        await Expect(panel.Locator("#f-title")).ToHaveValueAsync("Filtración de agua en el techo del baño");
        await panel.Locator("#f-title").FillAsync("");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await Expect(panel.Locator(".summary li")).ToHaveCountAsync(1);
        await panel.Locator("#f-title").FillAsync("Revisar el desagüe del 1304");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await page.ArriveAsync(new Regex(@"/maintenance/orders/\d+$"));
        await Expect(page.Locator("h1")).ToContainTextAsync("Revisar el desagüe del 1304");
        await Expect(page.Locator(".linked a")).ToHaveAttributeAsync("href", "/pqrs/123");
        var number = await page.Locator(".crumbs [aria-current=page]").InnerTextAsync();
        var seen = home.Locator(".side-list li").Filter(new() { HasText = number });
        await Expect(seen).ToContainTextAsync("Por programar");

        // Within what the staff decide, asking is enough.
        await page.GetByRole(AriaRole.Button, new() { Name = "Agregar cotización" }).ClickAsync();
        await panel.Locator("#f-supplierid").FillAsync("aseo");
        await page.Locator(".pick-list li[role=option]").First.ClickAsync();
        await panel.Locator("#f-amount").FillAsync("380000");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Guardar" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pedir aprobación" }).ClickAsync();
        await Expect(page.Locator(".head")).ToContainTextAsync("Asignada");

        await page.Locator("#new-check").FillAsync("Prueba de color");
        await page.Locator("#new-check").PressAsync("Enter");
        await Expect(page.Locator(".checks li")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Empezar" }).ClickAsync();
        await Expect(seen).ToContainTextAsync("En curso");
        await page.GetByRole(AriaRole.Button, new() { Name = "Terminar" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Terminar" }).ClickAsync();
        await Expect(panel.Locator(".summary")).ToContainTextAsync("lista de chequeo");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Cancelar" }).ClickAsync();
        await page.GetByText("Prueba de color").ClickAsync();
        await Expect(page.Locator(".checks small")).ToContainTextAsync("Daniela");
        await page.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "desague.png", MimeType = "image/png", Buffer = Pictures.Png });
        await Expect(page.Locator(".picked li")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Subir" }).ClickAsync();
        await Expect(page.Locator(".files img")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Terminar" }).ClickAsync();
        await panel.Locator("#f-note").FillAsync("El desagüe estaba suelto");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Terminar" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Recibir" }).ClickAsync();
        await Expect(page.Locator(".head")).ToContainTextAsync("Recibida");
        await Expect(seen).ToContainTextAsync("Terminado");
        Assert.Equal(403, (await home.GotoAsync(page.Url))!.Status);
    }
}
