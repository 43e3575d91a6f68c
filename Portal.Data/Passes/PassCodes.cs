using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Gate;

namespace Portal.Data.Passes;

/// <summary>Codes to say and addresses to show.</summary>
internal static class PassCodes
{
    /// <summary>128 bits, in hexadecimal.</summary>
    public static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static async Task<string> FreeAsync(PortalDb db, DateTime now, CancellationToken ct) => (await FreeAsync(db, 1, now, ct))[0];

    /// <summary>
    /// So many codes of six digits that nothing has which may still open: a pass, a guest of one, an announced visit. Two hosts in the same
    /// instant may draw one code, once in a million times; the gate then asks which of the two it is.
    /// </summary>
    public static async Task<IReadOnlyList<string>> FreeAsync(PortalDb db, int count, DateTime now, CancellationToken ct)
    {
        var free = new List<string>();
        while (free.Count < count)
        {
            var drawn = Enumerable.Range(0, count - free.Count + 2)
                .Select(_ => RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture))
                .Except(free)
                .ToList();
            var taken = await db.Passes.Where(p => drawn.Contains(p.Code!) && p.RevokedAt == null && p.EndsAt >= now).Select(p => p.Code!)
                .Union(
                    db.PassGuests.Where(g => drawn.Contains(g.Code!) && g.RevokedAt == null && g.Pass!.RevokedAt == null
                        && g.Pass.EndsAt >= now).Select(g => g.Code!))
                .Union(
                    db.Visitors.Where(v => drawn.Contains(v.PassCode!) && v.State == VisitorState.Announced).Select(v => v.PassCode!))
                .ToListAsync(ct);
            free.AddRange(drawn.Except(taken).Take(count - free.Count));
        }

        return free;
    }
}
