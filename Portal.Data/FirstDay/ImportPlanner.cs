using System.Globalization;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.People;

namespace Portal.Data.FirstDay;

/// <summary>
/// Reads the rows of a file against what the portal knows: what is made, what is changed, what is as it is, and which rows are wrong. It
/// asks nothing of the database.
/// </summary>
internal sealed class ImportPlanner(ImportKnown known, ImportFormat format, ImportOptions options)
{
    /// <summary>The ages in which people keep what is late: from so many days on. Each is taken for the youngest day in it, so that nobody
    /// is later than somebody wrote down.</summary>
    private static readonly (ImportField Field, string Slot, int From, int? To)[] Ages =
    [
        (ImportField.NotDue, "A0", 0, null), (ImportField.Days30, "A1", 1, 30), (ImportField.Days60, "A31", 31, 60),
        (ImportField.Days90, "A61", 61, 90), (ImportField.Older, "A91", 91, null),
    ];

    private const int MostUnitsInACell = 12, LongestReference = 12;

    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    private readonly ImportPlan _plan = new();
    private readonly Dictionary<ImportField, int> _columns = format.Fields.Select((field, i) => (field, i)).Where(f => f.field is not null)
        .ToDictionary(f => f.field!.Value, f => f.i);
    private readonly List<PlannedTower> _towers = [.. known.Towers];
    private readonly Dictionary<string, PlannedTower?> _towersNamed = new(StringComparer.Ordinal);
    private readonly Dictionary<(PlannedTower, string), PlannedUnit> _units = [];
    private readonly Dictionary<string, PlannedPerson> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedPerson> _mails = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Name, PlannedUnit Unit), PlannedPerson> _named = [];
    private readonly Dictionary<long, PlannedPerson> _users = [];
    private readonly Dictionary<string, PlannedVehicle> _plates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedVehicle> _spaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(PlannedUnit, int, string), int> _slots = [];
    private readonly Dictionary<(PlannedUnit, int), char> _ways = [];
    private int _sameVehicles, _sameDebts;
    private bool _fractions;
    private string _dayFormat = "dd/MM/yyyy";

    public ImportPlan Plan(List<(int Row, string[] Cells)> rows, Action<int> progress)
    {
        var data = rows.Skip(format.HeaderRows).ToList();
        if (_columns.TryGetValue(ImportField.DueOn, out var due))
            _dayFormat = ImportCells.DayFormat(data.ConvertAll(r => due < r.Cells.Length ? r.Cells[due] : ""));
        _fractions = AreFractions(data);
        for (var i = 0; i < data.Count; i++)
        {
            Row(data[i].Row, data[i].Cells);
            if (i % 1000 == 999) progress(i + 1);
        }

        foreach (var person in _plan.People.Where(p => p.Known is null)) person.UserName = UserName(person);
        _plan.Towers.AddRange(_towers.Where(t => t.Id is null));
        _plan.Summary = Summary(data.Count);
        progress(data.Count);
        return _plan;
    }

    private void Row(int line, string[] cells)
    {
        string Cell(ImportField field) =>
            _columns.TryGetValue(field, out var at) && at < cells.Length ? ImportCells.Clean(cells[at]) : "";
        void Fault(ImportField field, ImportFault fault, string value = "", int? other = null) =>
            _plan.Bad.Add(new BadImportRow(line, field, fault, ImportCells.Short(value), other));

        var typed = Cell(ImportField.Number);
        if (typed.Length == 0)
        {
            Fault(ImportField.Number, ImportFault.Number);
            return;
        }

        // An owner of several apartments: what else the row says is of the first.
        var numbers = ImportCells.Parts(typed);
        if (numbers.Count > MostUnitsInACell) numbers = [typed];
        List<PlannedUnit> units = [];
        foreach (var number in numbers)
        {
            if (Unit(line, Cell(ImportField.Tower), number, Fault) is { } unit) units.Add(unit);
        }

        if (units.Count < numbers.Count || units.Count == 0) return;
        var first = units[0];
        Figure(first, line, ImportField.Floor, Cell(ImportField.Floor), Fault);
        Figure(first, line, ImportField.Area, Cell(ImportField.Area), Fault);
        Figure(first, line, ImportField.Coefficient, Cell(ImportField.Coefficient), Fault);
        Figure(first, line, ImportField.Fee, Cell(ImportField.Fee), Fault);
        foreach (var unit in units)
        {
            Person(unit, line, OccupancyKind.Owner, Cell(ImportField.Owner), Cell(ImportField.OwnerDocumentKind),
                Cell(ImportField.OwnerDocument), Cell(ImportField.OwnerMail), Cell(ImportField.OwnerPhone), Fault);
        }

        Person(first, line, OccupancyKind.Tenant, Cell(ImportField.Tenant), "", Cell(ImportField.TenantDocument),
            Cell(ImportField.TenantMail), Cell(ImportField.TenantPhone), Fault);
        Vehicles(first, line, Cell(ImportField.Plate), Cell(ImportField.OtherPlate), Cell(ImportField.VehicleKind), Cell(ImportField.Space),
            Fault);
        Debts(first, line, Cell, Fault);
    }

    // ---- Units ----------------------------------------------------------------------------------------------------------------------

    private PlannedUnit? Unit(int line, string tower, string number, Action<ImportField, ImportFault, string, int?> fault)
    {
        if (tower.Length == 0 && options.Tower is { Length: > 0 } all) tower = all;
        if (tower.Length == 0)
        {
            // "Torre B 1204", "B-1204": the tower stands before the number.
            var (named, _) = UnitSpelling.Read(number, _towers.ConvertAll(t => (_towers.IndexOf(t), t.Name)));
            if (named is [{ Towers: [var at] } reading]) return Unit(line, _towers[at], reading.Number, number, fault);
            var cut = number.LastIndexOfAny([' ', '-']);
            if (cut > 0 && number[..cut].Any(char.IsAsciiLetter) && UnitSpelling.NumberKey(number[..cut]).Length > 0
                && number[(cut + 1)..].Any(char.IsAsciiDigit) && Tower(number[..cut].Trim(' ', '-', ',')) is { } first)
                return Unit(line, first, UnitSpelling.NumberKey(number[(cut + 1)..]), number[(cut + 1)..], fault);
            if (_towers is [var only]) return Unit(line, only, UnitSpelling.NumberKey(number), number, fault);
            fault(ImportField.Tower, ImportFault.Tower, number, null);
            return null;
        }

        if (tower.Length > 100 || number.Length > 20)
        {
            fault(number.Length > 20 ? ImportField.Number : ImportField.Tower, ImportFault.TooLong, number.Length > 20 ? number : tower, null);
            return null;
        }

        if (Tower(tower) is { } found) return Unit(line, found, UnitSpelling.NumberKey(number), number, fault);
        fault(ImportField.Tower, ImportFault.Tower, tower, null);
        return null;
    }

    private PlannedUnit? Unit(
        int line, PlannedTower tower, string key, string typed, Action<ImportField, ImportFault, string, int?> fault)
    {
        if (key.Length is 0 or > 20)
        {
            fault(ImportField.Number, key.Length == 0 ? ImportFault.Number : ImportFault.TooLong, typed, null);
            return null;
        }

        if (_units.TryGetValue((tower, key), out var unit)) return unit;
        var there = tower.Id is { } id ? known.Units.GetValueOrDefault((id, key)) : null;
        // Kept as the portal's own form keeps it; a word for "apartment" before it says nothing.
        var number = there?.Number ?? (UnitSpelling.NumberKey(typed) == Spelling.WordKey(typed) ? typed.ToUpperInvariant() : key);
        unit = new PlannedUnit(tower, number, line) { Known = there, Id = there?.Id ?? 0 };
        _units[(tower, key)] = unit;
        _plan.Units.Add(unit);
        return unit;
    }

    /// <summary>The one tower that is called so; made where none is. Null where several are.</summary>
    private PlannedTower? Tower(string name)
    {
        var key = Spelling.WordKey(name);
        if (key.Length == 0) return null;
        if (_towersNamed.TryGetValue(key, out var before)) return before;
        var exact = _towers.FindAll(t => Spelling.WordKey(t.Name) == key || Spelling.SameName(t.Name, name));
        var found = exact.Count > 0 ? exact : _towers.FindAll(t => t.Names.Contains(key) || UnitSpelling.Names(name).Contains(Spelling.WordKey(t.Name)));
        var tower = found.Count switch
        {
            0 => new PlannedTower(null, name, null),
            1 => found[0],
            _ => null,
        };
        if (found.Count == 0) _towers.Add(tower!);
        _towersNamed[key] = tower;
        return tower;
    }

    private void Figure(
        PlannedUnit unit, int line, ImportField field, string text, Action<ImportField, ImportFault, string, int?> fault)
    {
        if (text.Length == 0) return;
        decimal? value = field switch
        {
            ImportField.Floor => int.TryParse(text.TrimEnd('°', 'º', '.'), CultureInfo.InvariantCulture, out var floor) && floor is >= -10 and <= 200
                ? floor
                : null,
            ImportField.Fee => ImportCells.Pesos(text) is >= 0 and <= 999_999_999 and var fee ? fee : null,
            ImportField.Area => ImportCells.Number(text) is > 0 and <= 99_999 and var area ? Math.Round(area, 2, MidpointRounding.AwayFromZero) : null,
            _ => ImportCells.Number(text) is > 0 and var share && (_fractions ? share * 100 : share) is <= 100 and var percent
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
            }, text, null);
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
                fault(field, ImportFault.FloorAbove, $"{floors}", null);
                return;
            }

            if (unit.Tower.Id is null && number > (unit.Tower.Floors ?? 0)) unit.Tower.Floors = (int)number;
        }

        unit.Says[field] = (number, line);
    }

    /// <summary>Whether the column holds parts of 1 and not of 100: then all of them add up to about 1.</summary>
    private bool AreFractions(List<(int Row, string[] Cells)> data)
    {
        if (!_columns.TryGetValue(ImportField.Coefficient, out var at)) return false;
        var all = data.Select(r => at < r.Cells.Length && !r.Cells[at].Contains('%', StringComparison.Ordinal)
            ? ImportCells.Number(r.Cells[at]) ?? 0 : 0).ToList();
        return all.Sum() is > 0.99m and < 1.01m;
    }

    // ---- People ---------------------------------------------------------------------------------------------------------------------

    private void Person(
        PlannedUnit unit, int line, OccupancyKind kind, string name, string documentKind, string document, string mail, string phone,
        Action<ImportField, ImportFault, string, int?> fault)
    {
        if (name.Length == 0 && document.Length == 0) return;
        var owner = kind == OccupancyKind.Owner;
        var (nameField, documentField, mailField) = owner
            ? (ImportField.Owner, ImportField.OwnerDocument, ImportField.OwnerMail)
            : (ImportField.Tenant, ImportField.TenantDocument, ImportField.TenantMail);
        var key = DocumentNumbers.Key(document);
        var type = ImportCells.DocumentKind(documentKind, document);
        var wrong = false;
        void Wrong(ImportField field, ImportFault why, string value, int? other = null)
        {
            wrong = true;
            fault(field, why, value, other);
        }

        if (document.Length > 0 && (!DocumentNumbers.CanBe(key) || document.Length > 50)) Wrong(documentField, ImportFault.Document, document);
        if (type is null) Wrong(ImportField.OwnerDocumentKind, ImportFault.DocumentKind, documentKind);
        if (mail.Length > 0 && (mail.Length > 255 || !AccountService.IsAddress(mail))) Wrong(mailField, ImportFault.Mail, mail);
        var names = ImportCells.Name(name);
        var byDocument = key.Length == 0 ? null : known.Documented(document);
        if (names is null && (byDocument is null || name.Length > 0)) Wrong(nameField, ImportFault.Name, name);
        if (wrong) return;

        // By document, by address where the name is the same, by name within the unit.
        var same = Spelling.WordKey(name);
        var there = byDocument
            ?? (key.Length == 0 && mail.Length > 0 && known.ByMail.GetValueOrDefault(mail) is { } mailed
                && Spelling.WordKey(mailed.Name) == Spelling.WordKey($"{names!.Value.First}{names.Value.Last}") ? mailed : null)
            ?? (key.Length == 0 ? Tied(unit, kind, $"{names!.Value.First}{names.Value.Last}") : null);
        var person = there is not null ? _users.GetValueOrDefault(there.UserId)
            : key.Length > 0 ? _documents.GetValueOrDefault(key)
            : _mails.GetValueOrDefault(mail) is { } shared && Spelling.WordKey(shared.Name) == Spelling.WordKey($"{names!.Value.First}{names.Value.Last}")
                ? shared
                : _named.GetValueOrDefault((same, unit));
        if (person is { Known: null } && name.Length > 0 && Spelling.WordKey(person.Name) != Spelling.WordKey($"{names!.Value.First}{names.Value.Last}"))
        {
            fault(nameField, ImportFault.Differs, name, person.Line);
            return;
        }

        if (mail.Length > 0 && known.ByMail.TryGetValue(mail, out var whose) && whose.UserId != there?.UserId)
        {
            fault(mailField, ImportFault.MailTaken, $"{mail} · {whose.Name}", null);
            return;
        }

        if (mail.Length > 0 && _mails.TryGetValue(mail, out var other) && other != person)
        {
            fault(mailField, ImportFault.MailTaken, mail, other.Line);
            return;
        }

        if (person is null)
        {
            var (first, last) = names ?? ("", "");
            var rows = there is null ? default : known.Rows.GetValueOrDefault(there.UserId);
            person = new PlannedPerson(first, last, line)
            {
                Known = there, UserId = there?.UserId ?? 0, OwnerRow = rows.Owner, TenantRow = rows.Tenant,
            };
            _plan.People.Add(person);
            if (there is not null) _users[there.UserId] = person;
        }

        if (key.Length > 0)
        {
            (person.Document, person.DocumentKind) = (person.Document ?? document, person.DocumentKind ?? type);
            foreach (var one in DocumentNumbers.Keys(document)) _documents.TryAdd(one, person);
        }
        else
        {
            _named.TryAdd((same, unit), person);
        }

        if (mail.Length > 0)
        {
            person.Mail ??= mail;
            _mails.TryAdd(mail, person);
        }

        person.Phone ??= ImportCells.Phone(phone);
        Tie(unit, person, kind, nameField, fault);
    }

    private void Tie(
        PlannedUnit unit, PlannedPerson person, OccupancyKind kind, ImportField field, Action<ImportField, ImportFault, string, int?> fault)
    {
        if (!unit.Ties.Add((person, kind))) return;
        var there = unit.Known is null ? [] : known.Ties[unit.Known.Id].Where(t => t.Kind == kind).ToList();
        if (person.Known is not null && there.Exists(t => t.UserId == person.Known.UserId)) return;
        if (there.Count > 0)
        {
            // The portal is newer than the list: an apartment that was sold does not go back to who sold it.
            var name = known.ByUser.GetValueOrDefault(there[0].UserId)?.Name ?? "";
            fault(field, kind == OccupancyKind.Owner ? ImportFault.OtherOwner : ImportFault.OtherTenant, name, null);
            return;
        }

        unit.NewTies.Add((person, kind));
    }

    private KnownPerson? Tied(PlannedUnit unit, OccupancyKind kind, string name)
    {
        if (unit.Known is null) return null;
        var key = Spelling.WordKey(name);
        return known.Ties[unit.Known.Id].Where(t => t.Kind == kind).Select(t => known.ByUser.GetValueOrDefault(t.UserId))
            .FirstOrDefault(p => p is not null && Spelling.WordKey(p.Name) == key);
    }

    /// <summary>First and last name with a point between, as a person would choose it; counted on where it is taken.</summary>
    private string UserName(PlannedPerson person)
    {
        var words = new[] { person.First, person.Last }
            .Select(part => Spelling.WordKey(part.Split(' ')[0]).ToLowerInvariant()).Where(word => word.Length > 0);
        var wanted = string.Join('.', words) is { Length: >= 3 } plain ? plain : "persona";
        if (wanted.Length > 40) wanted = wanted[..40];
        var name = wanted;
        for (var i = _counted.GetValueOrDefault(wanted, 1); !known.UserNames.Add(name);)
        {
            _counted[wanted] = ++i;
            name = wanted + i.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    private readonly Dictionary<string, int> _counted = new(StringComparer.Ordinal);

    // ---- Vehicles -------------------------------------------------------------------------------------------------------------------

    private void Vehicles(
        PlannedUnit unit, int line, string plate, string other, string kind, string space,
        Action<ImportField, ImportFault, string, int?> fault)
    {
        var plates = ImportCells.Parts(plate).Select(p => (Plate: p, Kind: kind, Field: ImportField.Plate))
            .Concat(ImportCells.Parts(other).Select(p => (Plate: p, Kind: "", Field: ImportField.OtherPlate))).ToList();
        if (plates.Count == 0)
        {
            if (space.Length > 0) Space(unit, line, null, null, space, fault);
            return;
        }

        for (var i = 0; i < plates.Count; i++)
        {
            var (typed, said, field) = plates[i];
            var key = Plates.Key(typed);
            if (!Plates.CanBe(key)) fault(field, ImportFault.Plate, typed, null);
            else if (ImportCells.VehicleKind(said, typed) is not { } vehicle) fault(ImportField.VehicleKind, ImportFault.VehicleKind, said, null);
            else if (_plates.TryGetValue(key, out var twice))
            {
                if (twice.Unit != unit) fault(field, ImportFault.PlateTaken, $"{typed} · {twice.Unit.Name}", twice.Line);
            }
            else if (known.ByPlate.TryGetValue(key, out var there))
            {
                if (there.ApartmentId == unit.Known?.Id && there.ApartmentId is not null) _sameVehicles++;
                else fault(field, ImportFault.PlateTaken, $"{typed} · {there.Number}", null);
            }
            else
            {
                // One space, several plates: the others stand where they find a place.
                Space(unit, line, typed, vehicle, i == 0 ? space : "", fault);
            }
        }
    }

    private void Space(
        PlannedUnit unit, int line, string? plate, int? kind, string space, Action<ImportField, ImportFault, string, int?> fault)
    {
        if (space.Length > 20)
        {
            fault(ImportField.Space, ImportFault.TooLong, space, null);
            return;
        }

        KnownSpace? there = null;
        if (space.Length > 0)
        {
            if (_spaces.TryGetValue(space, out var twice))
            {
                if (twice.Unit == unit && plate is null) return;
                if (twice.Unit != unit)
                {
                    fault(ImportField.Space, ImportFault.SpaceTaken, $"{space} · {twice.Unit.Name}", twice.Line);
                    return;
                }

                // A second vehicle in a space of the same unit.
                space = "";
            }
            else if (known.BySpace.TryGetValue(space, out there))
            {
                if ((there.ApartmentId is not null && there.ApartmentId != unit.Known?.Id) || !string.IsNullOrEmpty(there.PlateKey) && plate is not null)
                {
                    fault(ImportField.Space, ImportFault.SpaceTaken, space, null);
                    return;
                }

                if (plate is null && there.ApartmentId is not null)
                {
                    _sameVehicles++;
                    return;
                }
            }
        }

        if (space.Length == 0) space = SpaceOf(unit);
        var vehicle = new PlannedVehicle(unit, Plates.Tidy(plate), kind, space, line) { Known = there };
        _plan.Vehicles.Add(vehicle);
        _spaces[space] = vehicle;
        if (plate is not null) _plates[Plates.Key(plate)] = vehicle;
    }

    /// <summary>A vehicle whose space nobody wrote down stands in one that is called by its unit.</summary>
    private string SpaceOf(PlannedUnit unit)
    {
        var name = unit.Name.Replace(" ", "", StringComparison.Ordinal);
        if (name.Length > 16) name = name[^16..];
        var free = name;
        for (var i = 2; known.BySpace.ContainsKey(free) || _spaces.ContainsKey(free); i++) free = $"{name}-{i}";
        return free;
    }

    // ---- Debts ----------------------------------------------------------------------------------------------------------------------

    private void Debts(PlannedUnit unit, int line, Func<ImportField, string> cell, Action<ImportField, ImportFault, string, int?> fault)
    {
        var wrong = false;
        decimal Amount(ImportField field)
        {
            var text = cell(field);
            if (text.Length == 0) return 0;
            if (ImportCells.Pesos(text) is not { } amount || amount > PaymentRules.LargestAmount) fault(field, ImportFault.Amount, text, null);
            else if (amount < 0) fault(field, ImportFault.Credit, text, null);
            else return amount;
            wrong = true;
            return 0;
        }

        var ages = Ages.Select(a => (Age: a, Amount: Amount(a.Field))).Where(a => a.Amount > 0).ToList();
        var (interest, total) = (Amount(ImportField.Interest), Amount(ImportField.Balance));
        if (wrong || (ages.Count == 0 && interest == 0 && total == 0)) return;
        if (Concept(cell(ImportField.Concept)) is not { } concept)
        {
            fault(ImportField.Concept, ImportFault.Concept, cell(ImportField.Concept), null);
            return;
        }

        if (ages.Count > 0)
        {
            var sum = ages.Sum(a => a.Amount);
            if (total > 0 && total != sum && total != sum + interest)
            {
                fault(ImportField.Balance, ImportFault.Sum, cell(ImportField.Balance), null);
                return;
            }

            foreach (var (age, amount) in ages)
            {
                var words = age.From == 0 ? "sin vencer" : age.To is { } to ? $"de {age.From} a {to} días" : $"de más de {age.From - 1} días";
                var due = age.From == 0 ? NextDue(concept) : options.AsOf.AddDays(-age.From);
                Debt(unit, concept, age.Slot, amount, due, words, line, age.Field, fault);
            }
        }
        else if (total > 0)
        {
            var (reference, typed) = (Spelling.Key(cell(ImportField.Reference)), cell(ImportField.DueOn));
            var due = typed.Length == 0 ? options.AsOf : SheetFile.Day(typed, _dayFormat);
            if (due is not { } day || day > options.AsOf.AddYears(1)) fault(ImportField.DueOn, ImportFault.DueOn, typed, null);
            else if (reference.Length > LongestReference) fault(ImportField.Reference, ImportFault.Reference, cell(ImportField.Reference), null);
            else
            {
                var slot = reference.Length > 0 ? $"R{reference}" : typed.Length > 0 ? $"{day:yyyyMMdd}" : "T";
                // Beside a column of interest it is what bears it.
                Debt(unit, concept, slot, total, day, typed.Length > 0 ? $"vence el {day.ToString("d 'de' MMMM 'de' yyyy", Books)}" : "total", line,
                    ImportField.Balance, fault);
            }
        }

        if (interest > 0 && known.Concepts.FirstOrDefault(c => c.Kind == ChargeKind.Interest) is { } ofInterest)
        {
            var slot = cell(ImportField.DueOn) is { Length: > 0 } typed && SheetFile.Day(typed, _dayFormat) is { } day ? $"{day:yyyyMMdd}" : "T";
            Debt(unit, ofInterest, slot, interest, options.AsOf, "causados hasta entonces", line, ImportField.Interest, fault);
        }
    }

    private void Debt(
        PlannedUnit unit, Concept concept, string slot, decimal amount, DateOnly due, string words, int line, ImportField field,
        Action<ImportField, ImportFault, string, int?> fault)
    {
        if (_slots.TryGetValue((unit, concept.Id, slot), out var twice))
        {
            fault(field, ImportFault.Twice, "", twice);
            return;
        }

        var way = ImportKnown.Way(slot);
        var before = _ways.TryGetValue((unit, concept.Id), out var here) ? here
            : unit.Known is { } there && known.Ways.TryGetValue((there.Id, concept.Id), out var stands) ? stands : way;
        if (before != way)
        {
            fault(field, ImportFault.Mixed, "", null);
            return;
        }

        _slots[(unit, concept.Id, slot)] = line;
        _ways[(unit, concept.Id)] = way;
        if (unit.Known is { } standing && known.Debts.TryGetValue(PlannedDebt.Number(slot, concept.Id, standing.Id), out var was))
        {
            if (was == amount) _sameDebts++;
            else fault(field, ImportFault.OtherAmount, was.ToString("N0", CultureInfo.CurrentCulture), null);
            return;
        }

        _plan.Debts.Add(new PlannedDebt(
            unit, concept, slot, amount, due, $"Saldo al {options.AsOf.ToString("d 'de' MMMM 'de' yyyy", Books)}, {words}", line));
    }

    private Concept? Concept(string name)
    {
        var usable = known.Concepts.Where(c => c.Kind is not (ChargeKind.Deposit or ChargeKind.Booking)).ToList();
        if (name.Length == 0) return usable.Find(c => c.Kind == ChargeKind.Fee);
        var key = Spelling.WordKey(name);
        return usable.Find(c => Spelling.WordKey(c.Name) == key)
            ?? usable.Find(c => key.StartsWith(Spelling.WordKey(c.Name), StringComparison.Ordinal)
                || (key.Length >= 4 && Spelling.WordKey(c.Name).StartsWith(key, StringComparison.Ordinal)))
            ?? key switch
            {
                _ when key.StartsWith("ADMIN", StringComparison.Ordinal) || key.StartsWith("CUOTA", StringComparison.Ordinal)
                    => usable.Find(c => c.Kind == (key.Contains("EXTRA", StringComparison.Ordinal) ? ChargeKind.ExtraFee : ChargeKind.Fee)),
                _ when key.StartsWith("INTERES", StringComparison.Ordinal) => usable.Find(c => c.Kind == ChargeKind.Interest),
                _ => null,
            };
    }

    private DateOnly NextDue(Concept concept)
    {
        var month = BuildingClock.MonthOf(options.AsOf);
        var due = BillingQueries.Day(month, concept.DueDay);
        return due > options.AsOf ? due : BillingQueries.Day(month.AddMonths(1), concept.DueDay);
    }

    // ---- Sum ------------------------------------------------------------------------------------------------------------------------

    private ImportSummary Summary(int rows)
    {
        var units = _plan.Units;
        var touched = units.Where(u => u.Known is not null).Select(u => u.Known!.Id).ToHashSet();
        var untouched = known.Units.Values.Where(u => !touched.Contains(u.Id)).ToList();
        var final = units.Select(u => u.Final(ImportField.Coefficient)).Concat(untouched.Select(u => u.Coefficient)).ToList();
        var (sum, tolerance) = (final.Sum() ?? 0, Coefficients.Tolerance(final.OfType<decimal>()));
        var byTower = units.Select(u => (Tower: u.Tower.Name, Value: u.Final(ImportField.Coefficient)))
            .Concat(untouched.Select(u => (Tower: known.Towers.First(t => t.Id == u.TowerId).Name, Value: u.Coefficient)))
            .GroupBy(u => u.Tower).Select(g => g.Sum(u => u.Value) ?? 0).ToList();
        var says = units.Exists(u => u.Says.ContainsKey(ImportField.Coefficient));
        var without = final.Count(c => c is null);
        int Count<T>(IEnumerable<T> of, Func<T, bool> which) => of.Count(which);
        return new ImportSummary(
            rows,
            new ImportCount(_towers.Count(t => t.Id is null), 0, units.Select(u => u.Tower).Distinct().Count(t => t.Id is not null)),
            new ImportCount(
                Count(units, u => u.Known is null), Count(units, u => u.IsChanged), Count(units, u => u.Known is not null && !u.IsChanged)),
            new ImportCount(
                Count(_plan.People, p => p.Known is null), Count(_plan.People, p => p.Fills),
                Count(_plan.People, p => p.Known is not null && !p.Fills)),
            new ImportCount(
                Count(_plan.Vehicles, v => v.Known is null), Count(_plan.Vehicles, v => v.Known is not null), _sameVehicles),
            new ImportCount(_plan.Debts.Count, 0, _sameDebts), _plan.Debts.Sum(d => d.Amount), sum, without, tolerance,
            !says || without > 0 || Math.Abs(sum - 100) <= tolerance || byTower.TrueForAll(t => Math.Abs(t - 100) <= tolerance), _fractions);
    }
}
