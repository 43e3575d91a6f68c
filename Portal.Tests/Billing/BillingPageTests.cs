using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Portal.Areas.Billing;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Billing;

/// <summary>A month is looked at, posted in one press and undone, on the page that the office uses.</summary>
public sealed class BillingPageTests(TestDatabase database) : PageContext(database)
{
    private PaymentWorld.Home _one = null!, _two = null!;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        SetRendererInfo(new RendererInfo("Server", true));
        _one = await World.HomeAsync("Ana", "Restrepo");
        _two = await World.HomeAsync("Óscar", "Nieto");
        await Database.ExecuteAsync(
            $"UPDATE apartments SET monthly_fee = 400000 WHERE id = {_one.Id}; UPDATE apartments SET monthly_fee = 500000 WHERE id = {_two.Id}");
        SignIn(await World.AdminAsync());
        _dialogs = Render<MudDialogProvider>();
    }

    [Fact]
    public async Task What_is_shown_is_posted_in_one_press_and_can_be_undone_with_a_reason()
    {
        var page = Open();
        page.WaitForAssertion(
            () => Assert.Contains("Publicar 2 cobros por $ 900.000", page.Find(".bill-post button").TextContent, StringComparison.Ordinal));
        Assert.Equal(["$ 400.000", "$ 500.000"], Cells(page, "total"));

        await page.InvokeAsync(() => page.Find(".bill-post button").Click());
        page.WaitForAssertion(
            () => Assert.Contains("2 cobros por $ 900.000", page.Find(".bill-done").TextContent, StringComparison.Ordinal));
        Assert.Equal(900_000, await OwedAsync());

        await page.InvokeAsync(() => Button(page, "Deshacer").Click());
        _dialogs.WaitForElement("#undo-run");
        await _dialogs.InvokeAsync(() => _dialogs.Find("#undo-run").Submit());
        _dialogs.WaitForAssertion(
            () => Assert.Contains("obligatorio", _dialogs.Find("#f-reason-error").TextContent, StringComparison.Ordinal));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-reason").Change("Otro presupuesto"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#undo-run").Submit());
        page.WaitForAssertion(() => Assert.Contains("Otro presupuesto", page.Find(".bill-undone").TextContent, StringComparison.Ordinal));
        Assert.Equal(0, await OwedAsync());
    }

    [Fact]
    public async Task Where_something_changed_meanwhile_nothing_is_posted_and_the_new_sum_is_shown()
    {
        var page = Open();
        page.WaitForAssertion(() => Assert.Contains("$ 900.000", page.Find(".bill-post button").TextContent, StringComparison.Ordinal));
        await Database.ExecuteAsync($"UPDATE apartments SET monthly_fee = 450000 WHERE id = {_one.Id}");

        await page.InvokeAsync(() => page.Find(".bill-post button").Click());

        page.WaitForAssertion(
            () => Assert.Contains("ahora suma $ 950.000", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("$ 950.000", page.Find(".bill-post button").TextContent, StringComparison.Ordinal));
        Assert.Equal(0, await OwedAsync());
    }

    [Fact]
    public async Task A_charge_without_a_reason_is_refused_and_keeps_what_was_typed()
    {
        var page = Render<AccountPage>(p => p.Add(a => a.ApartmentId, _one.Id));
        page.WaitForElement(".acc");
        await page.InvokeAsync(() => Button(page, "Cobrar algo").Click());
        _dialogs.WaitForElement("#charge");
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-amount").Change("25000"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#charge").Submit());
        _dialogs.WaitForAssertion(
            () => Assert.Contains("obligatorio", _dialogs.Find("#f-reason-error").TextContent, StringComparison.Ordinal));
        Assert.Equal("$ 25.000", _dialogs.Find("#f-amount").GetAttribute("value"));

        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-reason").Change("Llave del portón"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#charge").Submit());
        page.WaitForAssertion(() => Assert.Contains("Llave del portón", page.Find(".acc-grid").TextContent, StringComparison.Ordinal));
        Assert.Equal(25_000, await OwedAsync());
    }

    private IRenderedComponent<BillingPage> Open()
    {
        var page = Render<BillingPage>();
        page.WaitForElement(".bill-post button");
        return page;
    }

    private Task<decimal> OwedAsync() => World.ReadAsync(db => db.Charges.Where(c => c.Status == ChargeState.Open).SumAsync(c => c.Owed));

    private static IEnumerable<string> Cells(IRenderedComponent<BillingPage> page, string column)
    {
        var heads = page.FindAll("#list-billing thead th").Select(h => h.TextContent.Trim()).ToList();
        var index = heads.FindIndex(h => h.StartsWith("Total", StringComparison.Ordinal));
        Assert.True(index >= 0, column);
        return page.FindAll("#list-billing tbody tr").Select(row => row.Children[index].TextContent.Trim());
    }

    private static IElement Button<T>(IRenderedComponent<T> page, string text) where T : IComponent =>
        page.FindAll("button").First(b => b.TextContent.Contains(text, StringComparison.Ordinal));
}
