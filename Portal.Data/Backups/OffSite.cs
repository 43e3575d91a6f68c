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
}
