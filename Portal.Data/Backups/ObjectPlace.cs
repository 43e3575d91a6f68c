using System.Collections.Concurrent;
using System.Text.Json;
using Portal.Data.Privacy;

namespace Portal.Data.Backups;

/// <summary>
/// A bucket. A set is there once its manifest is, which is written last and removed first; a log once its description is. There is no
/// renaming in S3, and nothing needs it so.
/// </summary>
internal sealed class ObjectPlace(ObjectOptions options) : ISecondPlace
{
    /// <summary>What is in the bucket of each stream: a month has thousands, and nobody else writes there.</summary>
    private readonly ConcurrentDictionary<string, HashSet<string>> _logs = new(StringComparer.Ordinal);

    public string Name => options.ToString();

    public async Task CopyAsync(SetFolder set, CancellationToken ct)
    {
        if (!set.Manifest.Encrypted) throw new BackupException($"The set {set.Name} is not encrypted: it does not leave this place.");
        using var store = new ObjectStore(options);
        // A list first: it says what is wrong with key or bucket, where a look at one object says no more than no.
        var there = await store.ListAsync(set.Name + "/", ct);
        var manifest = Path.Combine(set.Path, BackupManifest.FileName);
        if (there.Exists(o => o.Key == Key(set, BackupManifest.FileName)))
        {
            // The answer to the last request was lost, perhaps.
            if (await store.TextAsync(Key(set, BackupManifest.FileName), ct) == await File.ReadAllTextAsync(manifest, ct)
                && Whole(set.Name, set.Manifest, there)) return;
            throw new AwayException(AwayFault.Differs, $"{set.Name} is in {Name} already as another, and was not touched.");
        }

        foreach (var file in Directory.EnumerateFiles(set.Path).Where(f => f != manifest).Order(StringComparer.Ordinal))
            await store.PutFileAsync(Key(set, Path.GetFileName(file)), file, ct);
        await store.PutFileAsync(Key(set, BackupManifest.FileName), manifest, ct);
    }

    public async Task CopyLogsAsync(LogStream stream, CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        var under = $"{LogStream.Folder}/{stream.Name}/";
        if (!_logs.TryGetValue(stream.Name, out var there))
        {
            there = (await store.ListAsync(under, ct)).Select(o => o.Key[under.Length..]).ToHashSet(StringComparer.Ordinal);
            _logs[stream.Name] = there;
        }

        if (there.Count == 0)
        {
            var first = JsonSerializer.SerializeToUtf8Bytes(await stream.FirstAsync(ct));
            await store.PutTextAsync(under + LogStream.Beginning, first, locked: false, ct);
            there.Add(LogStream.Beginning);
        }

        foreach (var log in (await stream.ClosedAsync(ct)).Where(l => !there.Contains($"{l.Name}.json")))
        {
            if (!log.Encrypted) throw new BackupException($"The log {log.Name} is not encrypted: it does not leave this place.");
            await store.PutFileAsync(under + log.Stored.Name, Path.Combine(stream.Path, log.Stored.Name), ct);
            await store.PutTextAsync($"{under}{log.Name}.json", JsonSerializer.SerializeToUtf8Bytes(log), locked: true, ct);
            there.Add($"{log.Name}.json");
        }
    }

    public async Task ClearAsync(BackupManifest made, BuildingClock clock, CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        var sets = (await SetsAsync(store, ct)).Where(
            s => (s.Manifest.Database, s.Manifest.ServerKind) == (made.Database, made.ServerKind)).ToList();
        var spent = BackupKeeping.Spent(sets, s => clock.ToWall(s.Manifest.StartedAt), clock.Today);
        if (spent.Count == 0) return;
        var last = sets[^1];
        if (!Whole(last.Name, last.Manifest, last.Objects))
            throw new AwayException(AwayFault.Differs, $"The newest set in {Name}, {last.Name}, is not whole: nothing was removed.");
        foreach (var set in spent)
        {
            if (!await store.RemoveAsync($"{set.Name}/{BackupManifest.FileName}", ct)) continue;
            foreach (var one in set.Objects.Where(o => !o.Key.EndsWith($"/{BackupManifest.FileName}", StringComparison.Ordinal)))
                await store.RemoveAsync(one.Key, ct);
        }
    }

    /// <remarks>By when they were written there, which is after their end: their descriptions need not be read.</remarks>
    public async Task ClearLogsAsync(string database, DateTime needed, CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        var old = (await store.ListAsync($"{LogStream.Folder}/{database}.", ct))
            .Where(o => o.At < needed && Path.GetFileName(o.Key) != LogStream.Beginning)
            .OrderByDescending(o => o.Key.EndsWith(".json", StringComparison.Ordinal)).ToList();
        foreach (var one in old) await store.RemoveAsync(one.Key, ct);
    }

    public async Task AddErasedAsync(IReadOnlyCollection<ErasedAccount> erased, CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        var known = await ErasedAsync(store, ct);
        var all = known.UnionBy(erased, e => e.Reference).ToList();
        if (all.Count > known.Count) await store.PutTextAsync(ErasureList.FileName, ErasureList.Write(all), locked: false, ct);
    }

