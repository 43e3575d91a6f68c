using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Portal.Data.Packs;

/// <summary>
/// The key that signs packs. Its fingerprint is what the one who hands over reads out to the one who takes in: a pack by any other key is not
/// theirs.
/// </summary>
/// <param name="configuration"><c>Packs:KeyFolder</c>; <c>.data/pack-keys</c> where nothing is said.</param>
public sealed class PackKey(IConfiguration? configuration = null) : IDisposable
{
    private readonly KeyFile _file = new(
        configuration?["Packs:KeyFolder"] is { Length: > 0 } folder ? folder : Path.Combine(".data", "pack-keys"), "pack.key",
        "tell those who take packs in the new fingerprint");

    public string PublicPem => _file.With(key => key.ExportSubjectPublicKeyInfoPem());

    public string Fingerprint => _file.With(Of);

    public byte[] Sign(byte[] bytes) => _file.With(key => key.SignData(bytes, HashAlgorithmName.SHA256));

    public void Dispose() => _file.Dispose();

    /// <summary>The fingerprint of the key that signed, or null where the signature is not over these bytes.</summary>
    /// <exception cref="PackException">The key or the signature cannot be read.</exception>
    public static string? SignerOf(byte[] bytes, string signature, string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.VerifyData(bytes, Convert.FromBase64String(signature.Trim()), HashAlgorithmName.SHA256) ? Of(key) : null;
        }
        catch (Exception unread) when (unread is CryptographicException or ArgumentException or FormatException)
        {
            throw new PackException("The signature of the pack cannot be read: it is damaged.", unread);
        }
    }

    /// <summary>Half of the SHA-256 of the public key, in groups of four: 128 bits that can be read out.</summary>
    private static string Of(ECDsa key) => string.Join(
        '-', Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..32].Chunk(4).Select(part => new string(part)));
}
