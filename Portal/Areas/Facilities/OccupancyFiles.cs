using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities.Occupancy;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>The occupancy report as files: exactly what the page with the same address shows.</summary>
internal static class OccupancyFiles
{
    private sealed record HourRow(string Facility, int Weekday, int Hour, HourUse Use);

    public static void MapOccupancyFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/reservations/report/export", ExportAsync).RequireAuthorization(Permissions.ReservationsManage);
        app.MapGet("/reservations/report.pdf", PdfAsync).RequireAuthorization(Permissions.ReservationsManage);
    }

    private static async Task<IResult> PdfAsync(
        string? period, string? from, string? to, string? facility, HttpContext http, OccupancyService occupancy, SettingsService settings,
        BuildingClock clock, Me me, IStringLocalizer<OccupancyWords> words, CancellationToken ct)
    {
        var (asked, one) = (OccupancyPeriod.Read(period, from, to, clock.Today), AddressValue.Id(facility));
        if (await occupancy.ReportAsync(asked.From, asked.To, one, await me.GetAsync(ct), ct) is not { Ok: true } found)
            return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var pdf = OccupancyDocument.Render(
            new OccupancyModel(BuildingPaper.Header(building), found.Value, BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture
        );
        return PrivateFile.Pdf(http, pdf, Name(words["file"], asked) + ".pdf");
    }

    private static async Task<IResult> ExportAsync(
        string? period, string? from, string? to, string? facility, string? table, string? format, OccupancyService occupancy,
        BuildingClock clock, Me me, IStringLocalizer<OccupancyWords> words, CancellationToken ct)
    {
        var (asked, one) = (OccupancyPeriod.Read(period, from, to, clock.Today), AddressValue.Id(facility));
        if (await occupancy.ReportAsync(asked.From, asked.To, one, await me.GetAsync(ct), ct) is not { Ok: true } found)
            return Results.NotFound();
        return table == "hours"
            ? File(Hours(words), HourRows(found.Value), words["heat.title"], Name(words["file.hours"], asked), format, ct)
            : File(Zones(words), found.Value.Facilities, words["title"], Name(words["file"], asked), format, ct);
    }

    private static IResult File<T>(
        IReadOnlyList<ExportColumn<T>> columns, IEnumerable<T> rows, string title, string name, string? format, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(title, columns, rows.ToAsyncEnumerable(), culture, output, ct), XlsxExport.ContentType,
                name + ".xlsx")
            : Results.Stream(
                output => CsvExport.WriteAsync(columns, rows.ToAsyncEnumerable(), culture, output, ct), CsvExport.ContentType,
                name + ".csv");
    }

    private static string Name(string file, OccupancyPeriod period) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}-{period.From:yyyy-MM-dd}-{period.To:yyyy-MM-dd}");

    private static IEnumerable<HourRow> HourRows(OccupancyReport report) =>
        from facility in report.Facilities
        from weekday in Enumerable.Range(1, 7)
        from hour in facility.Use.Hours
        let use = facility.Use[weekday, hour]
        where use.Open > 0 || use.Booked > 0
        select new HourRow(facility.Name, weekday, hour, use);

    private static List<ExportColumn<FacilityOccupancy>> Zones(IStringLocalizer<OccupancyWords> words) =>
    [
        new(words["col.facility"], ExportKind.Text, f => f.Name),
        new(words["col.shared"], ExportKind.Text, f => words[f.Shared ? "yes" : "no"].Value),
        new(words["col.open"], ExportKind.Number, f => Rounded(f.Use.Total.Open)),
        new(words["col.booked"], ExportKind.Number, f => Rounded(f.Use.Total.Booked)),
        new(words["col.use.percent"], ExportKind.Number, f => Percent(f.Share)),
        new(words["col.bookings"], ExportKind.Number, f => f.Bookings),
        new(words["col.people"], ExportKind.Number, f => f.People),
        new(words["col.no_shows"], ExportKind.Number, f => f.NoShows),
        new(words["col.no_show_rate"], ExportKind.Number, f => Percent(f.NoShowRate)),
        new(words["col.no_show_hours"], ExportKind.Number, f => Rounded(f.NoShowHours)),
        new(words["col.cancelled"], ExportKind.Number, f => f.Cancelled),
        new(words["col.late"], ExportKind.Number, f => f.LateCancelled),
        new(words["col.charged"], ExportKind.Money, f => f.Charged),
        new(words["col.paid"], ExportKind.Money, f => f.Paid),
        new(words["col.deposits"], ExportKind.Money, f => f.Deposits),
        new(words["col.deposits_paid"], ExportKind.Money, f => f.DepositsPaid),
        new(words["col.waited"], ExportKind.Number, f => f.Waited),
        new(words["col.unserved"], ExportKind.Number, f => f.Unserved),
    ];

    private static List<ExportColumn<HourRow>> Hours(IStringLocalizer<OccupancyWords> words) =>
    [
        new(words["col.facility"], ExportKind.Text, r => r.Facility),
        new(words["col.weekday"], ExportKind.Text, r => Formats.LanguageOf().DateTimeFormat.GetDayName((DayOfWeek)(r.Weekday % 7))),
        new(words["col.hour"], ExportKind.Text, r => string.Create(CultureInfo.InvariantCulture, $"{r.Hour:00}:00")),
        new(words["col.open"], ExportKind.Number, r => Rounded(r.Use.Open)),
        new(words["col.booked"], ExportKind.Number, r => Rounded(r.Use.Booked)),
        new(words["col.use.percent"], ExportKind.Number, r => Percent(r.Use.Share)),
    ];

    private static decimal Rounded(double hours) => Math.Round((decimal)hours, 2);

    private static object? Percent(double? share) => share is { } part ? Math.Round((decimal)part * 100, 1) : null;
}
