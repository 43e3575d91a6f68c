using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Surveys;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Surveys;

/// <summary>A survey's answers as a file: one line for each who answered, one column for each question.</summary>
public sealed class SurveyEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/surveys/{id:long}/export", ExportAsync).RequireAuthorization(Permissions.SurveysView);

    private static async Task<IResult> ExportAsync(
        long id, SurveyResults results, BuildingClock clock, Me me, IStringLocalizer<SurveyWords> words, CancellationToken ct)
    {
        if (await results.AllAsync(id, await me.GetAsync(ct), ct) is not { } all) return Results.NotFound();
        List<ExportColumn<ResponseRow>> columns =
        [
            new(words["export.when"], ExportKind.DateAndTime, row => row.At is { } at ? clock.ToWall(at) : null),
            new(words["export.who"], ExportKind.Text, row => row.Who),
            .. all.Questions.Select(q => new ExportColumn<ResponseRow>(
                q.Text,
                ExportKind.Text,
                row =>
                    row.Answers.GetValueOrDefault(q.Id) is { } answer && q.Type == QuestionType.YesNo && (answer is "yes" or "no")
                        ? words[answer].Value
                        : row.Answers.GetValueOrDefault(q.Id)
            )),
        ];
        var culture = CultureInfo.CurrentUICulture;
        return Results.Stream(
            output => CsvExport.WriteAsync(columns, all.Rows.ToAsyncEnumerable(), culture, output, ct), CsvExport.ContentType,
            $"{words["export.file"]}-{id}.csv");
    }
}
