using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Pqrs;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pqrs;

/// <summary>What of a case is a file: its papers, its attachments, and the list as CSV or XLSX.</summary>
public sealed class PqrsEndpoints : WebArea
{
    public override void Register(IServiceCollection services) => services.AddScoped<PqrsPapers>();

    public override void Map(IEndpointRouteBuilder routes)
    {
        var pqrs = routes.MapGroup("/pqrs").RequireAuthorization(Permissions.PqrsView + "|" + Permissions.PqrsFileOwn);
        pqrs.MapGet("/{id:long}/report.pdf", ReportAsync);
        pqrs.MapGet("/{id:long}/proof.pdf", ProofAsync);
        pqrs.MapGet("/attachments/{id:long}", FileAsync);
        pqrs.MapGet("/{id:long}/extension/{entry:long}.pdf", ExtensionAsync);
        pqrs.MapGet("/export", ExportAsync);
        routes.MapGet("/pqrs/period.pdf", PeriodPdfAsync).RequireAuthorization(Permissions.PqrsView);
        routes.MapGet("/pqrs/period/export", PeriodExportAsync).RequireAuthorization(Permissions.PqrsView);
    }

    private static async Task<IResult> ReportAsync(
        long id, HttpContext http, Me me, PqrsService cases, PqrsPapers papers, CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        if (await cases.FindAsync(id, user, ct) is not { } found) return Results.NotFound();
        var pdf = await papers.ReportAsync(
            found, http.Request.Query["notes"] == "1" && user.Can(Permissions.PqrsView), http.Request.Host.Value ?? "", ct);
        return PrivateFile.Pdf(http, pdf, $"{found.Number}.pdf");
    }

    private static async Task<IResult> ProofAsync(
        long id, HttpContext http, Me me, PqrsService cases, PqrsPapers papers, IStringLocalizer<PqrsWords> l, CancellationToken ct)
    {
        if (await cases.FindAsync(id, await me.GetAsync(ct), ct) is not { } found) return Results.NotFound();
        return await papers.ProofAsync(found, http.Request.Host.Value ?? "", ct) is { } pdf
            ? PrivateFile.Pdf(http, pdf, $"{found.Number}-{l["papers.proof.file"]}.pdf")
            : Results.NotFound();
    }

    private static async Task<IResult> ExtensionAsync(
        long id, long entry, HttpContext http, Me me, PqrsService cases, PqrsPapers papers, IStringLocalizer<PqrsWords> l, CancellationToken ct)
    {
        if (await cases.FindAsync(id, await me.GetAsync(ct), ct) is not { } found) return Results.NotFound();
        return await papers.ExtensionAsync(found, entry, http.Request.Host.Value ?? "", ct) is { } pdf
            ? PrivateFile.Pdf(http, pdf, $"{found.Number}-{l["papers.extension.file"]}.pdf")
            : Results.NotFound();
    }

    private static async Task<IResult> PeriodPdfAsync(
        HttpContext http, Me me, PqrsReportService reports, PqrsPapers papers, CancellationToken ct)
    {
        if (await PeriodAsync(http, me, reports, ct) is not { } report) return Results.NotFound();
        return PrivateFile.Pdf(http, await papers.PeriodAsync(report, ct), $"{PqrsPeriodLook.Number(report.Period)}.pdf");
    }

