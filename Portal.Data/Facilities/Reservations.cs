using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.People;

namespace Portal.Data.Facilities;

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
