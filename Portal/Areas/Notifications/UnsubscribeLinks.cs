using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Areas.Notifications;

/// <summary>
/// The link in a mail that turns off what it is about, for whoever has the mail: signed, so that nobody makes one for another person, and
/// good for as long as the portal keeps its keys.
/// </summary>
public sealed class UnsubscribeLinks(IDataProtectionProvider protection)
{
    public const string Path = "/unsubscribe";

    private readonly IDataProtector _protector = protection.CreateProtector("Vallhalla.Unsubscribe");

    /// <param name="what">A kind of notification, or <c>daily</c> or <c>weekly</c> for all of a digest.</param>
    public string Make(long userId, string what) =>
        $"{Path}?t={Uri.EscapeDataString(_protector.Protect($"{userId.ToString(CultureInfo.InvariantCulture)} {what}"))}";

    /// <summary>Null for what this portal has not signed.</summary>
    public (long UserId, string What)? Read(string? token)
    {
        if (string.IsNullOrEmpty(token) || token.Length > 1000) return null;
        try
        {
            return _protector.Unprotect(token).Split(' ') is [var id, var what] && long.TryParse(id, CultureInfo.InvariantCulture, out var user)
                ? (user, what)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
