using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Api;

/// <summary>
/// Tells guesses from keys without asking the database each time: the hashes of all keys in use, at most half a minute old. Asked only for
/// networks that have guessed too often, so that who guesses costs no queries, and a neighbour with a key is not held back for them.
/// </summary>
public sealed class ApiKeyHashes(PortalStore store, TimeProvider time) : IDisposable
{
    /// <summary>A key that was made meanwhile waits so long, behind a network that guesses.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _reading = new(1);
    private Known? _known;

    /// <summary>Whether a key in use has this secret. It opens nothing by that: see <see cref="ApiDoor"/>.</summary>
    public async ValueTask<bool> HoldAsync(string secret, CancellationToken ct)
    {
        if (!ApiSecret.Looks(secret)) return false;
        var now = time.GetUtcNow().UtcDateTime;
        return (await KnownAsync(now, ct)).All.Contains(ApiSecret.HashOf(secret));
    }

    /// <summary>One reads while the others use what was known before; the first wait for it.</summary>
    private async ValueTask<Known> KnownAsync(DateTime now, CancellationToken ct)
    {
        if (_known is { } known && now >= known.At && now - known.At <= KnownFor) return known;
        if (!await _reading.WaitAsync(_known is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, ct)) return _known!;
        try
        {
            if (_known is { } meanwhile && now >= meanwhile.At && now - meanwhile.At <= KnownFor) return meanwhile;

            // One that cannot be read is asked for no more than one that can.
            if (_known is not null) _known = _known with { At = now };
            await using var db = await store.OpenAsync(CurrentUser.System, ct);
            var hashes = await db.ApiKeys.Where(k => k.RevokedAt == null && k.ExpiresAt > now).Select(k => k.SecretHash).ToListAsync(ct);
            return _known = new Known(hashes.ToFrozenSet(StringComparer.Ordinal), now);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private sealed record Known(FrozenSet<string> All, DateTime At);
}
