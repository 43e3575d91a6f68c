using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Surveys;

/// <summary>
/// What came of a survey. The office (<see cref="Permissions.SurveysView"/>) sees it while it comes in, others once it is closed and shared
/// with them, without names. Of an anonymous one nobody sees anything before it is closed and <see cref="FewestAnonymous"/> have answered.
/// </summary>
public sealed class SurveyResults(PortalStore store, BuildingClock clock)
{
    /// <summary>With fewer answers the figures would tell who gave which.</summary>
    public const int FewestAnonymous = 5;

    /// <summary>Free texts of a question that a page shows; the export has all.</summary>
    public const int MostTexts = 200;

    private sealed record Counted(long QuestionId, string? Choices, string? Text, int Count, decimal? Weight);

    /// <summary>Turnout and results; null out of reach, and of what has not opened.</summary>
    public async Task<SurveyOutcome?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (await ReachAsync(db, id, user, ct) is not { } survey) return null;
        var towers = await db.SurveyParticipants.AsNoTracking().Where(p => p.SurveyId == id)
            .GroupBy(p => p.Apartment!.Tower!.Name)
            .Select(g => new
            {
                Tower = g.Key, Convened = g.Count(), Answered = g.Count(p => p.Answered), Coefficient = g.Sum(p => p.Coefficient),
                Weight = g.Sum(p => p.Weight),
            })
            .OrderBy(g => g.Tower)
            .ToListAsync(ct);
        var (convened, given) = (towers.Sum(t => t.Coefficient), towers.Sum(t => t.Weight ?? 0));
        var withheld = WithheldOf(survey);
        return new SurveyOutcome(
            survey,
            TurnoutOf(null, towers.Sum(t => t.Convened), towers.Sum(t => t.Answered)),
            [.. towers.Where(t => t.Tower is not null).Select(t => TurnoutOf(t.Tower, t.Convened, t.Answered))],
            survey.Weighted ? new WeightTurnout(convened, given, Percent(given, convened, 2)) : null,
            withheld,
            withheld == Withheld.Nothing ? await QuestionsAsync(db, survey, user, ct) : [],
            survey.Anonymous ? [] : await DaysAsync(db, id, ct));
    }

    /// <summary>Every filled-in survey with its answers, by tower and apartment, for the export; null out of reach, and where it is anonymous.</summary>
    public async Task<(IReadOnlyList<QuestionView> Questions, IReadOnlyList<ResponseRow> Rows)?> AllAsync(
        long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await ReachAsync(db, id, user, ct) is not { Anonymous: false }) return null;
        var questions = await SurveyService.QuestionsAsync(db, id, ct);
        var rows = await db.SurveyParticipants.AsNoTracking().Where(p => p.SurveyId == id && p.Answered)
            .OrderBy(p => p.Apartment!.Tower!.Name)
            .ThenBy(p => p.Apartment!.ApartmentNumber)
            .ThenBy(p => p.Id)
            .Select(p => new
            {
                p.Id, p.AnsweredAt, p.Weight, Unit = UnitName.Of(p.Apartment),
                Name = db.Profiles.Where(f => p.UserId != null && f.UserId == p.UserId).OrderBy(f => f.Id).Select(f => f.FullName)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        var answers = (await db.SurveyAnswers.AsNoTracking().Where(a => a.SurveyId == id).ToListAsync(ct)).ToLookup(a => a.ParticipantId);
        return (questions,
            [
                .. rows.Select(r => new ResponseRow(
                    r.AnsweredAt, r.Unit, r.Name, r.Weight,
                    answers[r.Id].ToDictionary(a => a.QuestionId, a => new GivenAnswer(SurveyAnswers.Read(a.Choices), a.Text)))),
            ]);
    }

    /// <summary>Half up to so many decimals; 0 of nothing.</summary>
    internal static decimal Percent(decimal part, decimal whole, int decimals) =>
        whole == 0 ? 0 : decimal.Round(100 * part / whole, decimals, MidpointRounding.AwayFromZero);

    private async Task<SurveyRow?> ReachAsync(PortalDb db, long id, CurrentUser user, CancellationToken ct)
    {
        var surveys = SurveyService.VisibleTo(db, user).Where(s => s.Id == id && s.OpenedAt != null);
        var survey = await SurveyService.Rows(db, surveys, user, clock.Now).SingleOrDefaultAsync(ct);
        if (survey is null || user.Can(Permissions.SurveysView)) return survey;
        return survey is { Stage: SurveyStage.Closed, ResultsShared: true, Asked: true } ? survey : null;
    }

    private static Withheld WithheldOf(SurveyRow survey) =>
        !survey.Anonymous ? Withheld.Nothing
        : survey.Stage != SurveyStage.Closed ? Withheld.UntilClosed
        : survey.Sealed ? Withheld.Counting
        : survey.Responses < FewestAnonymous ? Withheld.TooFew
        : Withheld.Nothing;

    private static Turnout TurnoutOf(string? tower, int convened, int answered) =>
        new(tower, convened, answered, Percent(answered, convened, 1));

    private async Task<IReadOnlyList<(DateOnly, int)>> DaysAsync(PortalDb db, long id, CancellationToken ct)
    {
        var moments = await db.SurveyParticipants.AsNoTracking().Where(p => p.SurveyId == id && p.AnsweredAt != null)
            .OrderBy(p => p.Id).Select(p => p.AnsweredAt!.Value).ToListAsync(ct);
        return [.. moments.GroupBy(at => DateOnly.FromDateTime(clock.ToWall(at))).OrderBy(day => day.Key).Select(day => (day.Key, day.Count()))];
    }

    private static async Task<IReadOnlyList<QuestionResult>> QuestionsAsync(
        PortalDb db, SurveyRow survey, CurrentUser user, CancellationToken ct)
    {
        var questions = await SurveyService.QuestionsAsync(db, survey.Id, ct);
        var countable = questions.Where(q => q.Type != QuestionType.Text).Select(q => q.Id).ToList();
        // The column of the texts compares bytes, so an old answer that is none of the options stands by itself.
        var counts = (
            await db.SurveyAnswers.AsNoTracking().Where(a => countable.Contains(a.QuestionId))
                .GroupBy(a => new { a.QuestionId, a.Choices, a.Text })
                .Select(g => new Counted(g.Key.QuestionId, g.Key.Choices, g.Key.Text, g.Count(), g.Sum(a => a.Participant!.Weight)))
                .ToListAsync(ct)
        ).ToLookup(c => c.QuestionId);
        var results = new List<QuestionResult>();
        foreach (var question in questions)
        {
            results.Add(
                question.Type == QuestionType.Text
                    ? await TextsAsync(db, survey, question, user.Can(Permissions.SurveysView), ct)
                    : Count(question, [.. counts[question.Id]], survey.Weighted));
        }

        return results;
    }

    private static QuestionResult Count(QuestionView question, List<Counted> given, bool weighted)
    {
        var respondents = given.Sum(c => c.Count);
        decimal? weight = weighted ? given.Sum(c => c.Weight ?? 0) : null;
        var chosen = given.ConvertAll(c => (Numbers: SurveyAnswers.Read(c.Choices), Counted: c));
        ChoiceCount Of(int number, string text, List<Counted> by)
        {
            var (count, behind) = (by.Sum(c => c.Count), by.Sum(c => c.Weight ?? 0));
            return new ChoiceCount(
                number, text, count, Percent(count, respondents, 1), weighted ? behind : null,
                weight is { } whole ? Percent(behind, whole, 2) : null);
        }

        List<ChoiceCount> choices =
        [
            .. SurveyAnswers.Possible(question).Select(possible => Of(
                possible.Number, possible.Text, chosen.FindAll(c => c.Numbers.Contains(possible.Number)).ConvertAll(c => c.Counted))),
            .. given.Where(c => c.Choices is null && c.Text is not null).GroupBy(c => c.Text!, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(0, g.Key, [.. g])),
        ];
        var rated = choices.Where(c => c.Number > 0).Sum(c => c.Count);
        decimal? average = question.Type == QuestionType.Rating && rated > 0
            ? decimal.Round((decimal)choices.Sum(c => c.Number * c.Count) / rated, 2, MidpointRounding.AwayFromZero)
            : null;
        return new QuestionResult(question, respondents, weight, choices, average, []);
    }

    private static async Task<QuestionResult> TextsAsync(
        PortalDb db, SurveyRow survey, QuestionView question, bool named, CancellationToken ct)
    {
        var given = db.SurveyAnswers.AsNoTracking().Where(a => a.QuestionId == question.Id && a.Text != null);
        var count = await given.CountAsync(ct);
        // By their random keys an anonymous survey's texts lie in an order that means nothing, the same at each look.
        var ordered = survey.Anonymous || !named
            ? given.OrderBy(a => a.Id)
            : given.OrderByDescending(a => a.Participant!.AnsweredAt).ThenBy(a => a.Id);
        var texts = await ordered.Take(MostTexts)
            .Select(a => new
            {
                a.Text, Unit = a.Participant == null ? null : UnitName.Of(a.Participant.Apartment),
                Name = db.Profiles.Where(f => a.Participant!.UserId != null && f.UserId == a.Participant.UserId).OrderBy(f => f.Id)
                    .Select(f => f.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct);
        var shown = named && !survey.Anonymous;
        return new QuestionResult(
            question, count, null, [], null,
            [.. texts.Select(t => new TextAnswer(t.Text!, shown ? t.Unit : null, shown ? t.Name : null))]);
    }
}
