using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Surveys;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Surveys;

/// <summary>
/// What came of a survey as files. With names: one line for each who answered, one column for each question. Of an anonymous one only what
/// the page shows: how often each answer was given, and the texts in no order.
/// </summary>
public sealed class SurveyEndpoints : WebArea
{
    private sealed record Line(string Question, string Answer, int? Count, decimal? Percent);

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/surveys/{id:long}/export", ExportAsync).RequireAuthorization(Permissions.SurveysView);
        app.MapGet("/surveys/{id:long}/report.pdf", PdfAsync).RequireAuthorization(Permissions.SurveysView);
    }

    private static async Task<IResult> ExportAsync(
        long id, SurveyResults results, BuildingClock clock, Me me, IStringLocalizer<SurveyWords> words, CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        var name = $"{words["export.file"]}-{id}.csv";
        if (await results.AllAsync(id, user, ct) is { } all) return Csv(Columns(all.Questions, clock, words), all.Rows, name);
        return await results.FindAsync(id, user, ct) is { Survey.Anonymous: true, Withheld: Withheld.Nothing } outcome
            ? Csv(Columns(words), Lines(outcome, words), name)
            : Results.NotFound();
    }

    private static async Task<IResult> PdfAsync(
        long id, HttpContext http, SurveyResults results, SettingsService settings, BuildingClock clock, Me me,
        IStringLocalizer<SurveyWords> words, CancellationToken ct)
    {
        if (await results.FindAsync(id, await me.GetAsync(ct), ct) is not { Withheld: Withheld.Nothing } outcome) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var opened = DateOnly.FromDateTime(clock.ToWall(outcome.Survey.OpenedAt!.Value));
        var pdf = SurveyDocument.Render(
            new SurveyModel(BuildingPaper.Header(building), outcome, opened, BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture);
        return PrivateFile.Pdf(http, pdf, $"{words["export.file"]}-{id}.pdf");
    }

    private static IResult Csv<T>(IReadOnlyList<ExportColumn<T>> columns, IReadOnlyList<T> rows, string name)
    {
        var culture = CultureInfo.CurrentUICulture;
        return Results.Stream(
            output => CsvExport.WriteAsync(columns, rows.ToAsyncEnumerable(), culture, output), CsvExport.ContentType, name);
    }

    private static List<ExportColumn<ResponseRow>> Columns(
        IReadOnlyList<QuestionView> questions, BuildingClock clock, IStringLocalizer<SurveyWords> words) =>
    [
        new(words["export.when"], ExportKind.DateAndTime, row => row.At is { } at ? clock.ToWall(at) : null),
        new(words["export.unit"], ExportKind.Text, row => row.Unit),
        new(words["export.who"], ExportKind.Text, row => row.Who),
        new(words["export.weight"], ExportKind.Number, row => row.Weight),
        .. questions.Select(q => new ExportColumn<ResponseRow>(
            q.Text, ExportKind.Text, row => SurveyWording.Of(q, row.Answers.GetValueOrDefault(q.Id), words))),
    ];

    private static List<ExportColumn<Line>> Columns(IStringLocalizer<SurveyWords> words) =>
    [
        new(words["export.question"], ExportKind.Text, line => line.Question),
        new(words["export.answer"], ExportKind.Text, line => line.Answer),
        new(words["col.answers"], ExportKind.Number, line => line.Count),
        new("%", ExportKind.Number, line => line.Percent),
    ];

    private static List<Line> Lines(SurveyOutcome outcome, IStringLocalizer<SurveyWords> words) =>
    [
        .. outcome.Questions.SelectMany(q =>
            q.Choices.Select(c => new Line(q.Question.Text, SurveyWording.Name(q, c, words), c.Count, c.Percent))
                .Concat(q.Texts.Select(t => new Line(q.Question.Text, t.Text, null, null)))),
    ];
}
