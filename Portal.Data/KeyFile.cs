using System.Security.Cryptography;

namespace Portal.Data;

/// <summary>
/// A key that signs: a file outside the database, made at its first use. Several portals on one database share its folder.
/// </summary>
/// <param name="lost">What to do where the file is damaged, for who runs the machine.</param>
internal sealed class KeyFile(string folder, string name, string lost) : IDisposable
{
    private readonly Lock _making = new();

    private ECDsa? _key;

    /// <summary>Does something with it; one after the other, for a key is not made for several at once.</summary>
    /// <exception cref="IOException">There is no key, and the folder cannot be written to.</exception>
    public T With<T>(Func<ECDsa, T> work)
    {
        lock (_making) return work(_key ??= Read() ?? Make());
    }

    public void Dispose() => _key?.Dispose();

    private ECDsa? Read()
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(File.ReadAllBytes(path), out _);
            return key;
        }
        catch (Exception unread) when (unread is CryptographicException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new IOException($"{path} is no key that can be read; put the right file back, or take it away and {lost}.", unread);
        }
    }

    private ECDsa Make()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            Directory.CreateDirectory(folder);
            // Whole or not at all: of two portals that start together one wins, and the other reads what it made.
            var made = Path.Combine(folder, $"{Guid.NewGuid():N}.new");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(made, options))
            {
                file.Write(key.ExportPkcs8PrivateKey());
                file.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(made, Path.Combine(folder, name), overwrite: false);
                return key;
            }
            catch (IOException) when (File.Exists(Path.Combine(folder, name)))
            {
                File.Delete(made);
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
