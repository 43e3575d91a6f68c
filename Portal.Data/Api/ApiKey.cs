using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Api;

/// <summary>
/// The key of another program of the building. It acts as who made it, and may do what they may do now and its scopes name: never more,
/// and nothing at all once they are gone. Of its secret the database has the hash.
/// </summary>
[Table("api_keys")]
public sealed class ApiKey : Stamped
{
    private ApiKey()
    {
    }

    public long Id { get; private set; }

    [MaxLength(100)]
    public string Name { get; private set; } = "";

    public long UserId { get; private set; }
    public User? User { get; private set; }

    /// <summary>Names of permissions, with commas between.</summary>
    [MaxLength(2000)]
    public string Scopes { get; private set; } = "";

    /// <summary>The first letters of the secret, by which people tell keys apart.</summary>
    [MaxLength(20)]
    public string Prefix { get; private set; } = "";

    [Secret, Column(TypeName = "char(64)")]
    public string SecretHash { get; private set; } = "";

    [Column(TypeName = "timestamp")]
    public DateTime? ExpiresAt { get; private set; }

    /// <summary>Networks it may come from (CIDR), with commas between; null: any.</summary>
    [MaxLength(500)]
    public string? Addresses { get; private set; }

    public int PerMinute { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? RevokedAt { get; private set; }

    public long? RevokedBy { get; private set; }

    /// <summary>Since when (UTC) it opens nothing until who made it says that it may again; null: it is not suspended.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? SuspendedAt { get; private set; }

    /// <summary>The minute that <see cref="Counted"/> counts. Written past the audit log, as how often it is used.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? CountedAt { get; private set; }

    public int Counted { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UsedAt { get; private set; }

    [MaxLength(45)]
    public string? UsedFrom { get; private set; }

    internal static ApiKey Make(
        string name, long user, IEnumerable<string> scopes, string secret, DateTime expires, string? addresses, int perMinute) => new()
    {
        Name = name, UserId = user, Scopes = string.Join(',', scopes), Prefix = ApiSecret.PrefixOf(secret),
        SecretHash = ApiSecret.HashOf(secret), ExpiresAt = expires, Addresses = addresses, PerMinute = perMinute,
    };

    /// <summary>It is answered no more; for good.</summary>
    internal Result Revoke(long? by, DateTime now)
    {
        if (RevokedAt is not null) return new Error("api.revoked");
        (RevokedAt, RevokedBy) = (now, by);
        return Result.Done;
    }

    internal void Suspend(DateTime now) => SuspendedAt ??= now;

    internal void Resume() => SuspendedAt = null;
}

/// <summary>What was done under an <c>Idempotency-Key</c>, written with it.</summary>
[Table("api_requests"), NotAudited]
public sealed class ApiRequest : Stamped
{
    public long Id { get; private set; }

    public long ApiKeyId { get; private set; }
    public ApiKey? ApiKey { get; private set; }

    [Column(TypeName = "char(64)")]
    public string KeyHash { get; private set; } = "";

    [Column(TypeName = "char(64)")]
    public string Fingerprint { get; private set; } = "";

    [Column(TypeName = "char(36)")]
    public string Operation { get; private set; } = "";

    public long? RecordId { get; private set; }
}

/// <summary>The secret of a key: <c>vhp_</c> and 256 bits of chance.</summary>
public static class ApiSecret
{
    /// <summary>By which scanners of leaked secrets know one of ours.</summary>
    public const string Begins = "vhp_";

    private const int ShownLetters = 8, Letters = 43;

    public static string New() => Begins + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string PrefixOf(string secret) => secret[..(Begins.Length + ShownLetters)];

    /// <summary>A plain hash is enough: nobody guesses 256 bits, however fast they can try.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool Looks(string? secret) =>
        secret is not null && secret.Length == Begins.Length + Letters && secret.StartsWith(Begins, StringComparison.Ordinal);
}

/// <summary>The networks from which a key may come.</summary>
public static class ApiNetworks
{
    public const int Most = 20;

    /// <summary>Single addresses become networks of one.</summary>
    /// <returns>Null where one of them is none.</returns>
    public static IReadOnlyList<IPNetwork>? Read(string? typed)
    {
        List<IPNetwork> networks = [];
        foreach (var one in (typed ?? "")
            .Split([',', ' ', '\n', '\r', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(one, out var network)) networks.Add(network);
            else if (!one.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(one, out var single))
                networks.Add(new IPNetwork(single, single.GetAddressBytes().Length * 8));
            else return null;
        }

        return networks;
    }

    /// <param name="networks">As they stand in the row; null or empty: any.</param>
    /// <param name="address">Null, where it is not known, is in none.</param>
    public static bool Hold(string? networks, IPAddress? address)
    {
        if (string.IsNullOrEmpty(networks)) return true;
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Read(networks) is { } all && all.Any(network => network.Contains(plain));
    }
}

internal sealed class ApiKeysTable : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> table)
    {
        table.HasIndex(k => k.SecretHash).IsUnique().HasDatabaseName("uq_api_keys_secret");
        table.HasIndex(k => k.UserId).HasDatabaseName("idx_api_keys_user");
    }
}

internal sealed class ApiRequestsTable : IEntityTypeConfiguration<ApiRequest>
{
    public void Configure(EntityTypeBuilder<ApiRequest> table)
    {
        table.HasIndex(r => new { r.ApiKeyId, r.KeyHash }).IsUnique().HasDatabaseName("uq_api_requests_key");
        table.HasIndex(r => r.CreatedAt).HasDatabaseName("idx_api_requests_created_at");
    }
}
