using System.Globalization;
using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Identity;
using Portal.Hosting.Identity;
using Portal.Tests.Components;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>A page with its real services on a real server, in a building where people pay; only the browser is missing.</summary>
public abstract class PageContext : PartsContext, IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly BunitAuthorizationContext _person;

    protected PageContext(TestDatabase database)
    {
        Database = database;
        World = new PaymentWorld(database);
        Services.AddPortalData(
            options => options.UseDatabase(database.ConnectionString), TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.AddHttpContextAccessor();
        Services.AddScoped<Me>();
        _person = this.AddAuthorization();
    }

    protected TestDatabase Database { get; }

    private protected PaymentWorld World { get; }

    public override Task InitializeAsync() => Database.CleanAsync();

    public new async Task DisposeAsync()
    {
        await World.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <param name="ticket">The session they are in, where the page asks for one.</param>
    protected void SignIn(CurrentUser who, SessionTicket? ticket = null)
    {
        _person.SetAuthorized(who.Name);
        List<Claim> claims = [new(ClaimTypes.NameIdentifier, who.Id.ToString(CultureInfo.InvariantCulture))];
        if (ticket is not null)
        {
            claims.Add(new(PortalClaims.SessionId, ticket.SessionId.ToString(CultureInfo.InvariantCulture)));
            claims.Add(new(PortalClaims.Session, ticket.Token));
        }

        _person.SetClaims([.. claims]);
    }
}
