using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Operations;

namespace Portal.Data.Gate;

/// <summary>What the guard does with a booking that is shown at the gate.</summary>
public enum GateStand
{
    /// <summary>It is now, or begins within the hour: its people come in and are checked in.</summary>
    Welcome,

    /// <summary>It begins later today or on another day.</summary>
    Early,

    /// <summary>Its time is over.</summary>
    Over,

    /// <summary>Its people were checked in already.</summary>
    CheckedIn,

    /// <summary>It waits for approval, or is only held.</summary>
    NotConfirmed,

    /// <summary>Cancelled, or rejected.</summary>
    Cancelled,

    /// <summary>Nobody confirmed it in time.</summary>
    Expired,
}

/// <summary>A booking as the gate may know it: no prices. Times are the building's wall clock.</summary>
/// <param name="CheckedInAt">When its people came.</param>
public sealed record GateBooking(long Id, string? Number, string Facility, GateStand Stand, DateTime? CheckedInAt);

/// <summary>Finds a booking by the code of its confirmation or its number, typed or scanned.</summary>
internal static class GateBookings
{
    public static async Task<Verdict?> FindAsync(PortalDb db, string typed, BuildingClock clock, CancellationToken ct)
    {
        // With its year, so that a unit or a plate is not taken for it.
        var number = RunningNumber.Read(typed, ReservationService.Series, clock.Today.Year) is [var one] ? one : null;
        var code = VerificationCode.Scanned(typed);
        if (code is null && number is null) return null;
        var found = await db
            .Reservations.AsNoTracking()
            .Where(r => number != null ? r.Number == number : r.VerificationCode == code)
            .Select(r => new
            {
                r.Id,
                r.Number,
                Facility = r.Facility!.Name,
                r.StartDate,
                r.EndDate,
                r.StatusId,
                r.HoldUntil,
                r.CheckedInAt,
                r.People,
                r.ApartmentId,
                Unit = UnitName.Of(r.Apartment),
                Host = db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.FullName).FirstOrDefault(),
                Phone = db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.Phone).FirstOrDefault(),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null) return null;

        var now = clock.Now;
        var stand = found.StatusId switch
        {
            ReservationState.Cancelled => GateStand.Cancelled,
            ReservationState.Expired => GateStand.Expired,
            ReservationState.Held => found.HoldUntil <= clock.UtcNow ? GateStand.Expired : GateStand.NotConfirmed,
            ReservationState.Completed => GateStand.Over,
            _ when found.EndDate <= now => GateStand.Over,
            ReservationState.Pending => GateStand.NotConfirmed,
            _ when found.CheckedInAt is not null => GateStand.CheckedIn,
            _ when now < found.StartDate - CheckInService.Early => GateStand.Early,
            _ => GateStand.Welcome,
        };
        return new Verdict(
            VerdictKind.Booking,
            ApartmentId: found.ApartmentId,
            Unit: found.Unit,
            Host: found.Host,
            HostPhone: found.Phone,
            People: found.People,
            From: found.StartDate,
            Until: found.EndDate,
            Booking: new GateBooking(
                found.Id, found.Number, found.Facility, stand, found.CheckedInAt is { } came ? clock.ToWall(came) : null)
        );
    }
}
