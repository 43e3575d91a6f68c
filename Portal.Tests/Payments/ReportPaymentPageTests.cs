using System.Globalization;
using System.Security.Claims;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Payments;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Payments;
using Portal.Hosting.Identity;
using Portal.Tests.Components;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>A resident tells of a payment, with its real services on a real server; only the browser is missing.</summary>
public sealed class ReportPaymentPageTests : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly TestDatabase _database;
    private readonly PaymentWorld _world;

    public ReportPaymentPageTests(TestDatabase database)
    {
        _database = database;
        _world = new PaymentWorld(database);
        Services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.AddHttpContextAccessor();
        Services.AddScoped<Me>();
    }

    public override Task InitializeAsync() => _database.CleanAsync();

    public new async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_resident_names_only_what_is_due()
    {
        var home = await _world.HomeAsync();
        await _world.ChargeAsync(home, 400_000, due: new(2026, 10, 15));
        await _world.ChargeAsync(home, 3_824, ChargeKind.Interest, due: new(2026, 10, 31));
        var november = await _world.ChargeAsync(home, 400_000, due: new(2026, 11, 15));
        await _world.ChargeAsync(home, 210_000, ChargeKind.ExtraFee, due: new(2026, 12, 31));
        var person = AddAuthorization();
        person.SetAuthorized(home.User.Name);
        person.SetClaims(new Claim(ClaimTypes.NameIdentifier, home.User.Id.ToString(CultureInfo.InvariantCulture)));

        var page = Render<ReportPayment>();

        // The order of the law, and the two fees that are due: neither the interest nor what falls due later.
        Assert.Equal(3, page.WaitForElements("#f-namedchargeid option", 3).Count);
        await page.InvokeAsync(() => page.Find("#f-amount").Change("400000"));
        await page.InvokeAsync(() => page.Find("#f-methodid").Change("2"));
        await page.InvokeAsync(() => page.Find("#f-reference").Change("8841"));
        await page.InvokeAsync(() => page.Find("#f-namedchargeid").Change($"{november}"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForElement(".report-done");
        Assert.Equal(november, await _world.ReadAsync(db => db.Payments.Select(p => p.NamedChargeId).SingleAsync()));
    }
}
