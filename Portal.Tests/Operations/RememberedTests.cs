using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Operations;
using Portal.Tests.Server;

namespace Portal.Tests.Operations;

/// <summary>What a portal remembers of the database is never older than the last change it could know of.</summary>
public sealed class RememberedTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task What_was_read_before_a_change_and_arrives_after_it_is_not_kept()
    {
        var feed = new LiveFeed();
        var (reads, release) = (new Queue<Task<string>>(), new TaskCompletionSource<string>());
        reads.Enqueue(release.Task);
        reads.Enqueue(Task.FromResult("after"));
        using var remembered = new Remembered<string>(feed, TimeProvider.System, ["settings"], _ => reads.Dequeue());

        var slow = remembered.GetAsync(default);
        remembered.Forget();
        release.SetResult("before");

        Assert.Equal("before", await slow);
        Assert.Equal("after", await remembered.GetAsync(default));
        Assert.Equal("after", await remembered.GetAsync(default));
    }

    [Fact]
    public async Task A_slow_reading_does_not_take_the_place_of_a_later_one()
    {
        var (reads, release) = (new Queue<Task<string>>(), new TaskCompletionSource<string>());
        reads.Enqueue(release.Task);
        reads.Enqueue(Task.FromResult("after"));
        using var remembered = new Remembered<string>(new LiveFeed(), TimeProvider.System, ["settings"], _ => reads.Dequeue());

        var slow = remembered.GetAsync(default);
        remembered.Forget();
        Assert.Equal("after", await remembered.GetAsync(default));
        release.SetResult("before");
        await slow;

        Assert.Equal("after", await remembered.GetAsync(default));
    }

    [Fact]
    public async Task Two_portals_saving_and_reading_at_once_both_end_with_what_was_saved_last()
    {
        var gate = new Gate();
        await using var here = Portal(gate);
        await using var there = Portal(null);
        var (reading, saving) = (here.GetRequiredService<SettingsService>(), there.GetRequiredService<SettingsService>());
        await using var readers = await StartAsync(here, there);
        Assert.True((await saving.SaveAsync(new BuildingSettings { Name = "First" }, CurrentUser.System, default)).Ok);
        await EventuallyAsync(async () => (await reading.GetAsync(default)).Name == "First");

        for (var round = 0; round < 3; round++)
        {
            var before = (await saving.GetAsync(default)).Name;
            var told = new TaskCompletionSource();
            using var listening = here.GetRequiredService<LiveFeed>().Listen(["settings"], _ =>
            {
                told.TrySetResult();
                return Task.CompletedTask;
            });

            // Here the rows are read, and held up on their way; there they are changed; here the change is heard of; only then they arrive.
            reading.Forget();
            var arrived = gate.Close();
            var slow = reading.GetAsync(default).AsTask();
            await gate.Reached.WaitAsync(TimeSpan.FromMinutes(1));
            Assert.True((await saving.SaveAsync(new BuildingSettings { Name = $"Round {round}" }, CurrentUser.System, default)).Ok);
            await told.Task.WaitAsync(TimeSpan.FromMinutes(1));
            arrived.SetResult();

            Assert.Equal(before, (await slow).Name);
            Assert.Equal($"Round {round}", (await reading.GetAsync(default)).Name);
            Assert.Equal($"Round {round}", (await saving.GetAsync(default)).Name);
        }
    }

    [Fact]
    public async Task What_was_read_before_the_reader_of_the_log_began_is_read_again()
    {
        await using var here = Portal(null);
        await using var there = Portal(null);
        var (reading, saving) = (here.GetRequiredService<SettingsService>(), there.GetRequiredService<SettingsService>());
        var face = here.GetRequiredService<PublicBuildingSource>();
        Assert.Equal("Vallhalla", (await reading.GetAsync(default)).Name);
        Assert.Empty((await face.GetAsync(default)).Towers);
        Assert.True((await saving.SaveAsync(new BuildingSettings { Name = "Nogal" }, CurrentUser.System, default)).Ok);
        await Database.ExecuteAsync("INSERT INTO towers (name, floors) VALUES ('A', 3)");

        await using var readers = await StartAsync(here);

        await EventuallyAsync(async () => (await reading.GetAsync(default)).Name == "Nogal");
        Assert.Equal("A", Assert.Single((await face.GetAsync(default)).Towers).Name);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> so)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await so()) return;
            await Task.Delay(100);
        }

        Assert.Fail("It did not happen within a minute.");
    }

    private ServiceProvider Portal(Gate? gate) =>
        new ServiceCollection()
            .AddLogging()
            .AddPortalData(
                options =>
                {
                    options.UseDatabase(Database.ConnectionString);
                    if (gate is not null) options.AddInterceptors(gate);
                },
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .AddHostedService<LiveFeedReader>()
            .BuildServiceProvider();

    private static async Task<Readers> StartAsync(params ServiceProvider[] portals)
    {
        var readers = portals.SelectMany(p => p.GetServices<IHostedService>()).ToList();
        foreach (var reader in readers) await reader.StartAsync(default);
        await EventuallyAsync(() => Task.FromResult(portals.All(p => p.GetRequiredService<LiveFeed>().Epoch > 0)));
        return new Readers(readers);
    }

    private sealed class Readers(List<IHostedService> readers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var reader in readers) await reader.StopAsync(default);
        }
    }

    /// <summary>Holds up the next reading of the settings after the server has answered it.</summary>
    private sealed class Gate : DbCommandInterceptor
    {
        private TaskCompletionSource? _open;
        private TaskCompletionSource _reached = new();

        public Task Reached => _reached.Task;

        public TaskCompletionSource Close()
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("`settings`", StringComparison.Ordinal) && Interlocked.Exchange(ref _open, null) is { } open)
            {
                _reached.SetResult();
                await open.Task.WaitAsync(cancellationToken);
            }

            return result;
        }
    }
}
