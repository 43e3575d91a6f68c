using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// A long-lived cookie in which a browser carries proof that somebody signed in with it before (OWASP's "device cookies"). It opens
/// nothing: wrong passwords from such a browser are counted by themselves, so that its person gets in while strangers guess at the account.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection, IOptions<AccountOptions> options)
{
    public const string Cookie = "vallhalla.device";

    /// <summary>A family's browser knows some people; the one least lately added is forgotten first.</summary>
    private const int Most = 8;

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("known-devices").ToTimeLimitedDataProtector();

    /// <summary>The devices that a request proves, by account. What is forged or too old proves nothing.</summary>
    public IReadOnlyDictionary<long, string> Read(HttpContext http) => Parse(http).ToDictionary(d => d.Account, d => d.Device);

    /// <summary>Where an attempt of this request comes from.</summary>
    public AttemptOrigin Origin(HttpContext http) => new(http.Address(), Read(http));

    /// <summary>From now on this browser is known for an account. The response must not have started.</summary>
    public void Add(HttpContext http, long accountId)
    {
        var known = Parse(http);
        var device = known.Find(d => d.Account == accountId).Device ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        var entries = known.Where(d => d.Account != accountId).Prepend((Account: accountId, Device: device)).Take(Most)
            .Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Account}:{d.Device}"));
        var lasts = options.Value.DeviceKnownFor;
        http.Response.Cookies.Append(Cookie, _protector.Protect(string.Join(';', entries), lasts), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = lasts, Path = "/", IsEssential = true,
        });
    }

    private List<(long Account, string Device)> Parse(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } cookie) return [];
        try
        {
            return
            [
                .. _protector.Unprotect(cookie).Split(';').Select(entry => entry.Split(':'))
                    .Select(parts => (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1])),
            ];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
