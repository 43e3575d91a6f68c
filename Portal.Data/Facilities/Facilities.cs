using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Facilities;

[StoredByName]
public enum FacilityState { Available, Maintenance, Unavailable }

[StoredByName]
public enum QuotaPeriod { Day, Week, Month }

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
    /// <summary>How long before its start a booking may be cancelled free of charge.</summary>
    public int CancelNoticeMinutes { get; set; }

    /// <summary>What of the price a cancellation after that costs, 0 to 100.</summary>
    public int CancelChargePercent { get; set; } = 100;

    [Column(TypeName = "decimal(12,2)")]
    public decimal Deposit { get; set; }

    /// <summary>Bookings an apartment may hold per <see cref="QuotaPeriod"/>, over all facilities of the kind; null: no limit.</summary>
    public int? QuotaCount { get; set; }

    public QuotaPeriod? QuotaPeriod { get; set; }

    [Column(TypeName = "text")]
    public string? Terms { get; set; }

    public List<FacilityHours> Hours { get; set; } = [];
}

/// <summary>Opening hours of one weekday. A facility without a row for a weekday is closed on it.</summary>
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

    /// <summary>Midnight (00:00) means the end of the day.</summary>
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

public enum ReservationState { Confirmed = 1, Pending = 2, Cancelled = 3, Completed = 4 }

[Table("reservation_status")]
public sealed class ReservationStatus : Lookup<ReservationState>;

[Table("reservations")]
public sealed class Reservation : Updated
{
    public long Id { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    /// <summary>Wall-clock time of the building.</summary>
    [Column(TypeName = "datetime")]
    public DateTime StartDate { get; set; }

    [Column(TypeName = "datetime")]
    public DateTime EndDate { get; set; }

    public ReservationState StatusId { get; set; }
    public ReservationStatus? Status { get; set; }

    /// <summary>Price without deposit, fixed when it was booked.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? TotalCost { get; set; }

    [Column(TypeName = "text")]
    public string? Notes { get; set; }

    /// <summary><c>R-2026-000731</c>.</summary>
    [MaxLength(20)]
    public string? Number { get; set; }

    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public int? ReservationTypeId { get; set; }
    public ReservationType? ReservationType { get; set; }

    public int People { get; set; } = 1;

    [Column(TypeName = "decimal(12,2)")]
    public decimal Deposit { get; set; }

    /// <summary>Wall-clock time until which cancelling is free; null: always. Fixed when it was booked.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? CancelFreeUntil { get; set; }

    /// <summary>What cancelling costs after that. Fixed when it was booked.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal CancelCharge { get; set; }

    public long? BookedBy { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CancelledAt { get; set; }

    public long? CancelledBy { get; set; }

    [MaxLength(500)]
    public string? CancelReason { get; set; }
}
