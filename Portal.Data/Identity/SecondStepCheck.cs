using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Portal.Data.Identity;

/// <summary>How somebody came in, as it stands in <c>sessions.methods</c>.</summary>
public static class SignInMethods
{
    public const string Password = "password";
    public const string Code = "password+code";
    public const string Recovery = "password+recovery";

    /// <summary>One that the device used after looking at a finger, a face or a PIN: two factors by itself.</summary>
    public const string Passkey = "passkey";

    public const string PasswordAndPasskey = "password+passkey";

    /// <summary>A guard's PIN at a terminal: proves too little for what is dangerous.</summary>
    public const string Pin = "pin";
}

/// <summary>
/// Looks at the second step: a code of the app, one for recovery, or a passkey. Everything under the account's lock.
/// </summary>
public sealed class SecondStepCheck(IDataProtectionProvider protection, ILogger<SecondStepCheck> logger)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Vallhalla.SecondFactor");

    internal string Protect(string secret) => _protector.Protect(secret);

    /// <returns>Null where the portal has lost the key that protected it: see docs/operations.md.</returns>
    internal string? Unprotect(string secret)
    {
        try
        {
            return _protector.Unprotect(secret);
        }
        catch (CryptographicException lost)
        {
            logger.LogError(lost, "A second factor cannot be read: the key that protected it is missing (see docs/operations.md)");
            return null;
        }
    }

    /// <summary>Whether an account is asked for a second step: it has an app, or a passkey, for whichever address it was made.</summary>
    internal static Task<bool> IsOnAsync(PortalDb db, long accountId, CancellationToken ct) =>
        db.Users.AnyAsync(
            u => u.Id == accountId
                && (db.SecondFactors.Any(f => f.UserId == u.Id && f.ConfirmedAt != null) || db.Passkeys.Any(p => p.UserId == u.Id)),
            ct);

    /// <summary>Whether it has an app of codes.</summary>
    internal static Task<bool> HasAppAsync(PortalDb db, long accountId, CancellationToken ct) =>
        db.SecondFactors.AnyAsync(f => f.UserId == accountId && f.ConfirmedAt != null, ct);

    /// <summary>Uses a code up. The caller holds the account's row and saves.</summary>
    /// <returns>One of <see cref="SignInMethods"/>; null where the code is wrong or used.</returns>
    internal async Task<string?> UseAsync(PortalDb db, long accountId, string? typed, CancellationToken ct)
    {
        var now = db.Clock.GetUtcNow().UtcDateTime;
        if (RecoveryCodes.LooksLike(typed))
        {
            var hash = RecoveryCodes.HashOf(typed);
            var used = await db.RecoveryCodes.Where(c => c.UserId == accountId && c.CodeHash == hash && c.UsedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), ct);
            return used == 1 ? SignInMethods.Recovery : null;
        }

        var factor = await db.SecondFactors.FirstOrDefaultAsync(f => f.UserId == accountId && f.ConfirmedAt != null, ct);
        if (factor?.Secret is not { } kept || Unprotect(kept) is not { } secret) return null;
        return TimeCodes.StepOf(secret, typed, now) is { } step && factor.Use(step, now) ? SignInMethods.Code : null;
    }
}
