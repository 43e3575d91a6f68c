using Microsoft.Net.Http.Headers;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Hosting.Identity;

namespace Portal.Areas.Facilities;

/// <summary>
/// Photos of facilities, for everybody who may see facilities. Asked for with its digest, a photo never changes and is kept by browsers for
/// good.
/// </summary>
public static class FacilityPictures
{
    /// <summary>Where a photo is.</summary>
    public static string Address(long facilityId, string digest) =>
        $"/facilities/{facilityId}/photo?v={digest[..Math.Min(digest.Length, 16)]}";

    public static void MapFacilityPictures(this IEndpointRouteBuilder app) =>
        app.MapGet("/facilities/{id:long}/photo", SendAsync).RequireAuthorization(Permissions.FacilitiesView);

    private static async Task<IResult> SendAsync(long id, string? v, FacilityPhotos photos, Me me, HttpContext http, CancellationToken ct)
    {
        if (await photos.FindAsync(id, await me.GetAsync(ct), ct) is not { } photo) return Results.NotFound();
        var named = v is { Length: >= 16 } && photo.Digest.StartsWith(v, StringComparison.Ordinal);
        http.Response.Headers.CacheControl = named ? "private, max-age=31536000, immutable" : "private, no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(photo.Content, photo.ContentType, entityTag: new EntityTagHeaderValue($"\"{photo.Digest}\""));
    }
}
