using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Operations;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Operations;

public sealed class JobQueueTests(TestDatabase database) : DatabaseTest(database)
{
    private sealed class Counting(Func<string, Task> work) : IJobHandler
    {
        public string Kind => "count";

        public Task RunAsync(string payload, CancellationToken ct) => work(payload);
    }

    /// <summary>A job that waits for somebody else's machine.</summary>
    private sealed class Waiting(Task until) : IJobHandler
    {
        public string Kind => "wait";

        public JobLane Lane => JobLane.Outside;

        public int MostAttempts => 2;

        public Task RunAsync(string payload, CancellationToken ct) => until;
    }

    /// <summary>A job in whose middle the portal is stopped.</summary>
    private sealed class Stopped(CancellationTokenSource portal, bool finishes) : IJobHandler
    {
        public string Kind => "count";

        public int MostAttempts => 1;

        public async Task RunAsync(string payload, CancellationToken ct)
        {
            await portal.CancelAsync();
            if (!finishes) ct.ThrowIfCancellationRequested();
        }
    }

    private ServiceProvider Services(Func<string, Task> work) => new ServiceCollection().AddLogging()
        .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc)
        .AddSingleton<IJobHandler>(new Counting(work)).BuildServiceProvider();

    private static JobRunner Runner(IServiceProvider services) =>
        new(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<PortalStore>(), TimeProvider.System,
            NullLogger<JobRunner>.Instance);

    private static async Task AddAsync(IServiceProvider services, string payload, string? key = null)
    {
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        await JobQueue.AddAsync(db, new JobKind<string>("count"), payload, DateTime.UtcNow.AddSeconds(-2), key, default);
    }

    [Fact]
    public async Task Four_runners_run_each_of_forty_jobs_once()
    {
        var done = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var services = Services(payload =>
        {
            done.Add(payload);
            return Task.CompletedTask;
        });
        for (var i = 0; i < 40; i++) await AddAsync(services, $"job {i}");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var runner = Runner(services);
            while (await runner.RunNextAsync(default))
            {
            }
        }));
        Assert.Equal(40, done.Count);
        Assert.Equal(40, done.Distinct().Count());
    }

    [Fact]
    public async Task A_mail_server_that_hangs_delays_no_other_work()
    {
        var (answer, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var services = new ServiceCollection().AddLogging()
            .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc)
            .AddSingleton<IJobHandler>(new Waiting(answer.Task)).AddSingleton<IJobHandler>(new Counting(_ =>
            {
                done.TrySetResult();
                return Task.CompletedTask;
            })).BuildServiceProvider();
        await using (var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            await JobQueue.AddAsync(db, new JobKind<string>("wait"), "x", DateTime.UtcNow.AddSeconds(-5), null, default);
        }

        await AddAsync(services, "a");
        using var runner = Runner(services);
        await runner.StartAsync(default);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10));
        answer.SetException(new InvalidOperationException("no"));
        await runner.StopAsync(default);
    }

    [Fact]
    public async Task A_handler_says_how_often_it_is_tried()
    {
        await using var services = new ServiceCollection().AddLogging()
            .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc)
            .AddSingleton<IJobHandler>(new Waiting(Task.FromException(new InvalidOperationException("no")))).BuildServiceProvider();
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        await JobQueue.AddAsync(db, new JobKind<string>("wait"), "x", DateTime.UtcNow.AddSeconds(-5), null, default);
        foreach (var state in new[] { JobState.Waiting, JobState.Failed })
        {
            Assert.True(await Runner(services).RunNextAsync(default));
            Assert.Equal(state, (await db.Jobs.AsNoTracking().SingleAsync()).State);
            await Database.ExecuteAsync("UPDATE jobs SET run_at = '2020-01-01 00:00:00'");
        }
    }

    [Fact]
    public async Task Work_that_is_left_is_done_and_says_why()
    {
        await using var services = Services(_ => throw new WorkLeftException("mail_off"));
        await AddAsync(services, "a");
        Assert.True(await Runner(services).RunNextAsync(default));
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        var job = await db.Jobs.SingleAsync();
        Assert.Equal((JobState.Done, "mail_off", 1), (job.State, job.LastError, job.Attempts));
    }

    [Fact]
    public async Task Two_jobs_with_one_key_are_one()
    {
        await using var services = Services(_ => Task.CompletedTask);
        await AddAsync(services, "a", "same");
        await AddAsync(services, "b", "same");
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal("\"a\"", (await db.Jobs.SingleAsync()).Payload);
    }

    [Fact]
    public async Task A_job_that_fails_waits_and_says_why_and_a_lease_that_ran_out_is_taken_over()
    {
        var fail = true;
        await using var services = Services(_ => fail ? throw new InvalidOperationException("the printer is on fire") : Task.CompletedTask);
        await AddAsync(services, "a");
        var runner = Runner(services);
        Assert.True(await runner.RunNextAsync(default));
        Assert.False(await runner.RunNextAsync(default));
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        var job = await db.Jobs.AsNoTracking().SingleAsync();
        Assert.Equal((JobState.Waiting, 1), (job.State, job.Attempts));
        Assert.Contains("the printer is on fire", job.LastError);

        // A portal took it and died: its lease runs out.
        fail = false;
        await Database.ExecuteAsync("UPDATE jobs SET state = 'running', lease_owner = 'dead', lease_until = '2020-01-01 00:00:00'");
        Assert.True(await runner.RunNextAsync(default));
        Assert.Equal(JobState.Done, (await db.Jobs.AsNoTracking().SingleAsync()).State);
    }

    [Theory]
    [InlineData(true, JobState.Done, 1)]
    [InlineData(false, JobState.Waiting, 0)]
    public async Task A_portal_that_stops_writes_down_what_was_done_and_hands_back_what_was_not(bool finishes, JobState state, int attempts)
    {
        using var portal = new CancellationTokenSource();
        await using var services = new ServiceCollection().AddLogging()
            .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc)
            .AddSingleton<IJobHandler>(new Stopped(portal, finishes)).BuildServiceProvider();
        await AddAsync(services, "a");
        await Runner(services).RunNextAsync(portal.Token);
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        var job = await db.Jobs.SingleAsync();
        Assert.Equal((state, attempts, (string?)null), (job.State, job.Attempts, job.LeaseOwner));
    }

    /// <summary>A job that hangs: it hears that its time is over, or it does not.</summary>
    private sealed class Hanging(TaskCompletionSource begun, bool hears) : IJobHandler
    {
        public TaskCompletionSource Left { get; } = new();

        public string Kind => "count";

        public async Task RunAsync(string payload, CancellationToken ct)
        {
            begun.SetResult();
            if (hears) await Task.Delay(Timeout.Infinite, ct);
            await Left.Task;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_that_hangs_is_ended_counts_as_a_failed_attempt_and_the_next_one_goes_on(bool hears)
    {
        var (begun, time) = (new TaskCompletionSource(), new FakeTimeProvider(DateTimeOffset.UtcNow));
        var hanging = new Hanging(begun, hears);
        await using var services = new ServiceCollection().AddLogging()
            .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc)
            .AddSingleton<IJobHandler>(hanging).BuildServiceProvider();
        await AddAsync(services, "a");
        using var runner = new JobRunner(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<PortalStore>(), time,
            NullLogger<JobRunner>.Instance);
        var here = runner.RunNextAsync(default);
        await begun.Task;
        time.Advance(((IJobHandler)hanging).Longest);
        for (var tried = 0; !hears && tried < 500 && !here.IsCompleted; tried++)
        {
            await Task.Delay(10);
            time.Advance(JobRunner.Grace);
        }

        Assert.True(await here.WaitAsync(TimeSpan.FromMinutes(1)));
        await using (var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            var job = await db.Jobs.SingleAsync();
            Assert.Equal((JobState.Waiting, 1, (string?)null), (job.State, job.Attempts, job.LeaseOwner));
            Assert.Equal("It took longer than 15 minutes and was ended.", job.LastError);
        }

        hanging.Left.SetResult();
    }

    [Fact]
    public async Task A_kind_that_this_version_does_not_know_is_left_to_another_and_holds_up_nothing()
    {
        var done = 0;
        await using var services = Services(_ => Task.FromResult(Interlocked.Increment(ref done)));
        await using (var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
            await JobQueue.AddAsync(db, new JobKind<string>("of_tomorrow"), "x", DateTime.UtcNow.AddSeconds(-5), null, default);
        await AddAsync(services, "a");
        Assert.True(await Runner(services).RunNextAsync(default));
        Assert.False(await Runner(services).RunNextAsync(default));
        Assert.Equal(1, done);
        await using (var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            var left = await db.Jobs.SingleAsync(j => j.Kind == "of_tomorrow");
            Assert.Equal((JobState.Waiting, 0), (left.State, left.Attempts));
        }
    }

    /// <summary>The time of a machine whose clock is wrong.</summary>
    private sealed class Skewed(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + by;
    }

    [Fact]
    public async Task A_portal_whose_clock_is_two_hours_ahead_takes_no_job_that_another_is_at()
    {
        var (begun, done, runs) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        await using var services = Services(async _ =>
        {
            Interlocked.Increment(ref runs);
            begun.TrySetResult();
            await done.Task;
        });
        await AddAsync(services, "a");
        var here = Runner(services).RunNextAsync(default);
        await begun.Task;
        using var ahead = new JobRunner(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<PortalStore>(),
            new Skewed(TimeSpan.FromHours(2)), NullLogger<JobRunner>.Instance);
        Assert.False(await ahead.RunNextAsync(default));
        done.SetResult();
        Assert.True(await here);
        Assert.Equal(1, runs);
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(JobState.Done, (await db.Jobs.SingleAsync()).State);
    }

    [Fact]
    public async Task Who_stood_still_while_another_took_the_job_writes_nothing_more()
    {
        ServiceProvider? services = null;
        var stolen = false;
        services = Services(async _ =>
        {
            await SaveAsync("while it is held");
            await Database.ExecuteAsync("UPDATE jobs SET lease_owner = 'another'");
            stolen = true;
            await SaveAsync("afterwards");
        });
        await using var _ = services;
        await AddAsync(services, "a");
        Assert.True(await Runner(services).RunNextAsync(default));
        Assert.True(stolen);
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(["while it is held"], await db.Settings.Where(s => s.Name.StartsWith("lease")).Select(s => s.Value).ToListAsync());
        var job = await db.Jobs.SingleAsync();
        Assert.Equal((JobState.Running, "another", (string?)null), (job.State, job.LeaseOwner, job.LastError));

        async Task SaveAsync(string what) => await services!.GetRequiredService<PortalStore>().WriteAsync(CurrentUser.System, (db, _) =>
        {
            db.Settings.Add(new Setting { Name = "lease " + what, Value = what });
            return Task.FromResult(Result.Done);
        }, default);
    }

    [Fact]
    public async Task What_a_job_writes_and_has_not_saved_keeps_others_from_taking_it()
    {
        var (writing, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        ServiceProvider? services = null;
        services = Services(async _ => await services!.GetRequiredService<PortalStore>().WriteAsync(CurrentUser.System, async (db, _) =>
        {
            db.Settings.Add(new Setting { Name = "lease", Value = "once" });
            writing.SetResult();
            await go.Task;
            return Result.Done;
        }, default));
        await using var _ = services;
        await AddAsync(services, "a");
        var here = Runner(services).RunNextAsync(default);
        await writing.Task;
        var taking = Database.ExecuteAsync("UPDATE jobs SET lease_owner = 'another' WHERE state = 'running'");
        await Task.Delay(500);
        Assert.False(taking.IsCompleted);
        go.SetResult();
        await here;
        await taking;
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(1, await db.Settings.CountAsync(s => s.Name == "lease"));
    }

    [Fact]
    public async Task A_job_with_which_each_portal_dies_is_given_up()
    {
        var runs = 0;
        await using var services = Services(_ =>
        {
            runs++;
            return Task.CompletedTask;
        });
        await AddAsync(services, "a");
        await Database.ExecuteAsync(
            $"UPDATE jobs SET state = 'running', attempts = {JobRunner.MostAttempts}, lease_owner = 'dead', lease_until = '2020-01-01 00:00:00'");
        Assert.True(await Runner(services).RunNextAsync(default));
        Assert.Equal(0, runs);
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        var job = await db.Jobs.SingleAsync();
        Assert.Equal(JobState.Failed, job.State);
        Assert.Contains("ended before the job did", job.LastError);
    }

    [Fact]
    public async Task Numbers_have_no_gaps_although_half_of_the_writes_are_refused()
    {
        await using var services = Services(_ => Task.CompletedTask);
        var store = services.GetRequiredService<PortalStore>();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => store.WriteAsync<string>(CurrentUser.System, async (db, ct) =>
        {
            var number = await Numbering.NextAsync(db, "T", 2026, ct);
            return i % 2 == 0 ? number : Error.Stale;
        }, default)));
        Assert.Equal(Enumerable.Range(1, 20).Select(n => $"T-2026-{n:000000}"), numbers.Where(n => n.Ok).Select(n => n.Value).Order());
    }

    [Fact]
    public async Task Every_change_is_audited_with_before_and_after_and_told_to_another_portal()
    {
        await using var here = Services(_ => Task.CompletedTask);
        await using var there = Services(_ => Task.CompletedTask);
        var heard = new TaskCompletionSource<Change>();
        var feed = there.GetRequiredService<LiveFeed>();
        using var listening = feed.Listen(
            ["settings"],
            changes =>
            {
                heard.TrySetResult(changes[0]);
                return Task.CompletedTask;
            }
        );
        using var reader = new LiveFeedReader(
            feed, there.GetRequiredService<IDbContextFactory<PortalDb>>(), TimeProvider.System, NullLogger<LiveFeedReader>.Instance);
        await reader.StartAsync(default);
        await Task.Delay(300);

        var user = CurrentUser.System with { Id = 7, Name = "Carolina", IpAddress = "192.0.2.1" };
        var store = here.GetRequiredService<PortalStore>();
        var id = await store.WriteAsync<int>(user, async (db, ct) =>
        {
            var setting = new Setting { Name = "name", Value = "Before" };
            db.Settings.Add(setting);
            await db.SaveChangesAsync(ct);
            setting.Value = "After";
            return setting.Id;
        }, default);

        Assert.Equal(id.Value, (await heard.Task.WaitAsync(TimeSpan.FromSeconds(10))).RecordId);
        await reader.StopAsync(default);
        await using var db = await store.OpenAsync(CurrentUser.System, default);
        var rows = await db.AuditLog.Where(e => e.TableName == "settings").OrderBy(e => e.Id).ToListAsync();
        Assert.Equal(["insert", "update"], rows.Select(r => r.Action));
        Assert.Equal(("""{"value":"Before"}""", """{"value":"After"}"""), (rows[1].OldValue, rows[1].NewValue));
        Assert.All(rows, r => Assert.Equal((7L, "Carolina", "192.0.2.1"), (r.UserId!.Value, r.ActorName, r.IpAddress)));
    }
}
