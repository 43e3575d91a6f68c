using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Parking;

public enum ParkingState { Available = 1, Occupied = 2, Reserved = 3, Maintenance = 4 }

[Table("parking_status")]
public sealed class ParkingStatus : Lookup<ParkingState>;

[Table("vehicle_types")]
public sealed class VehicleType : Lookup<int>;

[StoredByName]
public enum ParkingUse { Resident, Visitor }

[Table("parking")]
public sealed class ParkingSpace : Updated
{
    public long Id { get; set; }

    [MaxLength(20)]
    public string SpaceNumber { get; set; } = "";

    public ParkingState StatusId { get; set; }
    public ParkingStatus? Status { get; set; }

    public int? VehicleTypeId { get; set; }
    public VehicleType? VehicleType { get; set; }

    public long? UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(20)]
    public string? LicensePlate { get; set; }

    /// <summary>For comparing, see <see cref="Plates"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    /// <summary>Whom the space is for.</summary>
    public ParkingUse UseKind { get; set; }

    public long? LevelId { get; set; }
    public ParkingLevel? Level { get; set; }

    /// <summary>The place on the plan of its level, from 1; null: it is not drawn yet.</summary>
    public int? PlanRow { get; set; }
    public int? PlanColumn { get; set; }

    /// <summary>For people who cannot walk far (Ley 361 of 1997, art. 62).</summary>
    public bool StepFree { get; set; }

    /// <summary>Its apartment has it for rent, beside the one it has of its own.</summary>
    public bool Leased { get; set; }

    /// <summary>A car that should not stand there, as somebody saw it.</summary>
    [MaxLength(20)]
    public string? IntruderPlate { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? IntruderAt { get; private set; }

    /// <summary>Another's car stands in it. What was seen first stays.</summary>
    /// <param name="at">UTC.</param>
    internal Result Invaded(string plate, DateTime at)
    {
        if (StatusId == ParkingState.Maintenance) return new Error("parking.closed", null, SpaceNumber);
        if (IntruderAt is null || Plates.Key(IntruderPlate) != Plates.Key(plate)) (IntruderPlate, IntruderAt) = (Plates.Tidy(plate), at);
        return Result.Done;
    }

    /// <summary>It stands where it belongs again.</summary>
    internal void Cleared() => (IntruderPlate, IntruderAt) = (null, null);

    /// <summary>Whose it is; whoever answers for the apartment answers for its space.</summary>
    internal void Give(long? apartment, long? account, bool leased) =>
        (ApartmentId, UserId, Leased) = (apartment, account, leased && apartment is not null);
}

/// <summary>A level of the parking, with a plan of its own.</summary>
[Table("parking_levels")]
public sealed class ParkingLevel : Updated
{
    private ParkingLevel()
    {
    }

    public long Id { get; private set; }

    [MaxLength(100)]
    public string Name { get; private set; } = "";

    /// <summary>The order in which they are shown.</summary>
    public int Position { get; private set; }

    internal static ParkingLevel Named(string name, int position) => new() { Name = name, Position = position };

    internal void Rename(string name) => Name = name;
}

/// <summary>A resident's vehicle: its plate says whose it is, wherever it stands.</summary>
[Table("vehicles")]
public sealed class Vehicle : Updated
{
    private Vehicle()
    {
    }

    public long Id { get; private set; }

    public long ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    [MaxLength(20)]
    public string LicensePlate { get; private set; } = "";

    /// <summary>For comparing, see <see cref="Plates"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    public int? VehicleTypeId { get; private set; }
    public VehicleType? VehicleType { get; private set; }

    [MaxLength(60)]
    public string? Brand { get; private set; }

    [MaxLength(40)]
    public string? Colour { get; private set; }

    internal static Vehicle Of(VehicleInput input)
    {
        var vehicle = new Vehicle();
        vehicle.Describe(input);
        return vehicle;
    }

    internal void Describe(VehicleInput input) => (ApartmentId, LicensePlate, VehicleTypeId, Brand, Colour) = (
        input.ApartmentId, Plates.Tidy(input.Plate)!, input.TypeId, input.Brand.TrimToNull(), input.Colour.TrimToNull());
}
