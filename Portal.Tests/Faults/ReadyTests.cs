using System.Diagnostics;
using System.Globalization;
using System.Net;
using MySqlConnector;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>Whole portals that a balancer asks whether people may be sent to them.</summary>
public sealed class ReadyTests(TestDatabase database) : DatabaseTest(database), IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-ready-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_writes_its_row_and_needs_its_schema_and_room_on_the_disk()
    {
        await using var full = await PortalProcess.StartAsync(
            _folder, Database.ConnectionString,
            new Dictionary<string, string> { ["Portal__Name"] = "full", ["Health__LeastFreeMegabytes"] = "900000000000" });
        await using var portal = await StartAsync(("Portal__Name", "north"));
        Assert.Equal(1, await CountAsync("SELECT COUNT(*) FROM portals WHERE name = 'north' AND version <> ''"));
        var seen = await CountAsync("SELECT CAST(UNIX_TIMESTAMP(seen_at) * 1000 AS SIGNED) FROM portals WHERE name = 'north'");

        // An older database, as one restored under a portal that runs would be.
        await Database.ExecuteAsync("UPDATE schema_version SET finished_at = NULL ORDER BY number DESC LIMIT 1");
        await UntilAsync(portal, HttpStatusCode.ServiceUnavailable);
        await Database.ExecuteAsync("UPDATE schema_version SET finished_at = CURRENT_TIMESTAMP(6) WHERE finished_at IS NULL");
        await UntilAsync(portal, HttpStatusCode.OK);
        Assert.True(
            await CountAsync("SELECT CAST(UNIX_TIMESTAMP(seen_at) * 1000 AS SIGNED) FROM portals WHERE name = 'north'") > seen);
        Assert.Contains("Not ready: Schema", portal.Output, StringComparison.Ordinal);

        await CurrentUserTests.EventuallyAsync(async () => await IsLiveAsync(full));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await full.HealthAsync("ready"));
        Assert.Contains("MB are free at", full.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_to_stop_it_is_ready_no_more_and_serves_who_is_there_until_it_ends()
    {
        await using var portal = await StartAsync(("Stop__DrainSeconds", "4"));
        var clock = Stopwatch.StartNew();
        await portal.AskToStopAsync();
        await UntilAsync(portal, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await portal.HealthAsync("live"));
        Assert.True((int)(await portal.NewVisitor().GetAsync("/sign-in")).Status < 400);
        Assert.Equal(0, await portal.EndedAsync());
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(3.9), $"It ended after {clock.Elapsed}.");
    }

    [Fact]
    public async Task Asked_twice_it_ends_at_once()
    {
        await using var portal = await StartAsync(("Stop__DrainSeconds", "3600"));
        await portal.AskToStopAsync();
        await UntilAsync(portal, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, await portal.StopAsync());
    }

    private async Task<PortalProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var portal = await PortalProcess.StartAsync(_folder, Database.ConnectionString, settings.ToDictionary(s => s.Name, s => s.Value));
        await portal.ReadyAsync();
        return portal;
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new MySqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static Task UntilAsync(PortalProcess portal, HttpStatusCode status) =>
        CurrentUserTests.EventuallyAsync(async () => await portal.HealthAsync("ready") == status);

    private static async Task<bool> IsLiveAsync(PortalProcess portal)
    {
        try
        {
            return await portal.HealthAsync("live") == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
