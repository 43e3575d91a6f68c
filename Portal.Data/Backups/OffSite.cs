namespace Portal.Data.Backups;

/// <summary>The copy in a second place.</summary>
internal static class OffSite
{
    /// <summary>Copies a set, reads it back, and gives it its name once it is the same.</summary>
    /// <exception cref="BackupException">It is not, or could not be written.</exception>
    public static async Task CopyAsync(SetFolder set, string folder, CancellationToken ct)
    {
        if (!set.Manifest.Encrypted) throw new BackupException($"The set {set.Name} is not encrypted: it does not leave this place.");

        // Never made here: a folder that is missing is a disk that is not mounted, and what would be written lies beside the first copy.
        if (!Directory.Exists(folder)) throw new BackupException($"The folder {folder} is not there: is its disk mounted?");
        var target = Path.Combine(folder, set.Name);
        if (Directory.Exists(target)) throw new BackupException($"{target} is there already, and was not touched.");
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
                    throw new BackupException($"{Path.GetFileName(file)} of {set.Name} is not the same in {folder}.");
            }

            Directory.Move(making, target);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{set.Name} could not be copied to {folder}: {denied.Message}", denied);
        }
        finally
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        }
    }

    /// <summary>Copies the closed logs that are not there yet, and reads each back before it gets its name.</summary>
    /// <exception cref="BackupException">One is not encrypted, not the same, or could not be written.</exception>
    public static async Task CopyLogsAsync(LogStream stream, string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder)) throw new BackupException($"The folder {folder} is not there: is its disk mounted?");
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
                    throw new BackupException($"{log.Stored.Name} is not the same in {folder}.");
                File.Move(making, Path.Combine(target.Path, log.Stored.Name), overwrite: true);
                await target.NoteAsync(log, ct);
            }
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The binary log could not be copied to {folder}: {denied.Message}", denied);
        }
    }
}
