using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Gate;

[StoredByName]
public enum Shift { Morning, Afternoon, Night }

[Table("guards")]
public sealed class Guard : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Name { get; set; } = "";

    [MaxLength(50)]
    public string Identification { get; set; } = "";

    public Shift Shift { get; set; }

    [MaxLength(50)]
    public string? ArlNumber { get; set; }

    [MaxLength(50)]
    public string? EpsNumber { get; set; }

    [MaxLength(20)]
    public string? Phone { get; set; }

    public long? UserId { get; set; }
    public User? User { get; set; }

    public DateOnly? ArlExpiresOn { get; set; }
    public DateOnly? EpsExpiresOn { get; set; }
}

/// <summary>What one shift tells the next.</summary>
[Table("gate_notes")]
public sealed class GateNote : Stamped
{
    public long Id { get; set; }

    [Column(TypeName = "text")]
    public string Text { get; set; } = "";

    public long WrittenBy { get; set; }

    public long? ReadBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ReadAt { get; set; }
}

[StoredByName]
public enum PackageState { Waiting, Collected, Returned }

[Table("packages")]
public sealed class Package : Updated
{
    public long Id { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    [MaxLength(100)]
    public string Carrier { get; set; } = "";

    [MaxLength(200)]
    public string? Description { get; set; }

    public PackageState Status { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime ReceivedAt { get; set; }

    public long? ReceivedBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CollectedAt { get; set; }

    [MaxLength(200)]
    public string? CollectedByName { get; set; }
}
