using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.People;

namespace Portal.Data.Building;

[Table("towers")]
public sealed class Tower : Stamped
{
    public int Id { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }

    public int? Floors { get; set; }
}

/// <summary>What the apartments of a tower add up to: kept by triggers on <c>apartments</c>, read only.</summary>
[Table("tower_totals"), NotAudited]
public sealed class TowerTotal
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public int TowerId { get; private set; }

    public int Apartments { get; private set; }

    [Column(TypeName = "decimal(14,6)")]
    public decimal Coefficient { get; private set; }

    public int WithoutCoefficient { get; private set; }
}

public enum OccupancyState { Occupied = 1, Available = 2, UnderMaintenance = 3, Reserved = 4 }

[Table("apartment_status")]
public sealed class ApartmentStatus : Lookup<OccupancyState>;

[Table("apartments")]
public sealed class Apartment : Updated
{
    public long Id { get; set; }

    /// <summary>Unique within its tower.</summary>
    [MaxLength(20)]
    public string ApartmentNumber { get; set; } = "";

    /// <summary>For comparing, see <see cref="UnitSpelling"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? NumberKey { get; private set; }

    public OccupancyState StatusId { get; set; }
    public ApartmentStatus? Status { get; set; }

    public int TowerId { get; set; }
    public Tower? Tower { get; set; }

    /// <summary>The owner who answers for it; others are found through <see cref="Occupancy"/>.</summary>
    public long? OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public int? Floor { get; set; }

    /// <summary>Share of the common goods, in percent; those of a building add up to 100 (Ley 675 of 2001, art. 25).</summary>
    [Column(TypeName = "decimal(9,6)")]
    public decimal? Coefficient { get; set; }

    /// <summary>Private area in square metres.</summary>
    [Column(TypeName = "decimal(8,2)")]
    public decimal? Area { get; set; }

    /// <summary>Monthly administration fee in the building's currency.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? MonthlyFee { get; set; }

    /// <summary>What the guard dials on the building's own intercom; null: the apartment's number.</summary>
    [MaxLength(20)]
    public string? Intercom { get; set; }

    /// <summary>What happens when nobody answers the gate.</summary>
    public GateRule GateRule { get; set; }
}

/// <summary>Where nobody of an apartment answers the gate: the guard decides, it is left at the gate, or they do not come in.</summary>
[StoredByName]
public enum GateRule { Guard, Leave, Deny }

[StoredByName]
public enum OccupancyKind { Owner, Tenant, Family, Authorised }

/// <summary>Who had which tie to an apartment, and when. Rows are ended, never overwritten.</summary>
[Table("occupancies")]
public sealed class Occupancy : Stamped
{
    public long Id { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public OccupancyKind Kind { get; set; }

    public DateOnly StartedOn { get; set; }

    /// <summary>The last day; null while it lasts.</summary>
    public DateOnly? EndedOn { get; set; }
}
