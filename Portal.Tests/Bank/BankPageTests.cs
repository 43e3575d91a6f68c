using System.Text;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Portal.Areas.Bank;
using Portal.Data.Bank;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Bank;

/// <summary>The office takes a statement in, confirms what is sure in one press, and is told what is left.</summary>
public sealed class BankPageTests(TestDatabase database) : PageContext(database)
{
    private PaymentWorld.Home _home = null!;
    private Data.CurrentUser _admin = null!;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        SetRendererInfo(new RendererInfo("Server", true));
        _home = await World.HomeAsync("Ana", "Restrepo");
        await World.ChargeAsync(_home, 400_000);
        SignIn(_admin = await World.AdminAsync());
        _dialogs = Render<MudDialogProvider>();
    }

    [Fact]
    public async Task A_file_is_guessed_shown_and_kept_and_a_bad_row_waits_for_a_yes()
    {
        var page = Render<ImportPage>();
        page.WaitForElement("#imp-account option");
        var file = InputFileContent.CreateFromText("Fecha;Descripción;Referencia;Valor\n12/11/2026;PSE;1;5.000\n;Total;;5.000\n", "noviembre.csv");
        // It waits for what the page does with it, so not on the thread of the page.
        await Task.Run(() => page.FindComponent<InputFile>().UploadFiles(file));
        page.WaitForElement("#imp-date");
        Assert.Equal(("1", "4"), (page.Find("#imp-date").GetAttribute("value"), page.Find("#imp-amount").GetAttribute("value")));

        await page.InvokeAsync(() => Button(page, "Ver qué se cargará").Click());
        page.WaitForAssertion(() => Assert.Contains("1 fila no se puede leer", page.Find(".notice-warn").TextContent, StringComparison.Ordinal));
        Assert.Contains("Fila 3", page.Find(".imp-bad").TextContent, StringComparison.Ordinal);
        Assert.True(Button(page, "Cargar 1 línea").HasAttribute("disabled"));
        await page.InvokeAsync(() => page.Find(".imp-leave input").Change(true));
        await page.InvokeAsync(() => Button(page, "Cargar 1 línea").Click());
        page.WaitForAssertion(() => Assert.Contains("1 línea cargada", page.Markup, StringComparison.Ordinal));
        Assert.Equal(5_000, await World.ReadAsync(db => db.BankLines.Select(l => l.Amount).SingleAsync()));
    }

    [Fact]
    public async Task What_is_sure_comes_ticked_and_the_button_says_the_sum_and_what_is_left()
    {
        await ImportAsync($"12/11/2026;PSE {PaymentReference.Of(_home.Id)};;400.000\n13/11/2026;CONSIGNACION;;70.000\n");
        var page = Render<ReconcilePage>(p => p.Add(r => r.Account, Of.Bank));
        page.WaitForElement(".pr");
        Assert.Contains("Confirmar 1 por $ 400.000", page.Find(".go button").TextContent, StringComparison.Ordinal);
        Assert.Contains("después quedan $ 70.000", page.Find(".go").TextContent, StringComparison.Ordinal);
        Assert.Equal("lk no", page.FindAll(".lk")[1].ClassName?.Trim());

        await page.InvokeAsync(() => page.Find(".go button").Click());
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".pr")));
        Assert.Equal(400_000, await World.ReadAsync(db => db.Payments.Select(p => p.Amount).SingleAsync()));

        await page.InvokeAsync(() => Button(page, "Dejar sin identificar").Click());
        page.WaitForAssertion(() => Assert.Contains("$ 70.000", page.Find(".uni").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".pr"));

        // The equation is amber until the balance makes it nothing.
        await page.InvokeAsync(() => page.Find(".diff .link").Click());
        _dialogs.WaitForElement("#bank-balance");
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-balance").Change("mucho"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#bank-balance").Submit());
        _dialogs.WaitForAssertion(() => Assert.Contains("como está en el extracto", _dialogs.Markup, StringComparison.Ordinal));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-balance").Change("$ 470.000,00"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#bank-balance").Submit());
        page.WaitForAssertion(() => Assert.Contains("cuadra", page.Find(".res-ok").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_somebody_confirmed_meanwhile_is_said_with_the_line()
    {
        await ImportAsync($"12/11/2026;PSE {PaymentReference.Of(_home.Id)};;400.000\n");
        var page = Render<ReconcilePage>(p => p.Add(r => r.Account, Of.Bank));
        page.WaitForElement(".pr");
        var line = await World.ReadAsync(db => db.BankLines.Select(l => l.Id).SingleAsync());
        Assert.True((await World.Get<BankDesk>().LeaveAsync(line, _admin, default)).Ok);

        await page.InvokeAsync(() => page.Find(".go button").Click());

        page.WaitForAssertion(() => Assert.Contains("Carolina Mejía ya resolvió esta línea", page.Find(".notice-bad").TextContent, StringComparison.Ordinal));
        Assert.Equal(0, await World.ReadAsync(db => db.Payments.CountAsync()));
    }

    private async Task ImportAsync(string lines)
    {
        var format = new BankFormat(';', BankFormat.Utf8, 1, 1, 2, 3, 4, null, null, null, "dd/MM/yyyy", true);
        var content = Encoding.UTF8.GetBytes("Fecha;Descripción;Referencia;Valor\n" + lines);
        Assert.True((await World.Get<BankImporter>().ImportAsync(Of.Bank, "n.csv", content, format, false, _admin, default)).Ok);
    }

    private static IElement Button<T>(IRenderedComponent<T> page, string text) where T : IComponent =>
        page.FindAll("button").First(b => b.TextContent.Contains(text, StringComparison.Ordinal));
}
