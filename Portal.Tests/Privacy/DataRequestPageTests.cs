using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Areas.Privacy;
using Portal.Data.Privacy;
using Portal.Tests.Authority;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Privacy;

/// <summary>A request as the office works on it and as its person follows it.</summary>
public sealed class DataRequestPageTests(TestDatabase database) : PageContext(database)
{
    private const long Claim = 881, Incomplete = 882;

    [Fact]
    public async Task The_office_answers_and_is_told_what_it_forgot()
    {
        await using var world = new AuthorityWorld(Database);
        await world.BeginAsync(new PrivacyMatrix());
        SetRendererInfo(new RendererInfo("Server", true));
        SignIn(world.As(Who.Staff));
        var panels = Render<MudDialogProvider>();
        var page = Render<DataRequestDetail>(p => p.Add(d => d.Id, Claim).Add(d => d.Office, true));
        page.WaitForAssertion(() => Assert.Contains("HD-2026-000881", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => Button(page, "Responder").Click());
        panels.WaitForElement("#data-act");
        await panels.InvokeAsync(() => panels.Find("#data-act").Submit());
        panels.WaitForAssertion(
            () => Assert.Contains("Elige el resultado", panels.Find("#data-act [role=alert]").TextContent, StringComparison.Ordinal));
        await panels.InvokeAsync(() => panels.Find("#data-act select").Change("Granted"));
        await panels.InvokeAsync(() => panels.Find("#data-act textarea").Change("Ya está corregido."));
        await panels.InvokeAsync(() => panels.Find("#data-act").Submit());
        page.WaitForAssertion(() => Assert.Contains("Se concedió", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Ya está corregido.", page.Find(".timeline").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Responder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_person_sends_what_was_missing_and_sees_nobody_of_the_office()
    {
        await using var world = new AuthorityWorld(Database);
        await world.BeginAsync(new PrivacyMatrix());
        SetRendererInfo(new RendererInfo("Server", true));
        SignIn(world.As(Who.Owner));
        var page = Render<DataRequestDetail>(p => p.Add(d => d.Id, Incomplete));
        page.WaitForElement("#complete");
        Assert.DoesNotContain(page.FindAll("button"), b => b.TextContent.Contains("Responder", StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find("#complete textarea").Change("Es el 123."));
        await page.InvokeAsync(() => page.Find("#complete").Submit());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#complete")));
        page.WaitForAssertion(() => Assert.Contains("Es el 123.", page.Find(".timeline").TextContent, StringComparison.Ordinal));
        var seen = await world.Get<DataRequestService>().FindAsync(Incomplete, world.As(Who.Owner), default);
        Assert.Equal(DataRequestState.Open, seen!.Request.State);
    }

    private static IElement Button(IRenderedComponent<DataRequestDetail> page, string text) =>
        page.FindAll("button").First(b => b.TextContent.Contains(text, StringComparison.Ordinal));
}
