using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Parking;
using Portal.Data.People;

namespace Portal.Data.Passes;

[StoredByName]
public enum PassKind { Single, Recurring, Event, Vehicle, Delivery }

/// <summary>What a resident gives somebody who may come in.</summary>
[Table("passes")]
public sealed class Pass : Updated
{
    public long Id { get; internal set; }

    public PassKind Kind { get; internal set; }

    public long HostId { get; internal set; }
    public Owner? Host { get; internal set; }

    public long? ApartmentId { get; internal set; }
    public Apartment? Apartment { get; internal set; }

    [MaxLength(200)]
    public string? Title { get; internal set; }

    public VisitorKind VisitorKind { get; internal set; }

    [MaxLength(50)]
    public string? Identification { get; internal set; }

    [MaxLength(100)]
    public string? Company { get; internal set; }

    [MaxLength(20)]
    public string? LicensePlate { get; internal set; }

    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    public int People { get; internal set; } = 1;

    [Column(TypeName = "datetime")]
    public DateTime StartsAt { get; internal set; }

    [Column(TypeName = "datetime")]
    public DateTime EndsAt { get; internal set; }

    /// <summary>Bit 0 is Monday.</summary>
    public byte? Weekdays { get; internal set; }

    [Column(TypeName = "time")]
    public TimeOnly? FromTime { get; internal set; }

    [Column(TypeName = "time")]
    public TimeOnly? UntilTime { get; internal set; }

    public bool Holidays { get; internal set; } = true;

    [Column(TypeName = "timestamp")]
    public DateTime? PausedAt { get; internal set; }

    public int? Capacity { get; internal set; }

    public long? ReservationId { get; internal set; }
    public Reservation? Reservation { get; internal set; }

    public bool LeaveAtGate { get; internal set; }

    [MaxLength(6), Column(TypeName = "char(6)")]
    public string? Code { get; internal set; }

    [MaxLength(32), Column(TypeName = "char(32)"), Secret]
    public string Token { get; internal set; } = "";

    /// <summary>The building's wall clock.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? RevokedAt { get; internal set; }

    /// <summary>The pass of a visit that is announced.</summary>
    internal static Pass Single(long host, Announcement visit, string code, string token) => new()
    {
        Kind = PassKind.Single,
        HostId = host,
        ApartmentId = visit.ApartmentId,
        Title = visit.Name.Trim(),
        VisitorKind = visit.Kind,
        Identification = visit.Identification.TrimToNull(),
        Company = visit.Company.TrimToNull(),
        LicensePlate = Plates.Tidy(visit.Plate),
        People = visit.People,
        StartsAt = visit.From,
        EndsAt = visit.Until,
        Code = code,
        Token = token,
    };
}
