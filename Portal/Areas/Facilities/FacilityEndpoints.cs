using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Facilities;

/// <summary>What of facilities is a file.</summary>
public sealed class FacilityEndpoints : WebArea
{
    public override void Register(IServiceCollection services) =>
        services.AddScoped<RefusalWords>().AddScoped<BookingPapers>();

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/reservations/export", ExportAsync).RequireAuthorization(Permissions.ReservationsManage);
        app.MapBookingFiles();
        app.MapOccupancyFiles();
        app.MapFacilityPictures();
    }

    private static async Task<IResult> ExportAsync(
        string? format, HttpContext http, ReservationLists lists, BuildingClock clock, Me me, IStringLocalizer<FacilitiesWords> words,
        CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var user = await me.GetAsync(ct);
        var rows = lists.ExportAsync(ListAddress.Read(http.Request.Query, "-start"), user, ct);
        var name = $"{words["export.file"]}-{clock.Today:yyyy-MM-dd}";
        var columns = Columns(words, clock.Now, user.Can(Permissions.ReservationsManage));
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(words["list.title"], columns, rows, culture, output, ct), XlsxExport.ContentType,
                name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }

    private static List<ExportColumn<ReservationRow>> Columns(IStringLocalizer<FacilitiesWords> words, DateTime now, bool money) =>
        [
            new(words["col.number"], ExportKind.Text, row => row.Number),
            new(words["col.facility"], ExportKind.Text, row => row.Facility),
            new(words["col.start"], ExportKind.DateAndTime, row => row.Start),
            new(words["col.end"], ExportKind.DateAndTime, row => row.End),
            new(words["col.apartment"], ExportKind.Text, row => row.Apartment),
            new(words["col.person"], ExportKind.Text, row => row.Person),
            new(words["col.people"], ExportKind.Number, row => row.People),
            new(words["col.state"], ExportKind.Text, row => words[BookingText.Chip(row, now).Key].Value),
            .. money
                ?
                [
                    new(words["col.price"], ExportKind.Money, row => row.Price),
                    new(words["col.deposit"], ExportKind.Money, row => row.Deposit),
                ]
                : Array.Empty<ExportColumn<ReservationRow>>(),
            new(words["panel.notes"], ExportKind.Text, row => row.Notes),
            new(words["cancel.reason"], ExportKind.Text, row => row.CancelReason),
        ];
}
