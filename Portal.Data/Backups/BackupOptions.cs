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
    public bool OffSiteOn => !string.IsNullOrWhiteSpace(OffSite.Folder) && Encrypts;

    /// <summary>What cannot work, in a sentence for the operator; null where all is well.</summary>
    public string? Problem() =>
        Encrypts && !Recipient!.StartsWith("age1", StringComparison.Ordinal) && !Recipient.StartsWith("ssh-", StringComparison.Ordinal)
            ? "Backup:Recipient is no public recipient of age, which begins with age1 (age-keygen -y prints it). Never put a secret there."
            : !string.IsNullOrWhiteSpace(OffSite.Folder) && !Encrypts
                ? "Backup:OffSite:Folder is set and Backup:Recipient is not: nothing leaves this place unencrypted. Name a recipient."
                : null;
}

/// <summary>A second place: another disk, another house.</summary>
public sealed record OffSiteOptions
{
    public string? Folder { get; init; }
}

/// <summary>
/// A backup was not made, is not what it should be, or may not be restored. The message is for the operator, and says how to go on.
/// </summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
