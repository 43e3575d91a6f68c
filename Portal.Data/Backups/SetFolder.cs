using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace Portal.Data.Backups;

/// <summary>
/// A backup as it lies on a disk: a folder with <c>manifest.json</c>, the dump, and <c>SHA256SUMS</c> over both. A folder of that name is
/// whole: it is written under another and renamed last.
/// </summary>
public sealed class SetFolder
{
    public const string Sums = "SHA256SUMS", Dump = "db.sql.gz", EncryptedDump = "db.sql.gz.age";

    /// <summary>How the names of sets begin.</summary>
    internal const string Prefix = "portal-";

    internal const string Making = ".making-";

    private SetFolder(string path, BackupManifest manifest) => (Path, Manifest) = (path, manifest);

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public BackupManifest Manifest { get; }

    /// <summary>Opens a set by its folder; its files are not looked at yet.</summary>
    /// <exception cref="BackupException">It is none, or its manifest is damaged.</exception>
    public static async Task<SetFolder> OpenAsync(string path, CancellationToken ct)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(path)) throw new BackupException($"There is no set {path}.");
        var file = System.IO.Path.Combine(path, BackupManifest.FileName);
        if (!File.Exists(file)) throw new BackupException($"{path} is no set of a backup: {BackupManifest.FileName} is missing.");
        return new SetFolder(path, BackupManifest.Read(await File.ReadAllTextAsync(file, ct), file));
    }

    /// <summary>All sets of a folder that can be read, the oldest first.</summary>
    public static async Task<List<SetFolder>> AllAsync(string folder, CancellationToken ct)
    {
        List<SetFolder> sets = [];
        if (!Directory.Exists(folder)) return sets;
        foreach (var path in Directory.EnumerateDirectories(folder).Where(p => !System.IO.Path.GetFileName(p).StartsWith('.')))
        {
            try
            {
                sets.Add(await OpenAsync(path, ct));
            }
            catch (BackupException)
            {
                // Somebody else's, or damaged: neither counted nor removed.
            }
        }

        sets.Sort((a, b) => a.Manifest.FinishedAt.CompareTo(b.Manifest.FinishedAt));
        return sets;
    }

    /// <summary>Every file is there, as long as it was and with the same SHA-256.</summary>
    /// <exception cref="BackupException">What differs.</exception>
    public async Task VerifyFilesAsync(CancellationToken ct)
    {
        var sums = System.IO.Path.Combine(Path, Sums);
        if (!File.Exists(sums)) throw new BackupException($"The set {Name} is damaged: {Sums} is missing.");
        var manifest = await FileState.OfAsync(System.IO.Path.Combine(Path, BackupManifest.FileName), ct);
        var lines = await File.ReadAllLinesAsync(sums, ct);
        if (!lines.Contains(Line(manifest)))
            throw new BackupException($"The set {Name} is damaged: {BackupManifest.FileName} is not as it was written.");
        foreach (var wanted in Manifest.Files)
        {
            var file = System.IO.Path.Combine(Path, System.IO.Path.GetFileName(wanted.Name));
            if (!File.Exists(file)) throw new BackupException($"The set {Name} is damaged: {wanted.Name} is missing.");
            var found = await FileState.OfAsync(file, ct);
            if (found.Bytes != wanted.Bytes)
                throw new BackupException($"The set {Name} is damaged: {wanted.Name} has {found.Bytes} bytes instead of {wanted.Bytes}.");
            if (found.Sha256 != wanted.Sha256)
                throw new BackupException($"The set {Name} is damaged: {wanted.Name} has other content (SHA-256 {found.Sha256}).");
        }
    }

    /// <summary>
    /// Brings the dump into the open: where it is encrypted, decrypted into a file of <paramref name="work"/> first, for <c>age</c> gives
    /// out what it read before it finds that a later part was changed.
    /// </summary>
    /// <param name="identity">The file with the secret; needed where the set is encrypted.</param>
    /// <returns>A compressed dump.</returns>
    /// <exception cref="BackupException">It cannot be decrypted.</exception>
    internal async Task<string> PlainDumpAsync(string? identity, string work, CancellationToken ct)
    {
        if (!Manifest.Encrypted) return System.IO.Path.Combine(Path, Dump);
        if (string.IsNullOrWhiteSpace(identity))
            throw new BackupException($"The set {Name} is encrypted: name the file with its secret, --identity FILE.");
        var plain = System.IO.Path.Combine(work, Dump);
        await DecryptAsync(System.IO.Path.Combine(Path, EncryptedDump), plain, identity, $"The set {Name}", ct);
        return plain;
    }

    /// <exception cref="BackupException">It cannot be decrypted; <paramref name="what"/> begins the sentence.</exception>
    internal static async Task DecryptAsync(string from, string to, string identity, string what, CancellationToken ct)
    {
        if (!File.Exists(identity)) throw new BackupException($"There is no file {identity} with the secret of the set.");
        var program = DumpPrograms.Locate("age") ?? throw new BackupException("age is not on this machine: apt-get install age.");
        using var age = DumpPrograms.Start(program, ["--decrypt", "--identity", identity, "--output", to, from]);
        var errors = await age.StandardError.ReadToEndAsync(ct);
        await age.WaitForExitAsync(ct);
        if (age.ExitCode != 0) throw new BackupException($"{what} cannot be decrypted with {identity}: {FirstLine(errors)}");
    }

    /// <summary>Reads a compressed dump to its end.</summary>
    /// <exception cref="BackupException">It is damaged, ends early, or has not as many tables as the set says.</exception>
    internal async Task CheckDumpAsync(string plain, CancellationToken ct)
    {
        var tables = 0;
        var last = "";
        try
        {
            await using var file = File.OpenRead(plain);
            await using var open = new GZipStream(file, CompressionMode.Decompress);
            await DumpLines.ReadAsync(open, line =>
            {
                if (line.StartsWith("CREATE TABLE `"u8)) tables++;
                if (line.Length > 1) last = Encoding.Latin1.GetString(line);
            }, ct);
        }
        catch (InvalidDataException damaged)
        {
            throw new BackupException($"The set {Name} is damaged: its dump cannot be unpacked.", damaged);
        }

        if (!last.StartsWith(DumpLines.End, StringComparison.Ordinal))
            throw new BackupException($"The dump of the set {Name} ends before its end.");
        if (tables != Manifest.Tables.Count)
            throw new BackupException($"The dump of the set {Name} has {tables} tables instead of {Manifest.Tables.Count}.");
    }

    internal static string Line(FileState file) => $"{file.Sha256}  {file.Name}";

    internal static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no reason was given";

    /// <summary>A folder that only its owner enters.</summary>
    internal static string MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
