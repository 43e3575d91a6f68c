using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Operations;

namespace Portal.Data.Backups;

/// <summary>
/// Each half hour: what did not reach the second place is sent again, the newest set first, until one fails. So a night without a
/// connection is made up for in the morning, and the alarm goes by itself.
/// </summary>
public sealed class AwayRetry(BackupOptions options, PortalStore store, BuildingClock clock, ILogger<AwayRetry> logger)
    : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("backup_away");

    internal static readonly TimeSpan Every = TimeSpan.FromMinutes(30);

    public override int MostAttempts => 1;

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        if (!options.On || !options.OffSiteOn) return;
        List<(long Id, string Path)> failed;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            // While a night's backup is at it, its own copy is on the way.
            if (await BackupState.WorkingAsync(db, clock.UtcNow, ct)) return;
            var since = clock.UtcNow.AddDays(-BackupKeeping.Days);
            failed =
            [
                .. (await db.BackupSets.AsNoTracking()
                        .Where(s => s.Outcome == BackupOutcome.Good && s.OffSite == OffSiteCopy.Failed && s.RemovedAt == null
                            && s.FinishedAt > since)
                        .OrderByDescending(s => s.FinishedAt).ThenByDescending(s => s.Id).Select(s => new { s.Id, s.Folder, s.Name })
                        .ToListAsync(ct))
                    .Select(s => (s.Id, Path.Combine(s.Folder ?? "", s.Name ?? ""))).Where(s => Directory.Exists(s.Item2)),
            ];
        }

        foreach (var (id, path) in failed)
        {
            BackupException? why = null;
            try
            {
                var set = await SetFolder.OpenAsync(path, ct);
                // A copy is made of what is whole, or it would take the place of one that could have been.
                await set.VerifyFilesAsync(ct);
                await SecondPlaces.EachAsync(SecondPlaces.Of(options), place => CopyAsync(place, set, ct));
            }
            catch (BackupException again)
            {
                logger.LogError(again, "The copy of a backup in the second place failed again");
                why = again;
            }

            var noted = await store.WriteAsync(
                CurrentUser.System,
                async (db, token) =>
                {
                    if (await db.BackupSets.FirstOrDefaultAsync(s => s.Id == id, token) is { } row) row.CopiedAway(why);
                    return Result.Done;
                },
                ct);
            if (!noted.Ok) logger.LogError("What came of a copy could not be noted: {Code}", noted.Error!.Code);
            if (why is not null) return;
        }
    }

    /// <summary>Of two places one may have it already.</summary>
    private static async Task CopyAsync(ISecondPlace place, SetFolder set, CancellationToken ct)
    {
        if (place is FolderPlace folder && await folder.HasAsync(set, ct)) return;
        await place.CopyAsync(set, ct);
    }
}
