using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.Notices;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Audit;

/// <summary>The audit log, in the building of two apartments.</summary>
public sealed class AuditTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task The_audit_log_tells_who_changed_what_from_where_before_and_after()
    {
        var notices = _world.Get<NoticeService>();
        var id = (
            await notices.SaveAsync(null, new("First", "Text.", null, null, _world.Clock.Now, null), _world.As(Who.Staff), default)
        ).Value;
        await notices.SaveAsync(id, new("Second", "Text.", null, null, _world.Clock.Now, null), _world.As(Who.Staff), default);
        var service = _world.Get<AuditService>();
        var filter = new Dictionary<string, string>
        {
            ["table"] = "notices",
            ["action"] = "update,delete",
            ["record"] = $"{id}",
        };
        var row = Assert.Single(
            (await service.ListAsync(new ListQuery(Search: "Staff", Filters: filter), _world.As(Who.Admin), default)).Rows
        );
        Assert.Equal("192.0.2.1", row.IpAddress);
        var found = await service.FindAsync(row.Id, _world.As(Who.Admin), default);
        Assert.Contains("\"title\":\"First\"", found!.Before);
        Assert.Contains("\"title\":\"Second\"", found.After);
    }
}
