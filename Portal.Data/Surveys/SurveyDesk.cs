using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Surveys;

/// <summary>Who asks: drafts, their release, the end and what comes after. Everything here needs <see cref="Permissions.SurveysEdit"/>.</summary>
public sealed class SurveyDesk(PortalStore store, BuildingClock clock, SurveyKeys keys, SurveyCount count)
{
    public const int MostQuestions = 30;

    /// <summary>Characters.</summary>
    public const int LongestQuestion = 500;

    /// <summary>Characters of one choice.</summary>
    public const int LongestOption = 200;

    private const int MostOptions = 50;

    /// <summary>The towers of the building, for the audience; empty for who may not ask.</summary>
    public async Task<IReadOnlyList<(int Id, string Name)>> TowersAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var towers = await db.Towers.AsNoTracking().OrderBy(t => t.Name).ThenBy(t => t.Id).Select(t => new { t.Id, t.Name }).ToListAsync(ct);
        return [.. towers.Select(t => (t.Id, t.Name))];
    }

    /// <summary>How many an audience is; null for who may not ask.</summary>
    public async Task<SurveyReach?> ReachAsync(
        SurveyAudience audience, bool perApartment, IReadOnlyList<int> towers, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await SurveyAudiences.CountAsync(db, audience, perApartment, towers, clock.Today, ct);
    }

    /// <summary>A survey that has not opened, as its form has it; null once it has, and out of reach.</summary>
    public async Task<SurveyDraft?> DraftAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.Surveys.AsNoTracking().Include(s => s.Towers).SingleOrDefaultAsync(s => s.Id == id && s.OpenedAt == null, ct) is not { } s)
            return null;
        var questions = await SurveyService.QuestionsAsync(db, id, ct);
        return new SurveyDraft(
            s.Title, s.Description, s.Anonymous, s.PerApartment, s.Weighted, s.Audience, [.. s.Towers.Select(t => t.TowerId).Order()], s.OpensAt,
            s.ClosesAt, [.. questions.Select(q => new NewQuestion(q.Text, q.Type, q.Several, q.Options, q.Required))], s.Revision);
    }

    /// <summary>Writes a draft, or one that waits for its day.</summary>
    /// <returns>Its id. Refusals: <c>stale</c> where somebody else wrote it meanwhile, <c>survey.opened</c>,
    /// <c>survey.weighted_anonymous</c>, <c>survey.weighted_people</c>, <c>survey.past</c>, <c>survey.order</c> and what is missing.</returns>
    public async Task<Result<long>> SaveAsync(long? id, SurveyDraft draft, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return Error.Forbidden;
        var errors = Check(draft);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(user, async (db, token) =>
        {
            var survey = id is null
                ? new Survey()
                : await db.Surveys.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token);
            if (survey is null) return Error.NotFound;
            if (id is not null && survey.Revision != draft.Revision) return Error.Stale;
            var rewritten = survey.Rewrite();
            if (!rewritten.Ok) return Result<long>.Refused(rewritten);
            (survey.Title, survey.Description, survey.Anonymous, survey.PerApartment, survey.Weighted, survey.Audience) = (
                draft.Title.Trim(), draft.Description.TrimToNull(), draft.Anonymous, draft.PerApartment, draft.Weighted, draft.Audience);
            (survey.OpensAt, survey.ClosesAt) = (draft.OpensAt, draft.ClosesAt);
            if (id is null)
            {
                db.Surveys.Add(survey);
                await db.SaveChangesAsync(token);
            }
            else
            {
                // Nobody has answered yet: what is asked is written anew.
                db.Questions.RemoveRange(await db.Questions.Where(q => q.SurveyId == id).ToListAsync(token));
                await db.SurveyTowers.Where(t => t.SurveyId == id).ExecuteDeleteAsync(token);
            }

            db.Questions.AddRange(draft.Questions.Select((q, index) => new Question
            {
                SurveyId = survey.Id, Text = q.Text.Trim(), Type = q.Type, Required = q.Required, OrderIndex = index + 1,
                Several = q.Several && q.Type == QuestionType.MultipleChoice,
                Options = q.Type == QuestionType.MultipleChoice ? JsonSerializer.Serialize(Choices(q), AuditTrail.Json) : null,
            }));
            db.SurveyTowers.AddRange(draft.TowerIds.Distinct().Select(tower => new SurveyTower { SurveyId = survey.Id, TowerId = tower }));
            await db.SaveChangesAsync(token);
            return survey.Id;
        }, ct);
    }

    /// <summary>
    /// Releases a draft: it opens now, or on its day. Refuses with <c>survey.released</c>, <c>survey.past</c>, and <c>survey.nobody</c> where
    /// it would convene nobody.
    /// </summary>
    public Task<Result> ReleaseAsync(long id, CurrentUser user, CancellationToken ct) => ActAsync(id, async (db, survey, token) =>
    {
        var released = survey.Release(clock.Now);
        return !released.Ok || !survey.IsDue(clock.Now) ? released : await OpenAsync(db, survey, token);
    }, user, ct);

    /// <summary>Ends it; one that waits for its day is a draft again. Refuses with <c>survey.closed</c>.</summary>
    public async Task<Result> CloseAsync(long id, CurrentUser user, CancellationToken ct)
    {
        var closed = await ActAsync(id, (_, survey, _) => Task.FromResult(survey.Close(clock.Now)), user, ct);
        if (closed.Ok) await count.CountAsync(id, ct);
        return closed;
    }

    /// <summary>Takes answers again. Refuses with <c>survey.not_closed</c>, <c>survey.anonymous_closed</c>.</summary>
    public Task<Result> ReopenAsync(long id, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, (_, survey, _) => Task.FromResult(survey.Reopen(clock.Now)), user, ct);

    /// <summary>Puts a closed one away, or takes it back. Refuses with <c>survey.not_closed</c>.</summary>
    public Task<Result> ArchiveAsync(long id, bool away, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, (_, survey, _) => Task.FromResult(survey.Archive(away, clock.Now)), user, ct);

    /// <summary>Shows the results to those who were asked, or no more. Refuses with <c>survey.not_closed</c>.</summary>
    public Task<Result> ShareAsync(long id, bool shown, CurrentUser user, CancellationToken ct) =>
        ActAsync(id, (_, survey, _) => Task.FromResult(survey.Share(shown, clock.Now)), user, ct);

    /// <summary>Throws a draft away. Refuses with <c>survey.opened</c> what has been asked.</summary>
    public Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct) => ActAsync(id, (db, survey, _) =>
    {
        if (survey.OpenedAt is not null) return Task.FromResult<Result>(new Error("survey.opened"));
        db.Surveys.Remove(survey);
        return Task.FromResult(Result.Done);
    }, user, ct);

    /// <summary>Opens those whose moment has come: each in a write of its own.</summary>
    internal async Task OpenDueAsync(CancellationToken ct)
    {
        List<long> due;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            var now = clock.Now;
            due = await db.Surveys.Where(s => s.OpenedAt == null && s.Active == true && (s.OpensAt == null || s.OpensAt <= now))
                .OrderBy(s => s.Id).Select(s => s.Id).ToListAsync(ct);
        }

        foreach (var id in due)
        {
            // Nobody to ask yet: it is tried again the next time.
            await ActAsync(
                id, async (db, survey, token) => survey.IsDue(clock.Now) ? await OpenAsync(db, survey, token) : Result.Done,
                CurrentUser.System, ct);
        }
    }

    private async Task<Result> OpenAsync(PortalDb db, Survey survey, CancellationToken ct)
    {
        await db.Entry(survey).Collection(s => s.Towers).LoadAsync(ct);
        survey.Open(clock.UtcNow);
        if (keys.Seal(survey) is { Ok: false } refused) return refused;
        return await SurveyAudiences.FreezeAsync(db, survey, clock.Today, ct) == 0 ? new Error("survey.nobody") : Result.Done;
    }

    private async Task<Result> ActAsync(
        long id, Func<PortalDb, Survey, CancellationToken, Task<Result>> act, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) => await db.Surveys.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token) is { } survey
                ? await act(db, survey, token)
                : Error.NotFound,
            ct);
    }

    private static List<string> Choices(NewQuestion question) =>
        [.. question.Options.Select(o => o.Trim()).Where(o => o.Length > 0).Distinct()];

    private List<Error> Check(SurveyDraft draft)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(draft.Title)) errors.Add(Error.Required(nameof(SurveyDraft.Title)));
        else if (draft.Title.Trim().Length > 200) errors.Add(Error.TooLong(nameof(SurveyDraft.Title), 200));
        if (draft.Description?.Length > 2000) errors.Add(Error.TooLong(nameof(SurveyDraft.Description), 2000));
        if (draft.Weighted && draft.Anonymous) errors.Add(new Error("survey.weighted_anonymous", nameof(SurveyDraft.Weighted)));
        if (draft.Weighted && !draft.PerApartment) errors.Add(new Error("survey.weighted_people", nameof(SurveyDraft.Weighted)));
        if (draft.ClosesAt <= clock.Now) errors.Add(new Error("survey.past", nameof(SurveyDraft.ClosesAt)));
        if (draft.ClosesAt <= draft.OpensAt) errors.Add(new Error("survey.order", nameof(SurveyDraft.ClosesAt)));
        if (draft.Questions.Count == 0) errors.Add(Error.Required(nameof(SurveyDraft.Questions)));
        if (draft.Questions.Count > MostQuestions) errors.Add(new Error("survey.too_many", nameof(SurveyDraft.Questions), MostQuestions));
        foreach (var (number, question) in draft.Questions.Index().Select(q => (q.Index + 1, q.Item)))
        {
            if (string.IsNullOrWhiteSpace(question.Text)) errors.Add(new Error("survey.question", nameof(SurveyDraft.Questions), number));
            else if (question.Text.Length > LongestQuestion) errors.Add(Error.TooLong(nameof(SurveyDraft.Questions), LongestQuestion));
            if (question.Options.Count > MostOptions || question.Options.Any(o => o.Length > LongestOption))
                errors.Add(Error.TooLong(nameof(SurveyDraft.Questions), LongestOption));
            if (question.Type == QuestionType.MultipleChoice && Choices(question).Count < 2)
                errors.Add(new Error("survey.options", nameof(SurveyDraft.Questions), number));
        }

        return errors;
    }
}
