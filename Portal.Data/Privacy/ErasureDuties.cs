using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Fines;
using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Data.OnlinePayments;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Privacy;

/// <summary>
/// Why somebody cannot be erased now: data is not erased while a law or a contract wants it (Decreto 1377 of 2013, art. 9).
/// </summary>
public enum ErasureDuty
{
    /// <summary>They own an apartment, or live in one.</summary>
    Apartment,

    /// <summary>They owe something.</summary>
    Debt,

    /// <summary>The building holds a deposit of theirs, or a payment of theirs by the gateway is on its way.</summary>
    Money,

    /// <summary>A case of theirs is open, or is on their desk.</summary>
    Case,

    /// <summary>A fine is being decided or challenged.</summary>
    Fine,

    /// <summary>They have booked something that is yet to come.</summary>
    Booking,

    /// <summary>A visit of theirs is inside.</summary>
    Inside,

    /// <summary>Another request about their data waits for an answer.</summary>
    Request,

    /// <summary>They work with the portal for the building.</summary>
    Office,
}

/// <param name="What">Which: apartments, numbers of cases; as the office knows them. Empty where the duty says it.</param>
public sealed record ErasureBar(ErasureDuty Duty, IReadOnlyList<string> What);

internal static class ErasureDuties
{
    /// <summary>As many are named.</summary>
    private const int Named = 5;

    /// <param name="request">The claim that is answered with the erasure: it is no bar.</param>
    public static async Task<IReadOnlyList<ErasureBar>> FindAsync(
        PortalDb db, long account, long? request, DateOnly today, DateTime wall, CancellationToken ct)
    {
        var owners = await db.Owners.Where(o => o.UserId == account).Select(o => o.Id).ToListAsync(ct);
        List<ErasureBar> bars = [];
        await AddAsync(ErasureDuty.Apartment, db.Apartments
            .Where(a => owners.Contains(a.OwnerId!.Value)
                || db.Occupancies.Any(c => c.ApartmentId == a.Id && owners.Contains(c.OwnerId) && (c.EndedOn == null || c.EndedOn >= today)))
            .OrderBy(a => a.Id).Select(a => a.Tower!.Name + " " + a.ApartmentNumber));
        await AddAsync(ErasureDuty.Debt, db.Charges
            .Where(c => owners.Contains(c.OwnerId!.Value) && c.Status == ChargeState.Open && c.Owed > 0)
            .OrderBy(c => c.Id).Select(c => c.Concept));
        await AddAsync(ErasureDuty.Money, db.Charges
            .Where(c => owners.Contains(c.OwnerId!.Value) && c.Kind == ChargeKind.Deposit && c.Paid > 0 && c.Status != ChargeState.Cancelled
                && !db.DepositReturns.Any(r => r.ChargeId == c.Id))
            .OrderBy(c => c.Id).Select(c => c.Concept));
        await AddAsync(ErasureDuty.Money, db.OnlinePayments
            .Where(p => owners.Contains(p.OwnerId)
                && (p.State == OnlineState.Started || p.State == OnlineState.Pending || p.State == OnlineState.Review))
            .OrderBy(p => p.Id).Select(p => p.Code));
        await AddAsync(ErasureDuty.Case, db.Pqrs
            .Where(q => (owners.Contains(q.OwnerId) || q.AssignedTo == account)
                && q.StatusId != PqrsState.Resolved && q.StatusId != PqrsState.Closed)
            .OrderBy(q => q.Id).Select(q => q.Number ?? "#" + q.Id));
        await AddAsync(ErasureDuty.Fine, db.Fines
            .Where(f => owners.Contains(f.OwnerId!.Value)
                && f.State != FineState.Charged && f.State != FineState.Absolved && f.State != FineState.Dropped
                && f.State != FineState.Annulled)
            .OrderBy(f => f.Id).Select(f => f.Number));
        await AddAsync(ErasureDuty.Booking, db.Reservations
            .Where(r => owners.Contains(r.OwnerId) && r.EndDate > wall
                && (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending
                    || r.StatusId == ReservationState.Held))
            .OrderBy(r => r.Id).Select(r => r.Number ?? "#" + r.Id));
        if (await db.Visitors.AnyAsync(v => owners.Contains(v.HostId!.Value) && v.State == VisitorState.Inside, ct))
            bars.Add(new ErasureBar(ErasureDuty.Inside, []));
        await AddAsync(ErasureDuty.Request, db.DataRequests
            .Where(r => r.UserId == account && r.Id != request
                && (r.State == DataRequestState.Open || r.State == DataRequestState.Incomplete))
            .OrderBy(r => r.Id).Select(r => r.Number));
        if (await db.Users.AnyAsync(
            u => u.Id == account && u.RoleId != Roles.Owner
                && (u.UserStatusId == UserState.Active || u.UserStatusId == UserState.Pending), ct))
            bars.Add(new ErasureBar(ErasureDuty.Office, []));
        return bars;

        async Task AddAsync(ErasureDuty duty, IQueryable<string> what)
        {
            var found = await what.Take(Named + 1).ToListAsync(ct);
            if (found.Count == 0) return;
            if (found.Count > Named) found[Named] = "…";
            bars.Add(new ErasureBar(duty, found));
        }
    }
}
