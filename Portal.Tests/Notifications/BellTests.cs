using Portal.Data;
using Portal.Data.Notifications;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Notifications;

/// <summary>The bells of two neighbours.</summary>
public sealed class BellTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Marking_all_as_read_leaves_the_bells_of_others_alone()
    {
        var service = _world.Get<NotificationService>();
        await service.ReadAllAsync(_world.As(Who.Neighbour), default);
        Assert.Contains((await service.ListAsync(new(), _world.As(Who.Owner), default)).Rows, r => !r.Read);
        await service.ReadAllAsync(_world.As(Who.Owner), default);
        Assert.DoesNotContain((await service.ListAsync(new(), _world.As(Who.Owner), default)).Rows, r => !r.Read);
    }
}
