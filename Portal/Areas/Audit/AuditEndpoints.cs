using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Audit;

/// <summary>The compliance report as a file.</summary>
public sealed class AuditEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/audit/compliance.pdf", PdfAsync).RequireAuthorization(Permissions.AuditView);
        app.MapGet("/audit/compliance/export", ExportAsync).RequireAuthorization(Permissions.AuditView);
    }

    private static async Task<IResult> PdfAsync(
        string? from, string? to, HttpContext http, ComplianceService compliance, SettingsService settings, BuildingClock clock, Me me,
        IStringLocalizer<AuditWords> words, CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        if (await compliance.ReadAsync(AddressValue.Day(from), AddressValue.Day(to), user, ct) is not { } report) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var model = new ComplianceModel(
            BuildingPaper.Header(building), report, Wall(report.Reach.Oldest), Wall(report.Reach.OldestArchived), user.Name,
            BuildingPaper.Stamp(building, clock));
        var name = $"{words["compliance.file"]}-{report.From:yyyy-MM-dd}-{report.To:yyyy-MM-dd}.pdf";
        return PrivateFile.Pdf(http, ComplianceDocument.Render(model, CultureInfo.CurrentUICulture), name);

        DateTime? Wall(DateTime? utc) => utc is { } at ? clock.ToWall(at) : null;
    }

    private static async Task<IResult> ExportAsync(
        string? from, string? to, string? format, ComplianceService compliance, Me me, IStringLocalizer<AuditWords> words, CancellationToken ct)
    {
        if (await compliance.ReadAsync(AddressValue.Day(from), AddressValue.Day(to), await me.GetAsync(ct), ct) is not { } report)
            return Results.NotFound();
        var culture = CultureInfo.CurrentUICulture;
        var name = $"{words["compliance.file"]}-{report.From:yyyy-MM-dd}-{report.To:yyyy-MM-dd}";
        List<ExportColumn<ComplianceRow>> columns =
        [
            new(words["compliance.figure"], ExportKind.Text, r => words[$"figure.{r.Figure}"].Value),
            new(words["compliance.number"], ExportKind.Number, r => r.Number),
            new(words["compliance.amount"], ExportKind.Money, r => r.Amount),
        ];
        var rows = report.Rows.ToAsyncEnumerable();
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(words["compliance"], columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
