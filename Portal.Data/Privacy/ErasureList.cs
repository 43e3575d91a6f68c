using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Data.Backups;

namespace Portal.Data.Privacy;

/// <summary>One who was erased, as it is kept outside the database.</summary>
/// <param name="Fingerprint">See <see cref="Erasure.FingerprintOf"/>.</param>
/// <param name="At">UTC.</param>
public sealed record ErasedAccount(string Reference, long Account, string Fingerprint, DateTime At);

/// <summary>
/// The erasures, beside the backups and in the manifest of each set: a database that is restored from an older one learns from them whom it
/// has to forget again. Numbers and hashes only.
/// </summary>
public sealed class ErasureList(BackupOptions options, ILogger<ErasureList> logger)
{
    public const string FileName = "erasures.jsonl";

    /// <summary>Somebody waits for the erasure.</summary>
    private static readonly TimeSpan LongestCopy = TimeSpan.FromSeconds(15);

    private static readonly SemaphoreSlim Gate = new(1, 1);

    /// <summary>Adds those that are not in it, in the first place and in the second.</summary>
    /// <returns>False where there is no place for it: no folder of backups is set.</returns>
    /// <exception cref="IOException">It could not be written to the first place.</exception>
    internal async Task<bool> AddAsync(IReadOnlyCollection<ErasedAccount> erased, CancellationToken ct)
    {
        if (!options.On) return false;
        await AddAsync(options.Folder!, erased, make: true, ct);
        await CopyAsync(erased, ct);
        return true;
    }

    /// <summary>Brings what stands in the first place to the second once more, which may have been away.</summary>
    internal async Task SendAsync(CancellationToken ct)
    {
        if (!options.On) return;
        try
        {
            if (await ReadFileAsync(options.Folder!, ct) is { Count: > 0 } known) await CopyAsync(known, ct);
        }
        catch (Exception unread) when (unread is BackupException or IOException or UnauthorizedAccessException)
        {
            logger.LogError(unread, "The list of erasures cannot be read, and was not copied");
        }
    }

    private async Task CopyAsync(IReadOnlyCollection<ErasedAccount> erased, CancellationToken ct)
    {
        foreach (var place in SecondPlaces.Of(options))
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
            soon.CancelAfter(LongestCopy);
            try
            {
                await place.AddErasedAsync(erased, soon.Token);
            }
            catch (Exception away) when (!ct.IsCancellationRequested)
            {
                // It is sent again by itself: its disk may not be mounted now.
                logger.LogWarning(away, "The list of erasures could not be copied to {Place}", place.Name);
            }
        }
    }

    internal static async Task AddAsync(string folder, IReadOnlyCollection<ErasedAccount> erased, bool make, CancellationToken ct)
    {
        await Gate.WaitAsync(ct);
        try
        {
            if (make && !Directory.Exists(folder)) SetFolder.MakePrivate(folder);
            if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"The folder {folder} is not there.");
            // Another portal that shares the folder waits its turn.
            await using var turn = await TurnAsync(Path.Combine(folder, $".{FileName}.lock"), ct);
            var known = await ReadFileAsync(folder, ct);
            var all = known.UnionBy(erased, e => e.Reference).ToList();
            if (all.Count == known.Count) return;
            var making = Path.Combine(folder, $".{FileName}.making");
            await using (var file = new FileStream(making, DumpPrograms.Private(FileMode.Create)))
            {
                await file.WriteAsync(Write(all), ct);
                file.Flush(flushToDisk: true);
            }

            File.Move(making, Path.Combine(folder, FileName), overwrite: true);
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<FileStream> TurnAsync(string path, CancellationToken ct)
    {
        for (var tried = 0; ; tried++)
        {
            try
            {
                return new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (tried < 50)
            {
                await Task.Delay(100, ct);
            }
        }
    }

    /// <summary>All that is known of, from the list in every place.</summary>
    internal Task<IReadOnlyList<ErasedAccount>> ReadAsync(CancellationToken ct) => ReadAsync(null, whatCan: false, bucket: true, ct);

    /// <summary>
    /// Also from beside a set that is restored, and from what the other sets there say: one of them suffices, should the list be lost.
    /// </summary>
    /// <param name="whatCan">A place or a file that cannot be read is told to the log, and the others are read.</param>
    /// <param name="bucket">
    /// Also from the bucket. For a restore, which somebody asked for; never at a start by itself: who writes to the bucket, a copy of this
    /// installation that was set up to try things among them, must not be able to erase people here.
    /// </param>
    internal async Task<IReadOnlyList<ErasedAccount>> ReadAsync(string? beside, bool whatCan, bool bucket, CancellationToken ct)
    {
        List<ErasedAccount> all = [];
        foreach (var folder in new[] { options.Folder, options.OffSite.Folder, beside }
            .Where(f => !string.IsNullOrWhiteSpace(f)).Select(f => Path.GetFullPath(f!)).Distinct(StringComparer.Ordinal))
        {
            if (!Directory.Exists(folder)) continue;
            await ReadAsync(async () => all.AddRange(await ReadFileAsync(folder, ct)));
            await ReadAsync(async () =>
            {
                foreach (var set in await SetFolder.AllAsync(folder, ct)) all.AddRange(set.Manifest.Erased ?? []);
            });
        }

        if (bucket && options.OffSite.S3.On) all.AddRange(await InBucketAsync(ct));
        return [.. all.DistinctBy(e => e.Reference).OrderBy(e => e.At)];

        async Task ReadAsync(Func<Task> read)
        {
            try
            {
                await read();
            }
            catch (Exception unread) when (whatCan && !ct.IsCancellationRequested)
            {
                logger.LogError(unread, "A list of erasures cannot be read: had this database been restored from an older backup, people "
                    + "whom only that list names would be back");
            }
        }
    }

    /// <summary>A bucket that does not answer keeps nobody from restoring.</summary>
    private async Task<List<ErasedAccount>> InBucketAsync(CancellationToken ct)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(LongestCopy);
        try
        {
            return await new ObjectPlace(options.OffSite.S3).ErasedAsync(soon.Token);
        }
        catch (Exception away) when (!ct.IsCancellationRequested)
        {
            logger.LogError(away, "The list of erasures in {Place} cannot be read: after a restore, people whom only that list names would "
                + "be back", options.OffSite.S3);
            return [];
        }
    }

    private static async Task<List<ErasedAccount>> ReadFileAsync(string folder, CancellationToken ct)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return [];
        return Read(await File.ReadAllLinesAsync(path, ct), path);
    }

    /// <summary>As it stands in the file.</summary>
    internal static byte[] Write(IEnumerable<ErasedAccount> erased)
    {
        using var bytes = new MemoryStream();
        foreach (var one in erased)
        {
            JsonSerializer.Serialize(bytes, one);
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    /// <exception cref="BackupException">A line is damaged.</exception>
    internal static List<ErasedAccount> Read(IEnumerable<string> lines, string path)
    {
        List<ErasedAccount> known = [];
        foreach (var line in lines)
        {
            if (line.Trim().Length == 0) continue;
            try
            {
                if (JsonSerializer.Deserialize<ErasedAccount>(line) is { Reference: not null, Fingerprint: not null } one) known.Add(one);
            }
            catch (JsonException damaged)
            {
                throw new BackupException($"{path} is damaged: put back the one of the second place, or of another machine.", damaged);
            }
        }

        return known;
    }
}
