using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Gate;

/// <summary>What the blocklists say of somebody.</summary>
internal static class BlockRows
{
    public const string Block = "block", Watch = "watch";

    /// <summary>The effects that hold on a day, of the building's list and the apartment's.</summary>
    public static async Task<IReadOnlyList<string>> EffectsAsync(
        PortalDb db, string document, string plate, long? apartment, DateOnly day, CancellationToken ct)
    {
        if (plate.Length == 0 && document.Length == 0) return [];
        var unit = apartment ?? 0;
        return await db.Database
            .SqlQuery<string>(
                $"""
                SELECT b.effect AS Value FROM gate_blocks AS b
                WHERE b.lifted_at IS NULL AND (b.until_date IS NULL OR b.until_date >= {day})
                    AND (b.apartment_id IS NULL OR b.apartment_id = {unit})
                    AND ((b.license_plate_key <> '' AND b.license_plate_key = {plate})
                        OR (b.identification_key <> '' AND b.identification_key = {document}))
                """)
            .ToListAsync(ct);
    }
}
