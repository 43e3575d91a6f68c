using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using global::Portal.Hosting;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Operations;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Backups;

/// <summary>A drill restores on a server of its own, finds what differs by name, and leaves nothing behind.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DrillTests(TestDatabase database) : DatabaseTest(database)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-drills-").FullName;
    private readonly PaymentWorld _world = new(database);

    private string Data => Path.Combine(_folder, "data");

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_newest_set_is_restored_and_compared_and_a_table_that_differs_is_named()
    {
        var admin = await _world.AdminAsync();
        var options = new BackupOptions { Folder = Path.Combine(_folder, "sets"), Programs = await BackupWorld.ProgramsAsync() };
        var time = _world.Get<TimeProvider>();
        var work = await WorkAsync(options, () => Database.ConnectionString);
        var set = await new BackupDesk(options, () => Database.ConnectionString, time).MakeAsync(null, default);

        var good = await work.RunAsync(null, default);

        Assert.Equal((set.Name, false, false, 0), (good.SetName, good.OwnSet, good.WithLogs, good.Differing));
        Assert.Equal(set.Manifest.Tables.Count, good.TableCount);
        Assert.Equal(set.Manifest.Rows, good.RecordCount);
        Assert.Empty(Directory.GetDirectories(Data));

        await BackupWorld.RewriteAsync(set, m => m with
        {
            Tables = [.. m.Tables.Select(t => t.Name == "towers" ? t with { Hash = new string('0', 64) } : t)],
        });
        var refusal = await Assert.ThrowsAsync<BackupException>(() => work.RunAsync(null, default));

        Assert.Contains("towers has other content", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Data));
        var service = new BackupsService(_world.Store, options, _world.Get<BuildingClock>());
        var state = (await service.StateAsync(admin, default))!;
        Assert.Equal((BackupOutcome.Failed, 1), (state.Drill!.Outcome, state.Drill.Differing));
        Assert.Equal(BackupOutcome.Good, state.GoodDrill!.Outcome);
        Assert.Contains(BackupAlarm.DrillFailed, state.Alarms(state.Drill.FinishedAt));
        var tables = await service.DrilledAsync(admin, default);
        Assert.Equal(("towers", "has other content"), (tables[0].Name, tables[0].Wrong));
        Assert.All(tables.Skip(1), t => Assert.Null(t.Wrong));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(2, await db.AuditLog.CountAsync(e => e.Action == "backup_drilled"));
    }

    [Fact]
    public async Task With_the_binary_log_it_comes_to_a_moment_of_now_and_is_compared_with_what_stands_there()
    {
        await using var world = await LogWorld.BeginAsync();
        var work = await WorkAsync(world.Options, () => world.Server.BackupConnectionString);
        var set = await world.Desk.MakeAsync(null, default);
        world.Archive();
        await world.ExecuteAsync("INSERT INTO towers VALUES (2, 'after the set')");
        await world.CloseLogAsync();
        await world.ExecuteAsync("INSERT INTO towers VALUES (3, 'now')");
        await world.ArchivedAsync(set);

        var drill = await work.RunAsync(null, default);

        Assert.Equal((set.Name, true, 0, 3L), (drill.SetName, drill.WithLogs, drill.Differing, drill.RecordCount));
        Assert.Empty(Directory.GetDirectories(Data));
    }

    [Fact]
    public async Task What_cannot_be_drilled_is_noted_with_its_reason()
    {
        var options = new BackupOptions { Folder = Path.Combine(_folder, "none") };
        var work = await WorkAsync(options, () => Database.ConnectionString);

        await Assert.ThrowsAsync<BackupException>(() => work.RunAsync(null, default));

        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var row = await db.BackupDrills.SingleAsync();
        Assert.Equal(BackupOutcome.Failed, row.Outcome);
        Assert.StartsWith("There is no set of", row.Message, StringComparison.Ordinal);
        var weekly = new WeeklyDrill(work, new BackupOptions(), _world.Store, _world.Get<BuildingClock>());
        await Assert.ThrowsAsync<WorkLeftException>(() => weekly.RunAsync(PaymentWorld.Today, default));
    }

    [Fact]
    public async Task It_comes_once_a_week_and_the_night_after_one_that_failed()
    {
        var options = new BackupOptions { Folder = Path.Combine(_folder, "none") };
        var weekly = new WeeklyDrill(
            await WorkAsync(options, () => Database.ConnectionString), options, _world.Store, _world.Get<BuildingClock>());
        await NoteAsync(days: 6);
        await weekly.RunAsync(PaymentWorld.Today, default);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.BackupDrills.ExecuteDeleteAsync();
        await NoteAsync(days: 7);
        await Assert.ThrowsAsync<BackupException>(() => weekly.RunAsync(PaymentWorld.Today, default));
        await Assert.ThrowsAsync<BackupException>(() => weekly.RunAsync(PaymentWorld.Today, default));

        async Task NoteAsync(int days)
        {
            var at = _world.Get<BuildingClock>().UtcNow.AddDays(-days);
            await _world.Store.WriteAsync(
                CurrentUser.System,
                (db, _) =>
                {
                    db.Add(BackupDrill.Compared("portal-1", false, false, at, [new("towers", 1, null)], null, at, at));
                    return Task.FromResult(Result.Done);
                },
                default);
        }
    }

    private async Task<DrillWork> WorkAsync(BackupOptions options, BackupLogin login)
    {
        var configuration = new ConfigurationManager
        {
            ["Database:Folder"] = Data, ["Database:Binary"] = (await TestServer.GetAsync()).Binary.Path,
        };
        var servers = new DrillServers(configuration, NullLogger<DrillServers>.Instance);
        return new DrillWork(
            options, login, servers.StartAsync, _world.Store, _world.Get<BuildingClock>(), _world.Get<TimeProvider>(),
            NullLogger<DrillWork>.Instance);
    }
}
