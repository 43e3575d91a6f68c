using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Surveys;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Surveys.SurveyBuilding;

namespace Portal.Tests.Surveys;

/// <summary>How answers are counted, by the worked examples.</summary>
public sealed class SurveyResultsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);
    private SurveyBuilding _building = null!;

    public Task InitializeAsync()
    {
        _building = new SurveyBuilding(_world);
        return _world.BeginAsync(new SurveyMatrix());
    }

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Four_words_that_look_alike_are_four_rows_and_turnout_is_of_the_forty_who_were_asked()
    {
        var owners = await _building.BuildAsync(40);
        var view = await _building.AskAsync(questions: Choice(false, "Gimnasio", "gimnasio", "Salón", "Salon"));
        int[] chosen = [1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4];
        foreach (var (index, option) in chosen.Index())
            Assert.True((await _building.AnswerAsync(view, owners[index], GivenAnswer.Of(option))).Ok);

        var outcome = await _building.OutcomeAsync(view);
        Assert.Equal(
            [("Gimnasio", 5, 45.5m), ("gimnasio", 2, 18.2m), ("Salón", 3, 27.3m), ("Salon", 1, 9.1m)],
            outcome.Questions.Single().Choices.Select(c => (c.Text, c.Count, c.Percent)));
        Assert.Equal(new Turnout(null, 40, 11, 27.5m), outcome.Turnout);
    }

    [Fact]
    public async Task Ratings_are_averaged_and_several_choices_are_of_those_who_answered()
    {
        var owners = await _building.BuildAsync(10);
        var view = await _building.AskAsync(questions: [Of(QuestionType.Rating), Choice(true, "a", "b", "c")]);
        int[] ratings = [5, 4, 4, 3, 5, 1, 2];
        foreach (var (index, rating) in ratings.Index())
            Assert.True((await _building.AnswerAsync(
                view, owners[index], GivenAnswer.Of(rating), index == 0 ? GivenAnswer.Of(3, 1, 1) : GivenAnswer.Of(3))).Ok);

        var outcome = await _building.OutcomeAsync(view);
        Assert.Equal(3.43m, outcome.Questions[0].Average);
        Assert.Equal([(5, 2), (4, 2), (3, 1), (2, 1), (1, 1)], outcome.Questions[0].Choices.Select(c => (c.Number, c.Count)));
        Assert.Equal(
            [("a", 1, 14.3m), ("b", 0, 0m), ("c", 7, 100m)],
            outcome.Questions[1].Choices.Select(c => (c.Text, c.Count, c.Percent)));
        Assert.Equal(7, outcome.Questions[1].Respondents);
    }

    [Fact]
    public async Task A_weighed_answer_has_the_coefficient_of_the_day_on_which_it_was_given()
    {
        var owners = await _building.BuildAsync(
            ("101", 18.5m), ("102", 15.25m), ("201", 14.75m), ("202", 12.5m), ("301", 11.25m), ("302", 10.75m), ("401", 9.5m), ("402", 7.5m));
        var view = await _building.AskAsync(weighted: true, questions: Of(QuestionType.YesNo));
        foreach (var (owner, answer) in new[] { (0, 1), (4, 1), (7, 1), (1, 2), (2, 2) })
            Assert.True((await _building.AnswerAsync(view, owners[owner], GivenAnswer.Of(answer))).Ok);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.Apartments.Where(a => a.TowerId == SurveyBuilding.Tower).ExecuteUpdateAsync(a => a.SetProperty(x => x.Coefficient, 1m));

        var outcome = await _building.OutcomeAsync(view);
        var result = outcome.Questions.Single();
        Assert.Equal(
            [(1, 3, 60m, (decimal?)37.25m, (decimal?)55.39m), (2, 2, 40m, 30m, 44.61m)],
            result.Choices.Select(c => (c.Number, c.Count, c.Percent, c.Weight, c.WeightPercent)));
        Assert.Equal(67.25m, result.Weight);
        Assert.Equal(new WeightTurnout(100m, 67.25m, 67.25m), outcome.Weight);
    }

    [Fact]
    public async Task Percentages_are_rounded_half_up_and_not_forced_to_a_hundred()
    {
        Assert.Equal([6.3m, 12.5m, 33.3m, 66.7m, 0m], new[] { (1, 16), (1, 8), (1, 3), (2, 3), (1, 0) }
            .Select(p => SurveyResults.Percent(p.Item1, p.Item2, 1)));
        Assert.Equal(0.13m, SurveyResults.Percent(1, 800, 2));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task An_anonymous_one_shows_nothing_before_it_is_closed_and_nothing_of_four()
    {
        var owners = await _building.BuildAsync(6);
        var few = await _building.AskAsync(anonymous: true, questions: [Of(QuestionType.YesNo), Of(QuestionType.Text)]);
        var enough = await _building.AskAsync(anonymous: true, questions: [Of(QuestionType.YesNo), Of(QuestionType.Text)]);
        foreach (var (index, owner) in owners.Take(5).Index())
        {
            if (index < 4) await _building.AnswerAsync(few, owner, GivenAnswer.Of(1), GivenAnswer.Of($"{index}"));
            await _building.AnswerAsync(enough, owner, GivenAnswer.Of(2), GivenAnswer.Of($"{index}"));
        }

        var open = await _building.OutcomeAsync(enough);
        Assert.Equal((Withheld.UntilClosed, 0, 5, 0), (open.Withheld, open.Questions.Count, open.Turnout.Answered, open.Days.Count));
        foreach (var survey in new[] { few, enough }) await _building.Desk.CloseAsync(survey.Survey.Id, _building.Staff, default);

        Assert.Equal((Withheld.TooFew, 0), await _building.OutcomeAsync(few) is var four ? (four.Withheld, four.Questions.Count) : default);
        var five = await _building.OutcomeAsync(enough);
        Assert.Equal([(1, 0), (2, 5)], five.Questions[0].Choices.Select(c => (c.Number, c.Count)));
        Assert.Equal(["0", "1", "2", "3", "4"], five.Questions[1].Texts.Select(t => t.Text).Order());
        Assert.All(five.Questions[1].Texts, t => Assert.Equal((null, null), (t.Unit, t.Name)));
        Assert.Null(await _building.Results.AllAsync(enough.Survey.Id, _building.Staff, default));
        Assert.Equal("survey.anonymous_closed", (await _building.Desk.ReopenAsync(enough.Survey.Id, _building.Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task The_office_reads_by_whom_a_text_is_and_who_was_asked_does_not()
    {
        var owners = await _building.BuildAsync(2);
        var view = await _building.AskAsync(questions: Of(QuestionType.Text));
        await _building.AnswerAsync(view, owners[0], GivenAnswer.Of(" Más canecas "));
        Assert.Equal(
            new TextAnswer("Más canecas", "Torre B 101", "Owner 101"), (await _building.OutcomeAsync(view)).Questions.Single().Texts.Single());
        await _building.Desk.CloseAsync(view.Survey.Id, _building.Staff, default);
        await _building.Desk.ShareAsync(view.Survey.Id, true, _building.Staff, default);
        var shared = (await _building.Results.FindAsync(view.Survey.Id, owners[1], default))!;
        Assert.Equal(new TextAnswer("Más canecas", null, null), shared.Questions.Single().Texts.Single());
    }
}
