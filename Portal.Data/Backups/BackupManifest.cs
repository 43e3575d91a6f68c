using System.Security.Cryptography;
using System.Text.Json;

namespace Portal.Data.Backups;

/// <summary>What a set says of itself. Times are UTC.</summary>
/// <param name="Format">1; another is of another version of the portal.</param>
/// <param name="ServerKind"><c>MariaDB</c> or <c>MySQL</c>.</param>
/// <param name="Schema">Number of the last migration that was applied; 0 where there is none.</param>
/// <param name="BinaryLog">Where the log stood; null where the server keeps none.</param>
/// <param name="NamesItsSchema">Triggers, routines and views whose text names the database: they work under no other name.</param>
/// <param name="Objects">SHA-256 of all triggers, routines, events and views.</param>
/// <param name="MadeBy">The portal's version, and the program that dumped.</param>
public sealed record BackupManifest(
    int Format, string Database, string ServerKind, string ServerVersion, int Schema, BinaryLogPosition? BinaryLog,
    IReadOnlyList<TableState> Tables, string Objects, IReadOnlyList<string> NamesItsSchema, IReadOnlyList<FileState> Files,
    bool Encrypted, DateTime StartedAt, DateTime FinishedAt, string MadeBy)
{
    public const int ThisFormat = 1;

    /// <summary>The audit log's last seal in this set; null where no day was sealed yet. What the portal says of that day later must be the
    /// same.</summary>
    public AuditHead? Audit { get; init; }

    /// <summary>Who had been erased by then, by numbers and hashes: a restore of an older set learns it from here too. Null in sets of
    /// before.</summary>
    public IReadOnlyList<Privacy.ErasedAccount>? Erased { get; init; }

    /// <summary>Which installation made it, see <see cref="BackupSession.InstallationAsync"/>: in a place that several share each takes
    /// away only its own. Null in sets of before.</summary>
    public string? Installation { get; init; }

    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public long Rows => Tables.Sum(t => t.Rows);

    public long Bytes => Files.Sum(f => f.Bytes);

    public string Write() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <exception cref="BackupException">It cannot be read.</exception>
    public static BackupManifest Read(string text, string where)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(text, Json)
                ?? throw new BackupException($"{where} is empty: this is no set of a backup.");
            return manifest.Format == ThisFormat && manifest is { Tables: not null, Files: not null }
                ? manifest
                : throw new BackupException(
                    $"{where} has format {manifest.Format}, and this portal reads {ThisFormat}: use the portal that made it.");
        }
        catch (JsonException damaged)
        {
            throw new BackupException($"{where} cannot be read: it is damaged.", damaged);
        }
    }
}

/// <param name="Day">UTC.</param>
/// <param name="Head">See <see cref="Portal.Data.Audit.AuditSeal.Head"/>.</param>
public sealed record AuditHead(DateOnly Day, string Head);

/// <summary>A place in the binary log: every transaction of the set lies before it, and no other.</summary>
/// <param name="At">When that was, in UTC by the server's clock; null in sets of before.</param>
public sealed record BinaryLogPosition(string File, long Position, string? Gtid, DateTime? At = null);

/// <param name="Hash">See <see cref="TableHashes"/>.</param>
/// <param name="Structure">SHA-256 of its columns, indexes and keys.</param>
public sealed record TableState(string Name, long Rows, string Hash, string Structure);

public sealed record FileState(string Name, long Bytes, string Sha256)
{
    /// <summary>Reads the file from its beginning to its end.</summary>
    public static async Task<FileState> OfAsync(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return new FileState(Path.GetFileName(path), file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)));
    }
}
