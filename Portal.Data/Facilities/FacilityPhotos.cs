using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Facilities;

/// <summary>A photo as it is sent.</summary>
/// <param name="Digest">SHA-256 of the content, in hex.</param>
public sealed record FacilityPicture(string ContentType, string Digest, byte[] Content);

/// <summary>The one photo of each facility. It is kept as it came: it is checked, never drawn anew.</summary>
public sealed class FacilityPhotos(PortalStore store)
{
    /// <summary>In bytes: 5 MB.</summary>
    public const int LargestSize = 5 * 1024 * 1024;

    /// <summary>In pixels, on either side: a small file may unfold into more than a telephone can hold.</summary>
    public const int LargestSide = 8000;

    /// <summary>The photo, for everybody who may see facilities; null where there is none.</summary>
    public async Task<FacilityPicture?> FindAsync(long facilityId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db
            .FacilityPhotos.AsNoTracking()
            .Where(p => p.FacilityId == facilityId)
            .Select(p => new FacilityPicture(p.ContentType, p.Digest, p.Content))
            .SingleOrDefaultAsync(ct);
    }

    /// <summary>
    /// Gives a facility its photo, in place of the one it had. Refused: <c>photo.kind</c>, <c>photo.large</c>, <c>photo.pixels</c>. Needs
    /// <see cref="Permissions.FacilitiesEdit"/>.
    /// </summary>
    /// <returns>Its digest.</returns>
    public async Task<Result<string>> SetAsync(long facilityId, byte[] content, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        if (content.Length > LargestSize) return new Error("photo.large", null, LargestSize / (1024 * 1024));
        if (PictureHeader.Read(content) is not { } header) return new Error("photo.kind");
        if (header.Width > LargestSide || header.Height > LargestSide)
            return new Error("photo.pixels", null, header.Width, header.Height, LargestSide);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        return await store.WriteAsync<string>(user, async (db, token) =>
        {
            if (!await BookingLocks.FacilityAsync(db, facilityId, token)) return Error.NotFound;
            var photo = await db.FacilityPhotos.SingleOrDefaultAsync(p => p.FacilityId == facilityId, token);
            if (photo is null) db.FacilityPhotos.Add(photo = new FacilityPhoto { FacilityId = facilityId });
            (photo.ContentType, photo.Digest, photo.Content) = (header.ContentType, digest, content);
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
}
