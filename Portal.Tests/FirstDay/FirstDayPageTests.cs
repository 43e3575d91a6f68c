using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Portal.Areas.FirstDay;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.FirstDay;

/// <summary>An administrator takes a list in: guessed, matched by hand, shown with what is wrong, and kept.</summary>
public sealed class FirstDayPageTests(TestDatabase database) : PageContext(database)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        SetRendererInfo(new RendererInfo("Server", true));
        SignIn(await World.AdminAsync());
        Render<MudDialogProvider>();
    }

    [Fact]
    public async Task A_list_is_matched_checked_and_kept()
    {
        var page = Render<BuildingImportPage>();
        await TakeAsync(page, "Torre;Apto;Dueño;CC;Notas\nA;101;Ana Ruiz;52123456;486.000\nA;102;Prince;52999999;\n");
        page.WaitForElement("#bi-col-4");
        Assert.Equal(
            ["Tower", "Number", "Owner", "OwnerDocument", ""],
            Enumerable.Range(0, 5).Select(i => page.Find($"#bi-col-{i}").GetAttribute("value") ?? ""));

        // A column that no name tells is chosen by hand.
        await page.InvokeAsync(() => page.Find("#bi-col-4").Change("Balance"));
        await page.InvokeAsync(() => Button(page, "Revisar sin guardar").Click());
        page.WaitForElement(".bi-bad");
        Assert.Contains("3PropietarioFalta nombre y apellido: «Prince»", page.Find(".bi-bad tbody").TextContent, StringComparison.Ordinal);
        Assert.True(Button(page, "Importar 2 filas").HasAttribute("disabled"));

        await page.InvokeAsync(() => Button(page, "Atrás").Click());
        await page.InvokeAsync(() => Button(page, "Atrás").Click());
        await TakeAsync(page, "Torre;Apto;Dueño;CC;Saldo\nA;101;Ana Ruiz;52123456;486.000\nA;102;Eva Sol;52999999;\n");
        page.WaitForElement("#bi-col-4");
        await page.InvokeAsync(() => Button(page, "Revisar sin guardar").Click());
        page.WaitForAssertion(() => Assert.Contains("$ 486.000", page.Find(".bi-sums").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => Button(page, "Importar 2 filas").Click());
        page.WaitForAssertion(() => Assert.Contains("6 registros nuevos", page.Markup, StringComparison.Ordinal));
        Assert.Equal(2, await World.ReadAsync(db => db.Apartments.CountAsync(a => a.OwnerId != null)));
    }

    [Fact]
    public async Task The_guide_says_what_is_next_and_the_note_goes_when_nothing_is_missing()
    {
        var page = Render<SetUpPage>();
        page.WaitForElement(".su-next");
        Assert.Contains("Datos del edificio", page.Find(".su-next").TextContent, StringComparison.Ordinal);
        Assert.Contains("0 de 9", page.Find(".su-sum").TextContent, StringComparison.Ordinal);

        var admin = await World.AdminAsync();
        var note = Render<SetUpNote>(p => p.Add(n => n.User, admin));
        note.WaitForElement("a.su-note[href='/set-up']");
        Assert.Empty(Render<SetUpNote>(p => p.Add(n => n.User, Data.CurrentUser.Nobody)).Markup.Trim());
    }

    [Fact]
    public async Task Units_are_generated_after_they_were_shown()
    {
        var page = Render<GeneratePage>();
        await page.InvokeAsync(() => page.Find("#f-towers").Change("Torre 1-2"));
        await page.InvokeAsync(() => page.Find("#f-floors").Change("3"));
        await page.InvokeAsync(() => page.Find("#f-perfloor").Change("4"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("101 … 304", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => Button(page, "Generar 24 inmuebles").Click());
        await Waits(async () => await World.ReadAsync(db => db.Apartments.CountAsync()) == 24);
    }

    private static async Task Waits(Func<Task<bool>> until)
    {
        for (var i = 0; i < 100 && !await until(); i++) await Task.Delay(50);
        Assert.True(await until());
    }

    private static IElement Button<T>(IRenderedComponent<T> of, string text) where T : IComponent =>
        of.FindAll("button").First(b => b.TextContent.Contains(text, StringComparison.Ordinal));

    // It waits for what the page does with it, so not on the thread of the page.
    private static Task TakeAsync(IRenderedComponent<BuildingImportPage> page, string text) => Task.Run(() => page.FindComponent<InputFile>()
        .UploadFiles(InputFileContent.CreateFromText(text, "lista.csv")));
}
