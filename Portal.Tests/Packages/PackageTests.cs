using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Packages;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Packages;

/// <summary>Packages at the gate, in the building of two apartments.</summary>
public sealed class PackageTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CommunityMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_package_received_is_told_to_the_owner_and_the_tenant_and_to_nobody_else()
    {
        var received = await _world
            .Get<PackageService>()
            .ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, " TCC ", "caja"), _world.As(Who.Guard), default);
        Assert.True(received.Ok);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var told = await db.Notifications.Where(n => n.Message == "TCC, caja").Select(n => n.RecipientId).ToListAsync();
        Assert.Equal([AuthorityWorld.Id(Who.Owner), AuthorityWorld.Id(Who.Tenant)], told.Order());
        Assert.DoesNotContain(
            (await _world.Get<PackageService>().ListAsync(new(), _world.As(Who.Neighbour), default)).Rows,
            r => r.Id == received.Value
        );
    }

    [Fact]
    public async Task A_package_is_handed_over_once_and_the_second_guard_hears_to_whom()
    {
        var service = _world.Get<PackageService>();
        var id = (await service.ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, "TCC", null), _world.As(Who.Guard), default)).Value;
        var both = await Task.WhenAll(
            service.HandOverAsync(id, "Ana", _world.As(Who.Guard), default),
            service.HandOverAsync(id, "Berta", _world.As(Who.Staff), default)
        );
        Assert.Single(both, r => r.Ok);
        var refused = both.Single(r => !r.Ok).Error!;
        Assert.Equal("package.collected", refused.Code);
        Assert.Contains(refused.Values[0], new object[] { "Ana", "Berta" });
        Assert.Equal("package.collected", (await service.ReturnAsync(id, _world.As(Who.Guard), default)).Error!.Code);
    }

    [Fact]
    public async Task A_package_needs_an_apartment_and_a_carrier_and_says_both_at_once()
    {
        var refused = await _world.Get<PackageService>().ReceiveAsync(new NewPackage(0, " ", null), _world.As(Who.Guard), default);
        Assert.Equal([nameof(NewPackage.ApartmentId), nameof(NewPackage.Carrier)], refused.Errors.Select(e => e.Field));
    }
}
