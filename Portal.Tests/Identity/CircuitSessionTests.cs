using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Hosting.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>What happens to somebody who has the portal open while their account changes.</summary>
public sealed class CircuitSessionTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task A_suspended_person_is_out_of_their_open_page_at_once()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromHours(1));
        await world.StartFeedAsync();
        var admin = await world.AsAsync(await world.AddAsync("admin", Roles.Admin));
        var id = await world.AddAsync("carla", Roles.Staff);
        var other = await world.AddAsync("daniel", Roles.Staff);
        await world.FeedReadAsync();
        using var circuit = await OpenAsync(world, id);
        using var another = await OpenAsync(world, other);
        Assert.True((await world.Get<AccountService>().SetStatusAsync(id, UserState.Suspended, admin, default)).Ok);
        await CurrentUserTests.EventuallyAsync(async () =>
            (await circuit.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated != true
        );
        Assert.True((await another.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task A_change_to_the_role_makes_the_open_page_ask_again_and_leaves_the_session()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromHours(1));
        await world.StartFeedAsync();
        var id = await world.AddAsync("carla", Roles.Staff);
        await world.FeedReadAsync();
        using var circuit = await OpenAsync(world, id);
        var told = 0;
        circuit.AuthenticationStateChanged += _ => Interlocked.Increment(ref told);
        await Database.ExecuteAsync("INSERT INTO audit_log (table_name, action) VALUES ('role_permissions', 'delete')");
        await CurrentUserTests.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref told) > 0));
        Assert.True((await circuit.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task A_page_being_prerendered_is_left_alone_by_changes()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.StartFeedAsync();
        var id = await world.AddAsync("carla", Roles.Staff);
        await world.FeedReadAsync();
        using var page = new CircuitSession(world.Get<SessionSource>(), world.Clock, NullLoggerFactory.Instance);
        ((IHostEnvironmentAuthenticationStateProvider)page).SetAuthenticationState(
            Task.FromResult(new AuthenticationState(await PrincipalAsync(world, id)))
        );
        var told = 0;
        page.AuthenticationStateChanged += _ => Interlocked.Increment(ref told);
        using var circuit = await OpenAsync(world, id);
        await Database.ExecuteAsync(
            "UPDATE users SET user_status_id = 3; INSERT INTO audit_log (table_name, action) VALUES ('role_permissions', 'delete')"
        );
        await CurrentUserTests.EventuallyAsync(async () =>
            (await circuit.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated != true
        );
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task A_policy_is_a_permission_and_is_asked_of_the_tables_each_time()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("carla", Roles.Staff);
        await world.AddAsync("admin", Roles.Admin);
        await using var host = new PortalHost(Database.ConnectionString);
        using var scope = host.Services.CreateScope();
        var authorization = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();
        var carla = await PrincipalAsync(world, id);
        async Task<bool> MayAsync(string policy) => (await authorization.AuthorizeAsync(carla, null, policy)).Succeeded;

        Assert.True(await MayAsync(Permissions.PaymentsConfirm));
        Assert.False(await MayAsync(Permissions.AccessManage));
        Assert.True(await MayAsync(Permissions.AccessManage + "|" + Permissions.PaymentsView));
        Assert.False(
            (await authorization.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity()), null, Permissions.PaymentsConfirm)).Succeeded
        );

        await Database.ExecuteAsync(
            """
            DELETE rp FROM role_permissions AS rp JOIN permissions AS p ON p.id = rp.permission_id WHERE rp.role_id = 2 AND p.name = 'payments.confirm';
            INSERT INTO audit_log (table_name, action) VALUES ('role_permissions', 'delete')
            """);
        await CurrentUserTests.EventuallyAsync(async () => !await MayAsync(Permissions.PaymentsConfirm));
    }

    [Fact]
    public async Task Every_permission_is_a_policy_and_anything_else_is_a_mistake()
    {
        await using var host = new PortalHost(Database.ConnectionString);
        var policies = host.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        foreach (var name in Permissions.All) Assert.NotNull(await policies.GetPolicyAsync(name));
        Assert.Null(await policies.GetPolicyAsync("payments.veiw"));
    }

    [Fact]
    public async Task An_open_page_whose_session_is_ended_elsewhere_is_signed_out_and_the_others_are_not()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromHours(1));
        await using var elsewhere = new IdentityWorld(Database.ConnectionString);
        await world.StartFeedAsync();
        var id = await world.AddAsync("carla", Roles.Staff);
        await world.FeedReadAsync();
        var (one, two) = (await world.BeginAsync(id), await world.BeginAsync(id));
        using var first = Open(world, one);
        using var second = Open(world, two);
        var carla = await elsewhere.AsAsync(id) with { SessionId = two.SessionId };
        Assert.True((await elsewhere.Get<SessionService>().EndAsync(id, one.SessionId, carla, default)).Ok);
        await CurrentUserTests.EventuallyAsync(async () =>
            (await first.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated != true
        );
        Assert.True((await second.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
    }

    private static ClaimsPrincipal Principal(SessionTicket ticket) =>
        new(
            new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.NameIdentifier, ticket.AccountId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    new Claim(PortalClaims.SessionId, ticket.SessionId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    new Claim(PortalClaims.Session, ticket.Token),
                ],
                IdentityConstants.ApplicationScheme
            )
        );

    private static async Task<ClaimsPrincipal> PrincipalAsync(IdentityWorld world, long id) => Principal(await world.BeginAsync(id));

    private static async Task<CircuitSession> OpenAsync(IdentityWorld world, long id) => Open(world, await world.BeginAsync(id));

    private static CircuitSession Open(IdentityWorld world, SessionTicket ticket)
    {
        var session = new CircuitSession(world.Get<SessionSource>(), world.Clock, NullLoggerFactory.Instance);
        ((IHostEnvironmentAuthenticationStateProvider)session).SetAuthenticationState(
            Task.FromResult(new AuthenticationState(Principal(ticket)))
        );
        session.Watch();
        return session;
    }
}
