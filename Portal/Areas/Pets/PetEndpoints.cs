using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Pets;
using Portal.Data.Pictures;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Pets;

/// <summary>The census as a file.</summary>
public sealed class PetEndpoints : WebArea
{
    private const string Seen = Permissions.PetsView + "|" + Permissions.PetsEdit + "|" + Permissions.PetsViewOwn;

    /// <summary>Where a photo is, at most so wide (<see cref="PictureDrawing.SmallWidth"/> or <see cref="PictureDrawing.LargeWidth"/>).</summary>
    public static string Photo(long pet, string digest, int width) =>
        $"/pets/{pet}/photo?v={digest[..Math.Min(digest.Length, 16)]}&w={width}";

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/pets/export", ExportAsync).RequireAuthorization(Permissions.PetsView + "|" + Permissions.PetsViewOwn);
        app.MapGet("/pets/census/export", CensusAsync).RequireAuthorization(Permissions.PetsView);
        app.MapGet("/pets/{id:long}/photo", PhotoAsync).RequireAuthorization(Seen);
    }

    /// <param name="w">The width; anything but one that is kept: as large as it came.</param>
    private static async Task<IResult> PhotoAsync(
        long id, string? v, string? w, PetPhotos photos, Me me, HttpContext http, CancellationToken ct)
    {
        var size = w switch { "480" => PhotoSize.Small, "1280" => PhotoSize.Large, _ => PhotoSize.Full };
        if (await photos.FindAsync(id, size, await me.GetAsync(ct), ct) is not { } photo) return Results.NotFound();
        var named = v is { Length: >= 16 } && photo.Digest.StartsWith(v, StringComparison.Ordinal);
        http.Response.Headers.CacheControl = named ? "private, max-age=31536000, immutable" : "private, no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(photo.Content, photo.ContentType, entityTag: new EntityTagHeaderValue($"\"{photo.Digest}-{size}\""));
    }

    private static async Task<IResult> CensusAsync(
        string? format, PetCensus census, BuildingClock clock, Me me, IStringLocalizer<PetWords> words, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var rows = (await census.ReadAsync(await me.GetAsync(ct), ct)).ToAsyncEnumerable();
        var name = $"{words["census.file"].Value}-{clock.Today:yyyy-MM-dd}";
        List<ExportColumn<CensusLine>> columns =
        [
            new(words["col.tower"], ExportKind.Text, r => r.Tower ?? words["census.nowhere"].Value),
            new(words["col.species"], ExportKind.Text, r => r.Species),
            new(words["census.pets"], ExportKind.Number, r => r.Pets),
            new(words["census.units"], ExportKind.Number, r => r.Apartments),
            new(words["census.overdue"], ExportKind.Number, r => r.Overdue),
            new(words["census.soon"], ExportKind.Number, r => r.Soon),
            new(words["census.unknown"], ExportKind.Number, r => r.Unknown),
        ];
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(words["census"], columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }

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
