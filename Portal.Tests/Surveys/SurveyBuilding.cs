using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Surveys;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Surveys;

/// <summary>A second tower beside the two apartments of the authority's world, each of its apartments with an owner of its own.</summary>
internal sealed class SurveyBuilding(AuthorityWorld world)
{
    public const int Tower = 2;

    private long _apartments = 2000;

    public SurveyService Surveys => world.Get<SurveyService>();

    public SurveyDesk Desk => world.Get<SurveyDesk>();

    public SurveyResults Results => world.Get<SurveyResults>();

    public CurrentUser Staff => world.As(Who.Staff);

    /// <summary>Builds apartments, and says who owns them.</summary>
    /// <param name="units">Number and coefficient.</param>
    public async Task<IReadOnlyList<CurrentUser>> BuildAsync(params (string Number, decimal Coefficient)[] units)
    {
        List<long> accounts = [];
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            var tower = await db.Towers.SingleOrDefaultAsync(t => t.Id == Tower) ?? new Tower { Id = Tower, Name = "Torre B", Floors = 20 };
            foreach (var (number, coefficient) in units)
            {
                var id = ++_apartments;
                var account = db.AddAccount($"o{id}", Roles.Owner, "Owner", number, id: id);
                db.AddUnit(tower, number, db.AddOwner(account, id: id), new DateOnly(2024, 1, 1), id, id).Coefficient = coefficient;
                accounts.Add(id);
            }

            await db.SaveChangesAsync();
        }

        List<CurrentUser> owners = [];
        foreach (var account in accounts)
            owners.Add((await world.Get<CurrentUserSource>().LoadAsync(account, default))!.User with { IpAddress = "192.0.2.77" });
        return owners;
    }

    public Task<IReadOnlyList<CurrentUser>> BuildAsync(int units) =>
        BuildAsync([.. Enumerable.Range(0, units).Select(n => ($"{n / 4 + 1}0{n % 4 + 1}", 100m / units))]);

    /// <summary>A survey of the second tower, open, as its office sees it.</summary>
    public async Task<SurveyView> AskAsync(
        bool anonymous = false, bool weighted = false, bool perApartment = true, params NewQuestion[] questions)
    {
        var draft = new SurveyDraft(
            "¿Qué mejoramos?", null, anonymous, perApartment, weighted, SurveyAudience.All, [Tower], null, world.Clock.Now.AddDays(9),
            questions);
        var id = (await Desk.SaveAsync(null, draft, Staff, default)).Value;
        Assert.Empty((await Desk.ReleaseAsync(id, Staff, default)).Errors);
        return (await Surveys.FindAsync(id, Staff, default))!;
    }

    public Task<Result> AnswerAsync(SurveyView view, CurrentUser who, params GivenAnswer[] answers) => Surveys.AnswerAsync(
        view.Survey.Id, null, answers.Index().ToDictionary(a => view.Questions[a.Index].Id, a => a.Item), who, default);

    public async Task<SurveyOutcome> OutcomeAsync(SurveyView view) => (await Results.FindAsync(view.Survey.Id, Staff, default))!;

    public static NewQuestion Choice(bool several, params string[] options) =>
        new("¿Cuál?", QuestionType.MultipleChoice, several, options, true);

    public static NewQuestion Of(QuestionType type, bool required = true) => new($"¿{type}?", type, false, [], required);
}
