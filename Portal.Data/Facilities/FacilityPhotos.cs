using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Pictures;

namespace Portal.Data.Facilities;

/// <summary>How large a photo is sent.</summary>
public enum PhotoSize
{
    /// <summary>As large as it came.</summary>
    Full,

    /// <summary>At most <see cref="PictureDrawing.SmallWidth"/> pixels wide.</summary>
    Small,

    /// <summary>At most <see cref="PictureDrawing.LargeWidth"/> pixels wide.</summary>
    Large,
}

/// <summary>A photo as it is sent.</summary>
/// <param name="Digest">SHA-256 of the full size's content, in hex.</param>
public sealed record FacilityPicture(string ContentType, string Digest, byte[] Content);

/// <summary>The one photo of each facility: drawn anew when it comes, and kept in three sizes.</summary>
public sealed class FacilityPhotos(PortalStore store, PictureDrawing drawing)
{
    /// <summary>The photo, for everybody who may see facilities; null where there is none.</summary>
    /// <param name="size">One that is not made yet (see <see cref="PhotoScaling"/>) is sent full.</param>
    public async Task<FacilityPicture?> FindAsync(long facilityId, PhotoSize size, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var photo = db.FacilityPhotos.AsNoTracking().Where(p => p.FacilityId == facilityId);
        return await (size switch
        {
            PhotoSize.Small => photo.Select(p =>
                new FacilityPicture(p.Small == null ? p.ContentType : "image/webp", p.Digest, p.Small ?? p.Content)),
            PhotoSize.Large => photo.Select(p =>
                new FacilityPicture(p.Large == null ? p.ContentType : "image/webp", p.Digest, p.Large ?? p.Content)),
            _ => photo.Select(p => new FacilityPicture(p.ContentType, p.Digest, p.Content)),
        }).SingleOrDefaultAsync(ct);
    }

    /// <summary>
    /// Gives a facility its photo, in place of the one it had. Refused: what <see cref="PictureDrawing.DrawAsync"/> refuses. Needs
    /// <see cref="Permissions.FacilitiesEdit"/>.
    /// </summary>
    /// <returns>Its digest.</returns>
    public async Task<Result<string>> SetAsync(long facilityId, byte[] content, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        var drawn = await drawing.DrawAsync(content, ct);
        if (!drawn.Ok) return drawn.Error!;
        var digest = DigestOf(drawn.Value);
        return await store.WriteAsync<string>(user, async (db, token) =>
        {
            if (!await BookingLocks.FacilityAsync(db, facilityId, token)) return Error.NotFound;
            var photo = await db.FacilityPhotos.SingleOrDefaultAsync(p => p.FacilityId == facilityId, token);
            if (photo is null) db.FacilityPhotos.Add(photo = new FacilityPhoto { FacilityId = facilityId });
            photo.Show(drawn.Value, digest);
            return digest;
        }, ct);
    }

    /// <summary>Takes the photo away; done as well where there was none. Needs <see cref="Permissions.FacilitiesEdit"/>.</summary>
    public async Task<Result> RemoveAsync(long facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (!await BookingLocks.FacilityAsync(db, facilityId, token)) return Error.NotFound;
            db.FacilityPhotos.RemoveRange(await db.FacilityPhotos.Where(p => p.FacilityId == facilityId).ToListAsync(token));
            return Result.Done;
        }, ct);
    }

    internal static string DigestOf(DrawnPicture picture) => Convert.ToHexStringLower(SHA256.HashData(picture.Content));
}

/// <summary>
/// Draws a photo that was stored before photos were drawn anew; the migration of the sizes asks for one of these jobs a photo. What cannot
/// be drawn stays as it came.
/// </summary>
public sealed class PhotoScaling(PortalStore store, PictureDrawing drawing, ILogger<PhotoScaling> logger) : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("facility_photo");

    /// <param name="id">The id of the photo's row.</param>
    public override async Task RunAsync(long id, CancellationToken ct)
    {
        FacilityPhoto? found;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            found = await db.FacilityPhotos.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.Small == null, ct);
        }

        if (found is null) return;
        var drawn = await drawing.DrawAsync(found.Content, ct);
        if (!drawn.Ok)
        {
            logger.LogWarning("The photo of facility {Id} stays as it came: {Code}", found.FacilityId, drawn.Error!.Code);
            return;
        }

        var written = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            // Somebody may have set another meanwhile.
            if (await db.FacilityPhotos.SingleOrDefaultAsync(p => p.Id == id && p.Digest == found.Digest, token) is { } photo)
                photo.Show(drawn.Value, FacilityPhotos.DigestOf(drawn.Value));
            return Result.Done;
        }, ct);
        if (!written.Ok) throw new InvalidOperationException($"The photo could not be stored: {written.Error!.Code}.");
    }
}
