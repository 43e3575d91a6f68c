using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>What a resident is told about a booking, as it stood at that moment.</summary>
/// <param name="Type">One of <see cref="ReservationNotices"/>.</param>
/// <param name="Reason">Why, in the office's words; null where there is nothing to explain.</param>
/// <param name="Until">Until when they are to answer (UTC); null where there is nothing to answer.</param>
/// <param name="Key">Its own, so that it is told once even where the job that tells it runs twice.</param>
public sealed record ReservationNotice(
    string Type, long ReservationId, long OwnerId, string? Number, string Facility, DateTime Start, DateTime End, string? Reason,
    DateTime? Until, Guid Key);

/// <summary>Tells a resident what became of a booking. The write puts one job into the queue; the job fills bell and mailbox.</summary>
internal static class ReservationNotices
{
    public static readonly JobKind<ReservationNotice> JobKind = new("reservation_notice");

    public const string Confirmed = "reservation.confirmed";
    public const string Asked = "reservation.asked";
    public const string Held = "reservation.held";
    public const string Approved = "reservation.approved";
    public const string Rejected = "reservation.rejected";
    public const string Changed = "reservation.changed";
    public const string Cancelled = "reservation.cancelled";
    public const string Expired = "reservation.expired";
    public const string Offered = "reservation.offered";
    public const string Missed = "reservation.missed";
    public const string Reminder = "reservation.reminder";
    public const string NoShow = "reservation.no_show";
    public const string WaitEnded = "reservation.wait_ended";
    public const string Series = "reservation.series";
    public const string SeriesEnded = "reservation.series_ended";

    /// <summary>What the office is told when a booking asks for its approval.</summary>
    public const string ToApprove = "reservation.pending";

    public static Task TellAsync(
        PortalDb db, Reservation reservation, string facility, string type, BuildingClock clock, CancellationToken ct,
        string? uniqueKey = null) => db.Database.ExecuteSqlAsync(Insert(reservation.Id, reservation, facility, type, clock, uniqueKey), ct);

    /// <summary>The row that has it told.</summary>
    public static FormattableString Insert(
        long id, Reservation reservation, string facility, string type, BuildingClock clock, string? uniqueKey = null) =>
        JobQueue.Insert(
            JobKind,
            new ReservationNotice(
                type, id, reservation.OwnerId, reservation.Number, facility, reservation.StartDate, reservation.EndDate,
                reservation.CancelReason, reservation.HoldUntil, Guid.NewGuid()),
            clock.UtcNow,
            uniqueKey
        );

    /// <summary>Tells who waited that they wait no longer.</summary>
    /// <param name="reason">Why, in the office's words; null where a rule stood against it.</param>
    public static async Task TellAsync(PortalDb db, ReservationWait wait, string? reason, BuildingClock clock, CancellationToken ct)
    {
        var facility = await db.Facilities.Where(f => f.Id == wait.FacilityId).Select(f => f.Name).SingleAsync(ct);
        await JobQueue.AddAsync(
            db,
            JobKind,
            new ReservationNotice(WaitEnded, 0, wait.OwnerId, null, facility, wait.StartDate, wait.EndDate, reason, null, Guid.NewGuid()),
            clock.UtcNow,
            null,
            ct
        );
    }

    /// <summary>What a booking that has just been made or confirmed is told as.</summary>
    public static string Of(ReservationState state) =>
        state switch
        {
            ReservationState.Pending => Asked,
            ReservationState.Held => Held,
            _ => Confirmed,
        };
}
