using Portal.Data.Building;

namespace Portal.Data.FirstDay;

/// <summary>Says that a row is wrong, and in what.</summary>
internal delegate void Faults(ImportField field, ImportFault fault, string value = "", int? other = null);

/// <summary>
/// Reads the rows of a file against what the portal knows: what is made, what is changed, what is as it is, and which rows are wrong. It
/// asks nothing of the database.
/// </summary>
internal sealed class ImportPlanner
{
    private const int MostUnitsInACell = 12;

    private readonly ImportKnown _known;
    private readonly ImportPlan _plan = new();
    private readonly Dictionary<ImportField, int> _columns;
    private readonly List<(int Row, string[] Cells)> _rows;
    private readonly ImportUnits _units;
    private readonly ImportPeople _people;
    private readonly ImportVehicles _vehicles;
    private readonly ImportDebts _debts;

    public ImportPlanner(ImportKnown known, List<(int Row, string[] Cells)> rows, ImportFormat format, ImportOptions options)
    {
        _known = known;
        _rows = [.. rows.Skip(format.HeaderRows)];
        _columns = format.Fields.Select((field, i) => (field, i))
            .Where(f => f.field is not null).ToDictionary(f => f.field!.Value, f => f.i);
        (_people, _vehicles) = (new ImportPeople(known, _plan), new ImportVehicles(known, _plan));
        _units = new ImportUnits(known, _plan, options.Tower) { Fractions = AreFractions() };
        _debts = new ImportDebts(known, _plan, options.AsOf, ImportCells.DayFormat(Column(ImportField.DueOn)));
    }

    public ImportPlan Plan(Action<int> progress)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            Row(_rows[i].Row, _rows[i].Cells);
            if (i % 1000 == 999) progress(i + 1);
        }

        _people.NameAccounts();
        _plan.Towers.AddRange(_units.Towers.Where(t => t.Id is null));
        _plan.Summary = Summary(_rows.Count);
        progress(_rows.Count);
        return _plan;
    }

    private List<string> Column(ImportField field) =>
        _columns.TryGetValue(field, out var at) ? _rows.ConvertAll(r => at < r.Cells.Length ? r.Cells[at] : "") : [];

    /// <summary>Whether the coefficients are parts of 1 and not of 100: then all of them add up to about 1.</summary>
    private bool AreFractions() => Column(ImportField.Coefficient)
        .Sum(c => c.Contains('%', StringComparison.Ordinal) ? 0 : ImportCells.Number(c) ?? 0) is > 0.99m and < 1.01m;

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
            if (_units.Find(line, Cell(ImportField.Tower), number, Fault) is { } unit) units.Add(unit);
        }

        if (units.Count < numbers.Count || units.Count == 0) return;
        var first = units[0];
        _units.Figure(first, line, ImportField.Floor, Cell(ImportField.Floor), Fault);
        _units.Figure(first, line, ImportField.Area, Cell(ImportField.Area), Fault);
        _units.Figure(first, line, ImportField.Coefficient, Cell(ImportField.Coefficient), Fault);
        _units.Figure(first, line, ImportField.Fee, Cell(ImportField.Fee), Fault);
        foreach (var unit in units)
        {
            _people.Read(unit, line, OccupancyKind.Owner, Cell(ImportField.Owner), Cell(ImportField.OwnerDocumentKind),
                Cell(ImportField.OwnerDocument), Cell(ImportField.OwnerMail), Cell(ImportField.OwnerPhone), Fault);
        }

        _people.Read(first, line, OccupancyKind.Tenant, Cell(ImportField.Tenant), "", Cell(ImportField.TenantDocument),
            Cell(ImportField.TenantMail), Cell(ImportField.TenantPhone), Fault);
        _vehicles.Read(
            first, line, Cell(ImportField.Plate), Cell(ImportField.OtherPlate), Cell(ImportField.VehicleKind), Cell(ImportField.Space),
            Fault);
        _debts.Read(first, line, Cell, Fault);
    }

    private ImportSummary Summary(int rows)
    {
        var units = _plan.Units;
        var touched = units.Where(u => u.Known is not null).Select(u => u.Known!.Id).ToHashSet();
        var untouched = _known.Units.Values.Where(u => !touched.Contains(u.Id)).ToList();
        var final = units.Select(u => u.Final(ImportField.Coefficient)).Concat(untouched.Select(u => u.Coefficient)).ToList();
        var (sum, tolerance) = (final.Sum() ?? 0, Coefficients.Tolerance(final.OfType<decimal>()));
        var byTower = units.Select(u => (Tower: u.Tower.Name, Value: u.Final(ImportField.Coefficient)))
            .Concat(untouched.Select(u => (Tower: _known.Towers.First(t => t.Id == u.TowerId).Name, Value: u.Coefficient)))
            .GroupBy(u => u.Tower).Select(g => g.Sum(u => u.Value) ?? 0).ToList();
        var says = units.Exists(u => u.Says.ContainsKey(ImportField.Coefficient));
        var without = final.Count(c => c is null);
        int Count<T>(IEnumerable<T> of, Func<T, bool> which) => of.Count(which);
        return new ImportSummary(
            rows,
            new ImportCount(_units.Towers.Count(t => t.Id is null), 0, units.Select(u => u.Tower).Distinct().Count(t => t.Id is not null)),
            new ImportCount(
                Count(units, u => u.Known is null), Count(units, u => u.IsChanged), Count(units, u => u.Known is not null && !u.IsChanged)),
            new ImportCount(
                Count(_plan.People, p => p.Known is null), Count(_plan.People, p => p.Fills),
                Count(_plan.People, p => p.Known is not null && !p.Fills)),
            new ImportCount(
                Count(_plan.Vehicles, v => v.Known is null), Count(_plan.Vehicles, v => v.Known is not null), _vehicles.Same),
            new ImportCount(_plan.Debts.Count, 0, _debts.Same), _plan.Debts.Sum(d => d.Amount), sum, without, tolerance,
            !says || without > 0 || Math.Abs(sum - 100) <= tolerance || byTower.TrueForAll(t => Math.Abs(t - 100) <= tolerance),
            _units.Fractions);
    }
}
