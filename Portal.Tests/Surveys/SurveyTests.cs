using Portal.Data;
using Portal.Data.Surveys;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Surveys.SurveyBuilding;

namespace Portal.Tests.Surveys;

/// <summary>From the draft to the archive, and who may answer what.</summary>
public sealed class SurveyTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);
    private SurveyBuilding _building = null!;

    private SurveyService Surveys => _building.Surveys;

    private SurveyDesk Desk => _building.Desk;

    private CurrentUser Staff => _building.Staff;

    public Task InitializeAsync()
    {
        _building = new SurveyBuilding(_world);
        return _world.BeginAsync(new SurveyMatrix());
    }

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task An_apartment_answers_once_even_when_its_owner_and_its_tenant_press_at_the_same_moment()
    {
        var view = await OpenAsync(Draft());
        var both = await Task.WhenAll(AnswerAsync(view, Who.Owner, 1), AnswerAsync(view, Who.Tenant, 2));
        Assert.Single(both, r => r.Ok);
        Assert.Equal("survey.answered", both.Single(r => !r.Ok).Error!.Code);
        Assert.True((await AnswerAsync(view, Who.Neighbour, 2)).Ok);
        var seen = (await Surveys.FindAsync(view.Survey.Id, _world.As(Who.Tenant), default))!.Survey;
        Assert.Equal((true, 2, 2), (seen.Answered, seen.Responses, seen.Convened));
    }

    [Fact]
    public async Task An_answer_may_change_until_the_end_by_the_one_who_gave_it_and_nobody_else_sees_it()
    {
        var view = await OpenAsync(Draft());
        Assert.True((await AnswerAsync(view, Who.Owner, 1)).Ok);
        var given = (await Surveys.FindAsync(view.Survey.Id, _world.As(Who.Owner), default))!.Own.Single().Given!;
        Assert.Equal([1], given[view.Questions[0].Id].Choices);
        Assert.Null((await Surveys.FindAsync(view.Survey.Id, _world.As(Who.Tenant), default))!.Own.Single().Given);

        Assert.True((await AnswerAsync(view, Who.Owner, 2)).Ok);
        var outcome = await _building.OutcomeAsync(view);
        Assert.Equal([("a", 0), ("b", 1)], outcome.Questions.Single().Choices.Select(c => (c.Text, c.Count)));

        Assert.True((await Desk.CloseAsync(view.Survey.Id, Staff, default)).Ok);
        Assert.Equal("survey.closed", (await AnswerAsync(view, Who.Owner, 1)).Error!.Code);
        Assert.Null((await Surveys.FindAsync(view.Survey.Id, _world.As(Who.Owner), default))!.Own.Single().Given);
    }

    [Fact]
    public async Task Only_those_of_the_audience_see_it_and_answer()
    {
        var owners = await OpenAsync(Draft() with { Audience = SurveyAudience.Owners });
        var tenants = await OpenAsync(Draft() with { Audience = SurveyAudience.Tenants });
        var people = await OpenAsync(Draft() with { Audience = SurveyAudience.Tenants, PerApartment = false });

        Assert.Equal([2, 1, 1], new[] { owners, tenants, people }.Select(s => s.Survey.Convened));
        Assert.Null(await Surveys.FindAsync(owners.Survey.Id, _world.As(Who.Tenant), default));
        Assert.Equal("not_found", (await AnswerAsync(owners, Who.Tenant, 1)).Error!.Code);
        Assert.Equal("not_found", (await AnswerAsync(tenants, Who.Owner, 1)).Error!.Code);
        Assert.Equal("not_found", (await AnswerAsync(people, Who.Neighbour, 1)).Error!.Code);
        Assert.True((await AnswerAsync(owners, Who.Owner, 1)).Ok);
        Assert.True((await AnswerAsync(tenants, Who.Tenant, 1)).Ok);
        Assert.True((await AnswerAsync(people, Who.Tenant, 1)).Ok);
    }

    [Fact]
    public async Task A_draft_is_seen_by_nobody_else_opens_on_its_day_and_asks_those_who_live_there_that_day()
    {
        var draft = Draft() with { OpensAt = _world.Clock.Now.AddSeconds(-1), ClosesAt = _world.Clock.Now.AddDays(3) };
        var id = (await Desk.SaveAsync(null, draft with { OpensAt = _world.Clock.Now.AddDays(1) }, Staff, default)).Value;
        Assert.Null(await Surveys.FindAsync(id, _world.As(Who.Owner), default));
        Assert.True((await Desk.ReleaseAsync(id, Staff, default)).Ok);
        await Desk.OpenDueAsync(default);
        Assert.Equal(SurveyStage.Scheduled, (await Surveys.FindAsync(id, Staff, default))!.Survey.Stage);

        var revision = (await Desk.DraftAsync(id, Staff, default))!.Revision;
        Assert.True((await Desk.SaveAsync(id, draft with { Revision = revision }, Staff, default)).Ok);
        Assert.Equal("stale", (await Desk.SaveAsync(id, draft with { Revision = revision }, Staff, default)).Error!.Code);
        await Desk.OpenDueAsync(default);
        await Desk.OpenDueAsync(default);
        var view = (await Surveys.FindAsync(id, _world.As(Who.Owner), default))!;
        Assert.Equal((SurveyStage.Open, 2), (view.Survey.Stage, view.Survey.Convened));
        Assert.Equal("survey.opened", (await Desk.SaveAsync(id, draft with { Revision = revision + 1 }, Staff, default)).Error!.Code);
        Assert.Equal("survey.opened", (await Desk.DeleteAsync(id, Staff, default)).Error!.Code);

        await _building.BuildAsync(1);
        Assert.Equal(2, (await Surveys.FindAsync(id, Staff, default))!.Survey.Convened);
    }

    [Fact]
    public async Task What_is_over_can_be_shared_put_away_and_opened_again()
    {
        var view = await OpenAsync(Draft());
        await AnswerAsync(view, Who.Owner, 1);
        var id = view.Survey.Id;
        Assert.Equal("survey.not_closed", (await Desk.ShareAsync(id, true, Staff, default)).Error!.Code);
        Assert.Equal("survey.not_closed", (await Desk.ArchiveAsync(id, true, Staff, default)).Error!.Code);
        await Desk.CloseAsync(id, Staff, default);
        Assert.Null(await _building.Results.FindAsync(id, _world.As(Who.Neighbour), default));
        await Desk.ShareAsync(id, true, Staff, default);
        Assert.Equal(1, (await _building.Results.FindAsync(id, _world.As(Who.Neighbour), default))!.Turnout.Answered);

        await Desk.ArchiveAsync(id, true, Staff, default);
        Assert.DoesNotContain((await Surveys.ListAsync(new(), Staff, default)).Rows, s => s.Id == id);
        var archive = new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "archived" });
        Assert.Equal([id], (await Surveys.ListAsync(archive, Staff, default)).Rows.Select(s => s.Id));
        Assert.True((await Desk.ReopenAsync(id, Staff, default)).Ok);
        Assert.Equal([view.Survey.Title], (await Surveys.ListAsync(new(), _world.As(Who.Neighbour), default)).Rows.Where(s => s.Id == id)
            .Select(s => s.Title));
        Assert.True((await AnswerAsync(view, Who.Neighbour, 2)).Ok);
    }

    [Fact]
    public async Task What_a_survey_cannot_be_is_refused_before_it_is_written()
    {
        async Task<IEnumerable<string>> CodesAsync(SurveyDraft draft) =>
            (await Desk.SaveAsync(null, draft, Staff, default)).Errors.Select(e => e.Code);

        Assert.Equal(["required"], await CodesAsync(Draft() with { Questions = [] }));
        Assert.Equal(["survey.options"], await CodesAsync(Draft() with { Questions = [Choice(false, "a", " a")] }));
        Assert.Equal(["survey.past"], await CodesAsync(Draft() with { ClosesAt = _world.Clock.Now }));
        Assert.Equal(
            ["survey.order"],
            await CodesAsync(Draft() with { OpensAt = _world.Clock.Now.AddDays(2), ClosesAt = _world.Clock.Now.AddDays(1) }));
        Assert.Equal(["survey.weighted_anonymous"], await CodesAsync(Draft() with { Weighted = true, Anonymous = true }));
        Assert.Equal(["survey.weighted_people"], await CodesAsync(Draft() with { Weighted = true, PerApartment = false }));

        var nobody = (await Desk.SaveAsync(null, Draft() with { TowerIds = [AuthorityWorld.Tower] }, Staff, default)).Value;
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            db.Towers.Add(new Portal.Data.Building.Tower { Id = 9, Name = "Torre Z" });
            await db.SaveChangesAsync();
        }

        Assert.True((await Desk.SaveAsync(nobody, Draft() with { TowerIds = [9], Revision = 1 }, Staff, default)).Ok);
        Assert.Equal("survey.nobody", (await Desk.ReleaseAsync(nobody, Staff, default)).Error!.Code);
        Assert.Equal(SurveyStage.Draft, (await Surveys.FindAsync(nobody, Staff, default))!.Survey.Stage);
    }

    [Fact]
    public async Task A_wrong_answer_says_which_question()
    {
        var view = await OpenAsync(Draft() with
        {
            Questions = [Of(QuestionType.Rating), Choice(false, "a", "b"), Choice(true, "a", "b"), Of(QuestionType.Text, required: false)],
        });
        var wrong = await Surveys.AnswerAsync(
            view.Survey.Id, null,
            new Dictionary<long, GivenAnswer>
            {
                [view.Questions[1].Id] = GivenAnswer.Of(1, 2), [view.Questions[2].Id] = GivenAnswer.Of(2, 3),
                [view.Questions[3].Id] = GivenAnswer.Of(new string('x', 2001)),
            },
            _world.As(Who.Owner), default);
        Assert.Equal(
            [("survey.required", 1), ("survey.invalid", 2), ("survey.invalid", 3), ("survey.invalid", 4)],
            wrong.Errors.Select(e => (e.Code, (int)e.Values[0]!)));
    }

    [Fact]
    public void Options_that_differ_in_nothing_but_case_and_accents_are_named()
    {
        var alike = SurveyOptions.Alike(["Gimnasio", "gimnasio ", "Salón", "Salon", "Parque", "gimnasio"]);
        Assert.Equal([["Gimnasio", "gimnasio"], ["Salón", "Salon"]], alike);
        Assert.Empty(SurveyOptions.Alike(["🍎", "🍏", "Sí", "No"]));
    }

    private static SurveyDraft Draft() =>
        new("Guards", null, false, true, false, SurveyAudience.All, [], null, null, [Choice(false, "a", "b", "")]);

    private async Task<SurveyView> OpenAsync(SurveyDraft draft)
    {
        var id = (await Desk.SaveAsync(null, draft, Staff, default)).Value;
        Assert.Empty((await Desk.ReleaseAsync(id, Staff, default)).Errors);
        return (await Surveys.FindAsync(id, Staff, default))!;
    }

    private Task<Result> AnswerAsync(SurveyView view, Who who, int choice) =>
        _building.AnswerAsync(view, _world.As(who), GivenAnswer.Of(choice));
}
