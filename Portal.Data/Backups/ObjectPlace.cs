using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Says whose sets and logs may be taken away here.</summary>
    internal const string Owner = "owner.json";

    /// <summary>Further apart two clocks are not by chance.</summary>
    private static readonly TimeSpan LongestSkew = TimeSpan.FromHours(1);

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
        var sets = (await SetsAsync(store, ct)).Where(s => (s.Manifest.Database, s.Manifest.ServerKind, s.Manifest.Installation)
            == (made.Database, made.ServerKind, made.Installation)).ToList();
        await MayClearAsync(store, made.Installation, clock.UtcNow, ct);
        var spent = BackupKeeping.Spent(sets, s => clock.ToWall(s.Manifest.StartedAt), clock.Today);
        if (spent.Count == 0) return;
        var last = sets[^1];
        if (!Whole(last.Name, last.Manifest, last.Objects))
            throw new AwayException(AwayFault.Differs, $"The newest set in {Name}, {last.Name}, is not whole: nothing was removed.");
        foreach (var set in spent)
        {
            if (set.Objects.Any(o => Locked(o, clock.UtcNow))) continue;
            if (!await store.RemoveAsync($"{set.Name}/{BackupManifest.FileName}", ct)) continue;
            foreach (var one in set.Objects.Where(o => !o.Key.EndsWith($"/{BackupManifest.FileName}", StringComparison.Ordinal)))
                await store.RemoveAsync(one.Key, ct);
        }
    }

    /// <remarks>By when they were written there, which is after their end: their descriptions need not be read.</remarks>
    public async Task ClearLogsAsync(string database, string? installation, DateTime utcNow, CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        var needed = BackupKeeping.LogsBefore(utcNow);
        var old = (await store.ListAsync($"{LogStream.Folder}/{database}.", ct))
            .Where(o => o.At < needed && !Locked(o, utcNow) && LogStream.IsName(o.Key.Split('/')[1], database)
                && Path.GetFileName(o.Key) != LogStream.Beginning)
            .OrderByDescending(o => o.Key.EndsWith(".json", StringComparison.Ordinal)).ToList();
        await MayClearAsync(store, installation, utcNow, ct);
        if (old.Count == 0) return;
        var sets = (await SetsAsync(store, ct)).Where(s => s.Manifest.Database == database);
        if (!BackupKeeping.MayClearLogs(sets.Select(s => s.Manifest.StartedAt), utcNow)) return;
        foreach (var one in old) await store.RemoveAsync(one.Key, ct);
    }

    /// <summary>Whether it is certainly under a lock still: asking to remove thousands each hour would be in vain.</summary>
    private bool Locked(StoredObject one, DateTime utcNow) => options.LockDays > 0 && one.At.AddDays(options.LockDays) > utcNow;

    /// <summary>
    /// Nothing is taken away by a clock that is wrong, nor where another installation keeps what it needs. The first to clear is the owner.
    /// </summary>
    /// <exception cref="AwayException">It may not be cleared.</exception>
    private async Task MayClearAsync(ObjectStore store, string? installation, DateTime utcNow, CancellationToken ct)
    {
        var text = await store.TextAsync(Owner, ct);
        if (store.Time is not { } there || (utcNow - there).Duration() > LongestSkew)
        {
            throw new AwayException(
                AwayFault.Clock, store.Time is { } other
                    ? $"{Name}: it is {PointInTime.Say(other)} there, {PointInTime.Say(utcNow)} here. Nothing was removed: set the clock."
                    : $"{Name}: the storage does not say what time it is. Nothing was removed.");
        }

        if (text is null && installation is not null)
        {
            await store.PutTextAsync(Owner, JsonSerializer.SerializeToUtf8Bytes(new OwnerMark(installation)), locked: false, ct);
        }
        else if (text is not null && OwnerOf(text) != installation)
        {
            throw new AwayException(
                AwayFault.Other, $"{Name} is another installation's ({Owner}). Nothing was removed: give each its own prefix, "
                    + $"Backup__OffSite__S3__Prefix; or where that one is no more, remove {Owner}.");
        }
    }

    private static string? OwnerOf(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<OwnerMark>(text)?.Installation;
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private sealed record OwnerMark(string Installation);

    /// <summary>Those of the list of erasures there.</summary>
    public async Task<List<ErasedAccount>> ErasedAsync(CancellationToken ct)
    {
        using var store = new ObjectStore(options);
        return await ErasedAsync(store, ct);
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
    /// <param name="tell">Is told where the set was there already.</param>
    /// <returns>The set's folder.</returns>
    /// <exception cref="BackupException">There is none of that name, or it does not come as it was sent.</exception>
    public async Task<SetFolder> FetchAsync(
        string name, string folder, bool logs, CancellationToken ct, Action<string>? tell = null)
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

        // Nothing is sent that is not: what is there without was put there by somebody else.
        if (!found.Manifest.Encrypted)
            throw new BackupException($"The set {found.Name} in {Name} is not encrypted: this portal did not send it.");
        if (!Directory.Exists(folder)) SetFolder.MakePrivate(folder);
        var target = Path.Combine(folder, found.Name);
        var already = Directory.Exists(target);
        if (!already) await FetchSetAsync(store, found.Objects, folder, target, ct);
        var set = await SetFolder.OpenAsync(target, ct);
        await set.VerifyFilesAsync(ct);
        if (already)
        {
            if (set.Manifest.Write() != found.Manifest.Write())
                throw new BackupException($"{found.Name} is in {folder} as another than in {Name}: move one of them away.");
            tell?.Invoke(
                $"{found.Name} lies in {folder} already, whole and with the manifest of {Name}: that one is taken, not the bucket's.");
        }

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
        foreach (var stream in all.GroupBy(o => o.Key.Split('/')[1]).Where(s => LogStream.IsName(s.Key, database)))
        {
            // Another history of the server's may have logs of the same names: which is the set's, the restore sees by their times.
            var local = SetFolder.MakePrivate(Path.Combine(folder, LogStream.Folder, stream.Key));
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
                    if (!IsSent(log, description) || log.Number < LogFile.Number(place.File) || !names.Contains(log.Stored.Name))
                    {
                        File.Delete(arriving);
                        continue;
                    }

                    var packed = Path.Combine(local, log.Stored.Name);
                    await store.FetchAsync($"{LogStream.Folder}/{stream.Key}/{log.Stored.Name}", packed, ct);
                    if ((await FileState.OfAsync(packed, ct)).Sha256 != log.Stored.Sha256)
                        throw new AwayException(AwayFault.Differs, $"The log {log.Name} did not come as it was sent: try again.");
                }

                File.Move(arriving, file, overwrite: true);
            }
        }
    }

    /// <summary>
    /// Whether a log is described as it was sent: its names are those of files, and it is encrypted. Who can write in the bucket could else
    /// have a log of theirs replayed, or a file written elsewhere.
    /// </summary>
    internal static bool IsSent([NotNullWhen(true)] ArchivedLog? log, string description) =>
        log is { Name: not null, Stored.Name: not null } && description == $"{log.Name}.json" && log.Stored.Name == $"{log.Name}.gz.age"
            && log.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

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
