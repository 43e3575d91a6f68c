using Portal.Data.Parking;

namespace Portal.Data.FirstDay;

/// <summary>Which vehicles and spaces are a unit's: the portal keeps a vehicle by the space in which it stands.</summary>
internal sealed class ImportVehicles(ImportKnown known, ImportPlan plan)
{
    private readonly Dictionary<string, PlannedVehicle> _plates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedVehicle> _spaces = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many are as the rows say already.</summary>
    public int Same { get; private set; }

    /// <summary>The plates and the space of a row.</summary>
    public void Read(
        PlannedUnit unit, int line, string plate, string other, string kind, string space, Faults fault)
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
            if (!Plates.CanBe(key)) fault(field, ImportFault.Plate, typed);
            else if (ImportCells.VehicleKind(said, typed) is not { } vehicle) fault(ImportField.VehicleKind, ImportFault.VehicleKind, said);
            else if (_plates.TryGetValue(key, out var twice))
            {
                if (twice.Unit != unit) fault(field, ImportFault.PlateTaken, $"{typed} · {twice.Unit.Name}", twice.Line);
            }
            else if (known.ByPlate.TryGetValue(key, out var there))
            {
                if (there.ApartmentId == unit.Known?.Id && there.ApartmentId is not null) Same++;
                else fault(field, ImportFault.PlateTaken, $"{typed} · {there.Number}");
            }
            else
            {
                // One space, several plates: the others stand where they find a place.
                Space(unit, line, typed, vehicle, i == 0 ? space : "", fault);
            }
        }
    }

    private void Space(PlannedUnit unit, int line, string? plate, int? kind, string space, Faults fault)
    {
        if (space.Length > 20)
        {
            fault(ImportField.Space, ImportFault.TooLong, space);
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
                if ((there.ApartmentId is not null && there.ApartmentId != unit.Known?.Id)
                    || (!string.IsNullOrEmpty(there.PlateKey) && plate is not null))
                {
                    fault(ImportField.Space, ImportFault.SpaceTaken, space);
                    return;
                }

                if (plate is null && there.ApartmentId is not null)
                {
                    Same++;
                    return;
                }
            }
        }

        if (space.Length == 0) space = SpaceOf(unit);
        var vehicle = new PlannedVehicle(unit, Plates.Tidy(plate), kind, space, line) { Known = there };
        plan.Vehicles.Add(vehicle);
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
}
