using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Data.Pqrs;

namespace Portal.Data.Gate;

[StoredByName]
public enum VisitorKind { Guest, Delivery, Domestic, Contractor, Taxi }

[StoredByName]
public enum VisitorState { Announced, Inside, Left, Revoked, Denied }

[Table("visitors")]
public sealed class Visitor : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Name { get; set; } = "";

    /// <summary>Document number; empty where none was asked for (a taxi).</summary>
    [MaxLength(50)]
    public string Identification { get; set; } = "";

    /// <summary>For comparing, see <see cref="DocumentNumbers"/>.</summary>
    [WorkedOut, MaxLength(50)]
    public string? IdentificationKey { get; private set; }

    public long HostId { get; set; }
    public Owner? Host { get; set; }

    /// <summary>The day of entry, or the day it is expected.</summary>
    public DateOnly VisitDate { get; set; }

    [Column(TypeName = "time")]
    public TimeOnly? EnterTime { get; set; }

    [Column(TypeName = "time")]
    public TimeOnly? ExitTime { get; set; }

    /// <summary>The day of exit; null with an exit time means the day of entry.</summary>
    public DateOnly? ExitDate { get; set; }

    [MaxLength(255)]
    public string? Purpose { get; set; }

    public VisitorKind Kind { get; set; }
    public VisitorState State { get; set; }

    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public int People { get; set; } = 1;

    [MaxLength(20)]
    public string? LicensePlate { get; set; }

    /// <summary>For comparing, see <see cref="Parking.Plates"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    [MaxLength(100)]
    public string? Company { get; set; }

    /// <summary>Wall-clock window in which an announced visit may enter.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ExpectedFrom { get; set; }

    [Column(TypeName = "datetime")]
    public DateTime? ExpectedUntil { get; set; }

    /// <summary>Six digits that the visitor shows; unique among visits that are still announced.</summary>
    [MaxLength(6)]
    public string? PassCode { get; set; }

    /// <summary>An exit nobody logged, closed at night.</summary>
    public bool AutoClosed { get; set; }

    public long? EnteredBy { get; set; }
    public long? ExitedBy { get; set; }

    /// <summary>A key made at the terminal, so that what is sent twice is logged once.</summary>
    [MaxLength(36)]
    public string? ClientKey { get; set; }

    /// <summary>The case it is kept for: while that is open, the record is not deleted.</summary>
    public long? PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }
}

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
