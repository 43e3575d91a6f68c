using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Areas.Fines;
using Portal.Data;
using Portal.Data.Fines;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Fines;

/// <summary>A fine on its page: the owner answers, the office decides within the limits that stand beside it.</summary>
public sealed class FinePageTests(TestDatabase database) : PageContext(database)
{
    private PaymentWorld.Home _home = null!;
    private CurrentUser _admin = null!;
    private long _fine;
    private IRenderedComponent<MudDialogProvider> _dialogs = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        SetRendererInfo(new RendererInfo("Server", true));
        _home = await World.HomeAsync("Ana", "Restrepo");
        await Database.ExecuteAsync($"UPDATE apartments SET monthly_fee = 400000 WHERE id = {_home.Id}");
        _admin = await World.AdminAsync();
        _fine = (await World.Get<FineDesk>().RequestAsync(
            new FineInput(_home.Id, PaymentWorld.Today, "Art. 42", "Ruido"), _admin, default)).Value;
    }

    [Fact]
    public async Task The_owner_answers_in_their_own_words()
    {
        var page = Open(_home.User);
        await page.InvokeAsync(() => Button(page, "Responder").Click());
        _dialogs.WaitForElement("#fine-act");
        await _dialogs.InvokeAsync(() => _dialogs.Find("#fine-act").Submit());
        _dialogs.WaitForAssertion(() => Assert.NotEmpty(_dialogs.Find("#f-words-error").TextContent));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-words").Change("Estaba de viaje"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#fine-act").Submit());

        page.WaitForAssertion(() => Assert.Contains("Estaba de viaje", page.Find(".timeline").TextContent, StringComparison.Ordinal));
        Assert.Contains("por quien responde", page.Find(".timeline").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Registrar multa", StringComparison.Ordinal));
        Assert.DoesNotContain("Topes", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_office_reads_how_much_it_may_be_and_is_told_where_it_is_more()
    {
        Assert.True((await World.Get<FineDesk>().HearAsync(_fine, "No", _admin, default)).Ok);
        var page = Open(_admin);
        Assert.Contains("$ 800.000", page.Markup, StringComparison.Ordinal);
        await page.InvokeAsync(() => Button(page, "Registrar multa").Click());
        _dialogs.WaitForElement("#fine-act");
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-amount").Change("900000"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-act").Change("Acta 14"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#fine-act").Submit());
        _dialogs.WaitForAssertion(
            () => Assert.Contains("$ 800.000", _dialogs.Find("#f-amount-error").TextContent, StringComparison.Ordinal));
        Assert.Equal("Acta 14", _dialogs.Find("#f-act").GetAttribute("value"));

        await _dialogs.InvokeAsync(() => _dialogs.Find("#f-amount").Change("200000"));
        await _dialogs.InvokeAsync(() => _dialogs.Find("#fine-act").Submit());
        page.WaitForAssertion(() => Assert.Contains("Por notificar", page.Markup, StringComparison.Ordinal));
    }

    private IRenderedComponent<FinePage> Open(CurrentUser user)
    {
        SignIn(user);
        _dialogs = Render<MudDialogProvider>();
        var page = Render<FinePage>(p => p.Add(f => f.Id, _fine));
        page.WaitForElement(".fine-way");
        return page;
    }

    private static IElement Button<T>(IRenderedComponent<T> page, string text) where T : IComponent =>
        page.FindAll("button").First(b => b.TextContent.Contains(text, StringComparison.Ordinal));
}
