using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Data.Api;

/// <summary>The secrets of webhooks: the portal signs with them, so it must be able to read them. Kept under Data Protection.</summary>
public sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Vallhalla.Webhooks");

    public string Hide(string secret) => _protector.Protect(secret);

    /// <returns>Null where the keys that hid it are gone: it has to be set up again.</returns>
    public string? Read(string hidden)
    {
        try
        {
            return _protector.Unprotect(hidden);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
