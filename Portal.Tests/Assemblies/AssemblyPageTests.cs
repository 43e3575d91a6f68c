using System.Net;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Assemblies;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Tests.Authority;
using Portal.Tests.Documents;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using static Portal.Tests.Assemblies.AssemblyBuilding;

namespace Portal.Tests.Assemblies;

/// <summary>The evening of the worked examples as it is run and seen: at the desk, on a phone, on the wall, and in the files.</summary>
public sealed class AssemblyPageTests : PageContext
{
    // The pages live on the day of the world beside them: an assembly meets on its day.
    public AssemblyPageTests(TestDatabase database)
        : base(database)
    {
        Services.AddSingleton(TestDay.Time);
        Services.AddSingleton(new BuildingClock(TestDay.Time, TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)));
    }

    [Fact]
    public async Task The_worked_examples_are_played_at_the_desk_and_on_a_phone()
    {
        await using var world = new AuthorityWorld(Database);
        var building = await BeginAsync(world);
        var id = (await building.Desk.SaveAsync(
            null, building.Draft(Item("¿Aprobar el presupuesto?", amount: 9_000_000), Item("¿Techar la piscina?", VoteThreshold.Qualified)),
            building.Staff, default)).Value;
        SetRendererInfo(new RendererInfo("Server", true));
        SignIn(building.Staff);
        var provider = Render<MudBlazor.MudDialogProvider>();
        var desk = Render<AssemblyPage>(p => p.Add(a => a.Id, id));
        await PressAsync(desk, "Convocar");
        await ConfirmAsync(provider, "Convocar");
        desk.WaitForAssertion(() => Assert.Contains("Convocada", desk.Find(".h-state").TextContent, StringComparison.Ordinal));
        await building.Call.RunAsync(id, default);
        await PressAsync(desk, "Abrir registro");
        desk.WaitForAssertion(() => Assert.True(
            desk.FindAll(".q-top b").Count > 0, string.Join(" ", desk.FindAll("[role=alert]").Select(a => a.TextContent))));
        desk.WaitForAssertion(() => Assert.Contains("0,0000", desk.Find(".q-top b").TextContent, StringComparison.Ordinal));

        // Who comes is typed by their apartment, and comes in with all they carry.
        foreach (var (unit, sum) in new[] { ("102", "22,7500"), ("201", "37,5000"), ("202", "50,0000") })
        {
            await ArriveAsync(desk, unit);
            desk.WaitForAssertion(() => Assert.Contains(sum, desk.Find(".q-top b").TextContent, StringComparison.Ordinal));
        }

        Assert.Contains("cuórum: más de 50,0000", desk.Find(".t50").TextContent, StringComparison.Ordinal);
        await PressAsync(desk, "Abrir votación");
        await SubmitAsync(provider, "#open-vote");
        provider.WaitForAssertion(() => Assert.Contains("No hay cuórum: hay 50,0000", provider.Markup, StringComparison.Ordinal));
        await PressAsync(provider, "Cancelar");
        await ArriveAsync(desk, "401");
        desk.WaitForAssertion(() => Assert.Contains("59,5000", desk.Find(".q-top b").TextContent, StringComparison.Ordinal));
        Assert.Contains("No abre: faltan 10,5000", desk.Markup, StringComparison.Ordinal);
        await PressAsync(desk, "Abrir votación");
        await SubmitAsync(provider, "#open-vote");
        desk.WaitForAssertion(() => Assert.Contains("la mitad: 29,7500", desk.Find(".vb-tick").TextContent, StringComparison.Ordinal));

        // B votes on the phone for both, alike.
        SignIn(building.Owner("102"));
        var phone = Render<AssemblyPhone>(p => p.Add(a => a.Id, id));
        phone.WaitForAssertion(() => Assert.Equal(2, phone.FindAll(".un").Count));
        await phone.InvokeAsync(() => phone.FindAll(".opt")[0].Click());
        Assert.Contains("22,7500", phone.Find(".sumline").TextContent, StringComparison.Ordinal);
        await PressAsync(phone, "Revisar y votar");
        provider.WaitForAssertion(() => Assert.Contains("No se puede cambiar después", provider.Markup, StringComparison.Ordinal));
        await PressAsync(provider, "Votar por las 2");
        var nav = Services.GetService(typeof(NavigationManager)) as NavigationManager;
        phone.WaitForAssertion(() => Assert.Contains("/assemblies/receipts/", nav!.Uri, StringComparison.Ordinal));
        var saved = long.Parse(nav!.Uri[(nav.Uri.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        var receipt = Render<ReceiptPage>(p => p.Add(r => r.Id, saved));
        receipt.WaitForAssertion(() => Assert.Contains("2 votos guardados", receipt.Markup, StringComparison.Ordinal));

        SignIn(building.Staff);
        var vote = (await building.Service.FindAsync(id, building.Staff, default))!.Items[0].Vote!.Id;
        await building.Voting.CastAsync(vote, Of(building, "201", BallotChoice.No), Guid.NewGuid(), building.Owner("201"), default);
        foreach (var one in new[] { "202", "401" })
            await building.Voting.CastAsync(vote, Of(building, one, BallotChoice.Abstain), Guid.NewGuid(), building.Owner(one), default);
        var again = Render<AssemblyPage>(p => p.Add(a => a.Id, id));
        again.WaitForAssertion(() => Assert.Equal(
            ["22,7500", "14,7500", "22,0000", "0,0000"], again.FindAll(".vb-n dd").Select(d => d.FirstChild!.TextContent)));
        await PressAsync(again, "Cerrar votación");
        again.WaitForAssertion(() => Assert.Contains("No aprobado 22,7500", again.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wall_act_results_and_recount_come_as_pages_and_files()
    {
        await using var world = new AuthorityWorld(Database);
        var building = await BeginAsync(world);
        var view = await building.OpenAsync(building.Draft(Item("=¿Pintar?", amount: 9_000_000)));
        foreach (var one in new[] { "101", "102", "201", "301" }) await building.ArriveAsync(one);
        using var host = new PortalHost(Database.ConnectionString);
        var stranger = host.NewVisitor("es");
        var vote = await building.VoteAsync(1);
        await building.CastAsync(vote, BallotChoice.Yes, "101");
        var wall = WebUtility.HtmlDecode(await stranger.Client.GetStringAsync($"/wall/{view.ProjectorToken}"));
        Assert.Contains("Votación abierta", wall, StringComparison.Ordinal);
        Assert.Contains("1 de 5", wall, StringComparison.Ordinal);
        Assert.DoesNotContain("18,5000", wall, StringComparison.Ordinal);
        Assert.DoesNotContain("Dueño", wall, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Client.GetAsync($"/wall/{new string('1', 32)}")).StatusCode);
        await building.CastAsync(vote, BallotChoice.Yes, "102", "402");
        await building.CloseAsync(vote);
        wall = WebUtility.HtmlDecode(await stranger.Client.GetStringAsync($"/wall/{view.ProjectorToken}"));
        Assert.Contains("Aprobado", wall, StringComparison.Ordinal);
        Assert.Contains("El Sí obtuvo 41,2500; necesitaba más de 33,6250", wall, StringComparison.Ordinal);

        await building.Desk.CloseAsync(building.Id, building.Staff, default);
        await building.Acts.MinuteAsync(building.Id, "Ana Preside", "Luis Escribe", "Se abrió a tiempo.", 1, building.Staff, default);
        Assert.True((await building.Acts.PublishAsync(building.Id, building.Staff, default)).Ok);
        var staff = host.NewVisitor("es");
        await staff.SignInAsync(AuthorityWorld.Username(Who.Staff), AuthorityWorld.Password);
        var act = Pdf.Text(await staff.Client.GetByteArrayAsync($"/assemblies/{building.Id}/act.pdf"));
        string[] said = ["Ana Preside", "Luis Escribe", "Se abrió a tiempo.", "APROBADO", "Torre A 101", "41,2500", "67,2500"];
        foreach (var words in said)
            Assert.Contains(words, act, StringComparison.Ordinal);
        var results = Pdf.Text(await staff.Client.GetByteArrayAsync($"/assemblies/{building.Id}/results.pdf"));
        Assert.Contains("APROBADO", results, StringComparison.Ordinal);
        Assert.DoesNotContain("Dueño", results, StringComparison.Ordinal);

        // Counted by a stranger: semicolons, decimal commas, nothing else known.
        var csv = await staff.Client.GetStringAsync($"/assemblies/{building.Id}/recount.csv");
        var lines = csv.Replace("\r", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Select(l => l.Split(';')).ToList();
        decimal Sum(Func<string[], bool> where) =>
            lines.Where(where).Sum(l => decimal.Parse(l[7], System.Globalization.CultureInfo.GetCultureInfo("es-CO")));
        Assert.Equal((8, 100m, 67.25m, 41.25m), (lines.Count, Sum(_ => true), Sum(l => l[8] == "1"), Sum(l => l[11] == "Sí")));
        Assert.All(lines, l => Assert.StartsWith("'=", l[1].Trim('"'), StringComparison.Ordinal));

        var code = (await building.Acts.FindAsync(building.Id, building.Staff, default))!.Code;
        Assert.Contains(
            "Acta auténtica", WebUtility.HtmlDecode(await stranger.Client.GetStringAsync($"/v?code={code}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_chosen_at_the_desk_for_one_vote_is_not_said_in_the_next()
    {
        await using var world = new AuthorityWorld(Database);
        var building = await BeginAsync(world);
        await building.OpenAsync(building.Draft(Item("Pintura"), Item("Cerca")));
        foreach (var one in new[] { "101", "102", "201", "301" }) await building.ArriveAsync(one);
        var first = await building.VoteAsync(1);
        SetRendererInfo(new RendererInfo("Server", true));
        SignIn(building.Staff);
        var provider = Render<MudBlazor.MudDialogProvider>();
        var running = (await building.DeskAsync()).Running!;
        var dialog = Render<CastDialog>(p => p.Add(d => d.Running, running).Add(d => d.Open, true));
        provider.WaitForElement("select");
        await provider.InvokeAsync(() => provider.Find("select").Change(running.Waiting[0].Carrier));
        provider.WaitForElement("input[type=radio]");
        await provider.InvokeAsync(() => provider.FindAll("input[type=radio]")[0].Change(true));
        provider.WaitForAssertion(() => Assert.Contains("Votar por 1", provider.Markup, StringComparison.Ordinal));

        // Somebody else closes it and opens the next while the dialog stands.
        await building.CloseAsync(first);
        await building.VoteAsync(2);
        var next = (await building.DeskAsync()).Running!;
        dialog.Render(p => p.Add(d => d.Running, next).Add(d => d.Open, true));
        provider.WaitForAssertion(() => Assert.Contains("Votar por 0", provider.Markup, StringComparison.Ordinal));
        Assert.Empty(provider.FindAll("input[type=radio]"));
    }

    private static Dictionary<long, BallotChoice> Of(AssemblyBuilding building, string unit, BallotChoice choice) =>
        new() { [building.Unit(unit)] = choice };

    private static async Task ArriveAsync(IRenderedComponent<AssemblyPage> desk, string unit)
    {
        await desk.InvokeAsync(() => desk.Find(".rg-find input").Input(unit));
        desk.WaitForElement(".rg-hits button");
        await desk.InvokeAsync(() => desk.Find(".rg-hits button").Click());
    }

    private static async Task PressAsync<T>(IRenderedComponent<T> page, string words) where T : IComponent
    {
        IElement Button() => page.FindAll("button").First(b => b.TextContent.Trim().EndsWith(words, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.False(Button().HasAttribute("disabled")));
        await page.InvokeAsync(() => Button().Click());
    }

    private static async Task ConfirmAsync(IRenderedComponent<MudBlazor.MudDialogProvider> provider, string verb)
    {
        provider.WaitForAssertion(() => Assert.NotEmpty(provider.FindAll(".dlg-small")));
        await PressAsync(provider, verb);
    }

    private static async Task SubmitAsync(IRenderedComponent<MudBlazor.MudDialogProvider> provider, string form)
    {
        provider.WaitForElement($"form{form}");
        await provider.InvokeAsync(() => provider.Find($"form{form}").Submit());
    }

    private static async Task<AssemblyBuilding> BeginAsync(AuthorityWorld world)
    {
        await world.BeginAsync(new SurveyMatrix());
        var building = new AssemblyBuilding(world);
        await building.BuildAsync(Eight);
        return building;
    }
}
