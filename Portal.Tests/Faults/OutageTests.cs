using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Faults;

/// <summary>
/// The database server frozen, killed, closed to changes, filled and not yet there: what a store and a portal make of it.
/// </summary>
public sealed class OutageTests : IAsyncLifetime
{
    private FaultyServer _server = null!;

    public async Task InitializeAsync() => _server = await FaultyServer.StartedAsync(small: true);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_store_answers_every_outage_with_its_reason_and_saves_once_when_asked_again()
    {
        await using var world = new IdentityWorld(_server.ConnectionString + ";Connection Timeout=2");
        var watch = world.Get<DatabaseWatch>();
        var id = await world.AddAsync("admin", Roles.Admin);
        var user = await world.AsAsync(id);
        var body = new string('x', 60_000);
        Assert.True((await SaveAsync("before")).Ok);

        await _server.SetReadOnlyAsync(true);
        Assert.Equal("database.read_only", (await SaveAsync("one")).Error!.Code);
        Assert.Equal(Outage.ReadOnly, watch.Now);
        await _server.SetReadOnlyAsync(false);
        await WellAsync(watch);
        Assert.True((await SaveAsync("one")).Ok);

        await _server.FillAsync();
        Assert.Equal("database.full", (await SaveAsync("two")).Error!.Code);
        Assert.Equal(Outage.Full, watch.Now);
        await _server.MakeRoomAsync();
        Assert.True((await SaveAsync("two")).Ok);
        await WellAsync(watch);

        await _server.FreezeAsync();
        Assert.Equal("database.away", (await SaveAsync("three")).Error!.Code);
        await _server.ThawAsync();
        await WellAsync(watch);
        Assert.True((await SaveAsync("three")).Ok);

        await _server.KillAsync();
        Assert.Equal("database.away", (await SaveAsync("four")).Error!.Code);
        Assert.Equal(Outage.Away, watch.Now);

        // It is known by now: nobody waits for it any more, not even as long as one attempt to connect.
        var asked = await Assert.ThrowsAnyAsync<Exception>(() => world.ReadAsync(id));
        Assert.IsType<DatabaseAwayException>(asked);
        await _server.StartAsync();
        await WellAsync(watch);
        Assert.True((await SaveAsync("four")).Ok);

        foreach (var name in new[] { "one", "two", "three", "four" })
            Assert.Equal(1, await _server.CountAsync($"SELECT COUNT(*) FROM portal.notices WHERE title = '{name}'"));

        // Longer than what a page holds besides: it needs room.
        Task<Result> SaveAsync(string title) => world.Store.WriteAsync(user, (db, _) =>
        {
            db.Notices.Add(new() { Title = title, Body = body, PublishAt = new(2026, 11, 20), WrittenBy = id });
            return Task.FromResult(Result.Done);
        }, default);
    }

    [Fact]
    public async Task Where_the_queue_for_a_slow_database_stands_who_comes_new_is_told_at_once()
    {
        await using var world = new IdentityWorld(_server.ConnectionString + ";Maximum Pool Size=2;Connection Timeout=30");
        await world.AddAsync("admin", Roles.Admin);
        var begun = 0;
        Task<Result>[] first = [SlowAsync(5), SlowAsync(5)];
        await UntilAsync(() => Volatile.Read(ref begun) == 2);
        Task<Result>[] second = [SlowAsync(5), SlowAsync(5)];
        await UntilAsync(() => Volatile.Read(ref begun) == 4);
        Task<Result>[] third = [SlowAsync(0), SlowAsync(0)];
        await UntilAsync(() => PoolQueue.Waiting >= 2);
        var late = await SlowAsync(0);
        Assert.Equal("database.busy", late.Error?.Code);
        Assert.All(second.Concat(third), work => Assert.False(work.IsCompleted));

        // Nobody is lost who was in it, and the next one is served again.
        Assert.All(await Task.WhenAll(first.Concat(second).Concat(third)), result => Assert.True(result.Ok));
        Assert.True((await SlowAsync(0)).Ok);

        Task<Result> SlowAsync(double seconds) => world.Store.WriteAsync(CurrentUser.System, async (db, ct) =>
        {
            Interlocked.Increment(ref begun);
            await db.Database.ExecuteSqlAsync($"DO SLEEP({seconds})", ct);
            return Result.Done;
        }, default);

        static async Task UntilAsync(Func<bool> so)
        {
            while (!so()) await Task.Delay(10);
        }
    }

