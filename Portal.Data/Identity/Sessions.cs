using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Data.Identity;

/// <summary>What the portal writes into the principal of somebody signed in.</summary>
public static class PortalClaims
{
    /// <summary>A permission's name. Never in the cookie: read anew for each request.</summary>
    public const string Permission = "permission";

    /// <summary>See <see cref="SessionStamp"/>.</summary>
    public const string Stamp = "AspNet.Identity.SecurityStamp";

    /// <summary>Where the request came from; carried into the circuit, which has no request of its own.</summary>
    public const string Address = "address";

    /// <summary>There when a new password must be chosen before anything else.</summary>
    public const string MustChangePassword = "must_change_password";

    /// <summary>The account's id; null where nobody is signed in.</summary>
    public static long? AccountId(this ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true
        && long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
}

/// <summary>
/// What a session is bound to: the security stamp, which the portal renews when password, role or status change, and the password and role
/// themselves, so
/// that a change made past the portal ends sessions too. A hash, since it travels in the cookie.
/// </summary>
public static class SessionStamp
{
    public static string Of(string? securityStamp, string? passwordHash, int roleId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{securityStamp}\n{passwordHash}\n{roleId}")).AsSpan(0, 16));

    /// <summary>A new security stamp, ending every session of the account.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
