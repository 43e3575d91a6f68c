using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Parking;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Parking;

/// <summary>Spaces and vehicles as files.</summary>
public sealed class ParkingEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/parking/export", SpacesAsync).RequireAuthorization(Permissions.ParkingView);
        app.MapGet("/parking/vehicles/export", VehiclesAsync).RequireAuthorization(Permissions.ParkingView);
    }

    private static async Task<IResult> SpacesAsync(
        string? format, HttpContext http, ParkingService parking, BuildingClock clock, Me me, IStringLocalizer<ParkingWords> words,
        CancellationToken ct)
    {
        var rows = parking.ExportAsync(ListAddress.Read(http.Request.Query, "number"), await me.GetAsync(ct), ct);
        List<ExportColumn<ParkingRow>> columns =
        [
            new(words["col.number"], ExportKind.Text, r => r.Number),
            new(words["col.level"], ExportKind.Text, r => r.Level),
            new(words["col.use"], ExportKind.Text, r => words[$"use.{r.Use}"].Value),
            new(words["col.state"], ExportKind.Text, r => words[$"state.{r.State}"].Value),
            new(words["col.plate"], ExportKind.Text, r => r.Plate),
            new(words["col.type"], ExportKind.Text, r => ParkingLook.Type(words, r.VehicleType)),
            new(words["col.unit"], ExportKind.Text, r => r.Unit),
            new(words["col.owner"], ExportKind.Text, r => r.Owner),
            new(words["plan.row"], ExportKind.Number, r => r.Row),
            new(words["plan.column"], ExportKind.Number, r => r.Column),
        ];
        return File(columns, rows, words["title"], $"{words["export.file"].Value}-{clock.Today:yyyy-MM-dd}", format, ct);
    }

    private static async Task<IResult> VehiclesAsync(
        string? format, HttpContext http, VehicleService vehicles, BuildingClock clock, Me me, IStringLocalizer<ParkingWords> words,
        CancellationToken ct)
    {
        var rows = vehicles.ExportAsync(ListAddress.Read(http.Request.Query, "plate"), await me.GetAsync(ct), ct);
        List<ExportColumn<VehicleRow>> columns =
        [
            new(words["col.plate"], ExportKind.Text, r => r.Plate),
            new(words["col.type"], ExportKind.Text, r => ParkingLook.Type(words, r.Type)),
            new(words["col.brand"], ExportKind.Text, r => r.Brand),
            new(words["col.colour"], ExportKind.Text, r => r.Colour),
            new(words["col.unit"], ExportKind.Text, r => r.Unit),
            new(words["col.owner"], ExportKind.Text, r => r.Owner),
            new(words["col.number"], ExportKind.Text, r => r.Space),
        ];
        return File(columns, rows, words["vehicles"], $"{words["export.vehicles"].Value}-{clock.Today:yyyy-MM-dd}", format, ct);
    }

    private static IResult File<T>(
        IReadOnlyList<ExportColumn<T>> columns, IAsyncEnumerable<T> rows, string title, string name, string? format, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(title, columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
