using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.Operations;

/// <summary>
/// Puts the work of each day into the queue: what the areas have said with <see cref="RecurringJobs"/>. Every portal tries; the key of the
/// day lets one job through.
/// </summary>
public sealed class DailyWork(
    PortalStore store, IEnumerable<RecurringJob> jobs, BuildingClock clock, TimeProvider time, ILogger<DailyWork> logger) : BackgroundService
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

    /// <summary>What is due today, and this quarter of an hour.</summary>
    public async Task ScheduleAsync(CancellationToken ct)
    {
        var today = clock.Today;
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        foreach (var job in jobs) await JobQueue.AddAsync(db, job.Kind, today, job.DueAt(clock, today), job.Key(clock), ct);
    }
}

/// <summary>Keeps the figures of a day that has just ended, for the trends of the dashboards.</summary>
public sealed class DailyFigures(PortalStore store) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("daily_figures");

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        // The day is over: what was due on it is late by now.
        var arrears = await db.Charges.OverdueOn(day.AddDays(1)).SumAsync(c => c.Owed, ct);
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
