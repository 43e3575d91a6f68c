using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Operations;

/// <summary>Numbers without gaps within a year: <c>RC-2026-001284</c>. Taken inside the write they are for, so a write that fails gives its number back.</summary>
internal static class Numbering
{
    /// <summary>Locks the series until the transaction ends: take the number last, so that others wait briefly.</summary>
    public static async Task<string> NextAsync(PortalDb db, string prefix, int year, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO sequences (name, year, last_number) VALUES ({prefix}, {year}, 1) ON DUPLICATE KEY UPDATE last_number = last_number + 1", ct);
        var number = await db.Sequences.AsNoTracking().Where(s => s.Name == prefix && s.Year == year).Select(s => s.LastNumber).SingleAsync(ct);
        return $"{prefix}-{year}-{number:000000}";
    }
}
