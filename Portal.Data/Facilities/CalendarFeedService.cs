using System.Buffers.Text;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Facilities;

/// <summary>A booking as a calendar shows it. Start and end are the building's wall clock; the rest is UTC.</summary>
/// <param name="Changes">How often it was moved.</param>
/// <param name="Code">For the gate.</param>
/// <param name="Changed">When it last changed.</param>
public sealed record CalendarBooking(
    long Id, string? Number, string Facility, DateTime Start, DateTime End, ReservationState State, string? Apartment, int People,
    int Changes, string? Code, string? Notes, DateTime Made, DateTime Changed);

/// <summary>The address at which calendars read a person's bookings.</summary>
/// <param name="Made">When it was made (UTC).</param>
/// <param name="Read">When a program last fetched it (UTC); null where none has.</param>
public sealed record CalendarLink(DateTime? Made, DateTime? Read);

/// <summary>What is read at such an address.</summary>
/// <param name="Language"><c>es</c> or <c>en</c>; null where the person has not chosen.</param>
public sealed record CalendarContent(string? Language, IReadOnlyList<CalendarBooking> Bookings);

/// <summary>
/// A person's bookings for calendar programs, which cannot sign in: who has the address has the bookings, so the address holds 192 random
/// bits, is shown once, and
/// can be taken back. Only its hash is kept.
/// </summary>
public sealed class CalendarFeedService(PortalStore store, BuildingClock clock, CurrentUserSource accounts)
{
    /// <summary>How far back bookings are told.</summary>
    public const int PastDays = 90;

    /// <summary>How long what was cancelled is still told, so that every calendar hears of it and drops it.</summary>
    public const int CancelledDays = 30;

    private const int SecretBytes = 24;
    private const int Most = 2000;

    // Calendars fetch every hour or oftener; that they still do is known well enough by the hour.
    private static readonly TimeSpan ReadEvery = TimeSpan.FromHours(1);

    /// <summary>The person's address; null where they have none. Needs <see cref="Permissions.ReservationsBookOwn"/>.</summary>
    public async Task<Result<CalendarLink?>> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        await using var db = await store.OpenAsync(user, ct);
        return await db
            .CalendarFeeds.AsNoTracking()
            .Where(f => f.UserId == user.Id)
            .Select(f => new CalendarLink(f.CreatedAt, f.ReadAt))
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>
    /// Gives the person a new address; one that they had is not found any more. Needs <see cref="Permissions.ReservationsBookOwn"/>.
    /// </summary>
    /// <returns>The secret part of the address: told here once.</returns>
    public async Task<Result<string>> ReplaceAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsBookOwn) || user.Id == 0) return Error.Forbidden;
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return await store.WriteAsync<string>(user, async (db, token) =>
        {
            await DropAsync(db, user.Id, token);
            db.CalendarFeeds.Add(new CalendarFeed { UserId = user.Id, SecretHash = Hash(secret) });
            return secret;
        }, ct);
    }

    /// <summary>
    /// Takes the person's address back; without one, there is nothing to do. Needs <see cref="Permissions.ReservationsBookOwn"/>.
    /// </summary>
    public async Task<Result> RevokeAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ReservationsBookOwn)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            await DropAsync(db, user.Id, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// What is read at an address; null where it is nobody's, was taken back, or belongs to an account that is not active.
    /// </summary>
    /// <param name="secret">Its secret part.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<CalendarContent?> ReadAsync(string secret, CancellationToken ct)
    {
        // 24 bytes are 32 letters; what cannot be a secret does not reach the database.
        if (secret.Length != SecretBytes * 4 / 3) return null;
        var hash = Hash(secret);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        if (await db.CalendarFeeds.AsNoTracking().FirstOrDefaultAsync(f => f.SecretHash == hash, ct) is not { } feed) return null;
        if (
            await accounts.FindAsync(feed.UserId, ct) is not { IsActive: true } account
            || !account.User.Can(Permissions.ReservationsBookOwn)
        )
            return null;

        var (owners, utcNow) = (account.User.OwnerIds, clock.UtcNow);
        var (from, dropped) = (clock.Now.AddDays(-PastDays), utcNow.AddDays(-CancelledDays));
        var bookings = await db
            .Reservations.AsNoTracking()
            .Where(r =>
                owners.Contains(r.OwnerId)
                && r.StartDate >= from
                && (
                    (r.StatusId != ReservationState.Cancelled && r.StatusId != ReservationState.Expired)
                    || r.CancelledAt >= dropped
                    || (r.CancelledAt == null && r.UpdatedAt >= dropped)
                )
            )
            .OrderByDescending(r => r.StartDate)
            .ThenBy(r => r.Id)
            .Take(Most)
            .Select(Row(utcNow))
            .ToListAsync(ct);
        if (feed.ReadAt is not { } read || utcNow - read > ReadEvery)
        {
            // Not a change of anybody's data: it stays out of the audit log.
            await db.CalendarFeeds.Where(f => f.Id == feed.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.ReadAt, utcNow), ct);
        }

        return new CalendarContent(account.Language, bookings);
    }

    /// <summary>One booking, to be put into a calendar: one's own, or any with <see cref="Permissions.ReservationsManage"/>.</summary>
    public async Task<Result<CalendarBooking>> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var one = db.Reservations.AsNoTracking().Where(r => r.Id == id);
        if (!user.Can(Permissions.ReservationsManage))
        {
            if (!user.Can(Permissions.ReservationsBookOwn)) return Error.NotFound;
            var owners = user.OwnerIds;
            one = one.Where(r => owners.Contains(r.OwnerId));
        }

        return await one.Select(Row(clock.UtcNow)).FirstOrDefaultAsync(ct) is { } booking ? booking : Error.NotFound;
    }

    private static Expression<Func<Reservation, CalendarBooking>> Row(DateTime utcNow) =>
        r => new CalendarBooking(
            r.Id, r.Number, r.Facility!.Name, r.StartDate, r.EndDate,
            r.StatusId == ReservationState.Held && r.HoldUntil <= utcNow ? ReservationState.Expired : r.StatusId,
            UnitName.Of(r.Apartment), r.People, r.Changes,
            r.VerificationCode, r.Notes, r.CreatedAt ?? r.StartDate, r.UpdatedAt ?? r.CreatedAt ?? r.StartDate);

    private static async Task DropAsync(PortalDb db, long account, CancellationToken ct)
    {
        db.CalendarFeeds.RemoveRange(await db.CalendarFeeds.Where(f => f.UserId == account).ForUpdate().ToListAsync(ct));
        await db.SaveChangesAsync(ct);
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
