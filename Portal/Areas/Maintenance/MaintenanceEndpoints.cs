using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Maintenance;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Maintenance;

/// <summary>The lists as files, and the papers of inspections.</summary>
public sealed class MaintenanceEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/maintenance/export", InspectionsAsync).RequireAuthorization(Permissions.MaintenanceView);
        app.MapGet("/maintenance/assets/export", AssetsAsync).RequireAuthorization(Permissions.MaintenanceView);
        app.MapGet("/maintenance/inspections/{id:long}/paper", PaperAsync).RequireAuthorization(Permissions.MaintenanceView);
    }

    private static async Task<IResult> PaperAsync(long id, HttpContext http, InspectionService inspections, Me me, CancellationToken ct) =>
        await inspections.PaperAsync(id, await me.GetAsync(ct), ct) is { } paper
            ? PrivateFile.Uploaded(http, paper.Name, paper.ContentType, paper.Content)
            : Results.NotFound();

    private static async Task<IResult> InspectionsAsync(
        string? format, HttpContext http, InspectionService inspections, BuildingClock clock, Me me, IStringLocalizer<MaintenanceWords> words,
        CancellationToken ct)
    {
        var rows = inspections.ExportAsync(ListAddress.Read(http.Request.Query, "due"), await me.GetAsync(ct), ct);
        List<ExportColumn<InspectionRow>> columns =
        [
            new(words["col.kind"], ExportKind.Text, row => row.Kind),
            new(words["col.code"], ExportKind.Text, row => row.AssetCode),
            new(words["col.asset"], ExportKind.Text, row => row.Asset),
            new(words["col.tower"], ExportKind.Text, row => row.Tower),
            new(words["col.standing"], ExportKind.Text, row => words[$"state.{row.State}"].Value),
            new(words["col.until"], ExportKind.Date, row => row.ValidUntil),
            new(words["col.issuer"], ExportKind.Text, row => row.Issuer),
            new(words["col.source"], ExportKind.Text, row => row.Source),
        ];
        return File(format, words["inspections"], $"{words["inspections.file"].Value}-{clock.Today:yyyy-MM-dd}", columns, rows, ct);
    }

    private static async Task<IResult> AssetsAsync(
        string? format, HttpContext http, AssetService assets, BuildingClock clock, Me me, IStringLocalizer<MaintenanceWords> words,
        CancellationToken ct)
    {
        var rows = assets.ExportAsync(ListAddress.Read(http.Request.Query, "code"), await me.GetAsync(ct), ct);
        List<ExportColumn<AssetRow>> columns =
        [
            new(words["col.code"], ExportKind.Text, row => row.Code),
            new(words["col.name"], ExportKind.Text, row => row.Name),
            new(words["asset.kind"], ExportKind.Text, row => row.Kind),
            new(words["col.tower"], ExportKind.Text, row => row.Tower),
            new(words["asset.place"], ExportKind.Text, row => row.Place),
            new(words["asset.supplier"], ExportKind.Text, row => row.Supplier),
            new(words["asset.warranty"], ExportKind.Date, row => row.WarrantyUntil),
            new(words["asset.use.retired"], ExportKind.Date, row => row.RetiredOn),
            new(words["col.standing"], ExportKind.Text, row => row.Worst is { } state ? words[$"state.{state}"].Value : null),
        ];
        return File(format, words["assets"], $"{words["assets.file"].Value}-{clock.Today:yyyy-MM-dd}", columns, rows, ct);
    }

    private static IResult File<T>(
        string? format, string title, string name, List<ExportColumn<T>> columns, IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        return format == "xlsx"
            ? Results.Stream(output => XlsxExport.WriteAsync(title, columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
