using System.Diagnostics;
using System.Globalization;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>Whole portals started, stopped, killed, and started beside each other.</summary>
public sealed class PortalProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-process-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_portal_brings_its_server_keeps_others_out_survives_kills_and_takes_the_server_with_it()
    {
        var data = Path.Combine(_folder, "data");
        await using var first = await PortalProcess.StartAsync(data);
        await first.ReadyAsync();
        var server = ServerId(data);

        await using (var second = await PortalProcess.StartAsync(data))
        {
            Assert.Equal(1, await second.EndedAsync());
            Assert.Contains("is using the data folder", second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        }

        Process.GetProcessById(server).Kill();
        await UntilAsync(() => ServerId(data) != server);
        await first.ReadyAsync();

        await first.KillAsync();
        var orphan = Process.GetProcessById(ServerId(data));
        await using var third = await PortalProcess.StartAsync(data);
        await third.ReadyAsync();
        Assert.True(orphan.HasExited);

        var last = Process.GetProcessById(ServerId(data));
        Assert.Equal(0, await third.StopAsync());
        Assert.True(last.HasExited);
    }

    [Fact]
    public async Task Two_portals_starting_at_once_on_one_new_database_both_serve_and_apply_each_migration_once()
    {
        await using var database = await EmptyDatabase.CreateAsync();
        await using var first = await PortalProcess.StartAsync(_folder, database.ConnectionString);
        await using var second = await PortalProcess.StartAsync(_folder, database.ConnectionString);

        await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());

        var applied = Migration.BuiltIn.Select(migration =>
            (first.Output + second.Output).Split($"Applying {migration.FileName}").Length - 1
        );
        Assert.All(applied, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task The_migrate_verb_applies_everything_and_ends()
    {
        await using var database = await EmptyDatabase.CreateAsync();
        await using var portal = await PortalProcess.StartAsync(_folder, database.ConnectionString, "migrate");

        Assert.Equal(0, await portal.EndedAsync());
        Assert.Contains(Migration.BuiltIn[^1].FileName, portal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_in_production_whose_clock_was_set_does_not_start_and_says_why()
    {
        await using var portal = await PortalProcess.StartAsync(_folder, null, "--Clock:Start=2027-04-01");

        Assert.Equal(1, await portal.EndedAsync());
        Assert.Contains("Clock:Start sets the clock for tests, and this is Production", portal.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", portal.Output, StringComparison.Ordinal);
    }

    private static int ServerId(string data)
    {
        var file = Path.Combine(data, "server.pid");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var waited = Stopwatch.StartNew(); !reached(); await Task.Delay(50))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "It did not happen within a minute.");
        }
    }
}
