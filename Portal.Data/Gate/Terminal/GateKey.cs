using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Portal.Data.Gate;

/// <summary>
/// The key that signs what the terminals hold: a file outside the database, made at its first use. A terminal learns its public half when
/// it
/// is enrolled and believes no other; where the file is lost, terminals are enrolled anew. Several portals on one database share the
/// folder.
/// </summary>
/// <param name="configuration"><c>Gate:KeyFolder</c>; <c>.data/gate-keys</c> where nothing is said.</param>
public sealed class GateKey(IConfiguration? configuration = null) : IDisposable
{
    private readonly KeyFile _file = new(
        configuration?["Gate:KeyFolder"] is { Length: > 0 } folder ? folder : Path.Combine(".data", "gate-keys"), "snapshot.key",
        "enrol the terminals anew");

    /// <summary>The public half, as SubjectPublicKeyInfo.</summary>
    /// <exception cref="IOException">There is no key, and the folder cannot be written to.</exception>
    public byte[] Public => _file.With(key => key.ExportSubjectPublicKeyInfo());

    /// <summary>ECDSA over P-256 and SHA-256, as r and s after each other (IEEE P1363), which is how browsers check it.</summary>
    /// <exception cref="IOException">There is no key, and the folder cannot be written to.</exception>
    public byte[] Sign(string text) => _file.With(key => key.SignData(
        Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>Bytes that nobody can reckon who has not the key, the same for the same purpose: the salt of a day.</summary>
    internal byte[] Salt(string purpose) => _file.With(key =>
    {
        var secret = key.ExportPkcs8PrivateKey();
        try
        {
            return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 16, info: Encoding.UTF8.GetBytes(purpose));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    });

    public void Dispose() => _file.Dispose();
}
