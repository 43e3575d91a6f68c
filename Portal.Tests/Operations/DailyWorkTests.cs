using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Data.Passes;
using Portal.Data.Privacy;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Operations;

public sealed class DailyWorkTests(TestDatabase database) : DatabaseTest(database)
{
    private readonly StoppedClock _time = new(new DateTime(2026, 9, 5, 15, 0, 0, DateTimeKind.Utc));

    private ServiceProvider Services(string zone) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_time)
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(zone)
            )
            .BuildServiceProvider();

    /// <summary>In Santiago, clocks go from 0:00 to 1:00 on 6 September 2026: that day has no midnight.</summary>
    [Fact]
    public async Task A_day_without_a_midnight_has_its_work_all_the_same()
    {
        await using var services = Services("America/Santiago");
        var (store, clock) = (services.GetRequiredService<PortalStore>(), services.GetRequiredService<BuildingClock>());
        await new DailyWork(
            store, services.GetServices<RecurringJob>(), clock, _time, NullLogger<DailyWork>.Instance).ScheduleAsync(default);
        await using var db = await store.OpenAsync(CurrentUser.System, default);
        var due = await db.Jobs.ToDictionaryAsync(j => j.Kind, j => j.RunAt);
        Assert.Equal(new DateTime(2026, 9, 6, 4, 0, 0), due[DailyFigures.JobKind.Name]);
        Assert.Equal(new DateTime(2026, 9, 6, 7, 0, 0), due[ForgottenExits.JobKind.Name]);
        Assert.Equal(new DateTime(2026, 9, 5, 13, 0, 0), due[ReservationReminders.JobKind.Name]);
        Assert.Equal(clock.ToUtc(new DateTime(2026, 9, 7)), clock.Beginning(new DateOnly(2026, 9, 7)));
    }

    [Fact]
    public async Task The_queue_keeps_what_was_done_for_a_month_and_what_was_given_up_for_good()
    {
        await using var services = Services("America/Bogota");
        var (store, clock) = (services.GetRequiredService<PortalStore>(), services.GetRequiredService<BuildingClock>());
        await using var db = await store.OpenAsync(CurrentUser.System, default);
        foreach (
            var (kind, state, days) in new[]
            {
                ("old", JobState.Done, 31),
                ("young", JobState.Done, 29),
                ("failed", JobState.Failed, 400),
                ("late", JobState.Waiting, 40),
            }
        )
        {
            var at = clock.UtcNow.AddDays(-days);
            db.Jobs.Add(
                new Job
                {
                    Kind = kind,
                    Payload = "1",
                    State = state,
                    RunAt = at,
                    CreatedAt = at,
                    FinishedAt = state == JobState.Waiting ? null : at,
                }
            );
        }

        await db.SaveChangesAsync();
        await new RetentionJob(
            store, clock, new ExpiredVisits(store, clock), new ExpiredPasses(store, clock), new VisitorRetention(store, clock))
            .RunAsync(RetentionRule.Jobs, clock.Today, default);
        Assert.Equal(["failed", "late", "young"], await db.Jobs.AsNoTracking().Select(j => j.Kind).Order().ToListAsync());
    }
}
