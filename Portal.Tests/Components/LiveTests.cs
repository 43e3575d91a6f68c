using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Components.Shared;
using Portal.Data.Audit;
using Portal.Data.Database;
using Xunit;

namespace Portal.Tests.Components;

/// <summary>What <see cref="Live"/> tells a page, and when.</summary>
public sealed class LiveTests : PartsContext
{
    private static readonly string[] Payments = ["payments"];

    private readonly LiveFeed _feed = new();
    private int _told;

    public LiveTests()
    {
        Services.AddSingleton(_feed);
        Services.AddSingleton<DatabaseWatch>();
        SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public async Task What_changed_between_the_prerendering_and_the_circuit_is_told_as_the_circuit_begins()
    {
        var read = _feed.Moment(TimeSpan.Zero);
        await ChangeAsync("payments");
        Services.GetRequiredService<LiveStart>().Carried = read;
        using var page = Listening();
        await ToldAsync(1);
    }

    [Fact]
    public async Task What_changed_elsewhere_or_before_is_not()
    {
        await ChangeAsync("payments");
        Services.GetRequiredService<LiveStart>().Carried = _feed.Moment(TimeSpan.Zero);
        await ChangeAsync("pqrs");
        using var page = Listening();
        await Task.Delay(400);
        Assert.Equal(0, _told);
    }

    [Fact]
    public async Task What_no_feed_remembers_may_have_changed()
    {
        static bool Seven(Change change) => change.RecordId == 7;
        var (start, other) = (_feed.Moment(TimeSpan.Zero), new LiveFeed().Moment(TimeSpan.Zero));
        Assert.False(_feed.MayHaveChanged(start, Payments));
        Assert.True(_feed.MayHaveChanged(other, Payments));

        await ChangeAsync("payments", 7);
        Assert.True(_feed.MayHaveChanged(start, Payments, Seven));
        Assert.False(_feed.MayHaveChanged(start, Payments, c => c.RecordId == 8));
        Assert.False(_feed.MayHaveChanged(_feed.Moment(TimeSpan.Zero), Payments, Seven));
        Assert.True(_feed.MayHaveChanged(_feed.Moment(TimeSpan.FromMinutes(1)), Payments, Seven));

        await _feed.TellAsync([.. Enumerable.Range(0, 5000).Select(i => new Change("visitors", i, "INSERT"))], NullLogger.Instance);
        Assert.True(_feed.MayHaveChanged(start, ["pets"]));
    }

    [Fact]
    public async Task One_reading_is_over_before_the_next_begins()
    {
        var (running, most, first) = (0, 0, new TaskCompletionSource());
        using var page = Listening(async () =>
        {
            most = Math.Max(most, ++running);
            if (Interlocked.Increment(ref _told) == 1) await first.Task;
            running--;
        });
        await ChangeAsync("payments");
        await ToldAsync(1);
        await ChangeAsync("payments");
        await Task.Delay(400);
        Assert.Equal(1, _told);
        first.SetResult();
        await ToldAsync(2);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_page_the_database_had_no_time_for_asks_again()
    {
        using var page = Listening(() => Interlocked.Increment(ref _told) == 1 ? throw new DatabaseAwayException() : Task.CompletedTask);
        await ChangeAsync("payments");
        await ToldAsync(2);
    }

    [Fact]
    public async Task A_listener_that_fails_silences_no_other()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => _feed.Listen(_ => throw new OperationCanceledException())).ToList();
        using var page = Listening();
        listeners.AddRange(Enumerable.Range(0, 5).Select(_ => _feed.Listen(_ => throw new OperationCanceledException())));
        await ChangeAsync("payments");
        await ToldAsync(1);
        listeners.ForEach(one => one.Dispose());
    }

    [Fact]
    public void Pages_listen_by_nothing_else()
    {
        // What listens to the feed itself loses what changed when the database had no time for the reading, and before its circuit began.
        var areas = new DirectoryInfo(Path.Combine(WordsTests.Portal, "Areas"));
        var past = areas.EnumerateFiles("*.*", SearchOption.AllDirectories).Where(file => file.Extension is ".cs" or ".razor")
            .Where(file => File.ReadAllText(file.FullName).Contains("LiveFeed", StringComparison.Ordinal));
        Assert.Empty(past.Select(file => file.Name));
    }

    // It draws nothing, so no drawing can be waited for.
    private async Task ToldAsync(int times)
    {
        for (var i = 0; i < 1000 && Volatile.Read(ref _told) < times; i++) await Task.Delay(10);
        Assert.Equal(times, _told);
    }

    private Task ChangeAsync(string table, long record = 1) => _feed.TellAsync([new Change(table, record, "UPDATE")], NullLogger.Instance);

    private IRenderedComponent<Live> Listening(Func<Task>? read = null) => Render<Live>(parameters => parameters
        .Add(live => live.Tables, Payments)
        .Add(live => live.Changed, EventCallback.Factory.Create(this, read ?? (() =>
        {
            Interlocked.Increment(ref _told);
            return Task.CompletedTask;
        }))));
}
