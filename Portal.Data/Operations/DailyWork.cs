using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Operations;

/// <summary>Puts the work of each day into the queue. Every portal tries; the key of the day lets one job through.</summary>
public sealed class DailyWork(PortalStore store, BuildingClock clock, TimeProvider time, ILogger<DailyWork> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ScheduleAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The work of the day could not be put into the queue; it is tried again");
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    /// <summary>
    /// Today's figures at the end of today, at 3:00 the clearing of old sessions, at 4:00 the exits that nobody logged, at 4:30 the visits
    /// whose time is over, in the morning the
    /// reminders of tomorrow's bookings, every quarter of an hour the upkeep of bookings, and the clearing of the queue.
    /// </summary>
    public async Task ScheduleAsync(CancellationToken ct)
    {
        var today = clock.Today;
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        await JobQueue.AddAsync(
            db, DailyFigures.JobKind, today, clock.Beginning(today.AddDays(1)), $"{DailyFigures.JobKind}:{today:yyyy-MM-dd}", ct);
        await JobQueue.AddAsync(
            db, ForgottenExits.JobKind, today, clock.ToUtc(today.AddDays(1).ToDateTime(new TimeOnly(4, 0))),
            $"{ForgottenExits.JobKind}:{today:yyyy-MM-dd}", ct);
        await JobQueue.AddAsync(
            db, ExpiredVisits.JobKind, today, clock.ToUtc(today.AddDays(1).ToDateTime(new TimeOnly(4, 30))),
            $"{ExpiredVisits.JobKind}:{today:yyyy-MM-dd}", ct);
        await JobQueue.AddAsync(
            db, ReservationReminders.JobKind, today, clock.ToUtc(today.ToDateTime(ReservationReminders.At)),
            $"{ReservationReminders.JobKind}:{today:yyyy-MM-dd}", ct);
        var now = clock.UtcNow;
        await JobQueue.AddAsync(db, SpentJobs.JobKind, today, now, $"{SpentJobs.JobKind}:{today:yyyy-MM-dd}", ct);
        await JobQueue.AddAsync(
            db, SpentSessions.JobKind, today, clock.ToUtc(today.AddDays(1).ToDateTime(new TimeOnly(3, 0))),
            $"{SpentSessions.JobKind}:{today:yyyy-MM-dd}", ct);
        await JobQueue.AddAsync(
            db, ReservationUpkeep.JobKind, today, now, $"{ReservationUpkeep.JobKind}:{now:yyyy-MM-dd HH}:{now.Minute / 15}", ct);
    }
}

/// <summary>Keeps the figures of a day that has just ended, for the trends of the dashboards.</summary>
public sealed class DailyFigures(PortalStore store) : IJobHandler
{
    public const string JobKind = "daily_figures";

    public string Kind => JobKind;

    public async Task RunAsync(string payload, CancellationToken ct)
    {
        var day = System.Text.Json.JsonSerializer.Deserialize<DateOnly>(payload);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var arrears = await db.Charges.Where(c => c.Status == ChargeState.Open && c.DueOn <= day).SumAsync(c => c.Amount - c.Paid, ct);
        var open = await db.Pqrs.CountAsync(p => p.StatusId != PqrsState.Resolved && p.StatusId != PqrsState.Closed, ct);
        var month = new DateOnly(day.Year, day.Month, 1);
        var collected = await db.FeeMonths.Where(m => m.Period == month).Select(m => m.Collected).SingleOrDefaultAsync(ct);
        await KeepAsync(db, day, DailyFigure.Arrears, arrears, ct);
        await KeepAsync(db, day, DailyFigure.FeesCollected, collected, ct);
        await KeepAsync(db, day, DailyFigure.OpenPqrs, open, ct);
    }

    /// <summary>The first reading of a day stays: a job that runs again days later would keep another day's figure.</summary>
    private static Task KeepAsync(PortalDb db, DateOnly day, string name, decimal value, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync(
            $"INSERT INTO daily_figures (day, name, value) VALUES ({day}, {name}, {value}) ON DUPLICATE KEY UPDATE id = id",
            ct
        );
}

/// <summary>Closes at night the visits of the day before whose exit nobody logged, and marks them so.</summary>
public sealed class ForgottenExits(PortalStore store, BuildingClock clock) : IJobHandler
{
    public const string JobKind = "forgotten_exits";

    /// <summary>Who came late in the evening may well stay the night: only visits that began before this hour of that day.</summary>
    private static readonly TimeOnly Latest = new(20, 0);

    public string Kind => JobKind;

    public async Task RunAsync(string payload, CancellationToken ct)
    {
        var day = System.Text.Json.JsonSerializer.Deserialize<DateOnly>(payload);
        var now = clock.Now;
        var closed = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                var forgotten = await db
                    .Visitors.Where(v =>
                        v.State == VisitorState.Inside && (v.VisitDate < day || (v.VisitDate == day && v.EnterTime < Latest))
                    )
                    .ToListAsync(token);
                foreach (var visit in forgotten)
                {
                    (visit.State, visit.AutoClosed) = (VisitorState.Left, true);
                    (visit.ExitDate, visit.ExitTime) = (DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now));
                }

                return Result.Done;
            },
            ct
        );
        if (!closed.Ok) throw new InvalidOperationException($"Forgotten exits were refused: {closed.Error!.Code}.");
    }
}

/// <summary>Clears the queue of what was done a month ago. What was given up stays until somebody looks at it.</summary>
public sealed class SpentJobs(PortalStore store, BuildingClock clock) : IJobHandler
{
    public const string JobKind = "spent_jobs";

    private const int Batch = 1000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Kind => JobKind;

    public async Task RunAsync(string payload, CancellationToken ct)
    {
        var until = clock.UtcNow - Kept;
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        while (
            await db.Database.ExecuteSqlAsync(
                $"DELETE FROM jobs WHERE state = 'done' AND run_at < {until} AND finished_at < {until} ORDER BY run_at LIMIT {Batch}",
                ct
            ) == Batch
        )
        {
            // In pieces: the queue is at work meanwhile.
        }
    }
}
