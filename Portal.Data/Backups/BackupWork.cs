using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Operations;

namespace Portal.Data.Backups;

/// <summary>A backup as the house makes it: the set, its copy elsewhere, a row of what came of it; what is no longer kept goes.</summary>
public sealed class BackupWork(
    BackupDesk desk, BackupOptions options, PortalStore store, BuildingClock clock, ILogger<BackupWork> logger,
    Privacy.ErasureList? erasures = null)
{
    /// <param name="folder">Null: the folder of sets, in which the keeping rules hold.</param>
    /// <param name="askedBy">The account that pressed the button.</param>
    /// <exception cref="BackupException">No set was made; that is noted, as is any other reason.</exception>
    public async Task<SetFolder> RunAsync(BackupKind kind, string? folder, long? askedBy, CancellationToken ct)
    {
        var started = clock.UtcNow;
        SetFolder set;
        try
        {
            set = await desk.MakeAsync(folder, ct);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            await NoteAsync(BackupSet.NotMade(kind, failed.Message, started, clock.UtcNow, askedBy), [], ct);
            throw;
        }

        var row = BackupSet.Made(kind, set, askedBy);
        if (folder is not null)
        {
            await NoteAsync(row, [], ct);
            return set;
        }

        var places = SecondPlaces.Of(options);
        if (places.Count > 0) row.GoesTo(places.Select(p => p.Name));
        // First: a copy may take hours, in which the portal may end, and there is a good set.
        var noted = false;
        await TryAsync(async () => noted = await NoteAsync(row, [], ct), ct);
        // Also where the list was lost, or its second place was away: what was erased stays so after a restore.
        if (erasures is not null && set.Manifest.Erased is { Count: > 0 } erased)
            await TryAsync(() => erasures.AddAsync([.. erased], ct), ct);
        BackupException? away = null;
        if (places.Count > 0) away = await TryAsync(() => SecondPlaces.EachAsync(places, place => place.CopyAsync(set, ct)), ct);
        IReadOnlyList<string> gone = [];
        await TryAsync(async () => gone = await BackupKeeping.ClearAsync(options.Folder!, set.Manifest, clock, ct), ct);
        await TryAsync(() => SecondPlaces.EachAsync(places, place => place.ClearAsync(set.Manifest, clock, ct)), ct);
        if (noted)
        {
            if (places.Count > 0 || gone.Count > 0) await NoteAwayAsync(row.Id, places.Count > 0, away, gone, ct);
            return set;
        }

        row = BackupSet.Made(kind, set, askedBy);
        if (places.Count > 0)
        {
            row.GoesTo(places.Select(p => p.Name));
            row.CopiedAway(away);
        }

        await NoteAsync(row, gone, ct);
        return set;
    }

    /// <returns>What was wrong; the set that was made is good nevertheless.</returns>
    private async Task<BackupException?> TryAsync(Func<Task> work, CancellationToken ct)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception failed) when (!ct.IsCancellationRequested)
        {
            logger.LogError(failed, "The backup was made, and something after it failed");
            return failed as BackupException ?? new BackupException(failed.Message, failed);
        }
    }

    /// <summary>What came of the copy, and of sets that went, in rows that are there.</summary>
    private async Task NoteAwayAsync(long id, bool copied, BackupException? away, IReadOnlyList<string> gone, CancellationToken ct)
    {
        // There is no table for it yet.
        if (id == 0) return;
        var noted = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                if (copied && await db.BackupSets.FirstOrDefaultAsync(s => s.Id == id, token) is { } row) row.CopiedAway(away);
                await GoneAsync(db, gone, token);
                return Result.Done;
            },
            ct);
        if (!noted.Ok) logger.LogError("What came of the backup's copy could not be noted: {Code}", noted.Error!.Code);
    }

    private async Task GoneAsync(PortalDb db, IReadOnlyList<string> gone, CancellationToken ct)
    {
        foreach (var old in await db.BackupSets.Where(s => s.RemovedAt == null && gone.Contains(s.Name!)).ToListAsync(ct))
            old.Removed(clock.UtcNow);
    }

    /// <summary>
    /// A backup before a migration is made by the program of the new version, of a database that has not the table yet, or not all of it.
    /// </summary>
    private async Task<bool> HasTableAsync(CancellationToken ct)
    {
        await using var look = await store.OpenAsync(CurrentUser.System, ct);
        return (await look.Database.SqlQuery<int>(
            $"""
            SELECT (SELECT COUNT(*) FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name IN ('backup_sets', 'audit_log'))
                + (SELECT COUNT(*) FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = 'backup_sets' AND column_name = 'off_site_places') AS Value
            """).ToListAsync(ct))[0] == 3;
    }

    /// <returns>False where the database did not take it; true also where there is no table for it yet.</returns>
    private async Task<bool> NoteAsync(BackupSet row, IReadOnlyList<string> gone, CancellationToken ct)
    {
        if (!await HasTableAsync(ct)) return true;
        var noted = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                db.Add(row);
                await GoneAsync(db, gone, token);
                return Result.Done;
            },
            ct);
        if (!noted.Ok) logger.LogError("What came of the backup could not be noted: {Code}", noted.Error!.Code);
        return noted.Ok;
    }
}

/// <summary>Each night at half past three.</summary>
public sealed class NightlyBackup(BackupWork work, BackupOptions options) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("nightly_backup");

    internal static readonly TimeOnly At = new(3, 30);

    /// <summary>Nobody has said where backups lie.</summary>
    public const string Off = "backup_off";

    public override int MostAttempts => 3;

    public override JobLane Lane => JobLane.Long;

    public override Task RunAsync(DateOnly day, CancellationToken ct) =>
        options.On ? work.RunAsync(BackupKind.Nightly, null, null, ct) : throw new WorkLeftException(Off);
}

/// <param name="By">The account.</param>
public sealed record AskedFor(long? By);

/// <summary>Somebody pressed the button.</summary>
public sealed class AskedBackup(BackupWork work, BackupOptions options) : JobHandler<AskedFor>(JobKind)
{
    public static readonly JobKind<AskedFor> JobKind = new("backup");

    public override int MostAttempts => 1;

    public override JobLane Lane => JobLane.Long;

    public override Task RunAsync(AskedFor asked, CancellationToken ct) =>
        options.On ? work.RunAsync(BackupKind.Asked, null, asked.By, ct) : throw new WorkLeftException(NightlyBackup.Off);
}
