using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// Carries somebody whose password was right to the second step, in a cookie that only the portal can write and that lasts ten minutes. It
/// opens nothing by itself, in whichever portal the second step is done.
/// </summary>
public sealed class HalfSignIns(IDataProtectionProvider protection)
{
    public const string Cookie = "vallhalla.step";

    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("second-step").ToTimeLimitedDataProtector();

    /// <summary>The response must not have started.</summary>
    public void Keep(HttpContext http, HalfSignIn half, bool remember)
    {
        var kept = _protector.Protect(JsonSerializer.Serialize(new Kept(half, remember)), Lasts);
        http.Response.Cookies.Append(Cookie, kept, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Lasts, Path = "/", IsEssential = true,
        });
    }

    /// <summary>Null where there is none, or it is forged or too old.</summary>
    public (HalfSignIn Half, bool Remember)? Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } cookie) return null;
        try
        {
            return JsonSerializer.Deserialize<Kept>(_protector.Unprotect(cookie)) is { } kept ? (kept.Half, kept.Remember) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void End(HttpContext http) => http.Response.Cookies.Delete(Cookie);

    private sealed record Kept(HalfSignIn Half, bool Remember);
}
