using Microsoft.EntityFrameworkCore;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Passes;

/// <summary>Who stands on a list at a day.</summary>
internal static class GateBlocks
{
    /// <summary>
    /// The line of the building's list, or of the apartment's, that a document or a plate stands on: a block before a watch, the building's
    /// before the apartment's.
    /// </summary>
    /// <param name="identificationKey">As <see cref="DocumentNumbers.Key"/> has it; null or empty for none.</param>
    /// <param name="plateKey">As <see cref="Plates.Key"/> has it; null or empty for none.</param>
    /// <param name="apartment">Whom they visit; null where that is not known: the building's list alone.</param>
    public static async Task<GateBlock?> FindAsync(
        PortalDb db, string? identificationKey, string? plateKey, long? apartment, DateOnly day, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(identificationKey) && string.IsNullOrEmpty(plateKey)) return null;
        var documents = DocumentNumbers.Keys(identificationKey);
        var plates = string.IsNullOrEmpty(plateKey) ? Array.Empty<string>() : [plateKey];
        return await On(db, day)
            .Where(b => (b.ApartmentId == null || b.ApartmentId == apartment)
                && (documents.Contains(b.IdentificationKey!) || plates.Contains(b.LicensePlateKey!)))
            .OrderBy(b => b.Effect == BlockEffect.Watch)
            .ThenBy(b => b.ApartmentId != null)
            .ThenBy(b => b.Id)
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>The block of an apartment's own list that a document or one of some plates stands on.</summary>
    public static async Task<GateBlock?> OwnAsync(
        PortalDb db, long apartment, string? document, IReadOnlyList<string?> plates, DateOnly day, CancellationToken ct)
    {
        var documents = DocumentNumbers.Keys(document);
        var keys = plates.Select(Plates.Key).Where(key => key.Length > 0).Distinct().ToList();
        if (documents.Count == 0 && keys.Count == 0) return null;
        return await On(db, day)
            .Where(b => b.ApartmentId == apartment && b.Effect == BlockEffect.Block
                && (documents.Contains(b.IdentificationKey!) || keys.Contains(b.LicensePlateKey!)))
            .OrderBy(b => b.Id)
            .FirstOrDefaultAsync(ct);
    }

    private static IQueryable<GateBlock> On(PortalDb db, DateOnly day) =>
        db.GateBlocks.AsNoTracking().Where(b => b.LiftedAt == null && (b.UntilDate == null || b.UntilDate >= day));
}
