using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Pets;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pets;

/// <summary>The census as a file.</summary>
public sealed class PetEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/pets/export", ExportAsync).RequireAuthorization(Permissions.PetsView + "|" + Permissions.PetsViewOwn);

    private static async Task<IResult> ExportAsync(
        string? format, HttpContext http, PetService pets, BuildingClock clock, Me me, IStringLocalizer<PetWords> words,
        CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var rows = pets.ExportAsync(ListAddress.Read(http.Request.Query, "name"), await me.GetAsync(ct), ct);
        var name = $"{words["export.file"]}-{clock.Today:yyyy-MM-dd}";
        List<ExportColumn<PetRow>> columns =
        [
            new(words["col.name"], ExportKind.Text, row => row.Name),
            new(words["col.species"], ExportKind.Text, row => row.Species),
            new(words["col.breed"], ExportKind.Text, row => row.Breed),
            new(words["col.owner"], ExportKind.Text, row => row.Owner),
            new(words["col.unit"], ExportKind.Text, row => row.Unit),
            new(words["col.card"], ExportKind.Text, row => row.VaccinationCard),
            new(words["col.vaccination"], ExportKind.Date, row => row.VaccinationExpiresOn),
        ];
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(words["title"], columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}
