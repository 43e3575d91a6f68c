using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Facilities;

/// <summary>
/// <c>Held</c> keeps a place until <see cref="Reservation.HoldUntil"/>: until it is paid, or until who was offered it answers. After that
/// it is
/// <c>Expired</c>, whether or not the row says so yet.
/// </summary>
public enum ReservationState { Confirmed = 1, Pending = 2, Cancelled = 3, Completed = 4, Held = 5, Expired = 6, NoShow = 7 }

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

    /// <summary>UTC. Until when a held place is kept; null in any other state.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? HoldUntil { get; set; }

    /// <summary>How often it was changed (moved); numbers the charges of each change.</summary>
    public int Changes { get; set; }

    public long? SeriesId { get; set; }
    public ReservationSeries? Series { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CheckedInAt { get; set; }

    public long? CheckedInBy { get; set; }

    /// <summary>Printed on the confirmation, for the gate.</summary>
    [MaxLength(12)]
    public string? VerificationCode { get; set; }
}

/// <summary>Bookings that repeat, made in one go by the office.</summary>
[Table("reservation_series")]
public sealed class ReservationSeries : Stamped
{
    public long Id { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public DateOnly StartsOn { get; set; }

    public DateOnly EndsOn { get; set; }

    /// <summary>1 Monday to 7 Sunday, with commas.</summary>
    [MaxLength(20)]
    public string Weekdays { get; set; } = "";

    public int EveryWeeks { get; set; } = 1;

    [Column(TypeName = "time")]
    public TimeOnly StartTime { get; set; }

    public int Minutes { get; set; }

    public int People { get; set; } = 1;

    [MaxLength(500)]
    public string? Notes { get; set; }

    public long? MadeBy { get; set; }
}

/// <summary>
/// <c>Waiting</c>; <c>Offered</c> a place that is held; what became of it: <c>Accepted</c>, <c>Declined</c>, <c>Missed</c> (did not answer
/// in time);
/// <c>Passed</c>: its time came without a place; <c>Left</c>: gave up waiting.
/// </summary>
[StoredByName]
public enum WaitState { Waiting, Offered, Accepted, Declined, Missed, Passed, Left }

/// <summary>Somebody waits for a place that is taken. First come, first offered: the order is that of the ids.</summary>
[Table("reservation_waits")]
public sealed class ReservationWait : Updated
{
    public long Id { get; set; }

    public long FacilityId { get; set; }
    public Facility? Facility { get; set; }

    public long ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    /// <summary>Wall-clock time of the building.</summary>
    [Column(TypeName = "datetime")]
    public DateTime StartDate { get; set; }

    [Column(TypeName = "datetime")]
    public DateTime EndDate { get; set; }

    public int People { get; set; } = 1;

    public WaitState State { get; set; }

    /// <summary>The held booking it was offered.</summary>
    public long? ReservationId { get; set; }
    public Reservation? Reservation { get; set; }
}

/// <summary>A person's bookings as a calendar for other programs, by a secret address.</summary>
[Table("calendar_feeds")]
public sealed class CalendarFeed : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public Identity.User? User { get; set; }

    /// <summary>SHA-256 of the secret, in hex. The secret itself is shown once.</summary>
    [Secret, MaxLength(64)]
    public string SecretHash { get; set; } = "";

    /// <summary>When a program last fetched it (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? ReadAt { get; set; }
}
