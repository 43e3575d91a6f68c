namespace Portal.Data.Backups;

/// <summary>Why a copy did not reach the second place; the word is noted, and pages say it in the person's language.</summary>
public enum AwayFault
{
    /// <summary>The folder is not there, or its disk is not mounted.</summary>
    Missing,

    /// <summary>The storage does not know the key, or its secret is another.</summary>
    Key,

    /// <summary>There is no such bucket, or it is in another region.</summary>
    Bucket,

    /// <summary>The key, or the portal's user, may not do it.</summary>
    Denied,

    /// <summary>The two clocks are too far apart for a signature to hold.</summary>
    Clock,

    /// <summary>Nobody answers under the address.</summary>
    Unreachable,

    /// <summary>The connection, or the disk, ended in the middle.</summary>
    Cut,

    /// <summary>No answer in the time that a request has, or the storage asks for less work.</summary>
    Slow,

    /// <summary>No room, or more than was booked.</summary>
    Full,

    /// <summary>What lies there is not what was sent.</summary>
    Differs,

    /// <summary>Something else; the sentence says what.</summary>
    Other,
}

/// <summary>A copy is not in the second place. The message is for the operator, and holds nothing of a key.</summary>
public sealed class AwayException(AwayFault fault, string message, Exception? inner = null) : BackupException(message, inner)
{
    public AwayFault Fault => fault;

    /// <summary>The storage's own word for it; null where it gave none.</summary>
    internal string? Code { get; init; }

    /// <summary>The status of the storage's answer; 0 where there was none.</summary>
    internal int Status { get; init; }
}

/// <summary>A place elsewhere in which copies of sets and closed logs lie. What lies there under a name of its own is whole.</summary>
internal interface ISecondPlace
{
    /// <summary>For people: where it is.</summary>
    string Name { get; }

    /// <summary>Copies a set, compares it there, and gives it its name once it is the same.</summary>
    /// <exception cref="BackupException">It is not encrypted, not the same, or could not be written.</exception>
    Task CopyAsync(SetFolder set, CancellationToken ct);

    /// <summary>Copies the closed logs that are not there yet, and compares each before it counts.</summary>
    /// <exception cref="BackupException">One is not encrypted, not the same, or could not be written.</exception>
    Task CopyLogsAsync(LogStream stream, CancellationToken ct);

    /// <summary>Takes away sets by <see cref="BackupKeeping"/>, if the last is whole.</summary>
    /// <param name="made">The set that was made just now.</param>
    /// <exception cref="BackupException">The last is in doubt, or the place does not answer.</exception>
    Task ClearAsync(BackupManifest made, BuildingClock clock, CancellationToken ct);

    /// <summary>
    /// Takes away logs that no set needs any more (<see cref="BackupKeeping.LogsBefore"/>): by their age alone, for what sets this machine
    /// has says nothing of those that lie there.
    /// </summary>
    /// <param name="installation">See <see cref="BackupManifest.Installation"/>.</param>
    /// <exception cref="BackupException">It may not be cleared, or does not answer.</exception>
    Task ClearLogsAsync(string database, string? installation, DateTime utcNow, CancellationToken ct);

    /// <summary>Puts those into the list of erasures there that are not in it.</summary>
    Task AddErasedAsync(IReadOnlyCollection<Privacy.ErasedAccount> erased, CancellationToken ct);
}

internal static class SecondPlaces
{
    /// <summary>Those that are named; none where nothing may leave, because it would not be encrypted.</summary>
    public static IReadOnlyList<ISecondPlace> Of(BackupOptions options)
    {
        if (!options.OffSiteOn) return [];
        List<ISecondPlace> places = [];
        if (!string.IsNullOrWhiteSpace(options.OffSite.Folder)) places.Add(new FolderPlace(options.OffSite.Folder));
        if (options.OffSite.S3.On) places.Add(new ObjectPlace(options.OffSite.S3));
        return places;
    }

    /// <summary>Does something in each; that one fails does not keep it from the others.</summary>
    /// <exception cref="BackupException">
    /// The first that failed; rather one that fails as a place than one where this copy differs.
    /// </exception>
    public static async Task EachAsync(IEnumerable<ISecondPlace> places, Func<ISecondPlace, Task> work)
    {
        BackupException? first = null;
        foreach (var place in places)
        {
            try
            {
                await work(place);
            }
            catch (BackupException failed)
            {
                if (first is null || OfTheSet(first)) first = failed;
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                if (first is null || OfTheSet(first))
                {
                    first = new AwayException(
                        failed is UnauthorizedAccessException ? AwayFault.Denied : DiskFull.Is(failed) ? AwayFault.Full : AwayFault.Cut,
                        $"{place.Name}: {failed.Message}", failed);
                }
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                // Whatever a second place does, the first goes on.
                if (first is null || OfTheSet(first))
                    first = new AwayException(AwayFault.Other, $"{place.Name}: {failed.GetType().Name}.", failed);
            }
        }

        if (first is not null) throw first;
    }

    /// <summary>Whether what failed is of this one set, so that another may well go there.</summary>
    internal static bool OfTheSet(BackupException failed) => failed is not AwayException or AwayException { Fault: AwayFault.Differs };
}

internal static class DiskFull
{
    /// <summary>Whether a write failed for want of room: ENOSPC (28) or EDQUOT (122) of Linux, ERROR_DISK_FULL (112) of Windows.</summary>
    public static bool Is(Exception failed) => failed is IOException && (failed.HResult & 0xFFFF) is 28 or 122 or 112;
}
