using System.Net;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Maintenance;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Access;

/// <summary>Modules that are switched on and off.</summary>
public sealed class ModuleTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new MaintenanceMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Off_its_permissions_are_nobodys_and_on_they_are_back_with_all_that_was_written()
    {
        var (modules, accounts) = (_world.Get<ModuleService>(), _world.Get<CurrentUserSource>());
        var admin = _world.As(Who.Admin);
        Assert.True(admin.Can(Permissions.MaintenanceView));

        Assert.True((await modules.SwitchAsync(Modules.Maintenance, false, admin, default)).Ok);
        var off = (await accounts.LoadAsync(AuthorityWorld.Id(Who.Admin), default))!.User;
        Assert.Equal(
            [Permissions.MaintenanceApprove, Permissions.MaintenanceEdit, Permissions.MaintenanceView], admin.Permissions.Except(off.Permissions).Order(StringComparer.Ordinal));
        Assert.Empty((await _world.Get<AssetService>().ListAsync(new(), off, default)).Rows);
        Assert.False((await modules.ListAsync(admin, default)).Single(m => m.Name == Modules.Maintenance).On);
        Assert.False((await _world.Get<AccessService>().MatrixAsync(admin, default))!.Modules.Single(m => m.Name == Modules.Maintenance).On);

        Assert.True((await modules.SwitchAsync(Modules.Maintenance, true, admin, default)).Ok);
        var on = (await accounts.LoadAsync(AuthorityWorld.Id(Who.Admin), default))!.User;
        Assert.Single((await _world.Get<AssetService>().ListAsync(new(), on, default)).Rows);
    }

    [Fact]
    public async Task To_begin_with_it_is_off_and_what_is_always_on_cannot_be_taken_away_by_a_row()
    {
        await database.CleanAsync();
        Assert.False(await _world.Get<ModuleStates>().IsOnAsync(Modules.Maintenance, default));
        await _world.BeginAsync(new MaintenanceMatrix());
        await database.ExecuteAsync("UPDATE modules SET enabled = 0 WHERE name = 'payments'");
        _world.Get<CurrentUserSource>().Forget();
        var admin = (await _world.Get<CurrentUserSource>().LoadAsync(AuthorityWorld.Id(Who.Admin), default))!.User;
        Assert.True(admin.Can(Permissions.PaymentsView));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Contains(AuthorityWorld.Id(Who.Admin), db.UsersWith(Permissions.PaymentsView).Select(u => u.Id));
        Assert.Contains(AuthorityWorld.Id(Who.Admin), db.UsersWith(Permissions.MaintenanceEdit).Select(u => u.Id));
        await database.ExecuteAsync("UPDATE modules SET enabled = 0 WHERE name = 'maintenance'");
        Assert.Empty(db.UsersWith(Permissions.MaintenanceEdit).Select(u => u.Id));
    }

    [Fact]
    public async Task What_is_always_on_and_what_is_not_there_cannot_be_switched()
    {
        var modules = _world.Get<ModuleService>();
        foreach (var name in new[] { "payments", "gate", "nothing" })
            Assert.Equal("not_found", (await modules.SwitchAsync(name, false, _world.As(Who.Admin), default)).Error!.Code);
    }

    [Fact]
    public async Task Off_its_addresses_are_not_there_for_anybody()
    {
        await using var host = new PortalHost(database.ConnectionString);
        var visitor = host.NewVisitor("es");
        await visitor.SignInAsync(AuthorityWorld.Username(Who.Admin), AuthorityWorld.Password);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/maintenance")).Status);
        Assert.NotEmpty((await visitor.GetAsync("/")).Document.QuerySelectorAll("a[href='/maintenance']"));
        await database.ExecuteAsync("UPDATE modules SET enabled = 0 WHERE name = 'maintenance'");
        await database.ExecuteAsync("INSERT INTO audit_log (table_name, action) VALUES ('modules', 'update')");

        // As a switch in another portal would tell it.
        for (var tries = 0; (await visitor.GetAsync("/maintenance")).Status != HttpStatusCode.NotFound; tries++)
        {
            Assert.True(tries < 100, "The switch was not heard of.");
            await Task.Delay(100);
        }

        foreach (var address in new[] { "/maintenance/assets", "/maintenance/assets/881", "/maintenance/orders", "/maintenance/export?format=csv" })
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync(address)).Status);
        Assert.Empty((await visitor.GetAsync("/")).Document.QuerySelectorAll("a[href='/maintenance']"));
    }
}
