using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Surveys;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Surveys;

public sealed class SurveyTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    private SurveyService Surveys => _world.Get<SurveyService>();

    public Task InitializeAsync() => _world.BeginAsync(new SurveyMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task An_apartment_answers_once_even_when_its_owner_and_its_tenant_press_at_the_same_moment()
    {
        var view = await AskAsync(perApartment: true, anonymous: false);
        var both = await Task.WhenAll(AnswerAsync(view, Who.Owner, "5", "a"), AnswerAsync(view, Who.Tenant, "1", "b"));
        Assert.Single(both, r => r.Ok);
        Assert.Equal("survey.answered", both.Single(r => !r.Ok).Error!.Code);
        Assert.True((await AnswerAsync(view, Who.Neighbour, "4", "b")).Ok);
        Assert.True((await Surveys.FindAsync(view.Survey.Id, _world.As(Who.Tenant), default))!.Survey.Answered);
        Assert.Equal(2, (await Surveys.FindAsync(view.Survey.Id, _world.As(Who.Staff), default))!.Survey.Responses);
    }

    [Fact]
    public async Task Results_count_every_choice_and_average_the_ratings()
    {
        var view = await AskAsync(perApartment: false, anonymous: false);
        await AnswerAsync(view, Who.Owner, "5", "a");
        await AnswerAsync(view, Who.Tenant, "2", "a");
        var results = (await _world.Get<SurveyResults>().FindAsync(view.Survey.Id, _world.As(Who.Staff), default))!;
        Assert.Equal(3.5m, results[0].Average);
        Assert.Equal([("a", 2), ("b", 0)], results[1].Counts.Select(c => (c.Answer, c.Count)));
        var all = (await _world.Get<SurveyResults>().AllAsync(view.Survey.Id, _world.As(Who.Staff), default))!.Value;
        Assert.Equal(["Owner Prueba, Torre A 101", "Tenant Prueba, Torre A 101"], all.Rows.Select(r => r.Who));
    }

    [Fact]
    public async Task Apples_of_two_colours_and_yes_with_and_without_its_accent_are_four_answers()
    {
        string[] options = ["🍎", "🍏", "Sí", "si"];
        var staff = _world.As(Who.Staff);
        var id = (
            await Surveys.CreateAsync(
                new NewSurvey("¿Cuál?", null, false, false, null, [new("¿Cuál?", QuestionType.MultipleChoice, options, true)]),
                staff,
                default)
        ).Value;
        var question = (await Surveys.FindAsync(id, staff, default))!.Questions.Single();
        Assert.Equal(options, question.Options);
        foreach (var (who, option) in new[] { (Who.Owner, "🍏"), (Who.Tenant, "si"), (Who.Neighbour, "Sí") })
        {
            var answers = new Dictionary<long, string> { [question.Id] = option };
            Assert.True((await Surveys.AnswerAsync(id, null, answers, _world.As(who), default)).Ok);
        }

        var counts = (await _world.Get<SurveyResults>().FindAsync(id, staff, default))!.Single().Counts;
        Assert.Equal([("🍎", 0), ("🍏", 1), ("Sí", 1), ("si", 1)], counts.Select(c => (c.Answer, c.Count)));
    }

    [Fact]
    public async Task An_anonymous_answer_is_taken_once_and_nothing_tells_whose_it_was_not_even_the_audit_log()
    {
        var view = await AskAsync(perApartment: false, anonymous: true);
        Assert.True((await AnswerAsync(view, Who.Owner, "5", "a")).Ok);
        Assert.Equal("survey.answered", (await AnswerAsync(view, Who.Owner, "1", "b")).Error!.Code);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var kept = await db.SurveyResponses.AsNoTracking().SingleAsync(r => r.SurveyId == view.Survey.Id);
        Assert.Equal((null, null), (kept.UserId, kept.ApartmentId));
        Assert.DoesNotContain("user:", kept.Respondent);
        Assert.All(
            await db.AuditLog.AsNoTracking().Where(e => e.TableName == "survey_responses" || e.TableName == "survey_answers").ToListAsync(),
            e => Assert.Equal((null, "system", null), (e.UserId, e.ActorName, e.IpAddress))
        );
        Assert.All(
            (await _world.Get<SurveyResults>().AllAsync(view.Survey.Id, _world.As(Who.Staff), default))!.Value.Rows,
            r => Assert.Equal((null, null), (r.Who, r.At))
        );
    }

    [Fact]
    public async Task A_closed_survey_takes_no_answers_and_a_wrong_one_says_which_question()
    {
        var view = await AskAsync(perApartment: false, anonymous: false);
        var wrong = await Surveys.AnswerAsync(
            view.Survey.Id, null, new Dictionary<long, string> { [view.Questions[1].Id] = "c" }, _world.As(Who.Owner), default);
        Assert.Equal([("survey.required", 1), ("survey.invalid", 2)], wrong.Errors.Select(e => (e.Code, (int)e.Values[0]!)));
        Assert.True((await Surveys.OpenAsync(view.Survey.Id, false, _world.As(Who.Staff), default)).Ok);
        Assert.Equal("survey.closed", (await AnswerAsync(view, Who.Owner, "5", "a")).Error!.Code);
    }

    [Fact]
    public async Task A_survey_without_questions_or_with_one_choice_is_refused()
    {
        var staff = _world.As(Who.Staff);
        Assert.Equal("required", (await Surveys.CreateAsync(new("T", null, false, false, null, []), staff, default)).Error!.Code);
        Assert.Equal(
            "survey.options",
            (
                await Surveys.CreateAsync(
                    new("T", null, false, false, null, [new("Q", QuestionType.MultipleChoice, ["a", " a"], true)]), staff, default)
            )
                .Error!
                .Code
        );
        Assert.Equal(
            "survey.past",
            (
                await Surveys.CreateAsync(
                    new("T", null, false, false, _world.Clock.Now, [new("Q", QuestionType.Text, [], true)]), staff, default)
            )
                .Error!
                .Code
        );
    }

    private async Task<SurveyView> AskAsync(bool perApartment, bool anonymous)
    {
        var id = await Surveys.CreateAsync(
            new(
                "Guards",
                null,
                anonymous,
                perApartment,
                _world.Clock.Now.AddDays(1),
                [
                    new("How good?", QuestionType.Rating, [], true),
                    new("Which?", QuestionType.MultipleChoice, ["a", "b", ""], false),
                    new("More?", QuestionType.Text, [], false),
                ]
            ),
            _world.As(Who.Staff),
            default
        );
        return (await Surveys.FindAsync(id.Value, _world.As(Who.Owner), default))!;
    }

    private Task<Result> AnswerAsync(SurveyView view, Who who, string rating, string choice) =>
        Surveys.AnswerAsync(
            view.Survey.Id,
            null,
            new Dictionary<long, string>
            {
                [view.Questions[0].Id] = rating,
                [view.Questions[1].Id] = choice,
                [view.Questions[2].Id] = " ",
            },
            _world.As(who),
            default
        );
}
