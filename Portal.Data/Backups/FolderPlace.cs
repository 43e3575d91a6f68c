namespace Portal.Data.Backups;

/// <summary>A folder: a disk that is mounted, of another house if it can be.</summary>
internal sealed class FolderPlace(string folder) : ISecondPlace
{
    public string Name => folder;

    public async Task CopyAsync(SetFolder set, CancellationToken ct)
    {
        if (!set.Manifest.Encrypted) throw new BackupException($"The set {set.Name} is not encrypted: it does not leave this place.");

        // Never made here: a folder that is missing is a disk that is not mounted, and what would be written lies beside the first copy.
        if (!Directory.Exists(folder)) throw NotThere();
        var target = Path.Combine(folder, set.Name);
        if (Directory.Exists(target)) throw new AwayException(AwayFault.Differs, $"{target} is there already, and was not touched.");
        var making = Path.Combine(folder, $"{SetFolder.Making}{Guid.NewGuid():N}");
        try
        {
            SetFolder.MakePrivate(making);
            foreach (var file in Directory.EnumerateFiles(set.Path))
            {
                var copy = Path.Combine(making, Path.GetFileName(file));
                await using (var from = File.OpenRead(file))
                await using (var to = new FileStream(copy, DumpPrograms.Private(FileMode.CreateNew)))
                {
                    await from.CopyToAsync(to, ct);
                    to.Flush(flushToDisk: true);
                }

                if (await FileState.OfAsync(copy, ct) != await FileState.OfAsync(file, ct))
                    throw new AwayException(AwayFault.Differs, $"{Path.GetFileName(file)} of {set.Name} is not the same in {folder}.");
            }

            Directory.Move(making, target);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new AwayException(FaultOf(denied), $"{set.Name} could not be copied to {folder}: {denied.Message}", denied);
        }
        finally
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        }
    }

    public async Task CopyLogsAsync(LogStream stream, CancellationToken ct)
    {
        if (!Directory.Exists(folder)) throw NotThere();
        try
        {
            var target = LogStream.AllOf(folder, stream.Name[..stream.Name.LastIndexOf('.')]).FirstOrDefault(s => s.Name == stream.Name)
                ?? await stream.BeginCopyAsync(folder, ct);
            var there = (await target.ClosedAsync(ct)).Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var log in (await stream.ClosedAsync(ct)).Where(l => !there.Contains(l.Name)))
            {
                if (!log.Encrypted) throw new BackupException($"The log {log.Name} is not encrypted: it does not leave this place.");
                var making = Path.Combine(target.Path, $".{log.Name}.copying");
                File.Delete(making);
                await using (var from = File.OpenRead(Path.Combine(stream.Path, log.Stored.Name)))
                await using (var to = new FileStream(making, DumpPrograms.Private(FileMode.CreateNew)))
                {
                    await from.CopyToAsync(to, ct);
                    to.Flush(flushToDisk: true);
                }

                if ((await FileState.OfAsync(making, ct)).Sha256 != log.Stored.Sha256)
                    throw new AwayException(AwayFault.Differs, $"{log.Stored.Name} is not the same in {folder}.");
                File.Move(making, Path.Combine(target.Path, log.Stored.Name), overwrite: true);
                await target.NoteAsync(log, ct);
            }
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new AwayException(FaultOf(denied), $"The binary log could not be copied to {folder}: {denied.Message}", denied);
        }
    }

    /// <summary>Whether it lies there already as it is here.</summary>
    public async Task<bool> HasAsync(SetFolder set, CancellationToken ct)
    {
        var copy = Path.Combine(folder, set.Name);
        foreach (var file in Directory.EnumerateFiles(set.Path))
        {
            var other = Path.Combine(copy, Path.GetFileName(file));
            if (!File.Exists(other) || await FileState.OfAsync(other, ct) != await FileState.OfAsync(file, ct)) return false;
        }

        return true;
    }

    public Task ClearAsync(BackupManifest made, BuildingClock clock, CancellationToken ct) =>
        BackupKeeping.ClearAsync(folder, made, clock, ct);

    public async Task ClearLogsAsync(string database, string? installation, DateTime utcNow, CancellationToken ct)
    {
        if (!Directory.Exists(folder)) return;
        var sets = (await SetFolder.AllAsync(folder, ct)).Where(s => s.Manifest.Database == database);
        if (!BackupKeeping.MayClearLogs(sets.Select(s => s.Manifest.StartedAt), utcNow)) return;
        var needed = BackupKeeping.LogsBefore(utcNow);
        foreach (var stream in LogStream.AllOf(folder, database))
        foreach (var log in await stream.ClosedAsync(ct))
        {
            if (log.Last < needed) stream.Remove(log);
        }
    }

    public Task AddErasedAsync(IReadOnlyCollection<Privacy.ErasedAccount> erased, CancellationToken ct) =>
        Privacy.ErasureList.AddAsync(folder, erased, make: false, ct);

    private AwayException NotThere() => new(AwayFault.Missing, $"The folder {folder} is not there: is its disk mounted?");

    private static AwayFault FaultOf(Exception denied) => denied switch
    {
        UnauthorizedAccessException => AwayFault.Denied,
        IOException io when DiskFull.Is(io) => AwayFault.Full,
        _ => AwayFault.Cut,
    };
}
