using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Gate;

/// <summary>Finds visits for the terminal: those announced, and the last ones of who comes again.</summary>
internal static class GateVisits
{
    /// <summary>So many visits are looked at to see whether a name is that of several people.</summary>
    private const int MostNamesakes = 20;

    /// <summary>Announced, and not over. The day bounds what is read: nothing is announced for longer than that.</summary>
    private static IQueryable<Visitor> Expected(PortalDb db, DateTime now)
    {
        var since = DateOnly.FromDateTime(now - VisitService.Longest);
        return db.Visitors.AsNoTracking()
            .Where(v => v.State == VisitorState.Announced && v.VisitDate >= since && v.ExpectedUntil >= now);
    }

    public static Task<List<VerdictChoice>> ByPlateAsync(PortalDb db, string key, DateTime now, int most, CancellationToken ct) =>
        ChoicesAsync(Expected(db, now).Where(v => v.LicensePlateKey == key), most, ct);

    public static Task<List<VerdictChoice>> ByDocumentAsync(
        PortalDb db, IReadOnlyList<string> keys, DateTime now, int most, CancellationToken ct) =>
        ChoicesAsync(Expected(db, now).Where(v => keys.Contains(v.IdentificationKey!)), most, ct);

    /// <summary>Whose name has all words typed, each from its beginning.</summary>
    public static Task<List<VerdictChoice>> ByNameAsync(
        PortalDb db, IReadOnlyList<string> words, DateTime now, int most, CancellationToken ct) =>
        ChoicesAsync(Named(Expected(db, now), words), most, ct);

    /// <summary>Who is inside with this plate.</summary>
    public static Task<List<VerdictChoice>> InsideByPlateAsync(PortalDb db, string key, int most, CancellationToken ct) =>
        ChoicesAsync(Inside(db).Where(v => v.LicensePlateKey == key), most, ct, ChoiceState.Inside);

    /// <summary>Who is inside with this document.</summary>
    public static Task<List<VerdictChoice>> InsideByDocumentAsync(PortalDb db, IReadOnlyList<string> keys, int most,
        CancellationToken ct) =>
        ChoicesAsync(Inside(db).Where(v => keys.Contains(v.IdentificationKey!)), most, ct, ChoiceState.Inside);

    /// <summary>Who is inside and has this name.</summary>
    public static Task<List<VerdictChoice>> InsideByNameAsync(PortalDb db, IReadOnlyList<string> words, int most, CancellationToken ct) =>
        ChoicesAsync(Named(Inside(db), words), most, ct, ChoiceState.Inside);

    private static IQueryable<Visitor> Inside(PortalDb db) => db.Visitors.AsNoTracking().Where(v => v.State == VisitorState.Inside);

    private static IQueryable<Visitor> Named(IQueryable<Visitor> found, IReadOnlyList<string> words)
    {
        foreach (var word in words)
        {
            var (first, later) = ($"{word}%", $"% {word}%");
            found = found.Where(v => EF.Functions.Like(v.Name, first) || EF.Functions.Like(v.Name, later));
        }

        return found;
    }

    /// <summary>
    /// The last visit of each person with this document or this name, the latest first. Names are compared whole, with either their first
    /// or their family names in front.
    /// </summary>
    public static async Task<List<LastVisit>> LastAsync(
        PortalDb db, IReadOnlyList<string> documents, IReadOnlyList<string> words, CancellationToken ct)
    {
        var names = words.Select((_, from) => string.Join(' ', words.Skip(from).Concat(words.Take(from)))).ToList();
        var visits = db.Visitors.AsNoTracking().Where(v => v.EnterTime != null && v.ApartmentId != null);
        visits = documents.Count > 0
            ? visits.Where(v => documents.Contains(v.IdentificationKey!))
            : visits.Where(v => names.Contains(v.Name) && v.IdentificationKey != null);
        return await LastAsync(db, visits, ct);
    }

    /// <summary>As one row has it.</summary>
    public static async Task<LastVisit?> LastAsync(PortalDb db, long id, CancellationToken ct) =>
        (await LastAsync(db, db.Visitors.AsNoTracking().Where(v => v.Id == id && v.ApartmentId != null), ct)).FirstOrDefault();

    private static async Task<List<LastVisit>> LastAsync(PortalDb db, IQueryable<Visitor> visits, CancellationToken ct)
    {
        var rows = await visits
            .OrderByDescending(v => v.VisitDate)
            .ThenByDescending(v => v.Id)
            .Take(MostNamesakes)
            .Select(v => new LastVisit(
                v.Id, v.ApartmentId!.Value, v.Name, v.Identification, v.IdentificationKey ?? "", v.Kind, v.LicensePlate, v.VisitDate,
                UnitName.Of(v.Apartment)!,
                db.Profiles.Where(o => o.UserId == v.Host!.UserId).Select(o => o.FullName).FirstOrDefault()))
            .ToListAsync(ct);
        return [.. rows.DistinctBy(v => v.DocumentKey)];
    }

    private static async Task<List<VerdictChoice>> ChoicesAsync(
        IQueryable<Visitor> visits, int most, CancellationToken ct, ChoiceState state = ChoiceState.Expected) =>
        [
            .. (
                await visits
                    .OrderBy(v => v.ExpectedFrom)
                    .ThenBy(v => v.Id)
                    .Take(most)
                    .Select(v => new
                    {
                        v.Id,
                        v.Name,
                        v.PassCode,
                        Unit = UnitName.Of(v.Apartment) ?? "",
                    })
                    .ToListAsync(ct)
            ).Select(v => new VerdictChoice(v.Name, v.Unit, GateLookup.Visit(v.Id), state)),
        ];
}

/// <summary>What is known of somebody who has been here before.</summary>
internal sealed record LastVisit(
    long Id, long ApartmentId, string Name, string Identification, string DocumentKey, VisitorKind Kind, string? Plate, DateOnly On,
        string Unit,
    string? Host);
