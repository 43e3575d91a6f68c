using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Push;

/// <summary>What a browser says of itself when somebody wants messages in it (W3C Push API, <c>PushSubscription</c>).</summary>
/// <param name="Endpoint">Where its maker's server takes messages for it.</param>
/// <param name="Key">Its public key, P-256, 65 bytes as base64url.</param>
/// <param name="Secret">16 bytes as base64url, known to it and to us.</param>
public sealed record PushAddress(string? Endpoint, string? Key, string? Secret)
{
    internal string Hash => HashOf(Endpoint!);

    internal static string HashOf(string endpoint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(endpoint)));

    /// <summary>A message can be encrypted for it.</summary>
    internal bool HoldsKeys => Bytes(Key) is { Length: 65 } point && point[0] == 4 && IsOnCurve(point) && Bytes(Secret) is { Length: 16 };

    private static byte[]? Bytes(string? text)
    {
        try
        {
            return text is { Length: > 0 and <= 100 } ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsOnCurve(byte[] point)
    {
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A browser on which somebody wants notifications, also while the portal is closed.</summary>
[Table("push_devices")]
public sealed class PushDevice : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    /// <summary>In which it was turned on, or is used now; messages end where this is made to end.</summary>
    public long? SessionId { get; set; }
    public UserSession? Session { get; set; }

    [Secret, MaxLength(1000)]
    public string Endpoint { get; set; } = "";

    [Secret, Column(TypeName = "char(64)")]
    public string EndpointHash { get; set; } = "";

    [Secret, MaxLength(100)]
    public string DeviceKey { get; set; } = "";

    [Secret, MaxLength(50)]
    public string Secret { get; set; } = "";

    [MaxLength(300)]
    public string? UserAgent { get; set; }

    /// <summary>When its server last took a message (UTC).</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? DeliveredAt { get; set; }

    internal void Now(PushAddress address) =>
        (Endpoint, EndpointHash, DeviceKey, Secret) = (address.Endpoint!, address.Hash, address.Key!, address.Secret!);
}

/// <summary>The portal's pair of keys; one row.</summary>
[Table("push_keys"), NotAudited]
public sealed class PushKeyRow : Stamped
{
    public const int Only = 1;

    [DatabaseGenerated(DatabaseGeneratedOption.None)]
    public sbyte Id { get; set; } = Only;

    [MaxLength(100)]
    public string PublicKey { get; set; } = "";

    [Secret, Column(TypeName = "text")]
    public string PrivateKey { get; set; } = "";
}

internal sealed class PushDevicesTable : IEntityTypeConfiguration<PushDevice>
{
    public void Configure(EntityTypeBuilder<PushDevice> table)
    {
        table.HasIndex(d => d.EndpointHash).IsUnique().HasDatabaseName("uq_push_devices_endpoint");
        table.HasIndex(d => d.UserId).HasDatabaseName("idx_push_devices_user");
        table.HasIndex(d => d.SessionId).HasDatabaseName("idx_push_devices_session");
    }
}
