using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Portal.Data.Surveys;

/// <summary>
/// Opens the sealed answers of an anonymous survey once it is closed: all in one write, torn apart by question and shuffled, so that no order
/// leads from a sealed row to what was in it. Then the key is destroyed.
/// </summary>
public sealed class SurveyCount(PortalStore store, SurveyKeys keys, BuildingClock clock, ILogger<SurveyCount> logger)
{
    /// <summary>All that are closed and not counted yet.</summary>
    internal async Task CountClosedAsync(CancellationToken ct)
    {
        List<long> closed;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            var now = clock.Now;
            closed = await db.Surveys.Where(s => s.SealKey != null && s.OpenedAt != null && (s.Active != true || s.ClosesAt <= now))
                .OrderBy(s => s.Id).Select(s => s.Id).ToListAsync(ct);
        }

        foreach (var id in closed) await CountAsync(id, ct);
    }

    /// <summary>Counts one that is closed. Where its key is not here, what was answered stays sealed and the log says so.</summary>
    internal async Task CountAsync(long id, CancellationToken ct)
    {
        byte[]? half = null;
        var counted = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                half = null;
                var survey = await db.Surveys.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (survey?.SealKey is not { } seal || survey.Stage(clock.Now) != SurveyStage.Closed) return Result.Done;
                using var key = keys.Find(seal);
                if (key is null)
                {
                    logger.LogError("The key of survey {Id} is not in the folder of survey keys: its answers stay sealed", id);
                    return Result.Done;
                }

                var sealedRows = await db.SurveySealedAnswers.Where(s => s.SurveyId == id).OrderBy(s => s.Id).ToListAsync(token);
                var answers = sealedRows.SelectMany(row => SurveySeal.Open(key, row.Content)).ToArray();
                RandomNumberGenerator.Shuffle(answers.AsSpan());
                db.SurveySealedAnswers.RemoveRange(sealedRows);
                db.SurveyAnswers.AddRange(answers.Select(a => new SurveyAnswer
                {
                    SurveyId = id, QuestionId = a.Question, Choices = a.Choices, Text = a.Text,
                }));
                survey.Counted();
                half = seal;
                return Result.Done;
            },
            ct);
        // After the write: what was not counted can still be.
        if (counted.Ok && half is not null) keys.Destroy(half);
    }
}
