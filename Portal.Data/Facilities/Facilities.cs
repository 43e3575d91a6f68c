using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Pictures;

namespace Portal.Data.Facilities;

[StoredByName]
public enum FacilityState { Available, Maintenance, Unavailable }

[StoredByName]
public enum QuotaPeriod { Day, Week, Month }

/// <summary>Whose bookings a quota counts: those made in one person's name, or all of an apartment.</summary>
[StoredByName]
public enum QuotaSubject { Person, Apartment }

/// <summary>A kind of facility ("BBQ"); quotas count over all facilities of a kind.</summary>
[Table("reservation_types")]
public sealed class ReservationType : Lookup<int>;

[Table("facilities")]
public sealed class Facility : Updated
{
    public long Id { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }

    public int? Capacity { get; set; }

    public FacilityState? Status { get; set; } = FacilityState.Available;

    [Column(TypeName = "decimal(12,2)")]
    public decimal? HourlyRate { get; set; }

    public int? ReservationTypeId { get; set; }
    public ReservationType? ReservationType { get; set; }

    /// <summary>True: up to <see cref="Capacity"/> people at once in separate bookings. False: one booking at a time.</summary>
    public bool Shared { get; set; }

    public bool ApprovalRequired { get; set; }

    public int SlotMinutes { get; set; } = 60;
    public int MinMinutes { get; set; } = 60;
    public int MaxMinutes { get; set; } = 240;
    public int BufferMinutes { get; set; }
    public int MinNoticeMinutes { get; set; }
    public int MaxAdvanceDays { get; set; } = 60;

    /// <summary>How long before its start a booking may still be changed.</summary>
    public int ChangeNoticeMinutes { get; set; }

    /// <summary>How long before its start a booking may be cancelled free of charge.</summary>
    public int CancelNoticeMinutes { get; set; }

    /// <summary>What of the price a cancellation after that costs, 0 to 100.</summary>
    public int CancelChargePercent { get; set; } = 100;

    [Column(TypeName = "decimal(12,2)")]
    public decimal Deposit { get; set; }

    /// <summary>Bookings of the kind that an apartment may have open (not begun yet) at once; null: no limit.</summary>
    public int? OpenLimit { get; set; }

    /// <summary>A booking that costs something is held until it is paid, and expires if it is not.</summary>
    public bool PayFirst { get; set; }

    /// <summary>People are checked in when they come; who does not come is a no-show.</summary>
    public bool CheckIn { get; set; }

    [Column(TypeName = "text")]
    public string? Terms { get; set; }

    public List<FacilityHours> Hours { get; set; } = [];

    public List<FacilityQuota> Quotas { get; set; } = [];
}

/// <summary>How many bookings a person or an apartment may have in a period, over all facilities of the kind.</summary>
[Table("facility_quotas")]
public sealed class FacilityQuota
{
    public long Id { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    public QuotaSubject Subject { get; set; }

    public QuotaPeriod Period { get; set; }

    public int Most { get; set; }
}

/// <summary>What a facility looks like.</summary>
[Table("facility_photos")]
public sealed class FacilityPhoto : Stamped
{
    public long Id { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    [MaxLength(50)]
    public string ContentType { get; set; } = "";

    /// <summary>SHA-256 of the content, in hex: part of its address, so that it may be cached for good.</summary>
    [MaxLength(64)]
    public string Digest { get; set; } = "";

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];

    /// <summary>WebP, for small places; null for a photo that was stored as it came.</summary>
    [Secret, Column(TypeName = "longblob")]
    public byte[]? Small { get; private set; }

    /// <summary>WebP, for large places; null for a photo that was stored as it came.</summary>
    [Secret, Column(TypeName = "longblob")]
    public byte[]? Large { get; private set; }

    internal void Show(DrawnPicture picture, string digest) =>
        (ContentType, Digest, Content, Small, Large) = (picture.ContentType, digest, picture.Content, picture.Small, picture.Large);
}

/// <summary>Opening hours that begin on one weekday. A facility without a row for a weekday does not open on it.</summary>
[Table("facility_hours")]
public sealed class FacilityHours
{
    public long Id { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    /// <summary>1 Monday to 7 Sunday (ISO 8601).</summary>
    public int Weekday { get; set; }

    [Column(TypeName = "time")]
    public TimeOnly OpensAt { get; set; }

    /// <summary>Not later than <see cref="OpensAt"/> means on the day after: 00:00 is midnight, 02:00 goes on into the night.</summary>
    [Column(TypeName = "time")]
    public TimeOnly ClosesAt { get; set; }
}

/// <summary>A time in which a facility cannot be booked.</summary>
[Table("facility_blackouts")]
public sealed class FacilityBlackout : Stamped
{
    public long Id { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    [Column(TypeName = "datetime")]
    public DateTime StartDate { get; set; }

    [Column(TypeName = "datetime")]
    public DateTime EndDate { get; set; }

    [MaxLength(200)]
    public string Reason { get; set; } = "";
}
