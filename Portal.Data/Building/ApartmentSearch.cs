using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Building;

/// <summary>An apartment to pick, with its owner's name.</summary>
public sealed record UnitOption(long Id, string Unit, string? Owner);

/// <summary>Finds apartments as people type them: "1204", "B 1204", an owner's name. The caller has checked who asks.</summary>
internal static class ApartmentSearch
{
    public static async Task<IReadOnlyList<UnitOption>> FindAsync(PortalDb db, string text, CancellationToken ct)
    {
        text = text.Trim();
        if (text.Length == 0) return [];
        var (tower, number) = Parts(text);
        return await db
            .Apartments.AsNoTracking()
            .Where(a =>
                (a.ApartmentNumber.StartsWith(number) && (tower == "" || a.Tower!.Name.EndsWith(tower)))
                || db.Profiles.Any(p => a.Owner != null && p.UserId == a.Owner.UserId && (p.FirstName + " " + p.LastName).Contains(text))
            )
            .OrderBy(a => a.ApartmentNumber.Length)
            .ThenBy(a => a.ApartmentNumber)
            .ThenBy(a => a.Tower!.Name)
            .ThenBy(a => a.Id)
            .Take(10)
            .Select(a => new UnitOption(
                a.Id,
                a.Tower!.Name + " " + a.ApartmentNumber,
                db.Profiles.Where(p => a.Owner != null && p.UserId == a.Owner.UserId)
                    .Select(p => p.FirstName + " " + p.LastName)
                    .FirstOrDefault()
            ))
            .ToListAsync(ct);
    }

    /// <summary>The tower's letter (empty where none was typed) and the beginning of the number.</summary>
    public static (string Tower, string Number) Parts(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 ? (words[^2], words[^1]) : ("", words.Length == 1 ? words[0] : "");
    }
}
