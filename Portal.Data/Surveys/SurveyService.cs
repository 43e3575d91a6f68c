using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;

namespace Portal.Data.Surveys;

/// <summary>Surveys: what is asked, and one answer per person or per apartment, which the database's unique key decides.</summary>
public sealed class SurveyService(PortalStore store, BuildingClock clock)
{
    public const int MostQuestions = 30;

    /// <summary>Characters.</summary>
    public const int LongestQuestion = 500;

    /// <summary>Characters of one choice.</summary>
    public const int LongestOption = 200;

    private const int MostOptions = 50;

    /// <summary>Open ones first, then the latest. The filter <c>state</c>: open, closed.</summary>
    public async Task<Page<SurveyRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        var surveys = VisibleTo(db.Surveys.AsNoTracking(), user);
        if (query.Search?.Trim() is { Length: > 0 } text)
            surveys = surveys.Where(s => s.Title.Contains(text) || s.Description!.Contains(text));
        surveys = query.Filter("state") switch
        {
            "open" => surveys.Where(s => s.Active == true && (s.ClosesAt == null || s.ClosesAt > now)),
            "closed" => surveys.Where(s => s.Active != true || s.ClosesAt <= now),
            _ => surveys,
        };
        var page = await surveys
            .OrderByDescending(s => s.Active == true && (s.ClosesAt == null || s.ClosesAt > now))
            .ThenByDescending(s => s.Id)
            .Select(s => new SurveyRow(
                s.Id, s.Title, s.Description, s.Active == true && (s.ClosesAt == null || s.ClosesAt > now), s.Anonymous, s.PerApartment,
                s.ClosesAt, db.SurveyResponses.Count(r => r.SurveyId == s.Id), false))
            .PageAsync(query, ct);
        if (page.Rows.Count == 0) return page;
        var given = await GivenAsync(db, [.. page.Rows.Select(s => s.Id)], user, ct);
        return page with
        {
            Rows =
            [
                .. page.Rows.Select(s =>
                    s with
                    {
                        Answered =
                            Keys(s.Id, s.Anonymous, s.PerApartment, user) is { Count: > 0 } keys
                            && keys.All(k => given.Contains((s.Id, k.Key))),
                    }
                ),
            ],
        };
    }

    /// <summary>One survey with its questions; null out of reach.</summary>
    public async Task<SurveyView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        var page = await ListOneAsync(id, user, ct);
        if (page is not { } survey) return null;
        await using var db = await store.OpenAsync(user, ct);
        var given = await GivenAsync(db, [id], user, ct);
        var keys = Keys(id, survey.Anonymous, survey.PerApartment, user);
        var open = keys.Where(k => !given.Contains((id, k.Key))).Select(k => k.Apartment).OfType<long>().ToList();
        var units =
            open.Count == 0
                ? []
                : await db
                    .Apartments.AsNoTracking()
                    .Where(a => open.Contains(a.Id))
                    .OrderBy(a => a.Tower!.Name)
                    .ThenBy(a => a.ApartmentNumber)
                    .ThenBy(a => a.Id)
                    .Select(a => new { a.Id, Unit = UnitName.Of(a) })
                    .ToListAsync(ct);
        return new SurveyView(
            survey with
            {
                Answered = keys.Count > 0 && keys.All(k => given.Contains((id, k.Key))),
            },
            await QuestionsAsync(db, id, ct),
            [.. units.Select(u => (u.Id, u.Unit))]
        );
    }

    /// <summary>Publishes a survey. Its questions do not change afterwards. Needs <see cref="Permissions.SurveysEdit"/>.</summary>
    /// <returns>Its id.</returns>
    public async Task<Result<long>> CreateAsync(NewSurvey input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return Error.Forbidden;
        var errors = Check(input);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var survey = new Survey
                {
                    Title = input.Title.Trim(),
                    Description = input.Description.TrimToNull(),
                    Active = true,
                    Anonymous = input.Anonymous,
                    PerApartment = input.PerApartment,
                    ClosesAt = input.ClosesAt,
                    Questions =
                    [
                        .. input.Questions.Select(
                            (q, i) =>
                                new Question
                                {
                                    Text = q.Text.Trim(),
                                    Type = q.Type,
                                    Required = q.Required,
                                    OrderIndex = i + 1,
                                    Options =
                                        q.Type == QuestionType.MultipleChoice
                                            ? JsonSerializer.Serialize(Choices(q), AuditTrail.Json)
                                            : null,
                                }
                        ),
                    ],
                };
                db.Surveys.Add(survey);
                await db.SaveChangesAsync(token);
                return survey.Id;
            },
            ct
        );
    }

    /// <summary>
    /// Closes a survey, or opens it again; one whose day has passed opens without a day. Needs <see cref="Permissions.SurveysEdit"/>.
    /// </summary>
    public async Task<Result> OpenAsync(long id, bool open, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysEdit)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.Surveys.SingleOrDefaultAsync(s => s.Id == id, token) is not { } survey) return Error.NotFound;
            survey.Active = open;
            if (open && survey.ClosesAt <= clock.Now) survey.ClosesAt = null;
            return Result.Done;
        }, ct);
    }

    /// <summary>Takes the person's answers, by question. The same person or apartment twice: the database keeps the first.</summary>
    /// <param name="apartment">For which they answer, where it is per apartment; null: their only one.</param>
    public async Task<Result> AnswerAsync(
        long id, long? apartment, IReadOnlyDictionary<long, string> answers, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysAnswer)) return Error.Forbidden;
        if (await ListOneAsync(id, user, ct) is not { } survey) return Error.NotFound;
        var keys = Keys(id, survey.Anonymous, survey.PerApartment, user);
        if (keys.Count == 0) return new Error("survey.no_apartment");
        var key = survey.PerApartment ? keys.FirstOrDefault(k => apartment is null ? keys.Count == 1 : k.Apartment == apartment) : keys[0];
        if (key is null) return Error.NotFound;

        // The log must not tell what the survey promised to forget: an anonymous answer is written by nobody.
        var writer = survey.Anonymous ? CurrentUser.System : user;
        var result = await store.WriteAsync(
            writer,
            async (db, token) =>
            {
                var now = clock.Now;
                if (!await db.Surveys.AnyAsync(s => s.Id == id && s.Active == true && (s.ClosesAt == null || s.ClosesAt > now), token))
                    return new Error("survey.closed");
                var questions = await QuestionsAsync(db, id, token);
                var errors = SurveyAnswers.Check(questions, answers);
                if (errors.Count > 0) return errors;
                db.SurveyResponses.Add(
                    new SurveyResponse
                    {
                        SurveyId = id,
                        Respondent = key.Key,
                        ApartmentId = survey.Anonymous ? null : key.Apartment ?? (user.ApartmentIds is [var first, ..] ? first : null),
                        UserId = survey.Anonymous ? null : user.AccountId,
                        Answers =
                        [
                            .. questions
                                .Where(q => SurveyAnswers.Given(answers, q) is not null)
                                .Select(q => new SurveyAnswer { QuestionId = q.Id, Answer = SurveyAnswers.Given(answers, q)! }),
                        ],
                    }
                );
                await db.SaveChangesAsync(token);
                return Result.Done;
            },
            ct
        );
        return result.Error?.Code.StartsWith("duplicate.", StringComparison.Ordinal) == true ? new Error("survey.answered") : result;
    }

    internal static async Task<List<QuestionView>> QuestionsAsync(PortalDb db, long id, CancellationToken ct) =>
        [
            .. (
                await db.Questions.AsNoTracking().Where(q => q.SurveyId == id).OrderBy(q => q.OrderIndex).ThenBy(q => q.Id).ToListAsync(ct)
            ).Select(View),
        ];

    /// <summary>A choice between nothing, which an older system may hold, is asked in free words.</summary>
    private static QuestionView View(Question question)
    {
        var options = SurveyOptions.Read(question.Options);
        var type = question.Type == QuestionType.MultipleChoice && options.Count == 0 ? QuestionType.Text : question.Type;
        return new QuestionView(question.Id, question.Text, type, options, question.Required == true);
    }

    private async Task<SurveyRow?> ListOneAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.Now;
        return await VisibleTo(db.Surveys.AsNoTracking(), user)
            .Where(s => s.Id == id)
            .Select(s => new SurveyRow(
                s.Id, s.Title, s.Description, s.Active == true && (s.ClosesAt == null || s.ClosesAt > now), s.Anonymous, s.PerApartment,
                s.ClosesAt, db.SurveyResponses.Count(r => r.SurveyId == s.Id), false))
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>Which of the person's answers there are already.</summary>
    private static async Task<HashSet<(long, string)>> GivenAsync(PortalDb db, List<long> ids, CurrentUser user, CancellationToken ct)
    {
        var candidates = ids.SelectMany(id =>
                new[] { (true, true), (true, false), (false, true), (false, false) }
                    .SelectMany(kind => Keys(id, kind.Item1, kind.Item2, user))
                    .Select(k => k.Key)
            )
            .Distinct()
            .ToList();
        return candidates.Count == 0
            ? []
            :
            [
                .. (
                    await db
                        .SurveyResponses.AsNoTracking()
                        .Where(r => ids.Contains(r.SurveyId) && candidates.Contains(r.Respondent))
                        .Select(r => new { r.SurveyId, r.Respondent })
                        .ToListAsync(ct)
                ).Select(r => (r.SurveyId, r.Respondent)),
            ];
    }

    private sealed record Respondent(string Key, long? Apartment);

    /// <summary>
    /// Under which names the person may answer: their own, or one for each apartment they own or live in. Who has no apartment has no
    /// voice.
    /// </summary>
    private static List<Respondent> Keys(long survey, bool anonymous, bool perApartment, CurrentUser user)
    {
        if (user.Id == 0 || user.ApartmentIds.Count == 0) return [];
        List<Respondent> keys = perApartment
            ? [.. user.ApartmentIds.Select(a => new Respondent($"apartment:{a}", a))]
            : [new Respondent($"user:{user.Id}", null)];
        return anonymous ? [.. keys.Select(k => k with { Key = Hash($"survey:{survey}:{k.Key}") })] : keys;
    }

    /// <summary>64 letters: tells whether somebody has answered without saying who, to whoever reads the table.</summary>
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static IQueryable<Survey> VisibleTo(IQueryable<Survey> surveys, CurrentUser user) =>
        user.Can(Permissions.SurveysView) || user.Can(Permissions.SurveysEdit) || user.Can(Permissions.SurveysAnswer)
            ? surveys
            : surveys.Where(s => false);

    private static List<string> Choices(NewQuestion question) =>
        [.. question.Options.Select(o => o.Trim()).Where(o => o.Length > 0).Distinct()];

    private List<Error> Check(NewSurvey input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Title)) errors.Add(Error.Required(nameof(NewSurvey.Title)));
        else if (input.Title.Trim().Length > 200) errors.Add(Error.TooLong(nameof(NewSurvey.Title), 200));
        if (input.Description?.Length > 2000) errors.Add(Error.TooLong(nameof(NewSurvey.Description), 2000));
        if (input.ClosesAt <= clock.Now) errors.Add(new Error("survey.past", nameof(NewSurvey.ClosesAt)));
        if (input.Questions.Count == 0) errors.Add(Error.Required(nameof(NewSurvey.Questions)));
        if (input.Questions.Count > MostQuestions) errors.Add(new Error("survey.too_many", nameof(NewSurvey.Questions), MostQuestions));
        foreach (var (number, question) in input.Questions.Index().Select(q => (q.Index + 1, q.Item)))
        {
            if (string.IsNullOrWhiteSpace(question.Text)) errors.Add(new Error("survey.question", nameof(NewSurvey.Questions), number));
            else if (question.Text.Length > LongestQuestion) errors.Add(Error.TooLong(nameof(NewSurvey.Questions), LongestQuestion));
            if (question.Options.Count > MostOptions || question.Options.Any(o => o.Length > LongestOption))
                errors.Add(Error.TooLong(nameof(NewSurvey.Questions), LongestOption));
            if (question.Type == QuestionType.MultipleChoice && Choices(question).Count < 2)
                errors.Add(new Error("survey.options", nameof(NewSurvey.Questions), number));
        }

        return errors;
    }
}
