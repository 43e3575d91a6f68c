using Portal.Data;
using Portal.Data.Notices;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Notices;

/// <summary>The notice board, in the building of two apartments.</summary>
public sealed class NoticeTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_notice_reaches_its_tower_in_its_time_and_counts_who_read_it()
    {
        var service = _world.Get<NoticeService>();
        var now = _world.Clock.Now;
        var (staff, owner) = (_world.As(Who.Staff), _world.As(Who.Owner));
        var up = (
            await service.SaveAsync(null, new("Up", "Now.", AuthorityWorld.Tower, null, now.AddHours(-1), now.AddHours(1)), staff, default)
        ).Value;
        var later = (await service.SaveAsync(null, new("Later", "Then.", null, null, now.AddHours(1), null), staff, default)).Value;
        var over = (
            await service.SaveAsync(null, new("Over", "Gone.", null, null, now.AddHours(-2), now.AddHours(-1)), staff, default)
        ).Value;

        var seen = (await service.ListAsync(new(), owner, default)).Rows.Select(r => r.Id).ToList();
        Assert.Contains(up, seen);
        Assert.DoesNotContain(later, seen);
        Assert.DoesNotContain(over, seen);
        // The guard has no apartment: a notice to a tower is not for them.
        Assert.DoesNotContain((await service.ListAsync(new(), _world.As(Who.Guard), default)).Rows, r => r.Id == up);

        await service.ReadAsync([up, later], owner, default);
        await service.ReadAsync([up], owner, default);
        var rows = (await service.ListAsync(new(), staff, default)).Rows;
        Assert.Equal(1, rows.Single(r => r.Id == up).Readers);
        Assert.Equal(0, rows.Single(r => r.Id == later).Readers);
        Assert.Equal("Owner Prueba", Assert.Single(await service.ReadersAsync(up, staff, default)).Name);
    }

    [Fact]
    public async Task A_notice_that_ends_before_it_begins_is_refused()
    {
        var now = _world.Clock.Now;
        var refused = await _world
            .Get<NoticeService>()
            .SaveAsync(null, new("", "Text.", null, null, now, now), _world.As(Who.Staff), default);
        Assert.Equal(["required", "notice.ends_early"], refused.Errors.Select(e => e.Code));
    }
}
