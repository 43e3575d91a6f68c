using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Api;

/// <summary>
/// Tells guesses from keys without asking the database each time: the hashes of all keys in use, at most half a minute old. Asked only for
/// networks that have guessed too often, so that who guesses costs no queries, and a neighbour with a key is not held back for them.
/// </summary>
public sealed class ApiKeyHashes(PortalStore store, TimeProvider time)
{
    /// <summary>A key that was made meanwhile waits so long, behind a network that guesses.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(30);

    private Known? _known;

    /// <summary>Whether a key in use has this secret. It opens nothing by that: see <see cref="ApiDoor"/>.</summary>
    public async ValueTask<bool> HoldAsync(string secret, CancellationToken ct)
    {
        if (!ApiSecret.Looks(secret)) return false;
        var now = time.GetUtcNow().UtcDateTime;
        if (_known is not { } known || now < known.At || now - known.At > KnownFor)
        {
            await using var db = await store.OpenAsync(CurrentUser.System, ct);
            var hashes = await db.ApiKeys.Where(k => k.RevokedAt == null && k.ExpiresAt > now).Select(k => k.SecretHash).ToListAsync(ct);
            _known = known = new Known(hashes.ToFrozenSet(StringComparer.Ordinal), now);
        }

        return known.All.Contains(ApiSecret.HashOf(secret));
    }

    private sealed record Known(FrozenSet<string> All, DateTime At);
}
