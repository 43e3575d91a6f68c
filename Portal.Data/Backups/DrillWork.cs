using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using Portal.Data.Audit;
using Portal.Data.Operations;
using Portal.Data.Schema;

namespace Portal.Data.Backups;

/// <summary>A server that was started for a drill; it and all that is on it go when this is disposed.</summary>
/// <param name="connectionString">An account that may do everything there.</param>
public sealed class DrillServer(string connectionString, Func<ValueTask> end) : IAsyncDisposable
{
    public string ConnectionString => connectionString;

    public ValueTask DisposeAsync() => end();
}

/// <summary>Starts an empty server of a kind and series on this machine, beside whatever else runs.</summary>
/// <exception cref="BackupException">There is no such program here.</exception>
public delegate Task<DrillServer> StartDrillServer(bool mariaDb, string series, CancellationToken ct);

/// <summary>
/// Restores the newest set, and the binary log up to a moment of now, on a server of its own, and compares it table by table with what
/// stands in the portal's database at that moment. What serves is only read.
/// </summary>
public sealed class DrillWork(
    BackupOptions options, BackupLogin login, StartDrillServer start, PortalStore store, BuildingClock clock, TimeProvider time,
    ILogger<DrillWork> logger)
{
    /// <summary>As long it is waited for that the stream has the moment.</summary>
    internal TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <param name="identity">
    /// The file with the secret of encrypted sets; null: the configured one, else a set is made for the drill.
    /// </param>
    /// <exception cref="BackupException">What differs, or why it could not be done; it is noted before.</exception>
    public async Task<BackupDrill> RunAsync(string? identity, CancellationToken ct)
    {
        var started = clock.UtcNow;
        string? name = null;
        BackupDrill row;
        try
        {
            row = await DrillAsync(identity, started, set => name = set, ct);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            await NoteAsync(BackupDrill.NotDone(name, failed.Message, started, clock.UtcNow), ct);
            throw;
        }

        await NoteAsync(row, ct);
        return row.Outcome == BackupOutcome.Good ? row : throw new BackupException($"The drill of {row.SetName} failed: {row.Message}");
    }

    private async Task<BackupDrill> DrillAsync(string? identity, DateTime started, Action<string> says, CancellationToken ct)
    {
        if (!options.On) throw new BackupException("It is not said where backups lie: set Backup__Folder.");
        identity ??= options.Identity;
        var own = WorkFolder.Make("drill");
        try
        {
            var (set, made) = await ChooseAsync(identity, own, ct);
            says(set.Name);
            var server = ServerIdentity.Of(set.Manifest.ServerVersion);
            await using var place = await start(server.MariaDb, server.Series, ct);
            var target = new MySqlConnectionStringBuilder(place.ConnectionString) { Database = set.Manifest.Database }.ConnectionString;
            Moment moment;
            if (!made && await FollowedAsync(set, identity, ct)) moment = await NowAsync(set, ct);
            else moment = new Moment(set.Manifest.Tables, set.Manifest.Objects, set.Manifest.StartedAt, null);
            var goal = moment.Place is { } until ? new ReplayGoal(null, until) : null;
            await new BackupRestore(options).LoadAsync(set, target, identity, goal, compared: false, ct);
            await using var restored = await BackupSession.OpenAsync(target, ct);
            var found = await TableHashes.OfAsync(restored, ct);
            var (objects, _) = await TableHashes.ObjectsAsync(restored, ct);
            return BackupDrill.Compared(
                set.Name, made, goal is not null, moment.At, Compare(moment.Tables, found),
                objects == moment.Objects ? null : "triggers, routines, events or views are others", started, clock.UtcNow);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <summary>The newest set of this database; or where nobody here can read it, one made for the drill in the same way.</summary>
    private async Task<(SetFolder Set, bool Made)> ChooseAsync(string? identity, string own, CancellationToken ct)
    {
        string database, kind;
        await using (var session = await BackupSession.OpenAsync(login(), ct))
            (database, kind) = (session.Database, ServerIdentity.Of(session.ServerVersion).Kind);
        var newest = (await SetFolder.AllAsync(options.Folder!, ct))
            .LastOrDefault(s => (s.Manifest.Database, s.Manifest.ServerKind) == (database, kind))
            ?? throw new BackupException($"There is no set of {database} in {options.Folder} yet.");
        await newest.VerifyFilesAsync(ct);
        return !newest.Manifest.Encrypted || !string.IsNullOrWhiteSpace(identity)
            ? (newest, false)
            : (await new BackupMaker(options with { Recipient = null, OffSite = new OffSiteOptions() }, time).MakeAsync(login(), own, ct),
                true);
    }

    /// <summary>Whether the binary log after the set is there and can be read.</summary>
    private async Task<bool> FollowedAsync(SetFolder set, string? identity, CancellationToken ct)
    {
        if (set.Manifest.BinaryLog is null) return false;
        var chain = await LogStream.ChainAsync(options.Folder!, set.Manifest, ct);
        return chain.Stream is not null && (!string.IsNullOrWhiteSpace(identity) || !chain.Closed.Any(l => l.Encrypted))
            && (chain.Missing is { } missing
                ? throw new BackupException($"The binary log {missing} is missing: after {set.Name} no moment can be restored past it.")
                : chain.Mark is not null);
    }

    /// <summary>What stands in the database now, table by table, and the place in the log at which that is so.</summary>
    private async Task<Moment> NowAsync(SetFolder set, CancellationToken ct)
    {
        await using var locking = await BackupSession.OpenAsync(login(), ct);
        await using var reading = await BackupSession.OpenAsync(login(), ct);
        BinaryLogPosition place;
        try
        {
            await BackupMaker.FreezeAsync(locking, ct);
            place = await BackupMaker.PositionAsync(locking, ServerIdentity.Of(locking.ServerVersion), ct);
            await reading.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", ct);
            await reading.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT", ct);
        }
        finally
        {
            await BackupMaker.UnlockAsync(locking);
        }

        var at = clock.UtcNow;
        var (tables, objects, _, _, _) = await BackupMaker.ReckonAsync(reading, ct);
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); !await HasAsync(set, place, ct);)
        {
            if (waited.Elapsed > LongestWait)
            {
                throw new BackupException(
                    $"The stream of the binary log has not come to {place.File}:{place.Position} in "
                        + $"{LongestWait.TotalSeconds:0} seconds: see on the page of backups why.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }

        return new Moment(tables, objects, at, place);
    }

    private async Task<bool> HasAsync(SetFolder set, BinaryLogPosition place, CancellationToken ct)
    {
        var chain = await LogStream.ChainAsync(options.Folder!, set.Manifest, ct);
        return chain.Closed.Any(l => l.Name == place.File)
            || (chain.Open is { } open && Path.GetFileName(open) == place.File && new FileInfo(open).Length >= place.Position);
    }

    private static List<DrilledTable> Compare(IReadOnlyList<TableState> wanted, IReadOnlyList<TableState> found)
    {
        var wrong = wanted.Select(t => (t.Name, t.Rows, Hash: t.Hash.Length > 8 ? t.Hash[..8] : t.Hash, Says: TableHashes.Differences([t], [.. found.Where(f => f.Name == t.Name)], true)))
            .Select(t => new DrilledTable(t.Name, t.Rows, t.Says.Count == 0 ? null : t.Says[0][(t.Name.Length + 1)..], t.Hash));
        var more = found.Where(f => !wanted.Any(t => t.Name == f.Name))
            .Select(f => new DrilledTable(f.Name, f.Rows, "is there and should not be"));
        return [.. wrong.Concat(more).OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    private async Task NoteAsync(BackupDrill row, CancellationToken ct)
    {
        var noted = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                db.Add(row);
                await db.SaveChangesAsync(token);
                await db.WriteEventAsync(
                    "backup_drilled", "backup_drills", row.Id, new { row.Outcome, row.SetName, row.Differing, row.Message }, token);
                return Result.Done;
            },
            ct);
        if (!noted.Ok) logger.LogError("What came of the drill could not be noted: {Code}", noted.Error!.Code);
    }

    /// <param name="Place">Null: as the set says it.</param>
    private sealed record Moment(IReadOnlyList<TableState> Tables, string Objects, DateTime At, BinaryLogPosition? Place);
}

/// <summary>Each night at half past four it is looked whether a drill is due: a week after the last good one.</summary>
public sealed class WeeklyDrill(DrillWork work, BackupOptions options, PortalStore store, BuildingClock clock)
    : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("backup_drill");

    internal static readonly TimeOnly At = new(4, 30);

    /// <summary>A week, less what a night's job may be late.</summary>
    private static readonly TimeSpan Due = TimeSpan.FromHours((7 * 24) - 6);

    public override int MostAttempts => 2;

    public override JobLane Lane => JobLane.Long;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        if (!options.On) throw new WorkLeftException(NightlyBackup.Off);
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            var since = clock.UtcNow - Due;
            if (await db.BackupDrills.AnyAsync(d => d.Outcome == BackupOutcome.Good && d.StartedAt > since, ct)) return;
        }

        await work.RunAsync(null, ct);
    }
}

/// <summary>Somebody pressed the button.</summary>
public sealed class AskedDrill(DrillWork work, BackupOptions options) : JobHandler<AskedFor>(JobKind)
{
    public static readonly JobKind<AskedFor> JobKind = new("drill");

    public override int MostAttempts => 1;

    public override JobLane Lane => JobLane.Long;

    public override Task RunAsync(AskedFor asked, CancellationToken ct) =>
        options.On ? work.RunAsync(null, ct) : throw new WorkLeftException(NightlyBackup.Off);
}
