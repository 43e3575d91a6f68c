using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Areas.People;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// Begins and ends sessions in the browser. The cookie says only who it is and which session; everything else is looked up.
/// </summary>
public sealed class SessionCookies(
    CurrentUserSource accounts, SessionService sessions, NewSignInService newSignIns, KnownDevices devices, TimeProvider time,
    IOptions<AccountOptions> options)
{
    /// <summary>Signs an account in on this device. The response must not have started.</summary>
    /// <param name="remember">Keeps the session when the browser is closed.</param>
    /// <param name="methods">How they came in: one of <see cref="SignInMethods"/>.</param>
    public async Task<Account> BeginAsync(HttpContext http, long accountId, bool remember, string methods = SignInMethods.Password)
    {
        var account =
            await accounts.LoadAsync(accountId, http.RequestAborted)
            ?? throw new InvalidOperationException(
                $"Account {accountId} was let in and is gone; nothing deletes accounts while they sign in."
            );
        var ticket = await sessions.BeginAsync(
            account, remember, http.Address(), http.Request.Headers.UserAgent.ToString(), http.User.Ticket(), methods,
            http.RequestAborted);
        var agent = Device.Of(http.Request.Headers.UserAgent.ToString());
        await newSignIns.AskAsync(
            account, ticket, methods, devices.Read(http).ContainsKey(accountId), http.Address(),
            string.Join(" · ", new[] { agent.Browser, agent.System }.Where(part => part is not null)));
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, accountId.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(ClaimTypes.Name, account.Username));
        identity.AddClaim(new Claim(PortalClaims.SessionId, ticket.SessionId.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(PortalClaims.Session, ticket.Token));
        if (methods == SignInMethods.Pin) identity.AddClaim(new Claim(PortalClaims.ByPin, "true"));
        var now = time.GetUtcNow();
        await http.SignInAsync(IdentityConstants.ApplicationScheme, new ClaimsPrincipal(identity), new AuthenticationProperties
        {
            IsPersistent = remember,
            IssuedUtc = now,

            // The office works in open pages, which renew no cookie: its own lasts the whole day, and the session says when it is over.
            ExpiresUtc = now + (account.IsOffice ? options.Value.OfficeSessionMost : options.Value.SessionLimits(false, remember).Idle),
        });
        devices.Add(http, accountId);
        return account;
    }

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(IdentityConstants.ApplicationScheme);

    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var sessions = http.RequestServices.GetRequiredService<SessionSource>();
        var ticket = context.Principal?.Ticket();
        var state = ticket is null ? SessionState.Ended : await sessions.CheckAsync(ticket, http.RequestAborted);
        if (state == SessionState.Ended)
        {
            context.RejectPrincipal();
            await EndAsync(http);
            return;
        }

        if (state == SessionState.Alive) await sessions.SeenAsync(ticket!, http.Address(), http.RequestAborted);
    }
}

/// <summary>
/// Gives a request's principal what its account has now: role, permissions (as claims, from <c>role_permissions</c>), and the address it
/// comes from. Nothing of this is in the cookie.
/// </summary>
internal sealed class FreshClaims(CurrentUserSource accounts, IHttpContextAccessor requests) : IClaimsTransformation
{
    private const string Label = "now";

    /// <summary>Whether it is known what this person may do; false only while the database cannot be asked.</summary>
    public static bool Knows(ClaimsPrincipal principal) => principal.Identities.Any(i => i.Label == Label);

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (principal.AccountId() is not { } id || Knows(principal)) return principal;
        if ((await accounts.LookAsync(id, CancellationToken.None)).Value is not { IsActive: true } account) return principal;

        // The cookie's own principal stays as it is: it is written again when the cookie is renewed.
        var fresh = new ClaimsIdentity { Label = Label };
        fresh.AddClaim(new Claim(ClaimTypes.Role, account.RoleName));
        if (account.MustChangePassword) fresh.AddClaim(new Claim(PortalClaims.MustChangePassword, "true"));
        var byPin = principal.IsByPin();

        // A PIN opens nothing that a second step would protect.
        if (account.MustEnrol && !byPin) fresh.AddClaim(new Claim(PortalClaims.MustEnrol, "true"));
        if (requests.HttpContext.Address() is { } address) fresh.AddClaim(new Claim(PortalClaims.Address, address));
        var together = principal.Clone();
        together.AddIdentities([fresh, byPin ? new ClaimsIdentity(account.ClaimsAtTheGate) : account.Claims]);
        return together;
    }
}
