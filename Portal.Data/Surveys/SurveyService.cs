using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Surveys;

/// <summary>
/// Surveys as everybody meets them: those that concern one, and the answer. A person may answer where they, or an apartment of theirs, were
/// convened when it opened. Who asks (<see cref="SurveyDesk"/>) sees all of them.
/// </summary>
public sealed class SurveyService(PortalStore store, BuildingClock clock, SurveyKeys keys)
{
    /// <summary>
    /// Open ones first, then the latest. The filter <c>state</c>: draft, scheduled, open, closed, archived; those put away are left out
    /// unless asked for.
    /// </summary>
    public async Task<Page<SurveyRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        var surveys = VisibleTo(db, user);
        if (query.Search?.Trim() is { Length: > 0 } text)
            surveys = surveys.Where(s => s.Title.Contains(text) || s.Description!.Contains(text));
        var state = query.Filter("state");
        surveys = state == "archived" ? surveys.Where(s => s.Archived) : surveys.Where(s => !s.Archived);
        surveys = state switch
        {
            "draft" => surveys.Where(s => s.OpenedAt == null && s.Active != true),
            "scheduled" => surveys.Where(s => s.OpenedAt == null && s.Active == true),
            "open" => surveys.Where(s => s.OpenedAt != null && s.Active == true && (s.ClosesAt == null || s.ClosesAt > now)),
            "closed" => surveys.Where(s => s.OpenedAt != null && (s.Active != true || s.ClosesAt <= now)),
            _ => surveys,
        };
        return await Rows(
                db,
                surveys
                    .OrderByDescending(s => s.OpenedAt != null && s.Active == true && (s.ClosesAt == null || s.ClosesAt > now))
                    .ThenByDescending(s => s.Id),
                user,
                now)
            .PageAsync(query, ct);
    }

    /// <summary>One survey with its questions and those for whom the person may answer; null out of reach.</summary>
    public async Task<SurveyView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        if (await Rows(db, VisibleTo(db, user).Where(s => s.Id == id), user, clock.Now).SingleOrDefaultAsync(ct) is not { } survey)
            return null;
        var own = user.Can(Permissions.SurveysAnswer)
            ? await SurveyAudiences.Of(db, user)
                .AsNoTracking()
                .Where(p => p.SurveyId == id)
                .OrderBy(p => p.Apartment!.Tower!.Name)
                .ThenBy(p => p.Apartment!.ApartmentNumber)
                .ThenBy(p => p.Id)
                .Select(p => new { p.Id, p.ApartmentId, Unit = UnitName.Of(p.Apartment), p.Answered, ByMe = p.UserId == user.Id })
                .ToListAsync(ct)
            : [];
        var answered = own.Where(p => p.Answered && p.ByMe).Select(p => (long?)p.Id).ToList();
        var given = survey is { Open: true, Anonymous: false } && answered.Count > 0
            ? (await db.SurveyAnswers.AsNoTracking().Where(a => answered.Contains(a.ParticipantId)).ToListAsync(ct))
                .ToLookup(a => a.ParticipantId)
            : null;
        return new SurveyView(
            survey,
            await QuestionsAsync(db, id, ct),
            [
                .. own.Select(p => new OwnParticipant(
                    p.Id, survey.PerApartment ? p.ApartmentId : null, p.Unit, p.Answered,
                    !answered.Contains(p.Id) ? null : given?[p.Id].ToDictionary(a => a.QuestionId, a => new GivenAnswer(SurveyAnswers.Read(a.Choices), a.Text)))),
            ]);
    }

    /// <summary>
    /// Takes the person's answers, by question. Given again they replace those of before, unless the survey is anonymous: nobody knows which
    /// those were.
    /// </summary>
    /// <param name="apartment">For which they answer, where it is per apartment; null: their only one.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>survey.no_apartment</c>, <c>survey.closed</c>, <c>survey.answered</c>, and by question
    /// <c>survey.required</c> and <c>survey.invalid</c>.</returns>
    public async Task<Result> AnswerAsync(
        long id, long? apartment, IReadOnlyDictionary<long, GivenAnswer> answers, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysAnswer)) return Error.Forbidden;
        bool anonymous;
        await using (var look = await store.OpenAsync(user, ct))
        {
            if (await VisibleTo(look, user).Where(s => s.Id == id).Select(s => (bool?)s.Anonymous).SingleOrDefaultAsync(ct) is not { } found)
                return Error.NotFound;
            anonymous = found;
        }

        // The log must not tell what the survey promised to forget: an anonymous answer is written by nobody.
        return await store.WriteAsync(anonymous ? CurrentUser.System : user, async (db, token) =>
        {
            // Under the survey's lock: what is closed and looked at does not get one answer more.
            var survey = await db.Surveys.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token);
            if (survey is null) return Error.NotFound;
            if (survey.Stage(clock.Now) != SurveyStage.Open) return new Error("survey.closed");
            var own = await SurveyAudiences.Of(db, user).Where(p => p.SurveyId == id).OrderBy(p => p.Id).Select(p => new { p.Id, p.ApartmentId })
                .ToListAsync(token);
            if (own.Count == 0) return new Error("survey.no_apartment");
            if (survey.PerApartment && apartment is not null) own.RemoveAll(p => p.ApartmentId != apartment);
            if (own is not [var one]) return Error.NotFound;
            var questions = await QuestionsAsync(db, id, token);
            var errors = SurveyAnswers.Check(questions, answers);
            if (errors.Count > 0) return errors;

            var participant = await db.SurveyParticipants.Where(p => p.Id == one.Id).ForUpdate().SingleAsync(token);
            var coefficient = survey.Weighted
                ? await db.Apartments.Where(a => a.Id == participant.ApartmentId).Select(a => a.Coefficient).SingleOrDefaultAsync(token)
                : null;
            var answered = participant.Answer(survey, user.AccountId, coefficient, clock.UtcNow);
            if (!answered.Ok) return answered;
            if (survey.Anonymous) return Seal(db, survey, questions, answers);
            await db.SurveyAnswers.Where(a => a.ParticipantId == participant.Id).ExecuteDeleteAsync(token);
            foreach (var question in questions)
            {
                if (SurveyAnswers.Given(answers, question) is not { } given) continue;
                db.SurveyAnswers.Add(new SurveyAnswer
                {
                    SurveyId = id, QuestionId = question.Id, ParticipantId = participant.Id, Choices = SurveyAnswers.Write(given.Choices), Text = given.Text,
                });
            }

            return Result.Done;
        }, ct);
    }

    /// <summary>Refuses with <c>survey.key</c> where the folder of keys cannot be written to: an answer that is not sealed is not taken.</summary>
    private Result Seal(
        PortalDb db, Survey survey, IReadOnlyList<QuestionView> questions, IReadOnlyDictionary<long, GivenAnswer> answers)
    {
        if (keys.Seal(survey) is { Ok: false } refused) return refused;
        db.SurveySealedAnswers.Add(
            new SurveySealedAnswer { SurveyId = survey.Id, Content = SurveySeal.Seal(survey.SealKey!, questions, answers) });
        return Result.Done;
    }

    internal static async Task<List<QuestionView>> QuestionsAsync(PortalDb db, long id, CancellationToken ct) =>
        [
            .. (
                await db.Questions.AsNoTracking().Where(q => q.SurveyId == id).OrderBy(q => q.OrderIndex).ThenBy(q => q.Id).ToListAsync(ct)
            ).Select(View),
        ];

    /// <summary>The office sees all; anybody else what they were asked.</summary>
    internal static IQueryable<Survey> VisibleTo(PortalDb db, CurrentUser user)
    {
        var surveys = db.Surveys.AsNoTracking();
        if (user.Can(Permissions.SurveysView) || user.Can(Permissions.SurveysEdit)) return surveys;
        if (!user.Can(Permissions.SurveysAnswer)) return surveys.Where(s => false);
        var own = SurveyAudiences.Of(db, user);
        return surveys.Where(s => own.Any(p => p.SurveyId == s.Id));
    }

    internal static IQueryable<SurveyRow> Rows(PortalDb db, IQueryable<Survey> surveys, CurrentUser user, DateTime now)
    {
        var own = SurveyAudiences.Of(db, user);
        return surveys.Select(s => new SurveyRow(
            s.Id, s.Title, s.Description, Survey.StageOf(s.OpenedAt != null, s.Active == true, s.ClosesAt, now), s.Anonymous, s.PerApartment,
            s.Weighted, s.Audience, s.OpensAt, s.OpenedAt, s.ClosesAt, s.ResultsShared, s.Archived,
            db.SurveyParticipants.Count(p => p.SurveyId == s.Id),
            db.SurveyParticipants.Count(p => p.SurveyId == s.Id && p.Answered),
            own.Any(p => p.SurveyId == s.Id), own.Any(p => p.SurveyId == s.Id) && !own.Any(p => p.SurveyId == s.Id && !p.Answered),
            s.SealKey != null));
    }

    /// <summary>A choice between nothing, which an older system may hold, is asked in free words.</summary>
    private static QuestionView View(Question question)
    {
        var options = SurveyOptions.Read(question.Options);
        var type = question.Type == QuestionType.MultipleChoice && options.Count == 0 ? QuestionType.Text : question.Type;
        return new QuestionView(
            question.Id, question.Text, type, question.Several && type == QuestionType.MultipleChoice, options, question.Required == true);
    }
}
