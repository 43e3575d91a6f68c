using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;

namespace Portal.Data.Surveys;

/// <summary>What came of a survey. Needs <see cref="Permissions.SurveysView"/>.</summary>
public sealed class SurveyResults(PortalStore store)
{
    private const int MostTexts = 200;

    /// <summary>By question, in their order; null out of reach.</summary>
    public async Task<IReadOnlyList<QuestionResult>?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var questions = await SurveyService.QuestionsAsync(db, id, ct);
        if (questions.Count == 0) return null;
        var countable = questions.Where(q => q.Type != QuestionType.Text).Select(q => q.Id).ToList();
        var counts = (
            await db
                .SurveyAnswers.AsNoTracking()
                .Where(a => countable.Contains(a.QuestionId))
                .GroupBy(a => new { a.QuestionId, a.Answer })
                .Select(g => new
                {
                    g.Key.QuestionId,
                    g.Key.Answer,
                    Count = g.Count(),
                })
                .ToListAsync(ct)
        ).ToLookup(a => a.QuestionId);
        var results = new List<QuestionResult>();
        foreach (var question in questions)
        {
            if (question.Type == QuestionType.Text)
            {
                var texts = await db
                    .SurveyAnswers.AsNoTracking()
                    .Where(a => a.QuestionId == question.Id)
                    .OrderByDescending(a => a.Id)
                    .Take(MostTexts)
                    .Select(a => a.Answer)
                    .ToListAsync(ct);
                results.Add(new QuestionResult(question, [], null, texts));
                continue;
            }

            var given = counts[question.Id].ToDictionary(a => a.Answer, a => a.Count);
            var all = SurveyAnswers
                .Possible(question)
                .Concat(given.Keys)
                .Distinct()
                .Select(a => new AnswerCount(a, given.GetValueOrDefault(a)))
                .ToList();
            decimal? average =
                question.Type == QuestionType.Rating && given.Count > 0
                    ? (decimal)given.Sum(a => int.Parse(a.Key, CultureInfo.InvariantCulture) * a.Value) / given.Values.Sum()
                    : null;
            results.Add(new QuestionResult(question, all, average, []));
        }

        return results;
    }

    /// <summary>Every filled-in survey with its answers, oldest first, for the export; null out of reach.</summary>
    public async Task<(IReadOnlyList<QuestionView> Questions, IReadOnlyList<ResponseRow> Rows)?> AllAsync(
        long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SurveysView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var questions = await SurveyService.QuestionsAsync(db, id, ct);
        if (questions.Count == 0) return null;
        var rows = await db
            .SurveyResponses.AsNoTracking()
            .Where(r => r.SurveyId == id)
            .OrderBy(r => r.Id)
            .Select(r => new
            {
                r.Id,
                r.CreatedAt,
                r.UserId,
                Unit = UnitName.Of(r.Apartment),
                Name = db
                    .Profiles.Where(p => r.UserId != null && p.UserId == r.UserId)
                    .Select(p => p.FullName)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        var answers = (
            await db
                .SurveyAnswers.AsNoTracking()
                .Where(a => a.Response!.SurveyId == id)
                .Select(a => new
                {
                    a.ResponseId,
                    a.QuestionId,
                    a.Answer,
                })
                .ToListAsync(ct)
        ).ToLookup(a => a.ResponseId);
        var anonymous = await db.Surveys.Where(s => s.Id == id).Select(s => s.Anonymous).SingleAsync(ct);
        // The minute of an answer beside a gate log tells who gave it: an anonymous export has neither name nor time.
        return (
            questions,
            [
                .. rows.Select(r => new ResponseRow(
                    anonymous ? null : r.CreatedAt, anonymous ? null : string.Join(", ", new[] { r.Name, r.Unit }.OfType<string>()),
                    answers[r.Id].GroupBy(a => a.QuestionId).ToDictionary(g => g.Key, g => g.First().Answer))),
            ]
        );
    }
}
