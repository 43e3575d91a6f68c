using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Bunit;
using Portal.Areas.Surveys;
using Portal.Data;
using Portal.Data.Surveys;
using Portal.Tests.Authority;
using Portal.Tests.Documents;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using static Portal.Tests.Surveys.SurveyBuilding;

namespace Portal.Tests.Surveys;

/// <summary>The page on which one answers, and the files that the office takes away.</summary>
public sealed class SurveyPageTests(TestDatabase database) : PageContext(database)
{
    [Fact]
    public async Task One_answers_question_by_question_and_an_answer_that_is_missing_keeps_one_there()
    {
        await using var world = new AuthorityWorld(Database);
        var building = await BeginAsync(world);
        var owner = (await building.BuildAsync(3))[0];
        var view = await building.AskAsync(
            anonymous: true, questions: [Choice(false, "Hasta las 22:00", "Hasta la 1:00"), Of(QuestionType.Rating), Of(QuestionType.Text, false)]);
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", true));
        SignIn(owner);
        var page = Render<SurveyPage>(p => p.Add(s => s.Id, view.Survey.Id));
        page.WaitForElement("form.ans");
        Assert.Contains("Queda anotado que Torre B 101 respondió", page.Find(".ans-anon").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("form.ans").Submit());
        Assert.Contains("Responde esta pregunta", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".ans-o input")[1].Change(true));
        await page.InvokeAsync(() => page.Find("form.ans").Submit());
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll(".ans-star").Count));
        await page.InvokeAsync(() => page.FindAll(".ans-star input")[3].Change(true));
        await page.InvokeAsync(() => page.Find("form.ans").Submit());
        await page.InvokeAsync(() => page.Find(".ans-q textarea").Input("Bajar el volumen"));
        await page.InvokeAsync(() => page.Find(".ans-foot button").Click());
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll(".ans-star").Count));
        Assert.Contains("on", page.FindAll(".ans-star")[3].ClassList);
        await page.InvokeAsync(() => page.Find("form.ans").Submit());
        page.WaitForAssertion(() => Assert.Equal("Bajar el volumen", page.Find(".ans-q textarea").TextContent));
        await page.InvokeAsync(() => page.Find("form.ans").Submit());
        page.WaitForAssertion(() => Assert.Contains("Gracias", page.Find(".mud-alert").TextContent, StringComparison.Ordinal));
        Assert.Equal(1, (await building.OutcomeAsync(view)).Turnout.Answered);
    }

    [Fact]
    public async Task The_office_walks_through_a_draft_is_warned_of_options_that_look_alike_and_releases_it()
    {
        await using var world = new AuthorityWorld(Database);
        var building = await BeginAsync(world);
        await building.BuildAsync(3);
        var draft = new SurveyDraft(
            "¿Zona?", null, false, true, false, SurveyAudience.All, [SurveyBuilding.Tower], null, null, [Choice(false, "Salón", "Salon")]);
        var id = (await building.Desk.SaveAsync(null, draft, building.Staff, default)).Value;
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", true));
        SignIn(building.Staff);
        var page = Render<SurveyPage>(p => p.Add(s => s.Id, id));
        page.WaitForAssertion(() => Assert.Contains("«Salón», «Salon»", page.Markup, StringComparison.Ordinal));
        Assert.True(page.Find(".ans-foot button").HasAttribute("disabled"));
        await page.InvokeAsync(() => page.FindAll("button").Single(b => b.TextContent.Contains("Publicar ahora", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Contains("0 de 3 apartamentos", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_files_hold_every_answer_exactly_and_no_formula()
    {
        await using var world = new AuthorityWorld(Database);
        var building = await BeginAsync(world);
        var owners = await building.BuildAsync(8);
        var named = await building.AskAsync(
            weighted: true, questions: [Choice(true, "=Salón;A1", "Gimnasio"), Of(QuestionType.YesNo), Of(QuestionType.Text)]);
        await building.AnswerAsync(named, owners[0], GivenAnswer.Of(1, 2), GivenAnswer.Of(1), GivenAnswer.Of("=1+1"));
        await building.AnswerAsync(named, owners[1], GivenAnswer.Of(2), GivenAnswer.Of(2), GivenAnswer.Of("dos \"líneas\"\nsí"));
        var anonymous = await building.AskAsync(anonymous: true, questions: [Of(QuestionType.YesNo), Of(QuestionType.Text)]);
        foreach (var owner in owners.Take(5)) await building.AnswerAsync(anonymous, owner, GivenAnswer.Of(1), GivenAnswer.Of("@sum"));

        using var host = new PortalHost(Database.ConnectionString);
        var staff = host.NewVisitor("es");
        await staff.SignInAsync(AuthorityWorld.Username(Who.Staff), AuthorityWorld.Password);
        var csv = await staff.Client.GetStringAsync($"/surveys/{named.Survey.Id}/export");
        Assert.Equal(
            ";Torre B 101;Owner 101;12,5;\"'=Salón;A1 | Gimnasio\";Sí;\"'=1+1\"\n;Torre B 102;Owner 102;12,5;Gimnasio;No;\"dos \"\"líneas\"\"\nsí\"",
            Regex.Replace(csv[(csv.IndexOf('\n', StringComparison.Ordinal) + 1)..], @"\d{4}-\d\d-\d\d \d\d:\d\d", "").Replace("\r", "", StringComparison.Ordinal).TrimEnd());

        Assert.Equal(HttpStatusCode.NotFound, (await staff.Client.GetAsync($"/surveys/{anonymous.Survey.Id}/export")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await staff.Client.GetAsync($"/surveys/{anonymous.Survey.Id}/report.pdf")).StatusCode);
        await building.Desk.CloseAsync(anonymous.Survey.Id, building.Staff, default);
        csv = await staff.Client.GetStringAsync($"/surveys/{anonymous.Survey.Id}/export");
        Assert.Contains("¿YesNo?;Sí;5;100", csv, StringComparison.Ordinal);
        Assert.Contains("¿Text?;\"'@sum\";;", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("101", csv, StringComparison.Ordinal);

        var pdf = Pdf.Text(await staff.Client.GetByteArrayAsync($"/surveys/{named.Survey.Id}/report.pdf"));
        Assert.Contains("¿Qué mejoramos?", pdf, StringComparison.Ordinal);
        Assert.Contains("2 de 8", pdf, StringComparison.Ordinal);
        Assert.Matches(@"Gimnasio\s+25,0000\s+100,00 ?%\s+2\s+100,0 ?%", pdf);
        Assert.Contains("Torre B 101 · Owner 101", pdf, StringComparison.Ordinal);
    }

    private static async Task<SurveyBuilding> BeginAsync(AuthorityWorld world)
    {
        await world.BeginAsync(new SurveyMatrix());
        return new SurveyBuilding(world);
    }
}