    /// <summary>Brings a set here, with the logs after it and the list of erasures, to where a restore looks for them.</summary>
    /// <param name="name">Its name, or <c>last</c>.</param>
    /// <param name="folder">The folder of sets; what is in it already is not brought again.</param>
    /// <param name="logs">Whether the logs are wanted.</param>
    /// <returns>The set's folder.</returns>
    /// <exception cref="BackupException">There is none of that name, or it does not come as it was sent.</exception>
    public async Task<SetFolder> FetchAsync(string name, string folder, bool logs, CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        var sets = await SetsAsync(store, ct);
        if (sets.Count == 0) throw new BackupException($"There is no set in {Name}.");
        var found = name == Last ? sets[^1] : sets.Find(s => s.Name == name);
        if (found.Name is null)
        {
            throw new BackupException(
                $"There is no set {name} in {Name}. The newest there: {string.Join(", ", sets.TakeLast(5).Select(s => s.Name))}.");
        }

        if (!Directory.Exists(folder)) SetFolder.MakePrivate(folder);
        var target = Path.Combine(folder, found.Name);
        if (!Directory.Exists(target)) await FetchSetAsync(store, found.Objects, folder, target, ct);
        var set = await SetFolder.OpenAsync(target, ct);
        await set.VerifyFilesAsync(ct);
        var erased = (await ErasedAsync(store, ct)).Concat(sets[^1].Manifest.Erased ?? []).DistinctBy(e => e.Reference);
        await ErasureList.AddAsync(folder, [.. erased], make: true, ct);
        if (logs && set.Manifest.BinaryLog is { } place) await FetchLogsAsync(store, set.Manifest.Database, place, folder, ct);
        return set;
    }

    /// <summary>The word for the newest set.</summary>
    internal const string Last = "last";

    private static async Task FetchSetAsync(
        ObjectStore store, IReadOnlyList<StoredObject> objects, string folder, string target, CancellationToken ct)
    {
        var making = Path.Combine(folder, $"{SetFolder.Making}{Guid.NewGuid():N}");
        try
        {
            SetFolder.MakePrivate(making);
            foreach (var one in objects) await store.FetchAsync(one.Key, Path.Combine(making, Path.GetFileName(one.Key)), ct);
            await (await SetFolder.OpenAsync(making, ct)).VerifyFilesAsync(ct);
            Directory.Move(making, target);
        }
        catch (IOException full)
        {
            throw new BackupException($"{Path.GetFileName(target)} could not be brought to {folder}: {full.Message}", full);
        }
        finally
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        }
    }

    private static async Task FetchLogsAsync(
        ObjectStore store, string database, BinaryLogPosition place, string folder, CancellationToken ct)
    {
        var all = await store.ListAsync($"{LogStream.Folder}/{database}.", ct);
        foreach (var stream in all.GroupBy(o => o.Key.Split('/')[1]))
        {
            // Another history of the server's may have logs of the same names: which is the set's, the restore sees by their times.
            var local = SetFolder.MakePrivate(Path.Combine(folder, LogStream.Folder, Path.GetFileName(stream.Key)));
            var names = stream.Select(o => Path.GetFileName(o.Key)).ToHashSet(StringComparer.Ordinal);
            foreach (var description in names.Where(n => n.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                var file = Path.Combine(local, description);
                if (File.Exists(file) || description.StartsWith('.')) continue;
                var arriving = Path.Combine(local, $".{description}.new");
                await store.FetchAsync($"{LogStream.Folder}/{stream.Key}/{description}", arriving, ct);
                if (description != LogStream.Beginning)
                {
                    var log = JsonSerializer.Deserialize<ArchivedLog>(await File.ReadAllTextAsync(arriving, ct));
                    if (log is not { Stored: not null } || log.Number < LogFile.Number(place.File) || !names.Contains(log.Stored.Name))
                    {
                        File.Delete(arriving);
                        continue;
                    }

                    var packed = Path.Combine(local, Path.GetFileName(log.Stored.Name));
                    await store.FetchAsync($"{LogStream.Folder}/{stream.Key}/{log.Stored.Name}", packed, ct);
                    if ((await FileState.OfAsync(packed, ct)).Sha256 != log.Stored.Sha256)
                        throw new AwayException(AwayFault.Differs, $"The log {log.Name} did not come as it was sent: try again.");
                }

                File.Move(arriving, file, overwrite: true);
            }
        }
    }

    private static async Task<List<ErasedAccount>> ErasedAsync(ObjectStore store, CancellationToken ct) =>
        await store.TextAsync(ErasureList.FileName, ct) is { } text
            ? ErasureList.Read(text.Split('\n'), ErasureList.FileName)
            : [];

    /// <summary>The sets whose manifest is there, the oldest first. One that cannot be read is neither counted nor removed.</summary>
    private static async Task<List<(string Name, BackupManifest Manifest, IReadOnlyList<StoredObject> Objects)>> SetsAsync(
        ObjectStore store, CancellationToken ct)
    {
        List<(string Name, BackupManifest Manifest, IReadOnlyList<StoredObject> Objects)> sets = [];
        foreach (var set in (await store.ListAsync(SetFolder.Prefix, ct)).GroupBy(o => o.Key.Split('/')[0]))
        {
            var key = $"{set.Key}/{BackupManifest.FileName}";
            if (!set.Any(o => o.Key == key)) continue;
            try
            {
                if (await store.TextAsync(key, ct) is { } text) sets.Add((set.Key, BackupManifest.Read(text, key), [.. set]));
            }
            catch (BackupException unread) when (unread is not AwayException)
            {
                // Somebody else's, or damaged.
            }
        }

        sets.Sort((a, b) => a.Manifest.StartedAt.CompareTo(b.Manifest.StartedAt));
        return sets;
    }

    private static bool Whole(string name, BackupManifest manifest, IReadOnlyList<StoredObject> objects) =>
        objects.Any(o => o.Key == $"{name}/{SetFolder.Sums}")
            && manifest.Files.All(f => objects.Any(o => o.Key == $"{name}/{f.Name}" && o.Bytes == f.Bytes));

    private static string Key(SetFolder set, string file) => $"{set.Name}/{file}";
}
