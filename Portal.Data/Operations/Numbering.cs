using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Operations;

/// <summary>
/// Numbers without gaps within a year: <c>RC-2026-001284</c>. Taken inside the write they are for, so a write that fails gives its number
/// back.
/// </summary>
internal static class Numbering
{
    /// <summary>Locks the series until the transaction ends: take the number last, so that others wait briefly.</summary>
    public static async Task<string> NextAsync(PortalDb db, string prefix, int year, CancellationToken ct)
    {
        // One trip: the lock on the series is the one that everybody waits for.
        var number = 0L;
        await new SqlBatch()
            .Then(
                $"INSERT INTO sequences (name, year, last_number) VALUES ({prefix}, {year}, 1) ON DUPLICATE KEY UPDATE last_number = last_number + 1"
            )
            .Select($"SELECT last_number FROM sequences WHERE name = {prefix} AND year = {year}", row => number = row.GetInt64(0))
            .RunAsync(db, ct);
        return $"{prefix}-{year}-{number:000000}";
    }
}
