using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Guards;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Guards;

/// <summary>Insurances that end are told in good time, each step once.</summary>
public sealed class GuardCoversTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new Empty());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Theory]
    [InlineData(31, null)]
    [InlineData(30, GuardCovers.Month)]
    [InlineData(8, GuardCovers.Month)]
    [InlineData(7, GuardCovers.Week)]
    [InlineData(1, GuardCovers.Week)]
    [InlineData(0, GuardCovers.Over)]
    [InlineData(-20, GuardCovers.Over)]
    public void Thirty_seven_and_no_days_before_the_end(int days, string? step)
    {
        var today = new DateOnly(2028, 2, 29);
        Assert.Equal(step, GuardCovers.Step(today.AddDays(days), today));
    }

    [Fact]
    public async Task Each_step_is_told_once_to_all_who_manage_guards_and_anew_with_another_date()
    {
        var (store, today) = (_world.Get<PortalStore>(), _world.Clock.Today);
        await SetAsync(today.AddDays(25), today.AddDays(400));
        await RunAsync();
        await RunAsync();
        Assert.Equal([(GuardCovers.Month, 2)], await ToldAsync());

        // Days went by without a portal: the step of today is told, not all that were missed.
        await SetAsync(today.AddDays(25), today.AddDays(-1));
        await RunAsync();
        Assert.Equal([(GuardCovers.Month, 2), (GuardCovers.Over, 2)], await ToldAsync());

        // Renewed for a short time: the new date begins anew.
        await SetAsync(today.AddDays(25), today.AddDays(6));
        await RunAsync();
        await RunAsync();
        Assert.Equal([(GuardCovers.Month, 2), (GuardCovers.Over, 2), (GuardCovers.Week, 2)], await ToldAsync());
        return;

        async Task SetAsync(DateOnly arl, DateOnly eps) => Assert.True((await store.WriteAsync(CurrentUser.System, async (db, ct) =>
        {
            var guard = await db.Guards.SingleOrDefaultAsync(g => g.Identification == "77", ct);
            if (guard is null) db.Guards.Add(guard = new Guard { Name = "Ana", Identification = "77" });
            (guard.ArlExpiresOn, guard.EpsExpiresOn) = (arl, eps);
            return Result.Done;
        }, default)).Ok);

        Task RunAsync() => new GuardCovers(store, _world.Clock).RunAsync(today, default);

        async Task<List<(string, int)>> ToldAsync()
        {
            await using var db = await store.OpenAsync(CurrentUser.System, default);
            return [.. (await db.Notifications.Where(n => n.Type!.StartsWith("guard.")).GroupBy(n => n.Type!)
                .Select(g => new { g.Key, Count = g.Count() }).ToListAsync()).OrderBy(g => g.Key).Select(g => (g.Key, g.Count))];
        }
    }

    private sealed class Empty : AreaMatrix
    {
        public override IEnumerable<Entry> Entries => [];
    }
}
