using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// The signed-in state of one circuit. It ends when the account's session does: at once when the live feed tells of the change, else at the
/// next look.
/// When only what the role may do has changed, the pages are told to ask again.
/// </summary>
public sealed class CircuitSession : RevalidatingServerAuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider
{
    private static readonly string[] RoleTables = ["roles", "role_permissions", "permissions"];

    private readonly CurrentUserSource _accounts;
    private IDisposable? _listening;
    private ClaimsPrincipal? _principal;

    public CircuitSession(CurrentUserSource accounts, ILoggerFactory loggers) : base(loggers) => _accounts = accounts;

    /// <summary>Whether this scope belongs to a page or circuit at all; an endpoint's does not.</summary>
    public bool HasState { get; private set; }

    // With what CurrentUserSource remembers, within a minute of a change made past the portal.
    protected override TimeSpan RevalidationInterval { get; } = TimeSpan.FromSeconds(30);

    void IHostEnvironmentAuthenticationStateProvider.SetAuthenticationState(Task<AuthenticationState> authenticationStateTask)
    {
        HasState = true;
        SetAuthenticationState(authenticationStateTask);
    }

    /// <summary>
    /// Begins to listen for changes. Only in a circuit: a page that is being prerendered lasts a moment and was checked when it was asked
    /// for, and a change of
    /// state while its HTML is written out makes the framework write in circles until the process dies (dotnet/aspnetcore issue 69035).
    /// </summary>
    public void Watch() => _listening ??= _accounts.Listen(ListenAsync);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) => await SessionCheck.IsAliveAsync(_accounts, authenticationState.User, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _listening?.Dispose();
        base.Dispose(disposing);
    }

    private async Task ListenAsync(IReadOnlyList<Change> changes)
    {
        _principal ??= (await GetAuthenticationStateAsync()).User;
        if (_principal.AccountId() is not { } id) return;
        if (!changes.Any(c => c.Table == "users" ? c.RecordId == id : RoleTables.Contains(c.Table))) return;
        var alive = await SessionCheck.IsAliveAsync(_accounts, _principal, CancellationToken.None);
        var principal = alive ? _principal : new ClaimsPrincipal(new ClaimsIdentity());
        _principal = principal;
        SetAuthenticationState(Task.FromResult(new AuthenticationState(principal)));
    }
}

/// <summary>Starts the watch when a circuit opens.</summary>
internal sealed class CircuitSessionWatch(AuthenticationStateProvider session) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        (session as CircuitSession)?.Watch();
        return Task.CompletedTask;
    }
}

/// <summary>Whether a principal's session still holds.</summary>
internal static class SessionCheck
{
    public static async Task<bool> IsAliveAsync(CurrentUserSource accounts, ClaimsPrincipal principal, CancellationToken ct)
    {
        if (principal.AccountId() is not { } id || principal.FindFirstValue(PortalClaims.Stamp) is not { } stamp) return false;
        if (Holds(await accounts.FindAsync(id, ct), stamp)) return true;

        // What is remembered may be older than the session, begun a moment ago in another portal: the database has the last word.
        return Holds(await accounts.LoadAsync(id, ct), stamp);
    }

    private static bool Holds(Account? account, string stamp) => account is { IsActive: true } && account.Stamp == stamp;
}
