using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Facilities;
using Portal.Data.Pictures;

namespace Portal.Data.Pets;

/// <summary>A photo of a pet as it is sent.</summary>
/// <param name="Digest">SHA-256 of the full size's content, in hex.</param>
public sealed record PetPicture(string ContentType, string Digest, byte[] Content);

/// <summary>The one photo of each pet: for the office, the gate and its owner.</summary>
public sealed class PetPhotos(PortalStore store, PictureDrawing drawing)
{
    /// <summary>The photo of a pet that the person may see; null where there is none.</summary>
    public async Task<PetPicture?> FindAsync(long petId, PhotoSize size, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var visible = PetService.VisibleTo(db.Pets.AsNoTracking(), user).Select(p => p.Id);
        var photo = db.PetPhotos.AsNoTracking().Where(p => p.PetId == petId && visible.Contains(p.PetId));
        return await (size switch
        {
            PhotoSize.Small => photo.Select(p => new PetPicture(p.Small == null ? p.ContentType : "image/webp", p.Digest, p.Small ?? p.Content)),
            PhotoSize.Large => photo.Select(p => new PetPicture(p.Large == null ? p.ContentType : "image/webp", p.Digest, p.Large ?? p.Content)),
            _ => photo.Select(p => new PetPicture(p.ContentType, p.Digest, p.Content)),
        }).SingleOrDefaultAsync(ct);
    }

    /// <summary>
    /// Gives a pet its photo, in place of the one it had: the office any, a resident their own. Refused: what
    /// <see cref="PictureDrawing.DrawAsync"/> refuses, <c>forbidden</c>, <c>not_found</c>.
    /// </summary>
    /// <returns>Its digest.</returns>
    public async Task<Result<string>> SetAsync(long petId, byte[] content, CurrentUser user, CancellationToken ct)
    {
        if (!MayChange(user)) return Error.Forbidden;
        // Whose it is not is told before the work of drawing it is done for them.
        await using (var db = await store.OpenAsync(user, ct))
        {
            if (!await PetService.Mine(db, user).AnyAsync(p => p.Id == petId, ct)) return Error.NotFound;
        }

        var drawn = await drawing.DrawAsync(content, ct);
        if (!drawn.Ok) return drawn.Error!;
        var digest = Convert.ToHexStringLower(SHA256.HashData(drawn.Value.Content));
        return await store.WriteAsync<string>(
            user,
            async (db, token) =>
            {
                if (await PetService.Mine(db, user).Where(p => p.Id == petId).ForUpdate().SingleOrDefaultAsync(token) is null)
                    return Error.NotFound;
                var photo = await db.PetPhotos.SingleOrDefaultAsync(p => p.PetId == petId, token);
                if (photo is null) db.PetPhotos.Add(photo = PetPhoto.Of(petId));
                photo.Show(drawn.Value, digest);
                return digest;
            },
            ct);
    }

    /// <summary>Takes the photo away; done as well where there was none.</summary>
    public async Task<Result> RemoveAsync(long petId, CurrentUser user, CancellationToken ct)
    {
        if (!MayChange(user)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await PetService.Mine(db, user).Where(p => p.Id == petId).ForUpdate().SingleOrDefaultAsync(token) is null)
                    return Error.NotFound;
                db.PetPhotos.RemoveRange(await db.PetPhotos.Where(p => p.PetId == petId).ToListAsync(token));
                return Result.Done;
            },
            ct);
    }

    private static bool MayChange(CurrentUser user) => user.Can(Permissions.PetsEdit) || user.Can(Permissions.PetsViewOwn);
}
