using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Data.People;

namespace Portal.Data.Facilities;

/// <summary>
/// <c>Held</c> keeps a place until <see cref="Reservation.HoldUntil"/>: until it is paid, or until who was offered it answers. After that
/// it is <c>Expired</c>, whether or not the row says so yet.
/// </summary>
public enum ReservationState { Confirmed = 1, Pending = 2, Cancelled = 3, Completed = 4, Held = 5, Expired = 6, NoShow = 7 }

[Table("reservation_status")]
public sealed class ReservationStatus : Lookup<ReservationState>;

/// <summary>
/// A booking. What may become of it are the verbs below: each refuses what its state or the hour does not allow, and changes nothing then.
/// Whether its place is free is asked before, of <see cref="Rules.BookingRules"/>, under its locks.
/// </summary>
[Table("reservations")]
public sealed class Reservation : Updated
{
    /// <summary>Counted from when it was asked for: nobody keeps a place by going to pay again and again.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    private Reservation()
    {
    }

    public long Id { get; private set; }

    public long OwnerId { get; private set; }
    public Owner? Owner { get; private set; }

    public long FacilityId { get; private set; }
    public Facility? Facility { get; private set; }

    /// <summary>Wall-clock time of the building.</summary>
    [Column(TypeName = "datetime")]
    public DateTime StartDate { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime EndDate { get; private set; }

    public ReservationState StatusId { get; private set; }
    public ReservationStatus? Status { get; private set; }

    /// <summary>Price without deposit, fixed when it was booked.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal? TotalCost { get; private set; }

    [Column(TypeName = "text")]
    public string? Notes { get; private set; }

    /// <summary><c>R-2026-000731</c>.</summary>
    [MaxLength(20)]
    public string? Number { get; private set; }

    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public int? ReservationTypeId { get; private set; }
    public ReservationType? ReservationType { get; private set; }

    public int People { get; private set; } = 1;

    [Column(TypeName = "decimal(12,2)")]
    public decimal Deposit { get; private set; }

    /// <summary>Wall-clock time until which cancelling is free; null: always. Fixed when it was booked.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? CancelFreeUntil { get; private set; }

    /// <summary>What cancelling costs after that. Fixed when it was booked.</summary>
    [Column(TypeName = "decimal(12,2)")]
    public decimal CancelCharge { get; private set; }

    public long? BookedBy { get; private set; }

    /// <summary>When it ended before its time, whoever ended it (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? CancelledAt { get; private set; }

    public long? CancelledBy { get; private set; }

    [MaxLength(500)]
    public string? CancelReason { get; private set; }

    /// <summary>UTC. Until when a held place is kept; null in any other state.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? HoldUntil { get; private set; }

    /// <summary>How often it was changed (moved); numbers the charges of each change.</summary>
    public int Changes { get; private set; }

    public long? SeriesId { get; private set; }
    public ReservationSeries? Series { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CheckedInAt { get; private set; }

    public long? CheckedInBy { get; private set; }

    /// <summary>Printed on the confirmation, for the gate.</summary>
    [MaxLength(12)]
    public string? VerificationCode { get; private set; }

    /// <summary>It is yet to come to something.</summary>
    [NotMapped]
    public bool IsOpen => StatusId is ReservationState.Confirmed or ReservationState.Pending or ReservationState.Held;

    /// <summary>What was fixed when it was booked, or moved.</summary>
    [NotMapped]
    public BookingPrice Price => new(TotalCost ?? 0, Deposit, CancelFreeUntil, CancelCharge);

    /// <summary>A booking with what is fixed when it is made. It has no state before <see cref="Place"/>.</summary>
    public static Reservation Book(
        Facility facility, long apartment, long owner, BookingInput input, BookingPrice price, string number, long? bookedBy,
        long? series = null)
    {
        var reservation = new Reservation
        {
            OwnerId = owner,
            ApartmentId = apartment,
            People = input.People,
            Notes = input.Notes.TrimToNull(),
            BookedBy = bookedBy,
            VerificationCode = Operations.VerificationCode.New(),
            Number = number,
            SeriesId = series,
        };
        reservation.Stand(facility, input.Start, input.End, price);
        return reservation;
    }

    /// <summary>Gives a new booking, or a hold that is taken up, its state.</summary>
    /// <param name="holdUntil">Until when (UTC) it is only held; null where it is more than that.</param>
    /// <param name="approval">The office has to approve it.</param>
    /// <exception cref="InvalidOperationException">It has come further already.</exception>
    public void Place(DateTime? holdUntil, bool approval)
    {
        if (StatusId is not (0 or ReservationState.Held))
            throw new InvalidOperationException($"Booking {Number} is {StatusId}: only a new one or a held one is placed.");
        HoldUntil = holdUntil;
        StatusId = holdUntil is not null ? ReservationState.Held : approval ? ReservationState.Pending : ReservationState.Confirmed;
    }

    /// <summary>Null while a hold stands.</summary>
    public Error? WhyNotHeld(DateTime utcNow) =>
        StatusId != ReservationState.Held ? new Error("reservation.not_held")
        : HoldUntil <= utcNow ? new Error("reservation.hold_over")
        : null;

    /// <summary>Somebody went to pay it: it is held until they are back, and for an hour in all at most.</summary>
    /// <param name="until">UTC.</param>
    public void Keep(DateTime until, DateTime utcNow)
    {
        if (WhyNotHeld(utcNow) is not null) return;
        var longest = (CreatedAt ?? utcNow) + LongestHold;
        if (until > longest) until = longest;
        if (HoldUntil < until) HoldUntil = until;
    }

    /// <summary>All that it costs is paid: what waited for that is booked.</summary>
    public Result Pay()
    {
        if (StatusId is not (ReservationState.Held or ReservationState.Pending)) return new Error("reservation.not_open");
        (StatusId, HoldUntil) = (ReservationState.Confirmed, null);
        return Result.Done;
    }

    /// <summary>It waits, without a limit, for a payment that the office has yet to confirm.</summary>
    public Result AwaitPayment()
    {
        if (StatusId is not (ReservationState.Held or ReservationState.Confirmed)) return new Error("reservation.not_open");
        (StatusId, HoldUntil) = (ReservationState.Pending, null);
        return Result.Done;
    }

    /// <summary>The office says yes to a booking that waited for it.</summary>
    /// <param name="now">Wall-clock time.</param>
    public Result Approve(DateTime now)
    {
        if (StatusId != ReservationState.Pending) return new Error("reservation.not_pending");
        if (now >= EndDate) return new Error("reservation.begun");
        StatusId = ReservationState.Confirmed;
        return Result.Done;
    }

    /// <summary>The office says no to it.</summary>
    /// <param name="by">The account.</param>
    /// <param name="at">UTC.</param>
    public Result Reject(long? by, DateTime at, string reason) =>
        StatusId == ReservationState.Pending ? Cancel(by, at, reason) : new Error("reservation.not_pending");

    /// <summary>Null while it can still be changed or cancelled: by its resident until it begins, by the office until it ends.</summary>
    /// <param name="now">Wall-clock time.</param>
    public Error? WhyTooLate(DateTime now, bool byStaff) => now >= (byStaff ? EndDate : StartDate) ? new Error("reservation.begun") : null;

    /// <inheritdoc cref="Reject"/>
    public Result Cancel(long? by, DateTime at, string? reason)
    {
        if (!IsOpen) return new Error("reservation.not_open");
        End(ReservationState.Cancelled, by, at);
        CancelReason = reason.TrimToNull();
        return Result.Done;
    }

    /// <summary>A hold ends by its time.</summary>
    /// <param name="utcNow">Now, not before the end of the hold.</param>
    public Result Expire(DateTime utcNow)
    {
        if (StatusId != ReservationState.Held || HoldUntil > utcNow) return new Error("reservation.not_held");
        End(ReservationState.Expired, null, utcNow);
        return Result.Done;
    }

    /// <summary>Null while it may be moved.</summary>
    /// <inheritdoc cref="WhyTooLate"/>
    public Error? WhyNotMovable(DateTime now, bool byStaff) =>
        StatusId is not (ReservationState.Confirmed or ReservationState.Pending)
            ? new Error("reservation.not_open")
            : WhyTooLate(now, byStaff);

    /// <summary>Takes it elsewhere, or to another time, at another price. It keeps its number.</summary>
    /// <param name="approval">The office has to approve it anew.</param>
    public Result Move(Facility facility, DateTime start, DateTime end, BookingPrice price, bool approval)
    {
        if (StatusId is not (ReservationState.Confirmed or ReservationState.Pending)) return new Error("reservation.not_open");
        Stand(facility, start, end, price);
        Changes++;
        StatusId = approval ? ReservationState.Pending : ReservationState.Confirmed;
        return Result.Done;
    }

    /// <summary>For more or fewer people.</summary>
    public void Seat(int people) => People = people;

    /// <summary>
    /// Its people are here: from an hour before it begins until it ends, also where it was taken for a no-show. Twice is once.
    /// </summary>
    /// <param name="now">Wall-clock time.</param>
    /// <param name="at">The same moment, UTC.</param>
    public Result CheckIn(DateTime now, DateTime at, long? by)
    {
        if (CheckedInAt is not null) return Result.Done;
        if (StatusId is not (ReservationState.Confirmed or ReservationState.NoShow)) return new Error("reservation.not_confirmed");
        if (now < StartDate - CheckInService.Early) return new Error("reservation.too_early", null, StartDate);
        if (now >= EndDate) return new Error("reservation.over");
        (StatusId, CheckedInAt, CheckedInBy) = (ReservationState.Confirmed, at, by);
        return Result.Done;
    }

    /// <summary>Takes a check-in back that was a mistake, while the booking lasts.</summary>
    public Result UndoCheckIn()
    {
        if (CheckedInAt is null || StatusId != ReservationState.Confirmed) return new Error("reservation.not_open");
        (CheckedInAt, CheckedInBy) = (null, null);
        return Result.Done;
    }

    /// <summary>Nobody came: known once it has begun.</summary>
    /// <param name="now">Wall-clock time.</param>
    public Result MarkNoShow(DateTime now)
    {
        if (StatusId is not (ReservationState.Confirmed or ReservationState.Completed) || CheckedInAt is not null)
            return new Error("reservation.not_open");
        if (now < StartDate) return new Error("reservation.not_begun");
        StatusId = ReservationState.NoShow;
        return Result.Done;
    }

    /// <summary>
    /// Its time is over: completed; a no-show where people are checked in and nobody was; expired where nobody approved it.
    /// </summary>
    /// <param name="now">Wall-clock time.</param>
    public Result Complete(DateTime now, bool checkIn)
    {
        if (StatusId is not (ReservationState.Confirmed or ReservationState.Pending) || now < EndDate)
            return new Error("reservation.not_open");
        StatusId =
            StatusId == ReservationState.Pending ? ReservationState.Expired
            : checkIn && CheckedInAt is null ? ReservationState.NoShow
            : ReservationState.Completed;
        return Result.Done;
    }

    /// <summary>Its kind became part of another.</summary>
    public void BelongTo(int? kind) => ReservationTypeId = kind;

    /// <summary>The code of its confirmation; a booking of an adopted database gets one when it is first asked for.</summary>
    public string Code() => VerificationCode ??= Operations.VerificationCode.New();

    private void Stand(Facility facility, DateTime start, DateTime end, BookingPrice price)
    {
        (FacilityId, ReservationTypeId, StartDate, EndDate) = (facility.Id, facility.ReservationTypeId, start, end);
        (TotalCost, Deposit, CancelFreeUntil, CancelCharge) = (price.Hours, price.Deposit, price.CancelFreeUntil, price.CancelCharge);
    }

    private void End(ReservationState state, long? by, DateTime at) =>
        (StatusId, HoldUntil, CancelledAt, CancelledBy) = (state, null, at, by);
}
