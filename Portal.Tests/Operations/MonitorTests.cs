using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Operations;
using Portal.Data.Schema;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Operations;

/// <summary>The figures of portal and server, on a real server, with all rights and with the fewest.</summary>
public sealed class MonitorTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task Figures_are_there_with_every_right()
    {
        await using var world = new PaymentWorld(Database);
        var admin = await world.AdminAsync();
        await using var services = Services(Database.ConnectionString);
        await using var scope = services.CreateAsyncScope();
        var monitor = scope.ServiceProvider.GetRequiredService<MonitorService>();
        await Database.ExecuteAsync("""
            INSERT INTO jobs (kind, payload, state, attempts, run_at) VALUES ('mail', '1', 'waiting', 2, '2030-01-01'), ('mail', '2', 'failed', 8, '2026-01-01'), ('digests', '3', 'done', 1, '2026-01-01');
            INSERT INTO table_sizes (day, name, bytes, record_count) VALUES (CURRENT_DATE - INTERVAL 20 DAY, 'audit_log', 1, 1);
            INSERT INTO audit_log (table_name, record_id, action) VALUES ('pets', 1, 'insert'), ('pets', 2, 'insert')
            """);

        var found = (await monitor.DatabaseAsync(admin, default))!;

        var all = found.All;
        Assert.Equal(TestServer.IsMySql, !all.Server.MariaDb);
        Assert.False(all.Server.ReadOnly);
        Assert.True(all.Server.MostConnections > 0 && all.Server.Connections > 0 && all.Server.Of("uptime") > 0);
        var mail = all.Jobs.Single(j => j.Kind == "mail");
        Assert.Equal((1, 1, 1), (mail.Waiting, mail.Failed, mail.Retrying));
        Assert.Equal((1, 1), (all.MailWaiting, all.MailFailed));
        Assert.Contains(all.Jobs, j => j is { Kind: "nightly_backup", Recurring: true, LastAt: null });
        Assert.True(all.Tables.Single(t => t.Name == "audit_log").Grown > 0);
        Assert.NotNull(all.GrowthSince);
        Assert.True(all.Changed.Single(c => c.Table == "pets").Changes >= 2);
        Assert.Equal(Migration.BuiltIn[^1].Number, all.LastMigration);
        Assert.Contains(all.Measured, m => m is { What: "MonitorService.Read", Times: > 0 } && m.Total > TimeSpan.Zero && m.P95 > TimeSpan.Zero);
        Assert.Contains(AlarmKind.MailFailed, all.Alarms(DateTime.UtcNow, mailOn: true).Select(a => a.Kind));

        // What the server says, or why not.
        if (all.Server.Measures) Assert.Equal(Lacking.Nothing, found.Statements.Lacking);
        else Assert.Equal((Lacking.Off, "performance_schema"), (found.Statements.Lacking, found.Statements.What));
        Assert.All(found.Statements.Rows, row => Assert.DoesNotContain("2030-01-01", row.Sql, StringComparison.Ordinal));
        if (found.Unused.Lacking == Lacking.Nothing) Assert.DoesNotContain(found.Unused.Rows, i => i.Index == "PRIMARY");

        Assert.Null(await monitor.DatabaseAsync(CurrentUser.Nobody, default));
        Assert.Null(await monitor.ReadAsync(CurrentUser.Nobody, default));
    }

    [Fact]
    public async Task With_the_portals_own_few_rights_it_answers_and_says_which_right_is_lacking()
    {
        var name = $"few_{Guid.NewGuid():N}"[..20];
        var server = await TestServer.GetAsync();
        await server.ExecuteAsync($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        foreach (var account in new[] { "p", "k" }) await server.ExecuteAsync($"CREATE USER '{name}_{account}'@'127.0.0.1' IDENTIFIED BY 'not-a-secret-here'");
        await server.ExecuteAsync($"CREATE USER '{name}_m'@'127.0.0.1' IDENTIFIED BY 'not-a-secret-here'");
        await server.ExecuteAsync($"GRANT ALL ON {name}.* TO '{name}_m'@'127.0.0.1' WITH GRANT OPTION");
        string Login(string account) => new MySqlConnector.MySqlConnectionStringBuilder(server.ConnectionString(name))
        {
            UserID = $"{name}_{account}", Password = "not-a-secret-here", Server = "127.0.0.1",
        }.ConnectionString;
        try
        {
            await DatabaseServer.DetectAsync(Login("p"), default);
            await new Migrator(Login("m"), NullLogger<Migrator>.Instance).ApplyAsync();
            await new AccountRights(Login("m"), Login("p"), Login("k")).GiveAsync(default);
            await using var services = Services(Login("p"));
            await using var scope = services.CreateAsyncScope();
            foreach (var job in scope.ServiceProvider.GetServices<IJobHandler>().OfType<TableSizes>())
                await job.RunAsync(new DateOnly(2026, 11, 20), default);

            var found = (await scope.ServiceProvider.GetRequiredService<MonitorService>().DatabaseAsync(Admin, default))!;

            Assert.True(found.All.Server.MostConnections > 0 && found.All.Server.Connections > 0);
            Assert.Contains(found.All.Tables, t => t.Name == "payments");
            Assert.Equal(
                found.All.Server.Measures ? (Lacking.Right, "performance_schema.events_statements_summary_by_digest") : (Lacking.Off, "performance_schema"),
                (found.Statements.Lacking, found.Statements.What));
            Assert.True(found.Unused.Lacking is Lacking.Right or Lacking.Off || found.All.Server.MariaDb);
        }
        finally
        {
            await server.ExecuteAsync($"DROP DATABASE {name}");
            foreach (var account in new[] { "m", "p", "k" }) await server.ExecuteAsync($"DROP USER '{name}_{account}'@'127.0.0.1'");
        }
    }

    [Fact]
    public async Task A_portal_says_how_it_is_and_is_not_missed_when_it_stops_on_purpose()
    {
        await using var services = Services(Database.ConnectionString);
        var pulse = ActivatorUtilities.CreateInstance<PortalPulse>(
            services, ActivatorUtilities.CreateInstance<PortalBeat>(services, Named), Named);
        services.GetRequiredService<PortalVitals>().CircuitOpened();
        await pulse.StartAsync(default);
        await using var scope = services.CreateAsyncScope();
        var monitor = scope.ServiceProvider.GetRequiredService<MonitorService>();
        for (var i = 0; i < 200 && (await monitor.ReadAsync(Admin, default))!.Portals.Count == 0; i++) await Task.Delay(50);

        var portal = Assert.Single((await monitor.ReadAsync(Admin, default))!.Portals);

        Assert.Equal(("north", "1.2.3", 1, 30), (portal.Name, portal.Version, portal.Circuits, portal.ConnectionsMost));
        Assert.True(portal is { Serves: true, DiskFree: > 0, DiskTotal: > 0, Connections: >= 0 });
        await pulse.StopAsync(default);
        Assert.Empty((await monitor.ReadAsync(Admin, default))!.Portals);
    }

    [Fact]
    public async Task Sizes_are_kept_once_a_day_for_400_days()
    {
        await using var services = Services(Database.ConnectionString);
        await using var scope = services.CreateAsyncScope();
        var job = scope.ServiceProvider.GetServices<IJobHandler>().OfType<TableSizes>().Single();
        await job.RunAsync(new DateOnly(2025, 1, 1), default);
        await job.RunAsync(new DateOnly(2026, 2, 5), default);
        await job.RunAsync(new DateOnly(2026, 2, 5), default);
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(2, db.TableSizes.Count(s => s.Name == "audit_log"));
        await job.RunAsync(new DateOnly(2026, 2, 6), default);
        Assert.Equal(2, db.TableSizes.Count(s => s.Name == "audit_log"));
    }

    private static PortalName Named { get; } = new("north", "1.2.3", DateTime.UtcNow);

    private static CurrentUser Admin { get; } = CurrentUser.Nobody with { Permissions = new HashSet<string> { Portal.Data.Access.Permissions.OperationsView } };

    private static ServiceProvider Services(string connection) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(new PortalVitals { Folders = [AppContext.BaseDirectory] })
        .AddPortalData(options => options.UseDatabase(connection), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone))
        .BuildServiceProvider();
}
