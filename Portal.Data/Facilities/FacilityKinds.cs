using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Facilities;

/// <summary>A kind of facility.</summary>
/// <param name="Facilities">The names of those that are of it: its quotas count over them all.</param>
/// <param name="Bookings">How many bookings name it, those of long ago among them.</param>
public sealed record KindRow(int Id, string Name, IReadOnlyList<string> Facilities, int Bookings)
{
    public bool Unused => Facilities.Count == 0 && Bookings == 0;
}

/// <summary>The kinds that facilities are of. All need <see cref="Permissions.FacilitiesEdit"/>.</summary>
public sealed class FacilityKinds(PortalStore store)
{
    /// <summary>Bookings that one transaction of a merging takes to the other kind: few enough that nobody waits for them.</summary>
    private const int Share = 500;

    private const int LongestName = 50;

    public async Task<IReadOnlyList<KindRow>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var rows = await db
            .ReservationTypes.AsNoTracking()
            .OrderBy(t => t.Name)
            .ThenBy(t => t.Id)
            .Select(t => new
            {
                t.Id,
                t.Name,
                Bookings = db.Reservations.Count(r => r.ReservationTypeId == t.Id),
            })
            .ToListAsync(ct);
        var facilities = (
            await db
                .Facilities.AsNoTracking()
                .Where(f => f.ReservationTypeId != null)
                .OrderBy(f => f.Name)
                .Select(f => new { f.ReservationTypeId, f.Name })
                .ToListAsync(ct)
        ).ToLookup(f => f.ReservationTypeId, f => f.Name);
        return rows.ConvertAll(t => new KindRow(t.Id, t.Name, [.. facilities[t.Id]], t.Bookings));
    }

    /// <summary>Refused: <c>required</c>, <c>too_long</c>, <c>kind.taken</c> (another is called so: they can be merged).</summary>
    public async Task<Result> RenameAsync(int id, string name, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        name = name.Trim();
        if (name.Length == 0) return Error.Required("Name");
        if (name.Length > LongestName) return Error.TooLong("Name", LongestName);
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.ReservationTypes.SingleOrDefaultAsync(t => t.Id == id, token) is not { } kind) return Error.NotFound;
            var others = await db.ReservationTypes.Where(t => t.Id != id).Select(t => t.Name).ToListAsync(token);
            if (others.Exists(other => Spelling.SameName(other, name))) return new Error("kind.taken", "Name", name);
            kind.Name = name;
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// Makes one kind part of another: its facilities count with the other's from now on, and it is gone. The facilities go first and at
    /// once; their old bookings follow in shares. Where
    /// that is broken off, what is left is a kind with bookings and without facilities, and merging it again goes on.
    /// </summary>
    public async Task<Result> MergeAsync(int id, int into, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        if (id == into) return Error.NotFound;
        var moved = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.ReservationTypes.CountAsync(t => t.Id == id || t.Id == into, token) != 2) return Error.NotFound;
                foreach (
                    var facility in await db
                        .Facilities.Where(f => f.ReservationTypeId == id)
                        .OrderBy(f => f.Id)
                        .Select(f => f.Id)
                        .ToListAsync(token)
                )
                {
                    if (await BookingLocks.FacilityAsync(db, facility, token))
                        (await db.Facilities.SingleAsync(f => f.Id == facility, token)).ReservationTypeId = into;
                }

            return Result.Done;
        }, ct);
        if (!moved.Ok) return moved;
        while (true)
        {
            var share = await store.WriteAsync<int>(
                user,
                async (db, token) =>
                {
                    var bookings = await db
                        .Reservations.Where(r => r.ReservationTypeId == id)
                        .OrderBy(r => r.Id)
                        .Take(Share)
                        .ToListAsync(token);
                    foreach (var booking in bookings) booking.BelongTo(into);
                    return bookings.Count;
                },
                ct
            );
            if (!share.Ok) return share;
            if (share.Value == 0) return await DeleteAsync(id, user, ct);
        }
    }

    /// <summary>Refused while a facility or a booking is of it: <c>kind.used</c>.</summary>
    public async Task<Result> DeleteAsync(int id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.FacilitiesEdit)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.ReservationTypes.SingleOrDefaultAsync(t => t.Id == id, token) is not { } kind) return Error.NotFound;
                if (
                    await db.Facilities.AnyAsync(f => f.ReservationTypeId == id, token)
                    || await db.Reservations.AnyAsync(r => r.ReservationTypeId == id, token)
                )
                    return new Error("kind.used", null, kind.Name);
                db.ReservationTypes.Remove(kind);
                return Result.Done;
            },
            ct
        );
    }
}
