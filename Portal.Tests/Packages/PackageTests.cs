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
            service.HandOverAsync(id, new Pickup("Ana"), _world.As(Who.Guard), default),
            service.HandOverAsync(id, new Pickup("Berta"), _world.As(Who.Staff), default)
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

    /// <summary>Enough of a scrawl to be a signature.</summary>
    private const string Signed = "M1 1L2 2L3 3L4 4L5 5L6 6L7 7L8 8L9 9";

    [Fact]
    public async Task The_apartment_sees_the_code_and_the_guard_does_not_and_with_it_no_name_is_needed()
    {
        var service = _world.Get<PackageService>();
        var id = (await service.ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, "TCC", null), _world.As(Who.Guard), default)).Value;
        async Task<PackageRow> SeenAsync(Who who) =>
            (await service.ListAsync(new(), _world.As(who), default)).Rows.Single(r => r.Id == id);
        var code = (await SeenAsync(Who.Tenant)).Code!;
        Assert.Matches("^[0-9]{6}$", code);
        Assert.Equal(code, (await SeenAsync(Who.Owner)).Code);
        Assert.Null((await SeenAsync(Who.Guard)).Code);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            var audited = await db.AuditLog.Where(e => e.TableName == "packages" && e.RecordId == id).Select(e => e.NewValue).SingleAsync();
            Assert.DoesNotContain(code, audited);
        }

        var wrong = code == "000000" ? "000001" : "000000";
        Assert.Equal("package.code", (await service.HandOverAsync(id, new Pickup("Ana", wrong), _world.As(Who.Guard), default)).Error!.Code);
        Assert.Equal("required", (await service.HandOverAsync(id, new Pickup(" "), _world.As(Who.Guard), default)).Error!.Code);
        Assert.True((await service.HandOverAsync(id, new Pickup(null, code), _world.As(Who.Guard), default)).Ok);
        var given = await SeenAsync(Who.Owner);
        Assert.Equal(
            (PackageState.Collected, PickupProof.Code, null, null), (given.State, given.Proof, given.CollectedBy, given.Code));
        Assert.Equal(0, await GoneAsync(id));
    }

    [Fact]
    public async Task Who_signs_needs_a_name_and_the_apartment_hears_of_it_and_sees_the_signature_and_others_do_not()
    {
        var service = _world.Get<PackageService>();
        var id = (await service.ReceiveAsync(new NewPackage(AuthorityWorld.Apartment, "TCC", null), _world.As(Who.Guard), default)).Value;
        var broken = await service.HandOverAsync(id, new Pickup("Ana", null, "M1 1<script>"), _world.As(Who.Guard), default);
        Assert.Equal("package.signature", broken.Error!.Code);
        Assert.True((await service.HandOverAsync(id, new Pickup("Ana", null, Signed), _world.As(Who.Guard), default)).Ok);
        Assert.Equal(Signed, await service.SignatureAsync(id, _world.As(Who.Tenant), default));
        Assert.Null(await service.SignatureAsync(id, _world.As(Who.Neighbour), default));
        Assert.Equal(2, await GoneAsync(id));
    }

    [Theory]
    [InlineData(Signed, true)]
    [InlineData("M1 1L2 2", false)]
    [InlineData("", false)]
    [InlineData("M1 1L2 2L3 3L4 4L5 5L6 6L7 7L8 8L9 9\"/><script>", false)]
    [InlineData("M1 1L2 2L3 3L4 4L5 5L6 6L7 7L8 8L9 9999", false)]
    public void A_signature_is_moves_and_lines_and_nothing_else(string path, bool good) => Assert.Equal(good ? path : null, Signatures.Read(path));

    [Fact]
    public void A_signature_is_twenty_kilobytes_at_most()
    {
        var long_ = "M1 1" + string.Concat(Enumerable.Repeat("L222 111", 2_500));
        Assert.Null(Signatures.Read(long_));
        Assert.NotNull(Signatures.Read(long_[..(4 + (8 * 2_400))]));
    }

    private async Task<int> GoneAsync(long id)
    {
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        return await db.Notifications.CountAsync(n => n.UniqueKey!.StartsWith($"package:{id}:"));
    }
}
