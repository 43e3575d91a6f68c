using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Api;

/// <summary>Why a key does not open.</summary>
public enum ApiRefusal
{
    /// <summary>Nobody has such a key.</summary>
    Unknown,
    Revoked,
    Expired,

    /// <summary>It may not come from there.</summary>
    Address,

    /// <summary>Who made it has to say first that it may go on: see <see cref="ApiKeyHolds"/>.</summary>
    Suspended,

    /// <summary>Who made it is disabled, or may no longer have keys.</summary>
    Owner,

    /// <summary>It was used as often in this minute as it may be.</summary>
    TooOften,
}

/// <summary>The key behind a request.</summary>
public sealed record ApiCaller(long KeyId, string Prefix);

/// <param name="User">As whom the request acts; null where it was refused.</param>
/// <param name="Limit">Requests a minute; 0 where the key is not known.</param>
/// <param name="Wait">Until the next minute, for <see cref="ApiRefusal.TooOften"/>.</param>
public sealed record ApiEntrance(CurrentUser? User, ApiCaller? Caller, ApiRefusal? Refused, int Limit = 0, TimeSpan Wait = default)
{
    internal static ApiEntrance No(ApiRefusal why, ApiCaller? caller = null) => new(null, caller, why);
}

/// <summary>
/// Says who comes with a key. Asked of the database each time, past all that is remembered: what was revoked, disabled or taken from a role
/// opens nothing from that moment on.
/// </summary>
public sealed class ApiDoor(PortalStore store, CurrentUserSource accounts, TimeProvider time)
{
    /// <summary>The event of a key that was refused.</summary>
    public const string Refused = "api_refused";

    /// <summary>Leaves a line that somebody came with a key that does not open; the caller sees to it that they are not too many.</summary>
    public async Task NoteAsync(ApiEntrance refused, string? address, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.Nobody with { IpAddress = address }, ct);
        await db.WriteEventAsync(Refused, "api_keys", refused.Caller?.KeyId, new { why = refused.Refused }, ct);
    }

    /// <summary>Whether this is a key's secret, and whether it may be used now from there. Counts the use.</summary>
    /// <param name="secret">As it came.</param>
    /// <param name="address">Where the request came from.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<ApiEntrance> EnterAsync(string? secret, IPAddress? address, CancellationToken ct)
    {
        if (!ApiSecret.Looks(secret)) return ApiEntrance.No(ApiRefusal.Unknown);
        var hash = ApiSecret.HashOf(secret!);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.SecretHash == hash, ct);
        if (key is null || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.SecretHash), Encoding.ASCII.GetBytes(hash)))
            return ApiEntrance.No(ApiRefusal.Unknown);
        var now = time.GetUtcNow().UtcDateTime;
        var caller = new ApiCaller(key.Id, key.Prefix);
        if (key.RevokedAt is not null) return ApiEntrance.No(ApiRefusal.Revoked, caller);
        if (key.ExpiresAt is null || key.ExpiresAt <= now) return ApiEntrance.No(ApiRefusal.Expired, caller);
        if (key.SuspendedAt is not null) return ApiEntrance.No(ApiRefusal.Suspended, caller);
        if (!ApiNetworks.Hold(key.Addresses, address)) return ApiEntrance.No(ApiRefusal.Address, caller);
        if (await accounts.LoadAsync(key.UserId, ct) is not { IsActive: true, MustChangePassword: false } account
            || !account.User.Can(Permissions.ApiManage))
            return ApiEntrance.No(ApiRefusal.Owner, caller);

        var minute = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        var from = address is null ? null : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

        // One statement, so that portals that count at once lose none; the count is read before the minute is written over. A portal whose
        // clock is behind counts on in the minute of the others.
        var counted = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE api_keys SET counted = IF(counted_at >= {minute}, counted + 1, 1),
                counted_at = IF(counted_at >= {minute}, counted_at, {minute}), used_at = {now}, used_from = {from}
            WHERE id = {key.Id} AND (counted_at IS NULL OR counted_at < {minute} OR counted < per_minute)
            """,
            ct);
        if (counted == 0) return new ApiEntrance(null, caller, ApiRefusal.TooOften, key.PerMinute, minute.AddMinutes(1) - now);
        var user = ApiScopes.Narrow(account.User with { IpAddress = from }, key.Scopes, caller);
        return new ApiEntrance(user, caller, null, key.PerMinute);
    }
}
