using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Operations;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>
/// Each half hour: what did not reach the second place is sent again, the newest set first, until the place itself fails; the list of
/// erasures too. So a night without a connection is made up for in the morning, and the alarm goes by itself.
/// </summary>
public sealed class AwayRetry(
    BackupOptions options, BackupLogin login, PortalStore store, BuildingClock clock, ILogger<AwayRetry> logger,
    Privacy.ErasureList? erasures = null)
    : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("backup_away");

    internal static readonly TimeSpan Every = TimeSpan.FromMinutes(30);

    public override int MostAttempts => 1;

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        if (!options.On || !options.OffSiteOn) return;
        // Sending may take longer than the half hour to the next.
        await using var lease = await BackupSession.OpenAsync(login(), ct);
        await lease.ExecuteAsync("SET SESSION wait_timeout = 86400", ct);
        if (!await lease.TryLockAsync("away", ct)) return;
        if (erasures is not null) await erasures.SendAsync(ct);
        foreach (var (id, path) in await LeftAsync(ct))
        {
            await using (var db = await store.OpenAsync(CurrentUser.System, ct))
            {
                // While a night's backup is at it, its own copy is on the way.
                if (await BackupState.WorkingAsync(db, clock.UtcNow, ct)) return;
            }

            var places = SecondPlaces.Of(options);
            var why = await SendAsync(places, path, ct);
            var noted = await store.WriteAsync(
                CurrentUser.System,
                async (db, token) =>
                {
                    if (await db.BackupSets.FirstOrDefaultAsync(s => s.Id == id, token) is not { } row) return Result.Done;
                    row.GoesTo(places.Select(p => p.Name));
                    row.CopiedAway(why);
                    return Result.Done;
                },
                ct);
            if (!noted.Ok) logger.LogError("What came of a copy could not be noted: {Code}", noted.Error!.Code);
            // One set that is damaged keeps none of the others here.
            if (why is not null && !SecondPlaces.OfTheSet(why)) return;
        }
    }

    /// <summary>Sets whose copy failed, or was begun by a portal that ended before it was done.</summary>
    private async Task<List<(long Id, string Path)>> LeftAsync(CancellationToken ct)
    {
        var (since, begun) = (clock.UtcNow.AddDays(-BackupKeeping.Days), clock.UtcNow - BackupState.LongestWork);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        return
        [
            .. (await db.BackupSets.AsNoTracking()
                    .Where(s => s.Outcome == BackupOutcome.Good && s.RemovedAt == null && s.FinishedAt > since
                        && (s.OffSite == OffSiteCopy.Failed
                            || (s.OffSite == OffSiteCopy.None && s.OffSitePlaces != null && s.FinishedAt < begun)))
                    .OrderByDescending(s => s.FinishedAt).ThenByDescending(s => s.Id).Select(s => new { s.Id, s.Folder, s.Name })
                    .ToListAsync(ct))
                .Select(s => (s.Id, Path.Combine(s.Folder ?? "", s.Name ?? ""))).Where(s => Directory.Exists(s.Item2)),
        ];
    }

    private async Task<BackupException?> SendAsync(IReadOnlyList<ISecondPlace> places, string path, CancellationToken ct)
    {
        try
        {
            var set = await SetFolder.OpenAsync(path, ct);
            // A copy is made of what is whole, or it would take the place of one that could have been.
            await set.VerifyFilesAsync(ct);
            await SecondPlaces.EachAsync(places, place => CopyAsync(place, set, ct));
            return null;
        }
        catch (Exception again) when (again is BackupException or IOException or UnauthorizedAccessException)
        {
            logger.LogError(again, "The copy of a backup in the second place failed again");
            return again as BackupException ?? new BackupException($"The set in {path} cannot be read: {again.Message}", again);
        }
    }

    /// <summary>Of two places one may have it already.</summary>
    private static async Task CopyAsync(ISecondPlace place, SetFolder set, CancellationToken ct)
    {
        if (place is FolderPlace folder && await folder.HasAsync(set, ct)) return;
        await place.CopyAsync(set, ct);
    }
}
