using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Portal.Areas.Payments;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>The office gives a deposit back on the page that lists them.</summary>
public sealed class DepositsPageTests(TestDatabase database) : PageContext(database)
{
    [Fact]
    public async Task Damages_are_named_and_the_button_says_what_is_left_to_give_back()
    {
        SetRendererInfo(new RendererInfo("Server", true));
        var home = await World.HomeAsync("Ana", "Restrepo");
        await World.ChargeAsync(home, 300_000, ChargeKind.Deposit);
        await World.PaidAsync(home, 300_000);
        SignIn(await World.AdminAsync());
        var dialogs = Render<MudDialogProvider>();
        var page = Render<Deposits>();
        page.WaitForElement("tbody button");
        await page.InvokeAsync(() => page.Find("tbody button").Click());
        dialogs.WaitForElement("#deposit");
        await dialogs.InvokeAsync(() => dialogs.Find("#f-damages").Change("80000"));
        dialogs.WaitForAssertion(() => Assert.Contains("Devolver $ 220.000", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.InvokeAsync(() => dialogs.Find("#deposit").Submit());
        dialogs.WaitForAssertion(() => Assert.NotEmpty(dialogs.Find("#f-reason-error").TextContent));
        Assert.Equal("$ 80.000", dialogs.Find("#f-damages").GetAttribute("value"));

        await dialogs.InvokeAsync(() => dialogs.Find("#f-reason").Change("Una silla"));
        await dialogs.InvokeAsync(() => dialogs.Find("#f-methodid").Change("2"));
        await dialogs.InvokeAsync(() => dialogs.Find("#deposit").Submit());
        page.WaitForAssertion(() => Assert.Contains("RF-2026-000001", page.Markup, StringComparison.Ordinal));
        Assert.Equal(220_000m, await World.ReadAsync(db => db.Refunds.SumAsync(r => r.Amount)));
    }
}
