using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Api;

/// <summary>
/// Keys outlive sessions, so whoever took over an account may have left one behind. Where its owner's hold on it was in doubt (a password
/// set anew with a code, a sign-in that was not theirs, an account that was off), all its keys stand still until they look at them.
/// </summary>
internal static class ApiKeyHolds
{
    /// <summary>Suspends the account's keys, in the write that gives the reason, and tells their owner. Saves what is pending.</summary>
    public static async Task SuspendKeysAsync(this PortalDb db, long account, CancellationToken ct)
    {
        var now = db.Clock.GetUtcNow().UtcDateTime;
        var keys = await db.ApiKeys
            .Where(k => k.UserId == account && k.RevokedAt == null && k.SuspendedAt == null && k.ExpiresAt > now).ToListAsync(ct);
        if (keys.Count == 0) return;
        foreach (var key in keys) key.Suspend(now);
        var names = string.Join(", ", keys.Select(k => k.Name));
        await ApiKeyService.TellAsync(
            db, account, "urgent.api_keys_suspended", "Llaves de API suspendidas",
            $"Estas llaves no abren nada hasta que las revises: {names}.", ct, names);
    }
}
