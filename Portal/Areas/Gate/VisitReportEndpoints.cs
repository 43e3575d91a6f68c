using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Areas.Facilities;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Gate;

/// <summary>The reports of visits as files: exactly what the page with the same address shows, and noted as a look (decision 078).</summary>
public sealed class VisitReportEndpoints : WebArea
{
    /// <summary>Rows of a paper; a file of a table has all.</summary>
    private const int MostOnPaper = 2_000;

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/visits/report.pdf", PdfAsync).RequireAuthorization(Permissions.GateReport);
        app.MapGet("/visits/report/export", ExportAsync).RequireAuthorization(Permissions.GateReport);
        app.MapGet("/visits/report/inside.pdf", Paper(LookKind.Inside)).RequireAuthorization(Permissions.GateReport);
        app.MapGet("/visits/report/inside/export", Table(LookKind.Inside)).RequireAuthorization(Permissions.GateReport);
        app.MapGet("/visits/report/overstays.pdf", Paper(LookKind.Overstays)).RequireAuthorization(Permissions.GateReport);
        app.MapGet("/visits/report/overstays/export", Table(LookKind.Overstays)).RequireAuthorization(Permissions.GateReport);
    }

    private static async Task<IResult> PdfAsync(
        string? period, string? from, string? to, HttpContext http, VisitReports reports, SettingsService settings, BuildingClock clock, Me me,
        IStringLocalizer<VisitReportWords> words, CancellationToken ct)
    {
        var (asked, user) = (OccupancyPeriod.Read(period, from, to, clock.Today), await me.GetAsync(ct));
        if (await reports.ReportAsync(asked.From, asked.To, "pdf", user, ct) is not { Ok: true } found) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var pdf = VisitReportDocument.Render(
            new VisitReportModel(BuildingPaper.Header(building), found.Value, user.Name, BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture);
        return PrivateFile.Pdf(http, pdf, Name(words["file"], asked) + ".pdf");
    }

    private static async Task<IResult> ExportAsync(
        string? period, string? from, string? to, string? table, string? format, VisitReports reports, BuildingClock clock, Me me,
        IStringLocalizer<VisitReportWords> words, CancellationToken ct)
    {
        var asked = OccupancyPeriod.Read(period, from, to, clock.Today);
        var kind = format == "xlsx" ? "xlsx" : "csv";
        if (await reports.ReportAsync(asked.From, asked.To, kind, await me.GetAsync(ct), ct) is not { Ok: true } found)
            return Results.NotFound();
        var report = found.Value;
        return table switch
        {
            "hours" => File(
                Columns<HourVisits>(
                    words, r => r.Count,
                    new(words["col.hour"], ExportKind.Text, r => string.Create(CultureInfo.InvariantCulture, $"{r.Hour:00}:00"))),
                report.Hours.ToAsyncEnumerable(), words["hours"], Name(words["file.hours"], asked), kind, ct),
            "towers" => File(
                [
                    .. Columns<TowerVisits>(
                        words, r => r.Count, new(words["col.tower"], ExportKind.Text, r => r.Tower ?? words["tower.none"].Value)),
                    new(words["col.units"], ExportKind.Number, r => r.Apartments),
                ],
                report.Towers.ToAsyncEnumerable(), words["towers"], Name(words["file.towers"], asked), kind, ct),
            _ => File(
                Columns<DayVisits>(words, r => r.Count, new(words["col.day"], ExportKind.Date, r => r.Day)),
                report.Days.ToAsyncEnumerable(), words["days.day"], Name(words["file"], asked), kind, ct),
        };
    }

    private static Delegate Paper(LookKind kind) =>
        async (HttpContext http, VisitReports reports, SettingsService settings, BuildingClock clock, Me me,
            IStringLocalizer<VisitReportWords> words, CancellationToken ct) =>
        {
            var (query, user) = (ListAddress.Read(http.Request.Query, "in"), await me.GetAsync(ct));
            var told = kind == LookKind.Inside && VisitReports.SpanOf(query) is { } span
                ? Formats.DateAndTime(span.From) + " – " + Formats.DateAndTime(span.To)
                : Days(query, clock.Today);
            List<StayRow> rows = [];
            await foreach (var row in reports.ExportAsync(kind, query, "pdf", user, ct))
            {
                rows.Add(row);
                if (rows.Count > MostOnPaper) break;
            }

            var building = await settings.GetAsync(ct);
            var model = new StaysModel(
                BuildingPaper.Header(building), kind, told, [.. rows.Take(MostOnPaper)], rows.Count > MostOnPaper, clock.Now, user.Name,
                BuildingPaper.Stamp(building, clock));
            return PrivateFile.Pdf(http, StaysDocument.Render(model, CultureInfo.CurrentUICulture), FileName(kind, words, clock) + ".pdf");
        };

    private static Delegate Table(LookKind kind) =>
        async (string? format, HttpContext http, VisitReports reports, BuildingClock clock, Me me, IStringLocalizer<VisitReportWords> words,
            IStringLocalizer<GateWords> gate, CancellationToken ct) =>
        {
            var file = format == "xlsx" ? "xlsx" : "csv";
            var (query, now) = (ListAddress.Read(http.Request.Query, "in"), clock.Now);
            var rows = reports.ExportAsync(kind, query, file, await me.GetAsync(ct), ct);
            List<ExportColumn<StayRow>> columns =
            [
                new(gate["col.name"], ExportKind.Text, r => r.Name),
                new(gate["col.document"], ExportKind.Text, r => r.Identification),
                new(gate["col.unit"], ExportKind.Text, r => r.Unit),
                new(gate["col.host"], ExportKind.Text, r => r.Host),
                new(gate["col.kind"], ExportKind.Text, r => gate[$"kind.{r.Kind}"].Value),
                new(gate["col.people"], ExportKind.Number, r => r.People),
                new(gate["col.plate"], ExportKind.Text, r => r.Plate),
                new(words["col.entered"], ExportKind.DateAndTime, r => r.Entered),
                new(words["col.left"], ExportKind.DateAndTime, r => r.State == VisitorState.Inside || r.AutoClosed ? null : r.Left),
                new(words["col.minutes"], ExportKind.Number, r => r.AutoClosed ? null : r.Stayed(now) is { } stayed ? (int)stayed.TotalMinutes : null),
                new(words["col.limit"], ExportKind.Number, r => r.Limit > 0 ? r.Limit : null),
                new(words["col.note"], ExportKind.Text, r => r.State == VisitorState.Inside ? words["still"].Value
                    : r.AutoClosed || r.Left is null ? words["not.logged"].Value
                    : null),
            ];
            return File(columns, rows, words[kind == LookKind.Inside ? "inside.title" : "overstays.title"], FileName(kind, words, clock), file, ct);
        };

    private static string Days(ListQuery query, DateOnly today)
    {
        var to = query.FilterDate("to") ?? today;
        return Formats.DateRange(query.FilterDate("from") ?? to.AddDays(-29), to);
    }

    private static string FileName(LookKind kind, IStringLocalizer<VisitReportWords> words, BuildingClock clock) => string.Create(
        CultureInfo.InvariantCulture, $"{words[kind == LookKind.Inside ? "file.inside" : "file.overstays"].Value}-{clock.Today:yyyy-MM-dd}");

    private static string Name(string file, OccupancyPeriod period) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}-{period.From:yyyy-MM-dd}-{period.To:yyyy-MM-dd}");

    private static List<ExportColumn<T>> Columns<T>(
        IStringLocalizer<VisitReportWords> words, Func<T, VisitCount> count, ExportColumn<T> first) =>
    [
        first,
        new(words["col.visits"], ExportKind.Number, r => count(r).Visits),
        new(words["col.people"], ExportKind.Number, r => count(r).People),
        new(words["col.announced"], ExportKind.Number, r => count(r).Announced),
    ];

    private static IResult File<T>(
        IReadOnlyList<ExportColumn<T>> columns, IAsyncEnumerable<T> rows, string title, string name, string format, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(title, columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
