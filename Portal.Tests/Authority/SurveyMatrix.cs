using Portal.Data;
using Portal.Data.Surveys;

namespace Portal.Tests.Authority;

/// <summary>Surveys: residents answer, the office asks and reads what came of it.</summary>
public sealed class SurveyMatrix : AreaMatrix
{
    private const long Gym = 871;
    private const long Open = 8711;

    private static readonly Who[] Users = [Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant];
    private static readonly NewSurvey Pool = new("Pool", null, false, false, null, [new("Warm?", QuestionType.YesNo, [], true)]);

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Surveys.Add(
            new Survey
            {
                Id = Gym,
                Title = "Gym",
                Active = true,
                Questions =
                [
                    new Question
                    {
                        Id = Open,
                        Text = "Open on Sundays?",
                        Type = QuestionType.YesNo,
                        Required = true,
                        OrderIndex = 1,
                    },
                ],
            }
        );
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<SurveyService>(
                nameof(SurveyService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Gym)), Users),
            Method<SurveyService>(nameof(SurveyService.FindAsync), (s, user, _) => Of(s.FindAsync(Gym, user, default)), Users),
            Method<SurveyService>(nameof(SurveyService.CreateAsync), (s, user, _) => Of(s.CreateAsync(Pool, user, default)), Office),
            Method<SurveyService>(nameof(SurveyService.OpenAsync), (s, user, _) => Of(s.OpenAsync(Gym, false, user, default)), Office),
            // The administrator may, but has no apartment to answer for: a rule behind the authority refuses them.
            Method<SurveyService>(
                nameof(SurveyService.AnswerAsync),
                (s, user, _) => Of(s.AnswerAsync(Gym, null, new Dictionary<long, string> { [Open] = "yes" }, user, default)), Who.Admin,
                Who.Owner, Who.Neighbour, Who.Tenant),
            Method<SurveyResults>(nameof(SurveyResults.FindAsync), (s, user, _) => Of(s.FindAsync(Gym, user, default)), Office),
            Method<SurveyResults>(
                nameof(SurveyResults.AllAsync), async (s, user, _) => await s.AllAsync(Gym, user, default) is not null, Office),
            Page("/surveys", Users),
            Page("/surveys/{Id:long}", $"/surveys/{Gym}", Users),
            Endpoint(HttpMethod.Get, "/surveys/{id:long}/export", $"/surveys/{Gym}/export", Office),
        ];
}
