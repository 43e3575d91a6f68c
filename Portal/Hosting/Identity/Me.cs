using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Data;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// Who uses this page or endpoint, as the services want to know it: <c>await me.GetAsync()</c>. Always what they may do now, never what
/// they might have when they signed in. The same in prerendering, in a circuit and in an HTTP endpoint.
/// </summary>
public sealed class Me(CurrentUserSource accounts, AuthenticationStateProvider states, IHttpContextAccessor requests)
{
    /// <summary>For the services; <see cref="CurrentUser.Nobody"/> when nobody is signed in or the session has ended.</summary>
    public async Task<CurrentUser> GetAsync(CancellationToken ct = default)
    {
        var principal = await PrincipalAsync();
        var address = principal.FindFirstValue(PortalClaims.Address) ?? requests.HttpContext.Address();
        return await AccountAsync(principal, ct) is { } account
            ? account.In(principal) with
            {
                IpAddress = address,
                // One without a session, which there is none of, is nobody's: what asks for a fresh sign-in refuses it.
                SessionId = principal.Ticket()?.SessionId ?? 0,
            }
            : CurrentUser.Nobody with
            {
                IpAddress = address,
            };
    }

    /// <summary>The account behind it: names, language, role. Null when nobody is signed in.</summary>
    public async Task<Account?> GetAccountAsync(CancellationToken ct = default) => await AccountAsync(await PrincipalAsync(), ct);

    private async Task<Account?> AccountAsync(ClaimsPrincipal principal, CancellationToken ct) =>
        principal.AccountId() is { } id && await accounts.FindAsync(id, ct) is { IsActive: true } account ? account : null;

    private async Task<ClaimsPrincipal> PrincipalAsync() =>
        // A component has the state of its page or circuit; an endpoint has only its request.
        states is CircuitSession { HasState: false }
            ? requests.HttpContext?.User ?? new ClaimsPrincipal(new ClaimsIdentity())
            : (await states.GetAuthenticationStateAsync()).User;
}

public static class RequestAddress
{
    /// <summary>Where a request came from, as it is written into the audit log; IPv4 in its usual form.</summary>
    public static string? Address(this HttpContext? http) =>
        http?.Connection.RemoteIpAddress is { } address ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : null;
}
