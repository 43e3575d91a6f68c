using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Payments;
using Portal.Data;
using Portal.Data.Access;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Payments;

/// <summary>
/// The form with its real services on a real server; only the browser is missing. What it fetches draws it anew at any moment: a field is
/// found and typed into in one go, on the page's own thread.
/// </summary>
public sealed class RecordPaymentPageTests(TestDatabase database) : PageContext(database)
{
    private PaymentWorld.Home _home = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _home = await World.HomeAsync();
        await World.ChargeAsync(_home, 100_000);
        await World.ChargeAsync(_home, 5_000, Data.Payments.ChargeKind.Interest);
        await SignInAsync(Roles.Staff);
    }

    [Fact]
    public async Task The_sum_that_is_typed_shows_at_once_how_it_would_be_applied()
    {
        var page = Open();

        await page.InvokeAsync(() => page.Find("#f-amount").Input("$ 60.000"));

        var lines = page.WaitForElements(".applied tbody tr", 2);
        Assert.Contains("$ 5.000", lines[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("$ 55.000", lines[1].TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("#f-amount").Input("105001"));
        page.WaitForAssertion(() => Assert.Contains("Saldo a favor", page.Find(".applied").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_press_fills_in_all_that_is_owed()
    {
        var page = Open();

        await page.InvokeAsync(() => page.Find(".field-top .link").Click());

        page.WaitForAssertion(() => Assert.Equal("$ 105.000", page.Find("#f-amount").GetAttribute("value")));
        Assert.Contains("Registrar $ 105.000", page.Find(".form-acts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_payer_names_goes_first_in_the_preview_and_is_kept()
    {
        var extra = await World.ChargeAsync(_home, 40_000, Data.Payments.ChargeKind.ExtraFee, due: new(2026, 12, 31));
        var page = Open();
        await page.InvokeAsync(() => page.Find("#f-amount").Change("50000"));
        page.WaitForAssertion(() => Assert.Contains("$ 5.000", page.FindAll(".applied tbody tr")[0].TextContent, StringComparison.Ordinal));

        await page.InvokeAsync(() => page.Find("#f-namedchargeid").Change($"{extra}"));

        page.WaitForAssertion(() => Assert.Contains("$ 40.000", page.FindAll(".applied tbody tr")[0].TextContent, StringComparison.Ordinal));
        Assert.Contains("Primero lo que pidió quien paga", page.Find(".applied-head").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("#f-methodid").Change("1"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForElement("a[download]");
        Assert.Equal(extra, await World.ReadAsync(db => db.Payments.Select(p => p.NamedChargeId).SingleAsync()));
    }

    [Fact]
    public async Task A_payment_that_looks_like_another_is_pointed_out_before_it_is_saved()
    {
        await World.ReportedAsync(_home, 7_000, "PSE 1");
        var page = Open();

        await page.InvokeAsync(() => page.Find("#f-amount").Change("7000"));
        await page.InvokeAsync(() => page.Find("#f-reference").Change("PSE 1"));

        page.WaitForAssertion(() =>
            Assert.Contains("Puede estar repetido", page.Find(".notice-warn").TextContent, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_refusal_keeps_what_was_typed_and_says_what_is_missing()
    {
        var page = Open();
        await page.InvokeAsync(() => page.Find("#f-amount").Change("7000"));
        await page.InvokeAsync(() => page.Find("#f-note").Change("en la portería"));

        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() =>
            Assert.Contains("Elige cómo se pagó.", page.Find("#f-methodid-error").TextContent, StringComparison.Ordinal)
        );
        Assert.Equal("$ 7.000", page.Find("#f-amount").GetAttribute("value"));
        Assert.Equal("en la portería", page.Find("#f-note").GetAttribute("value"));
    }

    [Fact]
    public async Task What_was_saved_is_shown_with_its_receipt_and_the_form_starts_anew()
    {
        var page = Open();
        await page.InvokeAsync(() => page.Find("#f-amount").Change("55000"));
        await page.InvokeAsync(() => page.Find("#f-methodid").Change("1"));
        await page.InvokeAsync(() => page.Find("form").Submit());

        var link = page.WaitForElement("a[download]", TimeSpan.FromSeconds(10));
        var id = await World.ReadAsync(db => db.Payments.Select(p => p.Id).SingleAsync());
        Assert.Equal($"/payments/{id}/receipt.pdf", link.GetAttribute("href"));
        Assert.Contains("RC-2026-000001", page.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(
            () => page.FindAll("button").Single(b => b.TextContent.Contains("Registrar otro", StringComparison.Ordinal)).Click());

        Assert.Null(page.Find("#f-amount").GetAttribute("value"));
        Assert.Empty(page.FindAll(".pick-chosen"));
    }

    [Fact]
    public async Task Without_the_permission_the_page_knows_nothing_of_the_apartment()
    {
        await SignInAsync(Roles.Security);

        var page = Render<RecordPayment>();

        Assert.Empty(page.FindAll(".owes"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("Tu rol no permite", page.Find(".summary").TextContent, StringComparison.Ordinal));
    }

    private IRenderedComponent<RecordPayment> Open()
    {
        var page = Render<RecordPayment>();
        page.WaitForElement(".pick-chosen", TimeSpan.FromSeconds(10));
        return page;
    }

    private async Task SignInAsync(int role)
    {
        var user = await World.WorkerAsync(role, "Laura", "Prieto");
        SignIn(user);
        var nav = Services.GetRequiredService<NavigationManager>();
        nav.NavigateTo($"/payments/new?apartment={_home.Id}");
    }
}
