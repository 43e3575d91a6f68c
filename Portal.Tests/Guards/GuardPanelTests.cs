using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Areas.Guards;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Guards;
using Portal.Hosting.Identity;
using Portal.Tests.Authority;
using Portal.Tests.Components;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Guards;

/// <summary>A form with its real service, while somebody else saves the same guard.</summary>
public sealed class GuardPanelTests : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world;

    public GuardPanelTests(TestDatabase database)
    {
        _world = new AuthorityWorld(database);
        Services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.AddHttpContextAccessor();
        Services.AddScoped<Me>();
    }

    public override async Task InitializeAsync()
    {
        await _world.BeginAsync(new CensusMatrix());
        var person = this.AddAuthorization();
        person.SetAuthorized("admin");
        person.SetClaims(new Claim(ClaimTypes.NameIdentifier, $"{AuthorityWorld.Id(Who.Admin)}"));
    }

    public new async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task What_another_made_of_a_field_is_told_at_it_and_saving_again_is_a_choice()
    {
        var (service, staff) = (_world.Get<GuardService>(), _world.As(Who.Staff));
        var read = new GuardInput("Ana", "2020", Shift.Morning, "310", null, null, null, null);
        var id = (await service.SaveAsync(null, read, staff, default)).Value;
        var (closed, panel) = (false, Render<MudDialogProvider>());
        Render<GuardPanel>(parameters => parameters
            .Add(p => p.Guard, RowAsync().GetAwaiter().GetResult())
            .Add(p => p.Open, true)
            .Add(p => p.OpenChanged, open => closed = !open));
        await service.SaveAsync(id, read with { Phone = "311", ArlNumber = "ARL-1", Read = read }, staff, default);

        await panel.Find("#f-phone").ChangeAsync("312");
        await panel.InvokeAsync(() => panel.Find("form").Submit());
        panel.WaitForAssertion(() => Assert.Contains("ahora dice «311»", panel.Find("#f-phone-error").TextContent, StringComparison.Ordinal));
        Assert.Equal("312", panel.Find("#f-phone").GetAttribute("value"));
        Assert.False(closed);

        await panel.InvokeAsync(() => panel.Find("form").Submit());
        panel.WaitForAssertion(() => Assert.True(closed));
        // Nobody was told of the insurance that the other wrote: it is not put back.
        Assert.Equal(("312", "ARL-1"), await RowAsync() is var row ? (row.Phone, row.ArlNumber) : default);

        async Task<GuardRow> RowAsync() => Assert.Single((await service.ListAsync(new ListQuery("Ana"), staff, default)).Rows);
    }
}
