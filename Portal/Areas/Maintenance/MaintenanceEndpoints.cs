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
        app.MapGet("/maintenance/orders/export", OrdersAsync).RequireAuthorization(Reads);
        app.MapGet("/maintenance/orders/files/{id:long}", FileAsync).RequireAuthorization(Reads);
        app.MapGet("/maintenance/orders/quotes/{id:long}", QuoteAsync).RequireAuthorization(Permissions.MaintenanceView);
    }

    private const string Reads = Permissions.MaintenanceView + "|" + Permissions.MaintenanceWorkOwn;

    private static async Task<IResult> FileAsync(long id, HttpContext http, WorkOrderService orders, Me me, CancellationToken ct) =>
        Opened(http, await orders.FileAsync(id, await me.GetAsync(ct), ct));

    private static async Task<IResult> QuoteAsync(long id, HttpContext http, WorkOrderService orders, Me me, CancellationToken ct) =>
        Opened(http, await orders.QuoteAsync(id, await me.GetAsync(ct), ct));

    private static IResult Opened(HttpContext http, MaintenanceFile? file) =>
        file is null ? Results.NotFound() : PrivateFile.Uploaded(http, file.Name, file.ContentType, file.Content);

    private static async Task<IResult> OrdersAsync(
        string? format, HttpContext http, WorkOrderService orders, BuildingClock clock, Me me, IStringLocalizer<MaintenanceWords> words,
        CancellationToken ct)
    {
        var rows = orders.ExportAsync(ListAddress.Read(http.Request.Query), await me.GetAsync(ct), ct);
        List<ExportColumn<WorkOrderRow>> columns =
        [
            new(words["order.number"], ExportKind.Text, row => row.Number),
            new(words["order.title"], ExportKind.Text, row => row.Title),
            new(words["col.code"], ExportKind.Text, row => row.AssetCode),
            new(words["col.asset"], ExportKind.Text, row => row.Asset),
            new(words["col.tower"], ExportKind.Text, row => row.Tower),
            new(words["asset.place"], ExportKind.Text, row => row.Place),
            new(words["order.priority"], ExportKind.Text, row => words[$"priority.{row.Priority}"].Value),
            new(words["order.state"], ExportKind.Text, row => words[$"order.state.{row.State}"].Value),
            new(words["assign.supplier"], ExportKind.Text, row => row.Supplier),
            new(words["assign.worker"], ExportKind.Text, row => row.Worker),
            new(words["order.due"], ExportKind.Date, row => row.DueOn),
            new(words["order.done"], ExportKind.Date, row => row.DoneOn),
            new(words["order.amount"], ExportKind.Money, row => row.Amount),
        ];
        return File(format, words["orders"], $"{words["orders.file"].Value}-{clock.Today:yyyy-MM-dd}", columns, rows, ct);
    }

    private static async Task<IResult> PaperAsync(long id, HttpContext http, InspectionService inspections, Me me, CancellationToken ct) =>
        Opened(http, await inspections.PaperAsync(id, await me.GetAsync(ct), ct));

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
