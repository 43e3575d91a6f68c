using Microsoft.Net.Http.Headers;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Pictures;
using Portal.Hosting.Identity;

namespace Portal.Areas.Facilities;

/// <summary>
/// Photos of facilities, for everybody who may see facilities. Asked for with its digest, a photo never changes and is kept by browsers for
/// good.
/// </summary>
public static class FacilityPictures
{
    /// <summary>
    /// Where a photo is, at most so wide (<see cref="PictureDrawing.SmallWidth"/> or <see cref="PictureDrawing.LargeWidth"/>).
    /// </summary>
    public static string Address(long facilityId, string digest, int width) =>
        $"/facilities/{facilityId}/photo?v={digest[..Math.Min(digest.Length, 16)]}&w={width}";

    /// <summary>The sizes among which a browser chooses (<c>srcset</c>).</summary>
    public static string Sizes(long facilityId, string digest) =>
        string.Join(
            ", ",
            new[] { PictureDrawing.SmallWidth, PictureDrawing.LargeWidth }.Select(w => $"{Address(facilityId, digest, w)} {w}w"));

    public static void MapFacilityPictures(this IEndpointRouteBuilder app) =>
        app.MapGet("/facilities/{id:long}/photo", SendAsync).RequireAuthorization(Permissions.FacilitiesView);

    /// <param name="w">The width; anything but one that is kept: as large as it came.</param>
    private static async Task<IResult> SendAsync(
        long id, string? v, string? w, FacilityPhotos photos, Me me, HttpContext http, CancellationToken ct)
    {
        var size = w switch { "480" => PhotoSize.Small, "1280" => PhotoSize.Large, _ => PhotoSize.Full };
        if (await photos.FindAsync(id, size, await me.GetAsync(ct), ct) is not { } photo) return Results.NotFound();
        var named = v is { Length: >= 16 } && photo.Digest.StartsWith(v, StringComparison.Ordinal);
        http.Response.Headers.CacheControl = named ? "private, max-age=31536000, immutable" : "private, no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(photo.Content, photo.ContentType, entityTag: new EntityTagHeaderValue($"\"{photo.Digest}-{size}\""));
    }
}
