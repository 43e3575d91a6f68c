using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Audit;
using Portal.Data.People;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.People;

/// <summary>The list of people as a file.</summary>
public sealed class PeopleExportTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new RegistryMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task That_it_left_the_portal_and_of_how_many_people_stays_in_the_audit_log()
    {
        var service = _world.Get<PeopleService>();
        var rows = await service.ExportAsync(new ListQuery(), _world.As(Who.Admin), default).ToListAsync();
        Assert.Empty(await service.ExportAsync(new ListQuery(), _world.As(Who.Owner), default).ToListAsync());
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var line = Assert.Single(await db.AuditLog.Where(e => e.Action == PeopleService.Exported).ToListAsync());
        Assert.Equal((AuthorityWorld.Id(Who.Admin), AuditSeverity.Warning), (line.UserId, line.Severity));
        Assert.Contains($"\"people\":{rows.Count}", line.NewValue!.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(rows);
    }
}
