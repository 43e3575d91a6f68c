using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// Begins and ends sessions. The cookie says only who it is and what the session is bound to; everything else is looked up.
/// </summary>
public sealed class SessionCookies(CurrentUserSource accounts, TimeProvider time, IOptions<AccountOptions> options)
{
    /// <summary>Signs an account in on this device. The response must not have started.</summary>
    /// <param name="remember">Keeps the session when the browser is closed.</param>
    public async Task<Account> BeginAsync(HttpContext http, long accountId, bool remember)
    {
        var account =
            await accounts.LoadAsync(accountId, http.RequestAborted)
            ?? throw new InvalidOperationException(
                $"Account {accountId} was let in and is gone; nothing deletes accounts while they sign in."
            );
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, accountId.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(ClaimTypes.Name, account.Username));
        identity.AddClaim(new Claim(PortalClaims.Stamp, account.Stamp));
        var now = time.GetUtcNow();
        await http.SignInAsync(IdentityConstants.ApplicationScheme, new ClaimsPrincipal(identity), new AuthenticationProperties
        {
            IsPersistent = remember,
            IssuedUtc = now,
            ExpiresUtc = now + (remember ? options.Value.RememberedLasts : options.Value.SessionLasts),
        });
        return account;
    }

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(IdentityConstants.ApplicationScheme);

    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var accounts = context.HttpContext.RequestServices.GetRequiredService<CurrentUserSource>();
        if (
            context.Principal is not null
            && await SessionCheck.IsAliveAsync(accounts, context.Principal, context.HttpContext.RequestAborted)
        )
            return;
        context.RejectPrincipal();
        await EndAsync(context.HttpContext);
    }
}

/// <summary>
/// Gives a request's principal what its account has now: role, permissions (as claims, from <c>role_permissions</c>), and the address it
/// comes from. Nothing of this
/// is in the cookie.
/// </summary>
internal sealed class FreshClaims(CurrentUserSource accounts, IHttpContextAccessor requests) : IClaimsTransformation
{
    private const string Label = "now";

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (principal.AccountId() is not { } id || principal.Identities.Any(i => i.Label == Label)) return principal;
        if (await accounts.FindAsync(id, CancellationToken.None) is not { IsActive: true } account) return principal;

        // The cookie's own principal stays as it is: it is written again when the cookie is renewed.
        var fresh = new ClaimsIdentity { Label = Label };
        fresh.AddClaim(new Claim(ClaimTypes.Role, account.RoleName));
        if (account.MustChangePassword) fresh.AddClaim(new Claim(PortalClaims.MustChangePassword, "true"));
        if (requests.HttpContext.Address() is { } address) fresh.AddClaim(new Claim(PortalClaims.Address, address));
        var together = principal.Clone();
        together.AddIdentities([fresh, account.Claims]);
        return together;
    }
}
