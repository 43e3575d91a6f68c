namespace Portal.Data.Backups;

/// <summary>The section <c>Backup</c> of the configuration.</summary>
public sealed record BackupOptions
{
    /// <summary>Where sets are kept. Empty: no backups are made by themselves.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// A public recipient of <c>age</c> (<c>age1...</c>): sets are encrypted to it, and this machine cannot read them any more.
    /// </summary>
    public string? Recipient { get; init; }

    /// <summary>The file with the secret that belongs to <see cref="Recipient"/>. Kept elsewhere; named where a set is restored.</summary>
    public string? Identity { get; init; }

    /// <summary>The folder in which the client programs of the database lie; where empty, those of this machine are looked for.</summary>
    public string? Programs { get; init; }

    /// <summary>An account for backups; where empty, the portal's own.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>An account for restoring to a moment, which may replay a server's log; where empty, the portal's own.</summary>
    public string? RestoreConnectionString { get; init; }

    public OffSiteOptions OffSite { get; init; } = new();

    public bool On => !string.IsNullOrWhiteSpace(Folder);

    public bool Encrypts => !string.IsNullOrWhiteSpace(Recipient);

    /// <summary>A copy elsewhere is made of what nobody there can read, or not at all.</summary>
    public bool OffSiteOn => OffSite.Any && Encrypts;

    /// <summary>What cannot work, in a sentence for the operator; null where all is well.</summary>
    public string? Problem() =>
        Encrypts && !Recipient!.StartsWith("age1", StringComparison.Ordinal) && !Recipient.StartsWith("ssh-", StringComparison.Ordinal)
            ? "Backup:Recipient is no public recipient of age, which begins with age1 (age-keygen -y prints it). Never put a secret there."
            : OffSite.Any && !Encrypts
                ? $"Backup:OffSite:{(OffSite.S3.On ? "S3:Bucket" : "Folder")} is set and Backup:Recipient is not: nothing leaves this "
                    + "place unencrypted. Name a recipient."
                : OffSite.S3.Problem();
}

/// <summary>Second places: another disk, another house. Where both are named, each set goes to both.</summary>
public sealed record OffSiteOptions
{
    public string? Folder { get; init; }

    public ObjectOptions S3 { get; init; } = new();

    public bool Any => !string.IsNullOrWhiteSpace(Folder) || S3.On;
}

/// <summary>A bucket of a storage that speaks S3: Amazon's, MinIO, Garage, Backblaze B2, Wasabi and others.</summary>
public sealed record ObjectOptions
{
    /// <summary>Where the storage answers (<c>https://s3.eu-central-003.backblazeb2.com</c>); empty: Amazon's, of the region.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Empty: nothing is copied to such a storage.</summary>
    public string? Bucket { get; init; }

    /// <summary>What the names of all objects begin with, so that several buildings share a bucket.</summary>
    public string? Prefix { get; init; }

    public string Region { get; init; } = "us-east-1";

    public string? AccessKey { get; init; }

    /// <summary>The secret of the key; better in a file.</summary>
    public string? SecretKey { get; init; }

    /// <summary>A file whose first line is the secret; it is read for each copy, so that a key is changed without a start.</summary>
    public string? SecretKeyFile { get; init; }

    /// <summary>The bucket is in the path and not in the host's name, as most storages but Amazon's want it.</summary>
    public bool ForcePathStyle { get; init; } = true;

    /// <summary>
    /// So many days nobody can delete or change a copy, where the bucket has Object Lock; 0: none is asked for.
    /// </summary>
    public int LockDays { get; init; }

    /// <summary>Not even the account's owner lifts a lock (mode COMPLIANCE); else who has a right of its own does (GOVERNANCE).</summary>
    public bool LockStrictly { get; init; }

    /// <summary>How long one request may take, in seconds: a part has 16 MB.</summary>
    public int TimeoutSeconds { get; init; } = 300;

    /// <summary>A larger file goes in parts of so many bytes; S3 wants 5 MB at the least.</summary>
    internal long PartBytes { get; init; } = 16 << 20;

    public bool On => !string.IsNullOrWhiteSpace(Bucket);

    /// <summary>The prefix with its slash, or nothing.</summary>
    internal string Root => Prefix?.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "";

    /// <summary>For people: where it is, and nothing of the key.</summary>
    public override string ToString() => On
        ? $"s3://{Bucket}/{Root}{(Uri.TryCreate(Endpoint, UriKind.Absolute, out var at) ? $" ({at.Host})" : "")}"
        : "";

    /// <exception cref="AwayException">The file with the secret cannot be read.</exception>
    internal string Secret()
    {
        if (string.IsNullOrWhiteSpace(SecretKeyFile)) return SecretKey!;
        try
        {
            return File.ReadLines(SecretKeyFile).FirstOrDefault()?.Trim() is { Length: > 0 } secret
                ? secret
                : throw new AwayException(AwayFault.Key, $"{SecretKeyFile} is empty: it should hold the secret of the key for {this}.");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new AwayException(AwayFault.Key, $"{SecretKeyFile}, the secret of the key for {this}, cannot be read.", unread);
        }
    }

    /// <summary>What cannot work, in a sentence for the operator; null where all is well, or nothing is to be copied.</summary>
    internal string? Problem() =>
        !On ? null
        : !string.IsNullOrWhiteSpace(Endpoint)
            && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var at) && (at.Scheme is "http" or "https") && at.UserInfo.Length == 0)
            ? "Backup:OffSite:S3:Endpoint is no address such as https://s3.example.org."
        : string.IsNullOrWhiteSpace(AccessKey) || (string.IsNullOrWhiteSpace(SecretKey) && string.IsNullOrWhiteSpace(SecretKeyFile))
            ? "Backup:OffSite:S3:Bucket is set without AccessKey and SecretKeyFile: the storage lets nobody in without."
        : LockDays is < 0 or > 3650 ? "Backup:OffSite:S3:LockDays are days, from 0 to 3650."
        : TimeoutSeconds is < 1 or > 86_400 ? "Backup:OffSite:S3:TimeoutSeconds are seconds, from 1 to 86400."
        : null;
}

/// <summary>
/// A backup was not made, is not what it should be, or may not be restored. The message is for the operator, and says how to go on.
/// </summary>
public class BackupException(string message, Exception? inner = null) : Exception(message, inner);
