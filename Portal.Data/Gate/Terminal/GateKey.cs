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
    private const string File = "snapshot.key";

    private readonly Lock _making = new();

    private readonly string _folder = configuration?["Gate:KeyFolder"] is { Length: > 0 } folder
        ? folder
        : Path.Combine(".data", "gate-keys");

    private ECDsa? _key;

    /// <summary>The public half, as SubjectPublicKeyInfo.</summary>
    /// <exception cref="IOException">There is no key, and the folder cannot be written to.</exception>
    public byte[] Public => Key().ExportSubjectPublicKeyInfo();

    /// <summary>ECDSA over P-256 and SHA-256, as r and s after each other (IEEE P1363), which is how browsers check it.</summary>
    /// <exception cref="IOException">There is no key, and the folder cannot be written to.</exception>
    public byte[] Sign(string text)
    {
        var key = Key();
        lock (_making)
        {
            return key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    /// <summary>Bytes that nobody can reckon who has not the key, the same for the same purpose: the salt of a day.</summary>
    internal byte[] Salt(string purpose)
    {
        var key = Key();
        lock (_making)
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
        }
    }

    public void Dispose() => _key?.Dispose();

    private ECDsa Key()
    {
        lock (_making)
        {
            return _key ??= Read() ?? Make();
        }
    }

    private ECDsa? Read()
    {
        var path = Path.Combine(_folder, File);
        if (!System.IO.File.Exists(path)) return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(System.IO.File.ReadAllBytes(path), out _);
            return key;
        }
        catch (Exception unread) when (unread is CryptographicException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new IOException($"{path} is no key that can be read; put the right file back, or take it away and enrol the terminals anew.", unread);
        }
    }

    private ECDsa Make()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            Directory.CreateDirectory(_folder);
            // Whole or not at all: of two portals that start together one wins, and the other reads what it made.
            var made = Path.Combine(_folder, $"{Guid.NewGuid():N}.new");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(made, options))
            {
                file.Write(key.ExportPkcs8PrivateKey());
                file.Flush(flushToDisk: true);
            }

            try
            {
                System.IO.File.Move(made, Path.Combine(_folder, File), overwrite: false);
                return key;
            }
            catch (IOException) when (System.IO.File.Exists(Path.Combine(_folder, File)))
            {
                System.IO.File.Delete(made);
                key.Dispose();
                return Read()!;
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            key.Dispose();
            throw new IOException(refused.Message, refused);
        }
    }
}
