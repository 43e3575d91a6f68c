using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Operations;
using Portal.Tests.Server;

namespace Portal.Tests.Operations;

/// <summary>What was changed behind the portal's back is found, said and not repaired.</summary>
public sealed class IntegrityTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly DateOnly Monday = new(2026, 11, 23), Sunday = new(2026, 11, 29);

    [Fact]
    public async Task A_figure_that_is_not_its_sum_and_a_row_without_its_parent_are_found_and_become_an_alarm()
    {
        await using var services = new ServiceCollection().AddLogging()
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone))
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var job = scope.ServiceProvider.GetServices<IJobHandler>().OfType<Integrity>().Single();
        var monitor = scope.ServiceProvider.GetRequiredService<MonitorService>();
        await job.RunAsync(Sunday, default);
        var state = (await monitor.ReadAsync(CurrentUser.System, default))!;
        Assert.Equal(["fee_months", "orphans", "payment_totals", "statistics", "tower_totals"], state.Checks.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.All(state.Checks, check => Assert.Equal(0, check.Found));
        Assert.StartsWith(
            string.Concat(state.Tables.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "/"),
            state.Checks.Single(c => c.Name == "statistics").Detail, StringComparison.Ordinal);

        await Database.ExecuteAsync(
            "INSERT INTO towers (id, name) VALUES (7, 'X'); INSERT INTO apartments (apartment_number, tower_id, status_id) VALUES ('1', 7, 1); "
            + "UPDATE tower_totals SET apartments = apartments + 1 WHERE tower_id = 7; "
            + "SET foreign_key_checks = 0; DELETE FROM towers WHERE id = 7; SET foreign_key_checks = 1");
        await job.RunAsync(Monday, default);
        state = (await monitor.ReadAsync(CurrentUser.System, default))!;
        Assert.Equal((1, "tower_totals 7"), (state.Checks.Single(c => c.Name == "tower_totals").Found, state.Checks.Single(c => c.Name == "tower_totals").Detail));
        Assert.Equal(0, state.Checks.Single(c => c.Name == "orphans").Found);

        await job.RunAsync(Sunday, default);
        state = (await monitor.ReadAsync(CurrentUser.System, default))!;
        Assert.Contains("apartments.tower_id 1", state.Checks.Single(c => c.Name == "orphans").Detail, StringComparison.Ordinal);
        Assert.True(state.Alarms(DateTime.UtcNow, true).Count(a => a is { Kind: AlarmKind.Check, Bad: true }) >= 2);
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.True(await db.AuditLog.AnyAsync(e => e.Action == Integrity.Event));
    }
}
