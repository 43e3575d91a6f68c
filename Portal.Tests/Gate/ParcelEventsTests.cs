using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Packages;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Gate;

/// <summary>What a terminal tells of parcels: it has gone, whatever was shown.</summary>
public sealed class ParcelEventsTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string Signed = "M1 1L2 2L3 3L4 4L5 5L6 6L7 7L8 8L9 9";

    private readonly GateWorld _world = new(database);

    public async Task InitializeAsync()
    {
        await _world.BeginAsync();
        _world.Now(4, 18, 0);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(true, null, null, "code", 0)]
    [InlineData(false, "Ana", Signed, "signature", 2)]
    [InlineData(false, "Ana", "scrawl", "none", 2)]
    [InlineData(false, "Ana", null, "none", 2)]
    public async Task It_is_recorded_with_what_proves_it(bool withCode, string? name, string? signature, string proof, int told)
    {
        await _world.A.SendAsync("parcel_in", At(4, 17, 0), new { unit = AuthorityWorld.Apartment, carrier = "TCC" });
        var parcel = await ReadAsync();
        Assert.Matches("^[0-9]{6}$", parcel.PickupCode);
        var other = parcel.PickupCode == "000000" ? "000001" : "000000";
        var done = await _world.A.SendAsync(
            "parcel_out", At(4, 18, 0), new { parcel = parcel.Id, name, code = withCode ? parcel.PickupCode : other, signature });
        Assert.Equal(EventOutcome.Applied, done.Outcome);
        var gone = await ReadAsync();
        Assert.Equal(
            (PackageState.Collected, proof, name, null, (long?)AuthorityWorld.Id(Who.Guard)),
            (gone.Status, gone.Proof.ToString()!.ToLowerInvariant(), gone.CollectedByName, gone.PickupCode, gone.HandedBy));
        Assert.Equal(proof == "signature" ? signature : null, gone.Signature);
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(told, await db.Notifications.CountAsync(n => n.Type == PackageService.Gone));

        // Another terminal gave it away too: it hears to whom it had gone.
        var again = await _world.B.SendAsync("parcel_out", At(4, 18, 0), new { parcel = parcel.Id, name = "Otto" });
        Assert.Equal((EventOutcome.Refused, "collected"), (again.Outcome, again.Reason));
    }

    [Fact]
    public async Task A_terminal_knows_the_codes_of_what_waits_by_their_salted_hash_alone()
    {
        await _world.A.SendAsync("parcel_in", At(4, 17, 0), new { unit = AuthorityWorld.Apartment, carrier = "TCC", description = "caja" });
        var parcel = await ReadAsync();
        var snapshot = await _world.Get<GateSnapshots>().NowAsync(default);
        var text = snapshot.Sections.Single(s => s.Name == "parcels").Json;
        Assert.DoesNotContain(parcel.PickupCode!, text);
        using var json = JsonDocument.Parse(text);
        var salt = json.RootElement.GetProperty("salt").GetString();
        var one = json.RootElement.GetProperty("list")[0];
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}{parcel.Id}:{parcel.PickupCode}")));
        string? Said(string name) => one.GetProperty(name).GetString();
        Assert.Equal(("TCC", "Torre A 101", hash), (Said("carrier"), Said("unit"), Said("h")));
    }

    private async Task<Package> ReadAsync()
    {
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        return await db.Packages.AsNoTracking().SingleAsync();
    }
}
