using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>Who came and who did not.</summary>
public sealed class CheckInService(PortalStore store, BuildingClock clock)
{
    /// <summary>How long before its start people may be let in.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(60);

    /// <summary>The booking whose number or code this is, for the gate. Needs <see cref="Permissions.ReservationsView"/>.</summary>
    /// <param name="typed">A booking's number (<c>R-2026-000731</c>) or the code of its confirmation.</param>
    public async Task<Result<ReservationRow>> FindAsync(string? typed, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsView)) return Error.Forbidden;
        if (typed?.Length > ListQuery.LongestSearch) return Error.NotFound;
        var (code, number) = (VerificationCode.Read(typed), typed?.Trim().ToUpperInvariant() ?? "");
        await using var db = await store.OpenAsync(user, ct);
        var found = await db
            .Reservations.AsNoTracking()
            .Where(r => r.Number == number || (code != null && r.VerificationCode == code))
            .Select(ReservationReach.Row(db))
            .FirstOrDefaultAsync(ct);
        return found is null ? Error.NotFound : found;
    }

    /// <summary>
    /// Its people are here. From an hour before it begins until it ends; doing it twice is doing it once. Needs
    /// <see cref="Permissions.ReservationsCheckIn"/>.
    /// </summary>
    public async Task<Result> CheckInAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsCheckIn)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            (db, token) => CheckInAsync(db, id, clock.Now, clock.UtcNow, user.AccountId, token),
            ct
        );
    }

    /// <inheritdoc cref="CheckInAsync(long, CurrentUser, CancellationToken)"/>
    /// <param name="db">The write it is part of; who may is decided there.</param>
    /// <param name="id">The booking.</param>
    /// <param name="at">When they came, on the building's wall.</param>
    /// <param name="utc">The same, in UTC.</param>
    /// <param name="by">Who noted it.</param>
    /// <param name="ct">Ends it.</param>
    internal static async Task<Result> CheckInAsync(PortalDb db, long id, DateTime at, DateTime utc, long? by, CancellationToken ct) =>
        await BookingLocks.LockedAsync(db, id, ct) is { } reservation ? reservation.CheckIn(at, utc, by) : Error.NotFound;

    /// <summary>
    /// Takes a check-in back that was a mistake, while the booking lasts. Needs <see cref="Permissions.ReservationsCheckIn"/>.
    /// </summary>
    public async Task<Result> UndoAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsCheckIn)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            (db, token) => UndoAsync(db, id, token),
            ct
        );
    }

    /// <summary>As <see cref="UndoAsync(long, CurrentUser, CancellationToken)"/>, within a write that decides who may.</summary>
    internal static async Task<Result> UndoAsync(PortalDb db, long id, CancellationToken ct) =>
        await BookingLocks.LockedAsync(db, id, ct) is { } reservation ? reservation.UndoCheckIn() : Error.NotFound;

    /// <summary>Nobody came: known once it has begun. Needs <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<Result> NoShowAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await BookingLocks.LockedAsync(db, id, token) is not { } reservation) return Error.NotFound;
                if (reservation.MarkNoShow(clock.Now) is { Ok: false } refused) return refused;
                var facility = await db.Facilities.Where(f => f.Id == reservation.FacilityId).Select(f => f.Name).SingleAsync(token);
                await ReservationNotices.TellAsync(db, reservation, facility, ReservationNotices.NoShow, clock, token);
                return Result.Done;
            },
            ct
        );
    }
}
