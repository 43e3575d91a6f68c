using System.Linq.Expressions;
using Portal.Data.Access;
using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>What somebody asks to book. Times are the building's wall clock.</summary>
/// <param name="ApartmentId">For which apartment; may be left out by a person who has one only.</param>
/// <param name="OwnerId">In whose name, when the office books; left out: the tenant who lives there, or the owner.</param>
public sealed record BookingInput(long FacilityId, DateTime Start, DateTime End, int People, bool TermsAccepted = false, long? ApartmentId = null, string? Notes = null, long? OwnerId = null);

public sealed record Booked(long Id, string Number, ReservationState State, BookingPrice Price);

/// <summary>What the rules would say now, and what it would cost. Only the booking itself decides.</summary>
/// <param name="Nearest">The nearest slots that would do; only looked for when something other than the terms is refused.</param>
/// <param name="QuotaUsed">Bookings the apartment already has in the period; null without a quota.</param>
public sealed record BookingQuote(BookingPrice Price, IReadOnlyList<Refusal> Refusals, IReadOnlyList<FreeSlot> Nearest, int? QuotaUsed, bool NeedsApproval);

/// <summary>A booking in a list.</summary>
/// <param name="CancelFreeUntil">Until when cancelling is free; null where it always is.</param>
/// <param name="CancelCharge">What cancelling costs after that.</param>
public sealed record ReservationRow(
    long Id, string? Number, long FacilityId, string Facility, DateTime Start, DateTime End, ReservationState State, string? Apartment, string Person, int People,
    decimal Price, decimal Deposit, DateTime? CancelFreeUntil, decimal CancelCharge, string? CancelReason, string? Notes)
{
    public bool Holds => State is ReservationState.Confirmed or ReservationState.Pending;

    /// <summary>What cancelling it would cost its resident at a moment.</summary>
    public decimal ChargeAt(DateTime now) => CancelFreeUntil is { } until && now > until && State == ReservationState.Confirmed ? CancelCharge : 0;
}

public static class ReservationReach
{
    /// <summary>The office and the gate see all; anybody else those made in his name. Past neighbours' bookings of an apartment stay theirs.</summary>
    public static IQueryable<Reservation> VisibleTo(this IQueryable<Reservation> reservations, CurrentUser user)
    {
        if (user.Can(Permissions.ReservationsView)) return reservations;
        if (!user.Can(Permissions.ReservationsBookOwn)) return reservations.Where(_ => false);
        var owners = user.OwnerIds;
        return reservations.Where(r => owners.Contains(r.OwnerId));
    }

    /// <param name="db">Where the names of people are.</param>
    internal static Expression<Func<Reservation, ReservationRow>> Row(PortalDb db) => r => new ReservationRow(
        r.Id, r.Number, r.FacilityId, r.Facility!.Name, r.StartDate, r.EndDate, r.StatusId,
        r.Apartment == null ? null : r.Apartment.Tower!.Name + " " + r.Apartment.ApartmentNumber,
        db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.FirstName + " " + p.LastName).FirstOrDefault() ?? r.Owner!.User!.UserName!,
        r.People, r.TotalCost ?? 0, r.Deposit, r.CancelFreeUntil, r.CancelCharge, r.CancelReason, r.Notes);
}
