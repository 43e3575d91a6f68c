using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.People;

namespace Portal.Data.FirstDay;

/// <summary>What the portal knows of all that a file may speak of: read whole, because rows are many and a question for each would be
/// slow.</summary>
internal sealed class ImportKnown
{
    public IReadOnlyList<PlannedTower> Towers { get; private init; } = [];

    public Dictionary<(int Tower, string Key), KnownUnit> Units { get; } = [];

    public Dictionary<string, KnownPerson> ByDocument { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, KnownPerson> ByMail { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<long, KnownPerson> ByUser { get; } = [];

    /// <summary>Usernames that are taken, in small letters without accents: the database takes those for one.</summary>
    public HashSet<string> UserNames { get; private init; } = [];

    /// <summary>By account: the rows in <c>owners</c>, as an owner and as a tenant.</summary>
    public Dictionary<long, (long? Owner, long? Tenant)> Rows { get; } = [];

    /// <summary>Who is tied to a unit today, by its id.</summary>
    public ILookup<long, (OccupancyKind Kind, long UserId)> Ties { get; private init; } =
        Array.Empty<int>().ToLookup(_ => 0L, _ => (OccupancyKind.Owner, 0L));

    public Dictionary<string, KnownSpace> ByPlate { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, KnownSpace> BySpace { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Debts of before that stand already: by number, with their amounts.</summary>
    public Dictionary<string, decimal> Debts { get; } = new(StringComparer.Ordinal);

    /// <summary>How the debts of a unit and a concept are told apart so far: by day, by age, by reference.</summary>
    public Dictionary<(long Unit, int Concept), char> Ways { get; } = [];

    public IReadOnlyList<Concept> Concepts { get; private init; } = [];

    public static async Task<ImportKnown> ReadAsync(PortalDb db, DateOnly today, CancellationToken ct)
    {
        var towers = await db.Towers.AsNoTracking().OrderBy(t => t.Id).Select(t => new { t.Id, t.Name, t.Floors }).ToListAsync(ct);
        var owners = await db.Owners.AsNoTracking().OrderBy(o => o.Id).Select(o => new { o.Id, o.UserId, o.IsTenant }).ToListAsync(ct);
        var users = owners.ToDictionary(o => o.Id, o => o.UserId);
        var units = await db.Apartments.AsNoTracking().OrderBy(a => a.Id)
            .Select(a => new KnownUnit(
                a.Id, a.TowerId, a.ApartmentNumber, a.NumberKey, a.Floor, a.Area, a.Coefficient, a.MonthlyFee, a.OwnerId))
            .ToListAsync(ct);
        var ties = await db.Occupancies.AsNoTracking()
            .Where(o => (o.EndedOn == null || o.EndedOn >= today) && (o.Kind == OccupancyKind.Owner || o.Kind == OccupancyKind.Tenant))
            .Select(o => new { o.ApartmentId, o.Kind, o.OwnerId }).ToListAsync(ct);
        var known = new ImportKnown
        {
            Towers = towers.ConvertAll(t => new PlannedTower(t.Id, t.Name, t.Floors)),
            UserNames = [.. (await db.Users.AsNoTracking().Select(u => u.UserName!).ToListAsync(ct)).Select(SheetFile.Plain)],
            Ties = ties.Select(t => (t.ApartmentId, t.Kind, User: users[t.OwnerId]))
                .Concat(units.Where(u => u.OwnerId is not null).Select(u => (u.Id, OccupancyKind.Owner, users[u.OwnerId!.Value])))
                .Distinct().ToLookup(t => t.Item1, t => (t.Item2, t.Item3)),
            Concepts = await db.Concepts.AsNoTracking().OrderBy(c => c.Id).ToListAsync(ct),
        };
        foreach (var unit in units) known.Units.TryAdd((unit.TowerId, unit.Key ?? ""), unit);
        foreach (var row in owners)
        {
            var rows = known.Rows.GetValueOrDefault(row.UserId);
            known.Rows[row.UserId] = row.IsTenant == true ? (rows.Owner, rows.Tenant ?? row.Id) : (rows.Owner ?? row.Id, rows.Tenant);
        }

        foreach (var person in await db.Profiles.AsNoTracking().OrderBy(p => p.Id)
            .Select(p => new KnownPerson(p.UserId, p.FullName, p.DocumentNumberKey, p.DocumentNumber, p.Email, p.Phone)).ToListAsync(ct))
        {
            known.ByUser[person.UserId] = person;
            if (!string.IsNullOrEmpty(person.DocumentKey)) known.ByDocument.TryAdd(person.DocumentKey, person);
            if (person.Mail is not null) known.ByMail.TryAdd(person.Mail, person);
        }

        foreach (var space in await db.Parking.AsNoTracking().OrderBy(s => s.Id)
            .Select(s => new KnownSpace(s.Id, s.SpaceNumber, s.LicensePlateKey, s.ApartmentId)).ToListAsync(ct))
        {
            known.BySpace.TryAdd(space.Number, space);
            if (!string.IsNullOrEmpty(space.PlateKey)) known.ByPlate.TryAdd(space.PlateKey, space);
        }

        foreach (var debt in await db.Charges.AsNoTracking().Where(c => c.ImportId != null && c.Number != null)
            .Select(c => new { c.ApartmentId, ConceptId = c.ConceptId!.Value, Number = c.Number!, c.Amount }).ToListAsync(ct))
        {
            known.Debts[debt.Number] = debt.Amount;
            known.Ways[(debt.ApartmentId, debt.ConceptId)] = Way(debt.Number[3..]);
        }

        return known;
    }

    /// <summary>What kind of slot: D a day, A an age, T a total, R a reference.</summary>
    public static char Way(string slot) => slot[0] is 'A' or 'T' or 'R' ? slot[0] : 'D';

    public KnownPerson? Documented(string document)
    {
        foreach (var key in DocumentNumbers.Keys(document))
        {
            if (ByDocument.TryGetValue(key, out var person)) return person;
        }

        return null;
    }
}