    [Fact]
    public async Task A_portal_without_its_database_says_so_signs_nobody_out_and_ends_the_session_of_who_leaves()
    {
        await using var world = new IdentityWorld(_server.ConnectionString);
        var id = await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(_server.ConnectionString + ";Connection Timeout=2");
        var (stays, stranger) = (host.NewVisitor(), host.NewVisitor());
        Assert.Equal(HttpStatusCode.Redirect, (await stays.SignInAsync("admin", IdentityWorld.Password)).Status);
        var leaves = host.NewVisitor();
        var cookie = (await leaves.SignInAsync("admin", IdentityWorld.Password)).Response.Headers.GetValues("Set-Cookie")
            .Single(c => c.StartsWith("vallhalla.session=", StringComparison.Ordinal)).Split(';')[0];
        var farewell = await leaves.GetAsync("/sign-out");
        Assert.Equal(HttpStatusCode.OK, (await stays.GetAsync("/account")).Status);
        await UntilAsync(async () => await TextAsync("/health/ready") == "Healthy");
        var door = await stranger.GetAsync("/sign-in");

        await _server.SetReadOnlyAsync(true);
        await UntilAsync(async () => await TextAsync("/health/ready") == "Unhealthy");
        await _server.SetReadOnlyAsync(false);

        // An asking that was on its way still tells of before.
        await UntilAsync(async () => await TextAsync("/health/ready") == "Healthy");

        await _server.KillAsync();
        Assert.Equal("Healthy", await TextAsync("/health/live"));
        await UntilAsync(async () => await TextAsync("/health/ready") == "Unhealthy");
        var away = await stays.GetAsync("/pqrs?state=new");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.Status);
        Assert.Contains("The building’s data cannot be reached", away.Text, StringComparison.Ordinal);
        Assert.NotNull(away.Document.QuerySelector("meta[http-equiv=refresh]"));
        Assert.Equal("/pqrs?state=new", away.Document.QuerySelector("main a.mud-button-root")!.GetAttribute("href"));

        // Who signs in keeps the name they typed, and hears that it was not their password.
        var refused = await stranger.SubmitAsync(
            door, new Dictionary<string, string> { ["Input.Login"] = "admin", ["Input.Password"] = IdentityWorld.Password });
        Assert.Equal(HttpStatusCode.OK, refused.Status);
        Assert.Contains("this attempt does not count", refused.Text, StringComparison.Ordinal);
        Assert.Equal("admin", refused.Document.QuerySelector("input[name='Input.Login']")!.GetAttribute("value"));

        var left = await leaves.SubmitAsync(farewell, new Dictionary<string, string>(), "form[action='/sign-out']");
        Assert.Equal("/sign-in?after=left", left.To);

        await _server.StartAsync();
        await UntilAsync(async () => await TextAsync("/health/ready") == "Healthy");
        Assert.Equal(HttpStatusCode.OK, (await stays.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.Redirect, await CopiedAsync());
        await UntilAsync(async () => await _server.CountAsync("SELECT COUNT(*) FROM portal.sessions WHERE ended_at IS NOT NULL") == 1);
        Assert.Single(await world.EventsAsync(id), e => e.Action == "sign_out");
        Assert.Equal(HttpStatusCode.Redirect, await CopiedAsync());

        async Task<string> TextAsync(string path) => await (await stranger.GetAsync(path)).Response.Content.ReadAsStringAsync();

        async Task<HttpStatusCode> CopiedAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/account");
            request.Headers.Add("Cookie", cookie);
            return (await host.NewVisitor().SendAsync(request)).Status;
        }
    }

    [Fact]
    public async Task A_portal_that_is_started_before_its_database_waits_for_it_and_says_so()
    {
        await _server.KillAsync();
        var folder = Directory.CreateTempSubdirectory("portal-waits-").FullName;
        await using var portal = await PortalProcess.StartAsync(folder, _server.ConnectionString);
        const string Waits = "Waiting for the database server 127.0.0.1:";
        await UntilAsync(() => Task.FromResult(portal.Output.Contains(Waits, StringComparison.Ordinal)));

        await _server.StartAsync();
        await portal.ReadyAsync();
        Assert.DoesNotContain("   at ", portal.Output, StringComparison.Ordinal);
        Assert.Equal(0, await portal.StopAsync());
        Directory.Delete(folder, recursive: true);
    }

    private static Task WellAsync(DatabaseWatch watch) => UntilAsync(() => Task.FromResult(watch.Now is null));

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var waited = Stopwatch.StartNew(); !await reached(); await Task.Delay(100))
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "It did not happen within a minute.");
    }
}
