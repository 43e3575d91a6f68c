using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Backups;

/// <summary>What is wrong with the backups.</summary>
public enum BackupAlarm
{
    /// <summary>Nobody has said where they lie: none is made.</summary>
    NotSetUp,

    /// <summary>The last good one is older than <see cref="BackupState.LongestAge"/>, or there never was one.</summary>
    Old,

    /// <summary>The last one has less than half the size of the one before.</summary>
    Small,

    /// <summary>Its copy in the second place failed, or that of the logs after it.</summary>
    Away,

    /// <summary>The stream of the binary log is more than <see cref="BackupState.LongestLag"/> behind.</summary>
    Behind,

    /// <summary>A log after the last set is missing: no moment after it can be restored.</summary>
    Gap,

    /// <summary>The last drill failed.</summary>
    DrillFailed,

    /// <summary>The last good drill is older than <see cref="BackupState.LongestWithoutDrill"/>.</summary>
    DrillOld,
}

/// <summary>A drill. Times are UTC.</summary>
public sealed record DrillRow(
    long Id, DateTime StartedAt, DateTime FinishedAt, BackupOutcome Outcome, string? SetName, bool OwnSet, bool WithLogs,
    DateTime? ReachedAt, int Tables, int Differing, long Records, string? Message);

/// <summary>How the stream of the binary log stands. Times are UTC.</summary>
/// <param name="NoLog">The server keeps none.</param>
/// <param name="ReachedAt">What was committed by then is saved.</param>
/// <param name="SinceAt">The oldest set from which every later moment can be restored.</param>
/// <param name="AwayFault">Why closed logs are not in the second place, as a name of <see cref="Backups.AwayFault"/>.</param>
public sealed record StreamRow(
    bool NoLog, string? LogFile, DateTime? ReachedAt, DateTime? SinceAt, string? Missing, string? Message, DateTime? SeenAt,
    string? AwayFault = null);

/// <summary>One set, or one that was not made. Times are UTC.</summary>
public sealed record BackupRow(
    long Id, BackupKind Kind, string? Name, string? Folder, DateTime StartedAt, DateTime FinishedAt, BackupOutcome Outcome, long Bytes,
    int Tables, long Records, bool Encrypted, OffSiteCopy OffSite, string? Message, DateTime? RemovedAt, string? OffSiteFault = null,
    string? OffSitePlaces = null)
{
    /// <summary>Its folder, for a command.</summary>
    public string? Path => Name is null ? null : System.IO.Path.Combine(Folder ?? "", Name);

    /// <summary>Whether its copy is the same in each of these places: one that was named later has it not.</summary>
    /// <param name="before">What a row of before the places were noted is taken for.</param>
    internal bool IsIn(IEnumerable<string> places, bool before) => OffSite == OffSiteCopy.Same
        && (OffSitePlaces is null ? before : places.All(p => OffSitePlaces.Split('\n').Contains(p)));
}

