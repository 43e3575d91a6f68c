using System.Globalization;
using Portal.Data.Building;

namespace Portal.Data.FirstDay;

/// <summary>Which unit a row speaks of, and what it says of it.</summary>
/// <param name="tower">Of rows that name none; null where each must.</param>
internal sealed class ImportUnits(ImportKnown known, ImportPlan plan, string? tower)
{
    private readonly string? _tower = tower;
    private readonly Dictionary<string, PlannedTower?> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<(PlannedTower, string), PlannedUnit> _units = [];

    /// <summary>Those of the portal and those that the rows name.</summary>
    public List<PlannedTower> Towers { get; } = [.. known.Towers];

    /// <summary>The coefficients are parts of 1: taken times 100.</summary>
    public bool Fractions { get; set; }

    /// <summary>The unit of a row; null, and the row is at fault, where it names none.</summary>
    public PlannedUnit? Find(int line, string tower, string number, Faults fault)
    {
        if (tower.Length == 0 && _tower is { Length: > 0 } all) tower = all;
        if (tower.Length == 0)
        {
            // "Torre B 1204", "B-1204": the tower stands before the number.
            var (named, _) = UnitSpelling.Read(number, Towers.ConvertAll(t => (Towers.IndexOf(t), t.Name)));
            if (named is [{ Towers: [var at] } reading]) return At(line, Towers[at], reading.Number, number, fault);
            var cut = number.LastIndexOfAny([' ', '-']);
            if (cut > 0 && number[..cut].Any(char.IsAsciiLetter) && UnitSpelling.NumberKey(number[..cut]).Length > 0
                && number[(cut + 1)..].Any(char.IsAsciiDigit) && Tower(number[..cut].Trim(' ', '-', ',')) is { } first)
                return At(line, first, UnitSpelling.NumberKey(number[(cut + 1)..]), number[(cut + 1)..], fault);
            if (Towers is [var only]) return At(line, only, UnitSpelling.NumberKey(number), number, fault);
            fault(ImportField.Tower, ImportFault.Tower, number);
            return null;
        }

        if (tower.Length > 100 || number.Length > 20)
        {
            fault(number.Length > 20 ? ImportField.Number : ImportField.Tower, ImportFault.TooLong, number.Length > 20 ? number : tower);
            return null;
        }

        if (Tower(tower) is { } found) return At(line, found, UnitSpelling.NumberKey(number), number, fault);
        fault(ImportField.Tower, ImportFault.Tower, tower);
        return null;
    }

    private PlannedUnit? At(int line, PlannedTower tower, string key, string typed, Faults fault)
    {
        if (key.Length is 0 or > 20)
        {
            fault(ImportField.Number, key.Length == 0 ? ImportFault.Number : ImportFault.TooLong, typed);
            return null;
        }

        if (_units.TryGetValue((tower, key), out var unit)) return unit;
        var there = tower.Id is { } id ? known.Units.GetValueOrDefault((id, key)) : null;
        // Kept as the portal's own form keeps it; a word for "apartment" before it says nothing.
        var number = there?.Number ?? (UnitSpelling.NumberKey(typed) == Spelling.WordKey(typed) ? typed.ToUpperInvariant() : key);
        unit = new PlannedUnit(tower, number, line) { Known = there, Id = there?.Id ?? 0 };
        _units[(tower, key)] = unit;
        plan.Units.Add(unit);
        return unit;
    }

    /// <summary>The one tower that is called so; made where none is. Null where several are.</summary>
    private PlannedTower? Tower(string name)
    {
        var key = Spelling.WordKey(name);
        if (key.Length == 0) return null;
        if (_named.TryGetValue(key, out var before)) return before;
        var exact = Towers.FindAll(t => Spelling.WordKey(t.Name) == key || Spelling.SameName(t.Name, name));
        var names = UnitSpelling.Names(name);
        var found = exact.Count > 0 ? exact : Towers.FindAll(t => t.Names.Contains(key) || names.Contains(Spelling.WordKey(t.Name)));
        var tower = found.Count switch
        {
            0 => new PlannedTower(null, name, null),
            1 => found[0],
            _ => null,
        };
        if (found.Count == 0) Towers.Add(tower!);
        _named[key] = tower;
        return tower;
    }

    /// <summary>What a row says of its unit.</summary>
    public void Figure(PlannedUnit unit, int line, ImportField field, string text, Faults fault)
    {
        if (text.Length == 0) return;
        decimal? value = field switch
        {
            ImportField.Floor => int.TryParse(text.TrimEnd('°', 'º', '.'), CultureInfo.InvariantCulture, out var floor)
                && floor is >= -10 and <= 200
                ? floor
                : null,
            ImportField.Fee => ImportCells.Pesos(text) is >= 0 and <= 999_999_999 and var fee ? fee : null,
            ImportField.Area => ImportCells.Number(text) is > 0 and <= 99_999 and var area
                ? Math.Round(area, 2, MidpointRounding.AwayFromZero)
                : null,
            _ => ImportCells.Number(text) is > 0 and var share && (Fractions ? share * 100 : share) is <= 100 and var percent
                ? Math.Round(percent, Coefficients.Decimals, MidpointRounding.AwayFromZero)
                : null,
        };
        if (value is not { } number || number < 0 && field != ImportField.Floor)
        {
            fault(field, field switch
            {
                ImportField.Floor => ImportFault.Floor,
                ImportField.Fee => ImportFault.Fee,
                ImportField.Area => ImportFault.Area,
                _ => ImportFault.Coefficient,
            }, text);
            return;
        }

        if (unit.Says.TryGetValue(field, out var said))
        {
            if (said.Value != number) fault(field, ImportFault.Differs, text, said.Line);
            return;
        }

        if (field == ImportField.Floor)
        {
            if (unit.Tower is { Id: not null, Floors: { } floors } && number > floors)
            {
                fault(field, ImportFault.FloorAbove, $"{floors}");
                return;
            }

            if (unit.Tower.Id is null && number > (unit.Tower.Floors ?? 0)) unit.Tower.Floors = (int)number;
        }

        unit.Says[field] = (number, line);
    }
}
