using System.Net;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Passes;
using Portal.Data;
using Portal.Data.Passes;
using Portal.Tests.Authority;
using Portal.Tests.Documents;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Passes;

/// <summary>The pages of a resident, and the one that anybody sees who has the address.</summary>
public sealed class PassPageTests : PageContext
{
    // The pages live on the day of the world beside them.
    public PassPageTests(TestDatabase database)
        : base(database)
    {
        Services.AddSingleton(TestDay.Time);
        Services.AddSingleton(new BuildingClock(TestDay.Time, TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)));
    }

    private async Task<AuthorityWorld> BeginAsync()
    {
        var world = new AuthorityWorld(Database);
        await world.BeginAsync(new PassesMatrix());
        SetRendererInfo(new RendererInfo("Server", true));
        Render<MudBlazor.MudPopoverProvider>();
        SignIn(world.As(Who.Owner));
        return world;
    }

    private NavigationManager Nav => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public async Task One_tap_invites_who_came_before_and_the_row_is_its_own_undo()
    {
        await using var world = await BeginAsync();
        var page = Render<Visits>();
        page.WaitForElement(".when");
        await page.InvokeAsync(() => page.FindAll(".when button")[2].Click());
        var row = page.FindAll(".who li").Single(li => li.TextContent.Contains("Nubia Torres", StringComparison.Ordinal) && li.QuerySelector("button") is not null);
        Assert.Contains("vino el", row.TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => row.QuerySelector("button")!.Click());
        page.WaitForAssertion(() => Assert.Contains("Con pase · código", page.Find(".who .done").TextContent, StringComparison.Ordinal));
        var own = world.Get<OwnPasses>();
        Assert.Contains((await own.ListAsync(new ListQuery(), world.As(Who.Owner), default)).Rows, p => p is { Kind: PassKind.Single, Title: "Nubia Torres" });
        await page.InvokeAsync(() => page.Find(".who .done button").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".who .done")));
        Assert.DoesNotContain(
            (await own.ListAsync(new ListQuery(), world.As(Who.Owner), default)).Rows, p => p is { Kind: PassKind.Single, Title: "Nubia Torres" });
    }

    [Fact]
    public async Task Somebody_new_needs_a_name_and_nothing_else_and_what_was_typed_stays()
    {
        await using var world = await BeginAsync();
        Nav.NavigateTo("/visits?name=Daniel");
        var page = Render<Visits>();
        page.WaitForElement("#invite");
        Assert.Equal("Daniel", page.Find("#f-name").GetAttribute("value"));
        await page.InvokeAsync(() => page.Find("#f-name").Change(""));
        await page.InvokeAsync(() => page.Find("#f-plate").Change("abc 123"));
        await page.InvokeAsync(() => page.Find("#invite").Submit());
        page.WaitForAssertion(() => Assert.Contains("Escribe el nombre", page.Find(".summary").TextContent, StringComparison.Ordinal));
        Assert.Equal("abc 123", page.Find("#f-plate").GetAttribute("value"));
        await page.InvokeAsync(() => page.Find("#f-name").Change("Daniel Peña"));
        await page.InvokeAsync(() => page.Find("#invite").Submit());
        page.WaitForAssertion(() => Assert.Contains("Daniel Peña", page.Find(".who .done").TextContent, StringComparison.Ordinal));

        // Who is on the apartment's own list: rule, since when, what to do.
        await page.InvokeAsync(() => page.FindAll(".who .go").First(b => b.TextContent.Contains("Alguien nuevo", StringComparison.Ordinal)).Click());
        await page.InvokeAsync(() => page.Find("#f-name").Change("Carlos"));
        await page.InvokeAsync(() => page.Find("#f-identification").Change("79.100"));
        await page.InvokeAsync(() => page.Find("#invite").Submit());
        page.WaitForAssertion(() => Assert.Contains("Carlos Pardo no puede tener pase", page.Find(".refuse").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Twenty_names_are_pasted_and_counted_against_the_booked_place()
    {
        await using var world = await BeginAsync();
        Nav.NavigateTo("/visits?kind=event");
        var page = Render<Visits>();
        page.WaitForElement("#event");
        Assert.Equal("true", page.Find(".booked button").GetAttribute("aria-pressed"));
        await page.InvokeAsync(() => page.Find("#f-title").Change("Cumpleaños de Sofía"));
        await page.InvokeAsync(() => page.Find("#f-guests").Input(string.Join('\n', Enumerable.Range(1, 20).Select(n => $"Invitado {n}")) + "\ninvitado 3"));
        page.WaitForAssertion(() => Assert.Contains("20 de 60", page.Find(".cap").TextContent, StringComparison.Ordinal));
        Assert.Contains("Repetidos, cuentan una vez: invitado 3", page.Find(".cap").TextContent, StringComparison.Ordinal);
        Assert.Contains("Invitar a 20 personas", page.Find("#event button[type=submit]").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("#event").Submit());
        page.WaitForAssertion(() => Assert.Matches(@"/visits/\d+\?made=1$", Nav.Uri));
        var id = long.Parse(new Uri(Nav.Uri).Segments[^1], System.Globalization.CultureInfo.InvariantCulture);
        var pass = Render<PassPage>(p => p.Add(v => v.Id, id));
        pass.WaitForAssertion(() => Assert.Equal(20, pass.FindAll(".who li .acts").Count));
        Assert.StartsWith("https://wa.me/?text=", pass.Find(".who .ic").GetAttribute("href")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recurring_pass_says_how_many_visits_it_means_before_it_is_made()
    {
        await using var world = await BeginAsync();
        Nav.NavigateTo("/visits?kind=recurring");
        var page = Render<Visits>();
        page.WaitForElement("#recurring");
        Assert.Contains("no queda ninguna visita", page.Find(".says").TextContent, StringComparison.Ordinal);
        foreach (var day in Enumerable.Range(0, 7)) await page.InvokeAsync(() => page.FindAll(".wk button")[day].Click());
        Assert.Matches(@"Son \d+ días de visita", page.Find(".says").TextContent);
        await page.InvokeAsync(() => page.Find("#f-name").Change("Rosa"));
        await page.InvokeAsync(() => page.Find("#recurring").Submit());
        page.WaitForAssertion(() => Assert.Contains("made=1", Nav.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_resident_answers_and_sees_who_was_first()
    {
        await using var world = await BeginAsync();
        var page = Render<ApprovePage>(p => p.Add(a => a.Id, PassesMatrix.Asked));
        page.WaitForElement(".ring");
        Assert.Contains("Daniel Peña", page.Find(".ap-card").TextContent, StringComparison.Ordinal);
        Assert.Contains("es su primera vez aquí", page.Find(".ap-card").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".ap-acts button").First(b => b.TextContent.Contains("Que entre", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Contains("Dijiste que entre", page.Find(".ans").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".ring"));

        // Who lives there sees the other's answer, and theirs is noted as late.
        SignIn(world.As(Who.Tenant));
        await world.Get<GateApprovalService>().AnswerAsync(PassesMatrix.Asked, ApprovalAnswer.No, world.As(Who.Tenant), default);
        var other = Render<ApprovePage>(p => p.Add(a => a.Id, PassesMatrix.Asked));
        other.WaitForAssertion(() => Assert.Contains("Tu «no entra» llegó tarde", other.Find(".ans").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_public_page_shows_the_pass_and_nothing_of_whose_it_is()
    {
        await using var world = await BeginAsync();
        using var host = new PortalHost(Database.ConnectionString);
        var stranger = host.NewVisitor("es");
        var answer = await stranger.Client.GetAsync($"/p/{PassesMatrix.Token}");
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains("482 913", html, StringComparison.Ordinal);
        Assert.Contains("Pase para 2 personas", html, StringComparison.Ordinal);
        Assert.Contains("Ley 1581", html, StringComparison.Ordinal);
        foreach (var secret in new[] { "Laura", "KJH", "52000001", " 101" }) Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Contains("noindex", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")), StringComparison.Ordinal);

        // Revoked and unknown are one same page.
        Assert.True((await world.Get<OwnPasses>().RevokeAsync(PassesMatrix.Single, world.As(Who.Owner), default)).Ok);
        var revoked = await stranger.Client.GetAsync($"/p/{PassesMatrix.Token}");
        var unknown = await stranger.Client.GetAsync($"/p/{new string('1', 32)}");
        Assert.Equal(revoked.StatusCode, unknown.StatusCode);
        Assert.Equal(Ended(await revoked.Content.ReadAsStringAsync()), Ended(await unknown.Content.ReadAsStringAsync()));
        Assert.Contains("Este pase no sirve", Ended(await revoked.Content.ReadAsStringAsync()), StringComparison.Ordinal);

        // Who tries addresses is held back; who has one that opens is not.
        for (var i = 0; i < 25; i++) await stranger.Client.GetAsync($"/p/{i:x32}");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.Client.GetAsync($"/p/{new string('2', 32)}")).StatusCode);
    }

    private static string Ended(string html) => html[html.IndexOf("<main", StringComparison.Ordinal)..html.IndexOf("</main>", StringComparison.Ordinal)];
}
