using System.Globalization;
using Portal.Data.Backups;

namespace Portal.Tests.Backups;

/// <summary>To a moment between two sets: what was saved before it is there, what came after is not; what is in doubt is refused.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PointInTimeTests
{
    [Fact]
    public async Task What_was_saved_before_the_moment_is_there_and_what_came_after_is_not()
    {
        await using var world = await LogWorld.BeginAsync();
        var set = await world.Desk.MakeAsync(null, default);
        Assert.NotNull(set.Manifest.BinaryLog!.At);
        world.Archive();
        await world.ExecuteAsync("INSERT INTO towers VALUES (2, 'after the set')");
        await world.ExecuteAsync("INSERT INTO portal_other.towers VALUES (99, 'of another database')");
        await world.ExecuteAsync("ALTER TABLE towers ADD COLUMN floors INT NULL");
        await world.CloseLogAsync();
        await world.ExecuteAsync("INSERT INTO towers VALUES (3, 'in the next log', 12); UPDATE towers SET name = 'other' WHERE id = 1");
        var moment = await world.MomentAsync();
        await world.ExecuteAsync("DELETE FROM towers WHERE id < 3; INSERT INTO towers VALUES (4, 'the mistake', NULL)");
        var after = await world.MomentAsync();
        await world.ArchivedAsync(set);

        var restored = await RestoreAsync(world, set, moment, "portal_copy");

        string[] wanted = ["1 other", "2 after the set!", "3 in the next log!"];
        Assert.Equal(wanted, await world.RowsAsync("portal_copy"));
        Assert.Equal(["12"], await world.RowsAsync("portal_copy", "SELECT floors FROM towers WHERE floors IS NOT NULL"));
        Assert.Equal(["3 in the next log!", "4 the mistake!"], await world.RowsAsync("portal"));
        Assert.Equal(["99 of another database"], await world.RowsAsync("portal_other"));
        Assert.Equal(["towers (1 rows, 3 now)"], restored.Replayed!.Changed);
        Assert.Equal(2, restored.Replayed.Logs);
        Assert.True(restored.Replayed.Transactions >= 5);

        // All of it, and once more: nothing of a replay stays behind that would make the next one leave it out.
        await RestoreAsync(world, set, moment, "portal_again");
        Assert.Equal(wanted, await world.RowsAsync("portal_again"));
        await RestoreAsync(world, set, after, "portal_later");
        Assert.Equal(await world.RowsAsync("portal"), await world.RowsAsync("portal_later"));

        await RefusedAsync(() => RestoreAsync(world, set, moment.AddHours(1), "portal_never"), "reach to ", "name a moment until then");
        await RefusedAsync(() => RestoreAsync(world, set, moment.AddHours(-1), "portal_never"), "is before the set");

        // What would change the database that serves is not run under another name.
        await world.ExecuteAsync("ALTER TABLE portal.towers ADD COLUMN lifts INT NULL");
        var late = await world.MomentAsync();
        await world.ArchivedAsync(set);
        await RefusedAsync(() => RestoreAsync(world, set, late, "portal_never"), "ALTER TABLE portal.towers", "would change that one");
        Assert.Empty(await world.RowsAsync("portal_never", "SHOW TABLES"));
    }

    [Fact]
    public async Task A_log_that_is_lost_is_named_and_closed_ones_are_read_only_with_the_secret()
    {
        var keys = Directory.CreateTempSubdirectory("portal-keys-").FullName;
        try
        {
            var (secret, recipient) = await BackupWorld.KeyAsync(keys);
            await using var world = await LogWorld.BeginAsync(recipient);
            world.Archive();
            var set = await world.Desk.MakeAsync(null, default);
            await world.ExecuteAsync("INSERT INTO towers VALUES (2, 'first')");
            var first = await world.MomentAsync();
            await world.CloseLogAsync();
            await world.ExecuteAsync("INSERT INTO towers VALUES (3, 'second')");
            await world.CloseLogAsync();
            await world.ExecuteAsync("INSERT INTO towers VALUES (4, 'third')");
            var last = await world.MomentAsync();
            await world.ArchivedAsync(set);

            var stream = Assert.Single(LogStream.AllOf(world.Options.Folder!, "portal"));
            var closed = await stream.ClosedAsync(default);
            Assert.True(closed.Count >= 2);
            Assert.All(closed, l => Assert.EndsWith(".gz.age", l.Stored.Name, StringComparison.Ordinal));
            await RefusedAsync(() => RestoreAsync(world, set, last, "portal_copy"), "is encrypted");
            await RestoreAsync(world, set, last, "portal_copy", secret);
            Assert.Equal(4, (await world.RowsAsync("portal_copy")).Count);

            // The stream goes on where it was, in the same place, when another portal takes it over.
            await world.StopAsync();
            var begun = set.Manifest.BinaryLog!.File;
            var lost = closed.Single(l => l.Name == LogFile.Name(begun, LogFile.Number(begun) + 1));
            stream.Remove(lost);
            await RefusedAsync(
                () => RestoreAsync(world, set, last, "portal_never", secret), $"{lost.Name} is missing after it", "reach to ");
            await RestoreAsync(world, set, first, "portal_first", secret);
            Assert.Equal(["1 before the set!", "2 first!"], await world.RowsAsync("portal_first"));
            var chain = await LogStream.ChainAsync(world.Options.Folder!, set.Manifest, default);
            Assert.Equal(lost.Name, chain.Missing);

            var damaged = closed.Single(l => l.Name == begun);
            await File.AppendAllTextAsync(Path.Combine(stream.Path, damaged.Stored.Name), "x");
            await RefusedAsync(() => RestoreAsync(world, set, first, "portal_never", secret), "is not as it was written");
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    [Fact]
    public async Task The_stream_says_how_far_it_came_and_another_takes_it_over_where_it_ended()
    {
        await using var world = await LogWorld.BeginAsync();
        var set = await world.Desk.MakeAsync(null, default);
        world.Archive();
        await world.ArchivedAsync(set);
        await world.CloseLogAsync();
        await world.ExecuteAsync("INSERT INTO towers VALUES (2, 'by the first')");
        await world.ArchivedAsync(set);

        // Two at once: one does it.
        var second = new LogArchive(
            world.Options, () => world.Server.BackupConnectionString, Server.TestDay.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<LogArchive>.Instance);
        Assert.False(await second.RunAsync((_, _) => throw new InvalidOperationException("It should not stream."), default));
        await WaitAsync(() => world.Noted is { Since: not null });
        Assert.Equal((false, null, null), (world.Noted!.Off, world.Noted.Missing, world.Noted.Problem));
        Assert.Equal(set.Manifest.StartedAt, world.Noted.Since);

        await world.StopAsync();
        await world.ExecuteAsync("INSERT INTO towers VALUES (3, 'while nobody streams')");
        using var stop = new CancellationTokenSource();
        LogState? noted = null;
        var third = new LogArchive(
            world.Options, () => world.Server.BackupConnectionString, Server.TestDay.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<LogArchive>.Instance)
        {
            Tick = TimeSpan.FromMilliseconds(100), Noting = TimeSpan.FromMilliseconds(200),
        }.RunAsync((state, _) => { noted = state; return Task.CompletedTask; }, stop.Token);
        await WaitAsync(() => noted is not null || third.IsCompleted);
        var moment = await world.MomentAsync();
        await WaitAsync(async () =>
            (await LogStream.ChainAsync(world.Options.Folder!, set.Manifest, default)).Mark?.ReachedAt > moment || third.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);

        Assert.Null(noted!.Missing);
        Assert.Single(LogStream.AllOf(world.Options.Folder!, "portal"));
        await RestoreAsync(world, set, moment, "portal_copy");
        Assert.Equal(3, (await world.RowsAsync("portal_copy")).Count);
    }

    [Theory]
    [InlineData("2026-11-30T14:05", "2026-11-30 14:05:00")]
    [InlineData("2026-11-30 14:05:09", "2026-11-30 14:05:09")]
    [InlineData("2026-11-30T14:05:09.9Z", "2026-11-30 14:05:09")]
    [InlineData("2026-11-30T09:05:00-05:00", "2026-11-30 14:05:00")]
    [InlineData("2026-11-30", null)]
    [InlineData("14:05", null)]
    [InlineData("30/11/2026 14:05", null)]
    [InlineData("yesterday", null)]
    public void A_moment_is_in_UTC_unless_it_names_its_zone(string typed, string? utc) =>
        Assert.Equal(utc, ReplayGoal.Parse(typed)?.Before?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    private static Task<global::Portal.Data.Backups.Restored> RestoreAsync(LogWorld world, SetFolder set, DateTime to, string into, string? secret = null) =>
        world.Desk.RestoreAsync(set, world.Server.RestoreConnectionString, into, secret, default, new ReplayGoal(to, null));

    private static async Task RefusedAsync(Func<Task> act, params string[] because)
    {
        var said = (await Assert.ThrowsAsync<BackupException>(act)).Message;
        Assert.All(because, one => Assert.Contains(one, said, StringComparison.Ordinal));
    }

    private static Task WaitAsync(Func<bool> until) => WaitAsync(() => Task.FromResult(until()));

    private static async Task WaitAsync(Func<Task<bool>> until)
    {
        for (var waited = 0; !await until(); waited++)
        {
            Assert.True(waited < 600, "It did not come within a minute.");
            await Task.Delay(100);
        }
    }
}
