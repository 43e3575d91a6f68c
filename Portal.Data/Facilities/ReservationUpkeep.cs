using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Facilities;

/// <summary>
/// What time does to bookings, every quarter of an hour: what is over is completed, or a no-show where people are checked in and nobody
/// was; what nobody answered has
/// expired; who waited for a time that has come waits no longer. Holds expire by their own jobs; what a job lost is found here.
/// </summary>
public sealed class ReservationUpkeep(PortalStore store, BuildingClock clock, ReservationService reservations)
    : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("reservation_upkeep");

    private const int Batch = 200;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        while (await CompleteAsync(ct) == Batch)
        {
            // An adopted database may bring years of bookings that nobody completed.
        }

        var utcNow = clock.UtcNow;
        List<long> over;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            over = await db
                .Reservations.Where(r => r.StatusId == ReservationState.Held && r.HoldUntil <= utcNow)
                .OrderBy(r => r.Id)
                .Select(r => r.Id)
                .ToListAsync(ct);
        }

        foreach (var id in over) Must(await reservations.ExpireAsync(id, ct));
        Must(
            await store.WriteAsync(
                CurrentUser.System,
                async (db, token) =>
                {
                    var now = clock.Now;
                    foreach (
                        var late in await db
                            .ReservationWaits.Where(w => w.State == WaitState.Waiting && w.StartDate <= now)
                            .ToListAsync(token)
                    )
                        late.State = WaitState.Passed;
                    return Result.Done;
                },
                ct
            )
        );
    }

    private async Task<int> CompleteAsync(CancellationToken ct)
    {
        var count = 0;
        Must(
            await store.WriteAsync(
                CurrentUser.System,
                async (db, token) =>
                {
                    var now = clock.Now;
                    var ended = await db
                        .Reservations.Where(r =>
                            (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending) && r.EndDate <= now
                        )
                        .OrderBy(r => r.EndDate)
                        .ThenBy(r => r.Id)
                        .Take(Batch)
                        .ForUpdate()
                        .ToListAsync(token);
                    var ids = ended.Select(r => r.FacilityId).Distinct().ToList();
                    var facilities = await db
                        .Facilities.Where(f => ids.Contains(f.Id))
                        .Select(f => new
                        {
                            f.Id,
                            f.Name,
                            f.CheckIn,
                        })
                        .ToDictionaryAsync(f => f.Id, token);
                    foreach (var reservation in ended)
                    {
                        var facility = facilities[reservation.FacilityId];
                        reservation.Complete(now, facility.CheckIn);
                        if (reservation.StatusId == ReservationState.NoShow)
                            await ReservationNotices.TellAsync(db, reservation, facility.Name, ReservationNotices.NoShow, clock, token);
                    }

            count = ended.Count;
            return Result.Done;
        }, ct));
        return count;
    }

    private static void Must(Result result)
    {
        if (!result.Ok) throw new InvalidOperationException($"The upkeep of bookings was refused: {result.Error!.Code}.");
    }
}

/// <summary>Reminds everybody in the morning of what they have booked for the next day.</summary>
public sealed class ReservationReminders(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("reservation_reminders");

    /// <summary>When reminders go out, the day before.</summary>
    public static readonly TimeOnly At = new(9, 0);

    /// <param name="day">The day on which it reminds; the bookings are of the day after.</param>
    /// <param name="ct">Gives up.</param>
    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var (from, to) = (day.AddDays(1).ToDateTime(TimeOnly.MinValue), day.AddDays(2).ToDateTime(TimeOnly.MinValue));
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var next = await db
            .Reservations.AsNoTracking()
            .Include(r => r.Facility)
            .Where(r => r.StatusId == ReservationState.Confirmed && r.StartDate >= from && r.StartDate < to)
            .OrderBy(r => r.Id)
            .ToListAsync(ct);
        foreach (var reservation in next)
        {
            // The key lets one through, also where this runs again after half of it was done.
            await ReservationNotices.TellAsync(
                db, reservation, reservation.Facility!.Name, ReservationNotices.Reminder, clock, ct,
                $"reminder:{reservation.Id}:{reservation.StartDate:yyyyMMddHHmm}");
        }
    }
}
