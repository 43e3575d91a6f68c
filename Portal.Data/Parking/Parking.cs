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
}
