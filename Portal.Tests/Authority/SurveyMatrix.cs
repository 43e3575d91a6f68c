using Portal.Data;
using Portal.Data.Surveys;

namespace Portal.Tests.Authority;

/// <summary>Surveys: residents answer what they were asked, the office asks and reads what came of it.</summary>
public sealed class SurveyMatrix : AreaMatrix
{
    private const long Gym = 871, Draft = 872, Done = 873;
    private const long Open = 8711;

    private static readonly Who[] Users = [Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant];

    private static readonly SurveyDraft Pool = new(
        "Pool", null, false, false, false, SurveyAudience.All, [], null, null, [new("Warm?", QuestionType.YesNo, false, [], true)]);

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Surveys.AddRange(Asked(Gym, Open, s => s.Open(world.Clock.UtcNow)), Asked(Draft, 8721), Asked(Done, 8731, s =>
        {
            s.Open(world.Clock.UtcNow);
            s.Close(world.Clock.Now);
        }));
        foreach (var who in new[] { Who.Owner, Who.Neighbour, Who.Tenant })
        {
            foreach (var survey in new[] { Gym, Done })
            {
                db.SurveyParticipants.Add(new SurveyParticipant
                {
                    SurveyId = survey, Respondent = $"user:{AuthorityWorld.Id(who)}", UserId = AuthorityWorld.Id(who),
                    ApartmentId = who == Who.Neighbour ? AuthorityWorld.OtherApartment : AuthorityWorld.Apartment,
                });
            }
        }

        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<SurveyService>(
                nameof(SurveyService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Gym)), Users),
            Method<SurveyService>(nameof(SurveyService.FindAsync), (s, user, _) => Of(s.FindAsync(Gym, user, default)), Users),
            // Who works here may read it, but was not asked: a rule behind the authority refuses the administrator.
            Method<SurveyService>(
                nameof(SurveyService.AnswerAsync),
                (s, user, _) => Of(s.AnswerAsync(
                    Gym, null, new Dictionary<long, GivenAnswer> { [Open] = GivenAnswer.Of(1) }, user, default)),
                Who.Admin, Who.Owner, Who.Neighbour, Who.Tenant),
            Method<SurveyDesk>(nameof(SurveyDesk.TowersAsync), (s, user, _) => Of(s.TowersAsync(user, default)), Office),
            Method<SurveyDesk>(
                nameof(SurveyDesk.ReachAsync), (s, user, _) => Of(s.ReachAsync(SurveyAudience.All, true, [], user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.DraftAsync), (s, user, _) => Of(s.DraftAsync(Draft, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.SaveAsync), (s, user, _) => Of(s.SaveAsync(null, Pool, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.ReleaseAsync), (s, user, _) => Of(s.ReleaseAsync(Draft, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.CloseAsync), (s, user, _) => Of(s.CloseAsync(Gym, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.ReopenAsync), (s, user, _) => Of(s.ReopenAsync(Done, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.ArchiveAsync), (s, user, _) => Of(s.ArchiveAsync(Done, true, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.ShareAsync), (s, user, _) => Of(s.ShareAsync(Done, true, user, default)), Office),
            Method<SurveyDesk>(nameof(SurveyDesk.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Draft, user, default)), Office),
            Method<SurveyResults>(nameof(SurveyResults.FindAsync), (s, user, _) => Of(s.FindAsync(Gym, user, default)), Office),
            Method<SurveyResults>(
                nameof(SurveyResults.AllAsync), async (s, user, _) => await s.AllAsync(Gym, user, default) is not null, Office),
            Page("/surveys", Users),
            Page("/surveys/{Id:long}", $"/surveys/{Gym}", Users),
            Endpoint(HttpMethod.Get, "/surveys/{id:long}/export", $"/surveys/{Gym}/export", Office),
            Endpoint(HttpMethod.Get, "/surveys/{id:long}/report.pdf", $"/surveys/{Gym}/report.pdf", Office),
        ];

    private static Survey Asked(long id, long question, Action<Survey>? then = null)
    {
        var survey = new Survey
        {
            Id = id,
            Title = "Gym",
            Questions = [new Question { Id = question, Text = "Open on Sundays?", Type = QuestionType.YesNo, Required = true, OrderIndex = 1 }],
        };
        then?.Invoke(survey);
        return survey;
    }
}
