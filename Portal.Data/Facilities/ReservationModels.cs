using System.Linq.Expressions;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>What somebody asks to book. Times are the building's wall clock.</summary>
/// <param name="ApartmentId">For which apartment; may be left out by a person who has one only.</param>
/// <param name="OwnerId">In whose name, when the office books; left out: the tenant who lives there, or the owner.</param>
public sealed record BookingInput(
    long FacilityId, DateTime Start, DateTime End, int People, bool TermsAccepted = false, long? ApartmentId = null, string? Notes = null,
    long? OwnerId = null)
{
    /// <summary>Only hold the place for some minutes, to make up one's mind.</summary>
    public bool Hold { get; init; }

    /// <summary>The office books although the apartment owes, where the building does not lend to debtors.</summary>
    public bool DespiteArrears { get; init; }
}

/// <param name="HoldUntil">Until when the place is held (UTC), where it is.</param>
public sealed record Booked(long Id, string Number, ReservationState State, BookingPrice Price, DateTime? HoldUntil = null);

/// <summary>How much of a quota is used.</summary>
public sealed record QuotaStand(QuotaSubject Subject, QuotaPeriod Period, int Most, int Used);

/// <summary>What every rule says to an attempt.</summary>
public sealed record TryOut(IReadOnlyList<Verdict> Verdicts, BookingPrice Price, IReadOnlyList<FreeSlot> Nearest)
{
    public bool Allowed => Verdicts.All(v => v.Passed);
}

/// <summary>What the rules would say now, and what it would cost. Only the booking itself decides.</summary>
/// <param name="Nearest">The nearest slots that would do; only looked for when something other than the terms is refused.</param>
/// <param name="Quotas">How much of each quota is used before this one.</param>
/// <param name="CanWait">Only others stand in the way, so it can be waited for.</param>
public sealed record BookingQuote(
    BookingPrice Price, IReadOnlyList<Refusal> Refusals, IReadOnlyList<FreeSlot> Nearest, IReadOnlyList<QuotaStand> Quotas,
    bool NeedsApproval, bool PayFirst, bool CanWait);

/// <summary>A booking in a list.</summary>
/// <param name="CancelFreeUntil">Until when cancelling is free; null where it always is.</param>
/// <param name="CancelCharge">What cancelling costs after that.</param>
public sealed record ReservationRow(
    long Id, string? Number, long FacilityId, string Facility, DateTime Start, DateTime End, ReservationState State, string? Apartment,
    string Person, int People, decimal Price, decimal Deposit, DateTime? CancelFreeUntil, decimal CancelCharge, string? CancelReason,
    string? Notes)
{
    public long? ApartmentId { get; init; }

    /// <summary>Until when a held place is kept (UTC).</summary>
    public DateTime? HoldUntil { get; init; }

    /// <summary>It was offered from the waiting list.</summary>
    public bool Offered { get; init; }

    public long? SeriesId { get; init; }

    /// <summary>When its people came (UTC).</summary>
    public DateTime? CheckedInAt { get; init; }

    /// <summary>It is yet to come to something: nothing has ended it.</summary>
    public bool Holds => State is ReservationState.Confirmed or ReservationState.Pending or ReservationState.Held;

    /// <summary>What cancelling it would cost its resident at a moment.</summary>
    public decimal ChargeAt(DateTime now) => ChargeAt(State, CancelFreeUntil, CancelCharge, now);

    internal static decimal ChargeAt(ReservationState state, DateTime? freeUntil, decimal charge, DateTime now) =>
        state == ReservationState.Confirmed && freeUntil is { } until && now > until ? charge : 0;
}

public static class ReservationReach
{
    /// <summary>
    /// The office and the gate see all; anybody else those made in their name. Past neighbours' bookings of an apartment stay theirs.
    /// </summary>
    public static IQueryable<Reservation> VisibleTo(this IQueryable<Reservation> reservations, CurrentUser user)
    {
        if (user.Can(Permissions.ReservationsView)) return reservations;
        if (!user.Can(Permissions.ReservationsBookOwn)) return reservations.Where(_ => false);
        var owners = user.OwnerIds;
        return reservations.Where(r => owners.Contains(r.OwnerId));
    }

    /// <summary>
    /// A booking as the person for whom the database was opened may see it. What it costs is for who keeps the bookings and for whose it
    /// is: the gate sees that it stands, and nothing of money.
    /// </summary>
    internal static Expression<Func<Reservation, ReservationRow>> Row(PortalDb db)
    {
        var (money, owners) = (db.Actor.Can(Permissions.ReservationsManage), db.Actor.OwnerIds);
        return r => new ReservationRow(
            r.Id, r.Number, r.FacilityId, r.Facility!.Name, r.StartDate, r.EndDate, r.StatusId,
            UnitName.Of(r.Apartment),
            db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.FullName).FirstOrDefault()
                ?? r.Owner!.User!.UserName!,
            r.People,
            money || owners.Contains(r.OwnerId) ? r.TotalCost ?? 0 : 0,
            money || owners.Contains(r.OwnerId) ? r.Deposit : 0,
            r.CancelFreeUntil,
            money || owners.Contains(r.OwnerId) ? r.CancelCharge : 0,
            r.CancelReason,
            r.Notes
        )
        {
            ApartmentId = r.ApartmentId,
            HoldUntil = r.HoldUntil,
            SeriesId = r.SeriesId,
            CheckedInAt = r.CheckedInAt,
            Offered =
                r.StatusId == ReservationState.Held
                && db.ReservationWaits.Any(w => w.ReservationId == r.Id && w.State == WaitState.Offered),
        };
    }
}
