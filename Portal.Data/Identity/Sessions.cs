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

    /// <summary>The session's secret, of which the database has the hash.</summary>
    public const string Session = "session";

    /// <summary>The session's id.</summary>
    public const string SessionId = "session_id";

    /// <summary>Where the request came from; carried into the circuit, which has no request of its own.</summary>
    public const string Address = "address";

    /// <summary>There when a new password must be chosen before anything else.</summary>
    public const string MustChangePassword = "must_change_password";

    /// <summary>There when a second step must be set up before anything else.</summary>
    public const string MustEnrol = "must_enrol";

    /// <summary>There where the session was begun by a guard's PIN: it opens the gate and nothing else.</summary>
    public const string ByPin = "by_pin";

    public static bool IsByPin(this ClaimsPrincipal principal) => principal.HasClaim(ByPin, "true");

    /// <summary>The account's id; null where nobody is signed in.</summary>
    public static long? AccountId(this ClaimsPrincipal principal) =>
        principal.Identity?.IsAuthenticated == true
        && long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>
    /// The session a principal belongs to; null where nobody is signed in, or by a cookie from before there were sessions.
    /// </summary>
    public static SessionTicket? Ticket(this ClaimsPrincipal principal) =>
        principal.AccountId() is { } account
        && principal.FindFirstValue(PortalClaims.Session) is { } token
        && long.TryParse(principal.FindFirstValue(PortalClaims.SessionId), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new SessionTicket(account, id, token)
            : null;
}

/// <summary>
/// What a session is bound to: the security stamp, which the portal renews when password, role or status change, and the password and role
/// themselves, so that a change made past the portal ends sessions too. A hash, since it is kept beside each session.
/// </summary>
public static class SessionStamp
{
    public static string Of(string? securityStamp, string? passwordHash, int roleId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{securityStamp}\n{passwordHash}\n{roleId}")).AsSpan(0, 16));

    /// <summary>A new security stamp, ending every session of the account.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
