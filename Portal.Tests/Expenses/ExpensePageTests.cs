using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Areas.Expenses;
using Portal.Data;
using Portal.Data.Expenses;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Expenses;

/// <summary>The pages on which expenses are judged and paid, and a budget is written.</summary>
public sealed class ExpensePageTests(TestDatabase database) : PageContext(database)
{
    private ExpenseWorld _buys = null!;
    private CurrentUser _admin = null!;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        SetRendererInfo(new RendererInfo("Server", true));
        _admin = await World.AdminAsync();
        _buys = new ExpenseWorld(World, _admin);
        SignIn(_admin);
        _dialogs = Render<MudDialogProvider>();
    }

    [Fact]
    public async Task It_is_approved_in_one_press_and_paid_in_a_dialog_that_keeps_what_was_typed()
    {
        var id = await _buys.SentAsync(320_000);
        var page = Render<ExpensePage>(p => p.Add(e => e.Id, id));
        page.WaitForAssertion(() => Assert.NotNull(Button(page, "Aprobar $ 320.000")));
        await page.InvokeAsync(() => Button(page, "Aprobar $ 320.000").Click());
        page.WaitForAssertion(() => Assert.Contains("EG-2026-000001", page.Find("h1").TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => Button(page, "Pagar $ 320.000").Click());
        _dialogs.WaitForElement("#pay-form");
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-amount").Change("400000"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#pay-form").Submit());
        _dialogs.WaitForAssertion(
            () => Assert.Contains("Elige el medio", _dialogs.Find("#f-methodid-error").TextContent, StringComparison.Ordinal));
        Assert.Equal("$ 400.000", _dialogs.Find("#f-amount").GetAttribute("value"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-methodid").Change("2"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#pay-form").Submit());
        _dialogs.WaitForAssertion(
            () => Assert.Contains("Solo quedan $ 320.000", _dialogs.Find("#f-amount-error").TextContent, StringComparison.Ordinal));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-amount").Change("320000"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#pay-form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Pagado", page.Find(".chip").TextContent, StringComparison.Ordinal));
        Assert.Equal(ExpenseState.Paid, (await _buys.FindAsync(id)).State);
    }

    [Fact]
    public async Task Who_sees_an_expense_that_another_approved_meanwhile_is_told_and_sees_it_as_it_is()
    {
        var id = await _buys.SentAsync(320_000);
        var page = Render<ExpensePage>(p => p.Add(e => e.Id, id));
        page.WaitForAssertion(() => Assert.NotNull(Button(page, "Aprobar")));

        // The page hears of the other's approval by itself; whoever pressed was faster. So nothing may be drawn between the two.
        await page.InvokeAsync(() =>
        {
            using var approved = new ManualResetEventSlim();
            Result other = Error.NotFound;
            new Thread(() =>
            {
                other = _buys.Desk.ApproveAsync(id, 320_000, _admin, default).GetAwaiter().GetResult();
                approved.Set();
            }).Start();
            Assert.True(approved.Wait(TimeSpan.FromSeconds(30)));
            Assert.True(other.Ok);
            Button(page, "Aprobar").Click();
        });
        page.WaitForAssertion(
            () => Assert.Contains("Carolina Mejía ya lo aprobó", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.NotNull(Button(page, "Pagar"));
    }

    [Fact]
    public async Task A_year_is_written_and_spread_over_its_months()
    {
        var id = (await _buys.Budget.StartAsync(new(2026, null), _admin, default)).Value;
        var page = Render<BudgetVersionPage>(p => p.Add(b => b.Id, id));
        page.WaitForElement("[aria-label='Vigilancia, año']", TimeSpan.FromSeconds(30));
        await page.InvokeAsync(() => page.Find("[aria-label='Vigilancia, año']").Change("1000000"));
        await page.InvokeAsync(() => Button(page, "Guardar").Click());
        for (var i = 0; i < 100 && await JanuaryAsync() == 0; i++) await Task.Delay(100);
        Assert.Equal(83_334m, await JanuaryAsync());

        async Task<decimal> JanuaryAsync() =>
            (await _buys.Budgets.FindAsync(id, _admin, default))!.Rows.Single(r => r.AccountId == Of.Guards).Months[0];
    }

    private static IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll("button").First(b => b.TextContent.Contains(text, StringComparison.Ordinal));
}
