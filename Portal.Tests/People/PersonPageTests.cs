using System.Globalization;
using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Hosting.Identity;
using Portal.Tests.Components;
using Portal.Tests.Payments;
using Portal.Tests.Server;
using Roles = Portal.Data.Access.Roles;

namespace Portal.Tests.People;

/// <summary>A person's page is whole for whoever may see each part of it.</summary>
public sealed class PersonPageTests : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly TestDatabase _database;
    private readonly PaymentWorld _world;

    public PersonPageTests(TestDatabase database)
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

    [Theory]
    [InlineData(Roles.Staff, true)]
    [InlineData(Roles.Security, false)]
    public async Task The_office_sees_what_a_person_pays_and_the_gate_what_they_drive(int role, bool money)
    {
        var home = await _world.HomeAsync();
        await _world.PaidAsync(home, 50_000);
        await _database.ExecuteAsync(
            $"INSERT INTO parking (space_number, status_id, license_plate, apartment_id) VALUES ('S1-01', 2, 'KLM 904', {home.Id})");
        var person = AddAuthorization();
        var reader = await _world.WorkerAsync(role);
        person.SetAuthorized(reader.Name);
        person.SetClaims(new Claim(ClaimTypes.NameIdentifier, reader.Id.ToString(CultureInfo.InvariantCulture)));
        SetRendererInfo(new RendererInfo("Server", true));

        var page = Render<Areas.People.Person>(parameters => parameters.Add(p => p.Id, home.User.Id));

        page.WaitForAssertion(() => Assert.Contains("KLM 904", page.Markup, StringComparison.Ordinal));
        Assert.Equal(money, page.Markup.Contains("RC-2026-000001", StringComparison.Ordinal));
        Assert.Equal(money, page.FindAll("a[href^='/payments?payer=']").Count == 1);
    }
}