/// <summary>How the backups stand.</summary>
/// <param name="Folder">Where they lie; null where nobody has said.</param>
/// <param name="SecondPlace">Where copies go; null where nowhere.</param>
/// <param name="Last">The last good one.</param>
/// <param name="Before">The good one before it.</param>
/// <param name="LastAway">The last one whose copies in all second places that are named now are the same.</param>
/// <param name="Failed">The last that was not made, where it is later than <paramref name="Last"/>.</param>
/// <param name="Since">From when (UTC) on there could have been one.</param>
/// <param name="Kept">Good sets that lie in folders now, and their bytes together.</param>
/// <param name="Working">One is being made, or will be in a moment.</param>
/// <param name="Stream">Null where no portal has streamed yet.</param>
/// <param name="Drill">The last drill.</param>
/// <param name="GoodDrill">The last one that went well.</param>
public sealed record BackupState(
    string? Folder, string? SecondPlace, bool Encrypts, BackupRow? Last, BackupRow? Before, BackupRow? LastAway, BackupRow? Failed,
    DateTime Since, (int Sets, long Bytes) Kept, bool Working, StreamRow? Stream = null, DrillRow? Drill = null, DrillRow? GoodDrill = null)
{
    /// <summary>A night, and what a night may be late.</summary>
    public static readonly TimeSpan LongestAge = TimeSpan.FromHours(26);

    public static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(5);

    /// <summary>A week, and what it may be late.</summary>
    public static readonly TimeSpan LongestWithoutDrill = TimeSpan.FromDays(8);

    /// <summary>No backup takes longer.</summary>
    internal static readonly TimeSpan LongestWork = TimeSpan.FromHours(4);

    /// <summary>What would be lost of the work, were the server gone now; null where all would be.</summary>
    public TimeSpan? Loss(DateTime utcNow)
    {
        if (Last is null) return null;
        var saved = Stream is { Missing: null, SinceAt: not null, ReachedAt: { } reached } && reached > Last.StartedAt
            ? reached
            : Last.StartedAt;
        return saved > utcNow ? TimeSpan.Zero : utcNow - saved;
    }

    /// <summary>Why the last set, or a closed log after it, is not in the second place; null where nothing failed.</summary>
    public string? AwayFault => Last is { OffSite: OffSiteCopy.Failed }
        ? Last.OffSiteFault ?? $"{Backups.AwayFault.Other}"
        : SecondPlace is not null && Stream is { NoLog: false } ? Stream.AwayFault : null;

    public IReadOnlyList<BackupAlarm> Alarms(DateTime utcNow)
    {
        if (Folder is null) return [BackupAlarm.NotSetUp];
        List<BackupAlarm> alarms = [];
        if (utcNow - (Last?.FinishedAt ?? Since) > LongestAge) alarms.Add(BackupAlarm.Old);
        if (Last is not null && Before is not null && Last.Bytes * 2 < Before.Bytes) alarms.Add(BackupAlarm.Small);
        if (AwayFault is not null) alarms.Add(BackupAlarm.Away);
        if (Stream is { NoLog: false })
        {
            if (utcNow - (Stream.ReachedAt ?? Since) > LongestLag) alarms.Add(BackupAlarm.Behind);
            if (Stream.Missing is not null) alarms.Add(BackupAlarm.Gap);
        }

        if (Drill is { Outcome: BackupOutcome.Failed }) alarms.Add(BackupAlarm.DrillFailed);
        else if (utcNow - (GoodDrill?.FinishedAt ?? Since) > LongestWithoutDrill && Last is not null) alarms.Add(BackupAlarm.DrillOld);
        return alarms;
    }

    internal static async Task<BackupState> ReadAsync(PortalDb db, BackupOptions options, DateTime utcNow, CancellationToken ct)
    {
        // A set that somebody made elsewhere for a purpose of theirs is not what one would restore from.
        var folder = options.On ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder!)) : null;
        var good = db.BackupSets.AsNoTracking()
            .Where(s => s.Outcome == BackupOutcome.Good && (s.Kind != BackupKind.Program || s.Folder == folder));
        var latest = await good.OrderByDescending(s => s.FinishedAt).ThenByDescending(s => s.Id).Take(2).Select(Row).ToListAsync(ct);
        var places = SecondPlaces.Of(options).Select(p => p.Name).ToList();
        // Before their places were noted there were folders only.
        var away = (await good.Where(s => s.OffSite == OffSiteCopy.Same).OrderByDescending(s => s.FinishedAt).ThenByDescending(s => s.Id)
            .Take(2 * BackupKeeping.Days).Select(Row).ToListAsync(ct)).Find(s => s.IsIn(places, before: !options.OffSite.S3.On));
        var failed = await db.BackupSets.AsNoTracking().Where(s => s.Outcome == BackupOutcome.Failed)
            .OrderByDescending(s => s.FinishedAt).ThenByDescending(s => s.Id).Select(Row).FirstOrDefaultAsync(ct);
        var kept = await good.Where(s => s.RemovedAt == null).GroupBy(_ => 1)
            .Select(g => new { Sets = g.Count(), Bytes = g.Sum(s => s.Bytes) }).FirstOrDefaultAsync(ct);
        // A building that began yesterday has had no night yet.
        var since = await db.Users.MinAsync(u => u.CreatedAt, ct);
        var working = await WorkingAsync(db, utcNow, ct);
        var stream = await db.BackupStreams.AsNoTracking().Where(s => s.Id == BackupStream.OnlyId)
            .Select(s => new StreamRow(s.NoLog, s.LogFile, s.ReachedAt, s.SinceAt, s.Missing, s.Message, s.SeenAt, s.AwayFault))
            .FirstOrDefaultAsync(ct);
        var drills = db.BackupDrills.AsNoTracking().OrderByDescending(d => d.FinishedAt).ThenByDescending(d => d.Id);
        var drill = await drills.Select(Drilled).FirstOrDefaultAsync(ct);
        var goodDrill = drill is null or { Outcome: BackupOutcome.Good }
            ? drill
            : await drills.Where(d => d.Outcome == BackupOutcome.Good).Select(Drilled).FirstOrDefaultAsync(ct);
        var last = latest.Count > 0 ? latest[0] : null;
        return new BackupState(
            options.On ? options.Folder : null,
            places.Count > 0 ? string.Join(", ", places) : null, options.Encrypts, last,
            latest.Count > 1 ? latest[1] : null, away,
            failed is not null && failed.FinishedAt > (last?.FinishedAt ?? default) ? failed : null,
            since ?? utcNow, (kept?.Sets ?? 0, kept?.Bytes ?? 0), working, stream, drill, goodDrill);
    }

    internal static Task<bool> WorkingAsync(PortalDb db, DateTime utcNow, CancellationToken ct)
    {
        // One that stands still for hours is not being made.
        var since = utcNow - LongestWork;
        return AtWorkAsync(db, [NightlyBackup.JobKind.Name, AskedBackup.JobKind.Name], since, utcNow, ct);
    }

    internal static Task<bool> DrillingAsync(PortalDb db, DateTime utcNow, CancellationToken ct) =>
        AtWorkAsync(db, [WeeklyDrill.JobKind.Name, AskedDrill.JobKind.Name], utcNow - LongestWork, utcNow, ct);

    private static Task<bool> AtWorkAsync(PortalDb db, string[] kinds, DateTime since, DateTime utcNow, CancellationToken ct) =>
        db.Jobs.AnyAsync(
            j => kinds.Contains(j.Kind) && j.RunAt > since
                && (j.State == Operations.JobState.Running || (j.State == Operations.JobState.Waiting && j.RunAt <= utcNow)), ct);

    private static System.Linq.Expressions.Expression<Func<BackupDrill, DrillRow>> Drilled { get; } = d => new DrillRow(
        d.Id, d.StartedAt, d.FinishedAt, d.Outcome, d.SetName, d.OwnSet, d.WithLogs, d.ReachedAt, d.TableCount, d.Differing, d.RecordCount,
        d.Message);

    internal static System.Linq.Expressions.Expression<Func<BackupSet, BackupRow>> Row { get; } = s => new BackupRow(
        s.Id, s.Kind, s.Name, s.Folder, s.StartedAt, s.FinishedAt, s.Outcome, s.Bytes, s.TableCount, s.RecordCount, s.Encrypted, s.OffSite,
        s.Message, s.RemovedAt, s.OffSiteFault, s.OffSitePlaces);
}
