using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Payments;

namespace Portal.Data.FirstDay;

/// <summary>A tower that the rows speak of.</summary>
/// <param name="id">Null where it is made.</param>
internal sealed class PlannedTower(int? id, string name, int? floors)
{
    public int? Id { get; set; } = id;
    public string Name { get; } = name;
    public int? Floors { get; set; } = floors;
    public HashSet<string> Names { get; } = UnitSpelling.Names(name);
}

/// <summary>A unit that the rows speak of.</summary>
internal sealed class PlannedUnit(PlannedTower tower, string number, int line)
{
    public PlannedTower Tower { get; } = tower;
    public string Number { get; } = number;

    /// <summary>The first that names it.</summary>
    public int Line { get; } = line;

    /// <summary>As the portal has it; null where it is made.</summary>
    public KnownUnit? Known { get; init; }

    /// <summary>Known or, after it was made, its own.</summary>
    public long Id { get; set; }

    /// <summary>What the file says of it, and where it said so first.</summary>
    public Dictionary<ImportField, (decimal Value, int Line)> Says { get; } = [];

    public List<(PlannedPerson Person, OccupancyKind Kind)> NewTies { get; } = [];

    /// <summary>Whom the file names, new or known.</summary>
    public HashSet<(PlannedPerson, OccupancyKind)> Ties { get; } = [];

    public string Name => UnitName.Of(Tower.Name, Number);

    public decimal? Final(ImportField field) => Says.TryGetValue(field, out var said) ? said.Value : Known?.Of(field);

    public bool IsChanged => Known is not null && (NewTies.Count > 0 || Says.Any(s => Known.Of(s.Key) != s.Value.Value));

    /// <summary>Who is to answer for it; null where somebody does.</summary>
    public PlannedPerson? Main => Known?.OwnerId is not null ? null : NewTies.Find(t => t.Kind == OccupancyKind.Owner).Person;
}

internal sealed record KnownUnit(
    long Id, int TowerId, string Number, string? Key, int? Floor, decimal? Area, decimal? Coefficient, decimal? Fee, long? OwnerId)
{
    public decimal? Of(ImportField field) => field switch
    {
        ImportField.Floor => Floor,
        ImportField.Area => Area,
        ImportField.Coefficient => Coefficient,
        _ => Fee,
    };
}

/// <summary>Somebody whom the rows name.</summary>
internal sealed class PlannedPerson(string first, string last, int line)
{
    public string First { get; } = first;
    public string Last { get; } = last;
    public int Line { get; } = line;

    /// <summary>Null where an account is made.</summary>
    public KnownPerson? Known { get; init; }

    public int? DocumentKind { get; set; }
    public string? Document { get; set; }
    public string? Mail { get; set; }
    public string? Phone { get; set; }

    /// <summary>Of a new account.</summary>
    public string UserName { get; set; } = "";

    public long UserId { get; set; }

    /// <summary>Their rows in <c>owners</c>.</summary>
    public long? OwnerRow { get; set; }
    public long? TenantRow { get; set; }

    public string Name => $"{First} {Last}";

    /// <summary>What the portal does not know of them yet; what it knows stays as people keep it.</summary>
    public bool Fills => Known is not null
        && ((Known.Document is null && Document is not null) || (Known.Mail is null && Mail is not null)
            || (Known.Phone is null && Phone is not null));
}

internal sealed record KnownPerson(long UserId, string Name, string? DocumentKey, string? Document, string? Mail, string? Phone);

/// <summary>A plate, or a space without one, of a unit.</summary>
internal sealed class PlannedVehicle(PlannedUnit unit, string? plate, int? kind, string? space, int line)
{
    public PlannedUnit Unit { get; } = unit;
    public string? Plate { get; } = plate;
    public int? Kind { get; } = kind;
    public string? Space { get; set; } = space;
    public int Line { get; } = line;

    /// <summary>The space that gets it; null where one is made.</summary>
    public KnownSpace? Known { get; init; }
}

internal sealed record KnownSpace(long Id, string Number, string? PlateKey, long? ApartmentId);

/// <summary>What a unit owed before.</summary>
/// <param name="Slot">What tells it from others of its unit and concept: its due day, its age, its reference.</param>
internal sealed record PlannedDebt(
    PlannedUnit Unit, Concept Concept, string Slot, decimal Amount, DateOnly DueOn, string Detail, int Line)
{
    /// <summary>Unique among all charges: taken in again it is known by it. SI: <i>saldo inicial</i>.</summary>
    public static string Number(string slot, int concept, long apartment) => $"SI-{slot}-{concept}-{apartment}";
}

/// <summary>What a file comes to, worked out alike for the dry run and for the act.</summary>
internal sealed class ImportPlan
{
    public List<PlannedTower> Towers { get; } = [];
    public List<PlannedUnit> Units { get; } = [];
    public List<PlannedPerson> People { get; } = [];
    public List<PlannedVehicle> Vehicles { get; } = [];
    public List<PlannedDebt> Debts { get; } = [];
    public List<BadImportRow> Bad { get; } = [];
    public ImportSummary Summary { get; set; } = null!;

    public IEnumerable<ImportChange> Changes()
    {
        foreach (var unit in Units.Where(u => u.IsChanged))
        {
            foreach (var (field, (value, line)) in unit.Says.Where(s => unit.Known!.Of(s.Key) != s.Value.Value).OrderBy(s => s.Key))
                yield return new ImportChange(line, unit.Name, field, Write(unit.Known!.Of(field)), Write(value)!);
            foreach (var (person, kind) in unit.NewTies)
            {
                yield return new ImportChange(
                    unit.Line, unit.Name, kind == OccupancyKind.Owner ? ImportField.Owner : ImportField.Tenant, null,
                    person.Known?.Name ?? person.Name);
            }
        }

        foreach (var person in People.Where(p => p.Fills))
        {
            if (person.Known!.Document is null && person.Document is { } document)
                yield return new ImportChange(person.Line, person.Name, ImportField.OwnerDocument, null, document);
            if (person.Known.Mail is null && person.Mail is { } mail)
                yield return new ImportChange(person.Line, person.Name, ImportField.OwnerMail, null, mail);
            if (person.Known.Phone is null && person.Phone is { } phone)
                yield return new ImportChange(person.Line, person.Name, ImportField.OwnerPhone, null, phone);
        }

        foreach (var vehicle in Vehicles.Where(v => v.Known is not null))
            yield return new ImportChange(vehicle.Line, vehicle.Unit.Name, ImportField.Space, vehicle.Known!.Number, vehicle.Plate ?? "");
    }

    private static string? Write(decimal? number) => number?.ToString("0.######", System.Globalization.CultureInfo.CurrentCulture);
}