    /// <summary>The figures of all, of each kind and each category, one line each.</summary>
    private static async Task<IResult> PeriodExportAsync(
        HttpContext http, Me me, PqrsReportService reports, IStringLocalizer<PqrsWords> l, CancellationToken ct)
    {
        if (await PeriodAsync(http, me, reports, ct) is not { Period: { } period }) return Results.NotFound();
        var excel = http.Request.Query["format"] == "xlsx";
        var culture = CultureInfo.CurrentUICulture;
        (string Group, string Name, PqrsFigures Row)[] rows =
        [
            (l["period.total"], "", period.All),
            .. period.Kinds.Select(k => (
                l["col.kind"].Value, l.Word(Enum.TryParse<PqrsKind>(k.Name, out var kind) ? kind : (PqrsKind?)null), k)),
            .. period.Categories.Select(c => (l["col.category"].Value, l.Category(c.Name!), c)),
        ];
        List<ExportColumn<(string Group, string Name, PqrsFigures Row)>> columns =
        [
            new(l["period.group"], ExportKind.Text, r => r.Group), new(l["period.name"], ExportKind.Text, r => r.Name),
            new(l["period.opening.short"], ExportKind.Number, r => r.Row.Opening),
            new(l["period.received.short"], ExportKind.Number, r => r.Row.Received),
            new(l["period.reopened.short"], ExportKind.Number, r => r.Row.Reopened),
            new(l["period.resolved.short"], ExportKind.Number, r => r.Row.Resolved),
            new(l["period.closing.short"], ExportKind.Number, r => r.Row.Closing),
            new(l["tab.overdue"], ExportKind.Number, r => r.Row.Overdue), new(l["load.waiting"], ExportKind.Number, r => r.Row.Waiting),
            new(l["period.ontime"], ExportKind.Number, r => r.Row.OnTime), new(l["period.timed"], ExportKind.Number, r => r.Row.Timed),
            new(l["period.ontime.percent"], ExportKind.Number, r => r.Row.OnTimePercent),
            new(l["period.mean"], ExportKind.Number, r => r.Row.MeanDays is { } mean ? Math.Round(mean, 2) : null),
            new(l["period.median"], ExportKind.Number, r => r.Row.MedianDays),
            new(l["period.rated"], ExportKind.Number, r => r.Row.Rated),
            new(l["period.rating"], ExportKind.Number, r => r.Row.Rating is { } rating ? Math.Round(rating, 2) : null),
        ];
        http.Response.ContentType = excel ? XlsxExport.ContentType : CsvExport.ContentType;
        PrivateFile.Headers(http, $"{PqrsPeriodLook.Number(period)}.{(excel ? "xlsx" : "csv")}", inline: false);
        var all = rows.ToAsyncEnumerable();
        if (excel) await XlsxExport.WriteAsync(l["period"], columns, all, culture, http.Response.Body, ct);
        else await CsvExport.WriteAsync(columns, all, culture, http.Response.Body, ct);
        return Results.Empty;
    }

    private static async Task<PqrsPeriodReport?> PeriodAsync(HttpContext http, Me me, PqrsReportService reports, CancellationToken ct) =>
        await reports.PeriodAsync(
            AddressValue.Day(http.Request.Query["from"]), AddressValue.Day(http.Request.Query["to"]), await me.GetAsync(ct), ct);

    private static async Task<IResult> FileAsync(long id, HttpContext http, Me me, PqrsService cases, CancellationToken ct)
    {
        if (await cases.FileAsync(id, await me.GetAsync(ct), ct) is not { } file) return Results.NotFound();
        return PrivateFile.Uploaded(http, file.Name, file.ContentType, file.Content);
    }

    private static async Task ExportAsync(
        HttpContext http, Me me, PqrsService cases, IStringLocalizer<PqrsWords> l, BuildingClock clock, CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        var query = ListAddress.Read(http.Request.Query, "due") with { Size = ListQuery.LargestPage };
        var excel = http.Request.Query["format"] == "xlsx";
        http.Response.ContentType = excel ? XlsxExport.ContentType : CsvExport.ContentType;
        PrivateFile.Headers(http, $"PQRS {clock.Today:yyyy-MM-dd}.{(excel ? "xlsx" : "csv")}", inline: false);
        var rows = RowsAsync(query, user, cases, ct);
        var culture = CultureInfo.CurrentUICulture;
        if (excel) await XlsxExport.WriteAsync(l["title"], Columns(l), rows, culture, http.Response.Body, ct);
        else await CsvExport.WriteAsync(Columns(l), rows, culture, http.Response.Body, ct);
    }

    /// <summary>Everything that is filtered, page after page.</summary>
    private static async IAsyncEnumerable<PqrsRow> RowsAsync(
        ListQuery query, CurrentUser user, PqrsService cases, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var page = 1; ; page++)
        {
            var read = await cases.ListAsync(query with { Page = page }, user, ct);
            foreach (var row in read.Rows) yield return row;
            if (page * query.Size >= read.Total) yield break;
        }
    }

    private static List<ExportColumn<PqrsRow>> Columns(IStringLocalizer<PqrsWords> l) =>
    [
        new(l["col.number"], ExportKind.Text, r => r.Number),
        new(l["col.title"], ExportKind.Text, r => r.Title),
        new(l["col.petitioner"], ExportKind.Text, r => r.Petitioner),
        new(l["col.apartment"], ExportKind.Text, r => l.Place(r.Apartment)),
        new(l["col.kind"], ExportKind.Text, r => l.Word(r.Kind)),
        new(l["col.category"], ExportKind.Text, r => l.Category(r.Category)),
        new(l["col.priority"], ExportKind.Text, r => l.Word(r.Priority)),
        new(l["col.state"], ExportKind.Text, r => l.Word(r.State)),
        new(l["col.assignee"], ExportKind.Text, r => r.Assignee?.Name),
        new(l["col.filed"], ExportKind.DateAndTime, r => r.FiledAt),
        new(l["col.due.date"], ExportKind.Date, r => r.DueOn),
        new(l["col.due.days"], ExportKind.Number, r => r.DaysLeft),
        new(l["col.changed"], ExportKind.DateAndTime, r => r.ChangedAt),
    ];
}
