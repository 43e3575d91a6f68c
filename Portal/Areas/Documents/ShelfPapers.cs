using System.Globalization;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Data.Documents;
using Portal.Data.Expenses;
using Portal.Data.Notices;
using Portal.Data.Operations;
using Portal.Data.Surveys;
using Portal.Documents;

namespace Portal.Areas.Documents;

/// <summary>Papers of other rooms that go to the library by themselves, in Spanish as the building's papers are.</summary>
public sealed class ShelfPapers(
    BudgetService budgets, SurveyResults surveys, AssemblyActs acts, SettingsService settings, BuildingClock clock)
{
    private static readonly CultureInfo Language = CultureInfo.GetCultureInfo("es-CO");

    /// <inheritdoc cref="ShelfPaperMaker"/>
    public Task<ShelfPaper?> MakeAsync(string room, long id, CancellationToken ct) => room switch
    {
        "budget" => BudgetAsync(id, ct),
        "survey" => SurveyAsync(id, ct),
        "assembly" => ActAsync(id, ct),
        _ => Task.FromResult<ShelfPaper?>(null),
    };

    /// <summary>An approved budget: each version of a year is one of that year's document, for owners.</summary>
    private async Task<ShelfPaper?> BudgetAsync(long id, CancellationToken ct)
    {
        if (await budgets.FindAsync(id, CurrentUser.System, ct) is not { Version: { Draft: false } version } budget) return null;
        var building = await settings.GetAsync(ct);
        var words = new Wording(Language);
        var pdf = BudgetDocument.Render(
            new BudgetModel(BuildingPaper.Header(building), budget, BuildingPaper.Stamp(building, clock)), Language);
        return new ShelfPaper(
            $"budget:{version.Year}", $"budget:{id}", DocumentKind.Budget, words["budget.title", version.Year],
            $"{words["budget.file"]}-{version.Year}-v{version.Version}.pdf", pdf, version.ApprovedOn ?? clock.Today,
            NoticeAudience.Everybody with { Residents = NoticeResidents.Owners },
            words["budget.note", version.Version, version.Act ?? "–"]);
    }

    /// <summary>The act of an assembly, once it is published, for owners; minutes are kept for ever.</summary>
    private async Task<ShelfPaper?> ActAsync(long id, CancellationToken ct)
    {
        if (await acts.FindAsync(id, CurrentUser.System, ct) is not { Number: { } number, PublishedAt: { } at } act) return null;
        var building = await settings.GetAsync(ct);
        var published = DateOnly.FromDateTime(clock.ToWall(at));
        var pdf = ActDocument.Render(
            new ActModel(
                BuildingPaper.Header(building), number, published, act.Facts, true, BuildingPaper.Stamp(building, clock),
                act.Code is { } code ? BuildingPaper.Verification(building, building.PublicAddress, code) : null),
            Language);
        return new ShelfPaper(
            $"assembly:{id}", $"assembly:{id}", DocumentKind.Minutes, $"{number}: {act.Facts.Title}", $"{number}.pdf", pdf,
            DateOnly.FromDateTime(act.Facts.MeetsAt), NoticeAudience.Everybody with { Residents = NoticeResidents.Owners });
    }

    /// <summary>What came of a survey, once it is closed and there is enough of it to be shown, for the office.</summary>
    private async Task<ShelfPaper?> SurveyAsync(long id, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, CurrentUser.System, ct) is not { Withheld: Withheld.Nothing } outcome
            || outcome.Survey is not { OpenedAt: { } opened, ClosesAt: { } closed } survey || survey.Stage == SurveyStage.Open)
            return null;
        var building = await settings.GetAsync(ct);
        var words = new Wording(Language);
        var pdf = SurveyDocument.Render(
            new SurveyModel(BuildingPaper.Header(building), outcome, DateOnly.FromDateTime(clock.ToWall(opened)), BuildingPaper.Stamp(building, clock)),
            Language);
        return new ShelfPaper(
            $"survey:{id}", DocumentIntake.VersionOf(id, closed), DocumentKind.Survey, words["survey.subject", survey.Title],
            $"{words["survey.file"]}-{id}.pdf", pdf, DateOnly.FromDateTime(closed),
            NoticeAudience.Everybody with { Roles = NoticeAudience.Write([Data.Access.Roles.Admin, Data.Access.Roles.Staff]) },
            words["survey.note", outcome.Turnout.Answered, outcome.Turnout.Convened]);
    }
}
