using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>What the confirmation of a booking says. Times are the building's wall clock, amounts pesos.</summary>
/// <param name="Code">What the gate scans or types.</param>
/// <param name="Made">When it was booked.</param>
/// <param name="CancelFreeUntil">Until when cancelling is free; null where it always is.</param>
/// <param name="HeldUntil">Until when a held place is kept.</param>
/// <param name="Ended">When it was cancelled or expired.</param>
/// <param name="Moved">It was changed after it was made: an older paper may show other times.</param>
/// <param name="Charges">What it put on the apartment's account, and what is paid of that.</param>
public sealed record BookingConfirmation(
    long Id, string? Number, string Code, string Facility, DateTime Start, DateTime End, ReservationState State, string Person,
    string? Tower, string? Apartment, int People, decimal Price, decimal Deposit, DateTime? CancelFreeUntil, decimal CancelCharge,
    string? Terms, string? Notes, DateTime? Made, DateTime? HeldUntil, DateTime? Ended, string? EndReason, bool Moved,
    IReadOnlyList<ConfirmedCharge> Charges);

/// <summary>A charge of a booking.</summary>
public sealed record ConfirmedCharge(string Concept, string? Number, decimal Amount, decimal Paid);

/// <summary>Reads what is printed on the confirmation of a booking.</summary>
public sealed class ConfirmationService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// Of one's own booking, or of any with <see cref="Permissions.ReservationsManage"/>; the gate, which sees bookings but no prices, has
    /// none. A booking that an older
    /// system made gets its code here, the first time it is asked for.
    /// </summary>
    public async Task<Result<BookingConfirmation>> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var mine = db.Reservations.AsNoTracking().Where(r => r.Id == id);
        if (!user.Can(Permissions.ReservationsManage))
        {
            if (!user.Can(Permissions.ReservationsBookOwn)) return Error.NotFound;
            var owners = user.OwnerIds;
            mine = mine.Where(r => owners.Contains(r.OwnerId));
        }

        var found = await mine.Select(r => new
            {
                Row = new BookingConfirmation(
                    r.Id,
                    r.Number,
                    r.VerificationCode ?? "",
                    r.Facility!.Name,
                    r.StartDate,
                    r.EndDate,
                    r.StatusId,
                    db.Profiles.Where(p => p.UserId == r.Owner!.UserId).Select(p => p.FullName).FirstOrDefault()
                        ?? r.Owner!.User!.UserName!,
                    r.Apartment!.Tower!.Name,
                    r.Apartment.ApartmentNumber,
                    r.People,
                    r.TotalCost ?? 0,
                    r.Deposit,
                    r.CancelFreeUntil,
                    r.CancelCharge,
                    r.Facility.Terms,
                    r.Notes,
                    r.CreatedAt,
                    r.HoldUntil,
                    r.CancelledAt,
                    r.CancelReason,
                    r.Changes > 0,
                    Array.Empty<ConfirmedCharge>()
                ),
            })
            .FirstOrDefaultAsync(ct);
        if (found is null) return Error.NotFound;
        var row = found.Row;
        var code = row.Code;
        if (code.Length == 0)
        {
            var given = await GiveCodeAsync(id, user, ct);
            if (!given.Ok) return Result<BookingConfirmation>.Refused(given);
            code = given.Value;
        }

        var charges = await db
            .Charges.AsNoTracking()
            .Where(c => c.ReservationId == id && c.Status != ChargeState.Cancelled && c.Status != ChargeState.Exonerated)
            .OrderBy(c => c.Id)
            .Select(c => new ConfirmedCharge(c.Concept, c.Number, c.Amount, c.Paid))
            .ToListAsync(ct);
        var over = row.State == ReservationState.Held && row.HeldUntil <= clock.UtcNow;
        return row with
        {
            Code = code, Charges = charges, State = over ? ReservationState.Expired : row.State,
            Made = Wall(row.Made), HeldUntil = Wall(row.HeldUntil), Ended = Wall(row.Ended ?? (over ? row.HeldUntil : null)),
        };
    }

    private Task<Result<string>> GiveCodeAsync(long id, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<string>(
            user,
            async (db, token) =>
            {
                if (await BookingLocks.LockedAsync(db, id, token) is not { } reservation) return Error.NotFound;
                return reservation.Code();
            },
            ct
        );

    private DateTime? Wall(DateTime? utc) => utc is { } instant ? clock.ToWall(instant) : null;
}
