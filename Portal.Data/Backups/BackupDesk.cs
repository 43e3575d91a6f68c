using MySqlConnector;

namespace Portal.Data.Backups;

/// <summary>The database that is saved, as a connection string of an account that may read and lock everything.</summary>
public delegate string BackupLogin();

/// <summary>Makes, looks at and restores sets; for the portal itself and for whoever runs its program. No person reaches it.</summary>
public sealed class BackupDesk(BackupOptions options, BackupLogin login, TimeProvider time, Privacy.ErasureReplay? erasures = null)
{
    /// <summary>Makes a set of the portal's database.</summary>
    /// <param name="folder">Null: <see cref="BackupOptions.Folder"/>.</param>
    /// <exception cref="BackupException">None was made.</exception>
    public Task<SetFolder> MakeAsync(string? folder, CancellationToken ct) => new BackupMaker(options, time).MakeAsync(
        login(),
        folder ?? options.Folder
            ?? throw new BackupException("It is not said where backups lie: name a folder with --to, or set Backup__Folder."), ct);

    /// <summary>How a set that lies in the bucket is named: <c>s3:portal-20261129-083000</c>, or <c>s3:last</c>.</summary>
    public const string FromBucket = "s3:";

    /// <summary>
    /// A set by its folder, by its name in <see cref="BackupOptions.Folder"/>, or in the bucket: then it is brought to that folder first,
    /// with the list of erasures.
    /// </summary>
    /// <param name="logs">The logs after it are brought too.</param>
    /// <param name="tell">Is told where a set of the bucket lay here already, and was not brought.</param>
    /// <exception cref="BackupException">It is not there, or does not come whole.</exception>
    public Task<SetFolder> OpenAsync(string set, CancellationToken ct, bool logs = false, Action<string>? tell = null) =>
        set.StartsWith(FromBucket, StringComparison.Ordinal) ? FetchAsync(set[FromBucket.Length..], logs, tell, ct) : SetFolder.OpenAsync(
        !Directory.Exists(set) && options.Folder is { Length: > 0 } folder && !set.Contains(Path.DirectorySeparatorChar)
            ? Path.Combine(folder, set)
            : set,
        ct);

    private Task<SetFolder> FetchAsync(string name, bool logs, Action<string>? tell, CancellationToken ct)
    {
        var bucket = TheBucket();
        if (!options.On) throw new BackupException("It is not said where sets are brought to: set Backup__Folder.");
        return bucket.FetchAsync(name, options.Folder!, logs, ct, tell);
    }

    private ObjectPlace TheBucket() => options.OffSite.S3.On
        ? new ObjectPlace(options.OffSite.S3)
        : throw new BackupException("It is not said which bucket: set Backup__OffSite__S3__Bucket, and the key with it.");

    /// <summary>
    /// As the other, of a set by its name. Of one in the bucket that copy is fetched and read, also where the set lies here too, and goes
    /// again.
    /// </summary>
    /// <exception cref="BackupException">It is not there, or what differs.</exception>
    public async Task<(SetFolder Set, bool Read)> VerifyAsync(string set, string? identity, CancellationToken ct)
    {
        if (!set.StartsWith(FromBucket, StringComparison.Ordinal))
        {
            var here = await OpenAsync(set, ct);
            return (here, await VerifyAsync(here, identity, ct));
        }

        var bucket = TheBucket();
        var work = WorkFolder.Make("fetched");
        try
        {
            var there = await bucket.FetchAsync(set[FromBucket.Length..], work, false, ct);
            return (there, await VerifyAsync(there, identity, ct));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>
    /// Looks at every file of a set; with the secret, or where it is not encrypted, also at the dump from its beginning to its end.
    /// </summary>
    /// <returns>Whether the dump was read.</returns>
    /// <exception cref="BackupException">What differs.</exception>
    public async Task<bool> VerifyAsync(SetFolder set, string? identity, CancellationToken ct)
    {
        await set.VerifyFilesAsync(ct);
        identity ??= options.Identity;
        if (set.Manifest.Encrypted && string.IsNullOrWhiteSpace(identity)) return false;
        var work = WorkFolder.Make("verify");
        try
        {
            await set.CheckDumpAsync(await set.PlainDumpAsync(identity, work, ct), ct);
            return true;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <param name="database">Must be empty or not there; it is on the portal's server.</param>
    /// <remarks>Whoever was erased after the set was made is erased again.</remarks>
    /// <inheritdoc cref="BackupRestore.IntoAsync"/>
    public async Task<Restored> RestoreAsync(
        SetFolder set, string connectionString, string database, string? identity, CancellationToken ct, ReplayGoal? goal = null)
    {
        var target = new MySqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;
        var restored = await new BackupRestore(options).IntoAsync(set, target, identity, goal, ct);
        return erasures is null
            ? restored
            : restored with { ErasedAgain = await erasures.InRestoredAsync(target, Path.GetDirectoryName(set.Path)!, ct) };
    }
}
