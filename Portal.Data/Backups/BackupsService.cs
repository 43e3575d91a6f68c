using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Backups;

/// <summary>What the administration sees of backups (<see cref="Permissions.OperationsView"/>), and asking for one
/// (<see cref="Permissions.OperationsBackup"/>). Restoring is for who runs the machine.</summary>
public sealed class BackupsService(PortalStore store, BackupOptions options, BuildingClock clock)
{
    /// <summary>Null out of reach.</summary>
    public async Task<BackupState?> StateAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await BackupState.ReadAsync(db, options, clock.UtcNow, ct);
    }

    /// <summary>
    /// The latest first. The search is for folder or reason. Filters: <c>outcome</c>; <c>kept</c>: only sets that lie in a folder now.
    /// </summary>
    public async Task<Page<BackupRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsView)) return Page<BackupRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var sets = db.BackupSets.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text)
            sets = sets.Where(s => s.Name!.Contains(text) || s.Folder!.Contains(text) || s.Message!.Contains(text));
        if (Enum.TryParse<BackupOutcome>(query.Filter("outcome"), ignoreCase: true, out var outcome) && Enum.IsDefined(outcome))
            sets = sets.Where(s => s.Outcome == outcome);
        if (query.Filter("kept") == "true") sets = sets.Where(s => s.Outcome == BackupOutcome.Good && s.RemovedAt == null);
        var ordered = (query.Sort, query.Descending) switch
        {
            ("started", false) => sets.OrderBy(s => s.StartedAt).ThenBy(s => s.Id),
            ("bytes", false) => sets.OrderBy(s => s.Bytes).ThenBy(s => s.Id),
            ("bytes", true) => sets.OrderByDescending(s => s.Bytes).ThenByDescending(s => s.Id),
            _ => sets.OrderByDescending(s => s.StartedAt).ThenByDescending(s => s.Id),
        };
        return await ordered.Select(BackupState.Row).PageAsync(query, ct);
    }

    /// <summary>What the last drill found, table by table; what differs first. Empty out of reach, or where none came so far.</summary>
    public async Task<IReadOnlyList<DrilledTable>> DrilledAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var tables = await db.BackupDrills.AsNoTracking().OrderByDescending(d => d.FinishedAt).ThenByDescending(d => d.Id)
            .Select(d => d.Tables).FirstOrDefaultAsync(ct);
        return tables is null
            ? []
            :
            [
                .. System.Text.Json.JsonSerializer.Deserialize<List<DrilledTable>>(tables)!
                    .OrderBy(t => t.Wrong is null).ThenBy(t => t.Name, StringComparer.Ordinal),
            ];
    }

    /// <summary>Asks for a backup; it is made in a moment. Refusals: <c>backup.not_set_up</c>, <c>backup.under_way</c>.</summary>
    public async Task<Result> AskAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsBackup)) return Error.Forbidden;
        if (!options.On) return new Error("backup.not_set_up");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await BackupState.WorkingAsync(db, clock.UtcNow, token)) return new Error("backup.under_way");
                await JobQueue.AddAsync(db, AskedBackup.JobKind, new AskedFor(user.AccountId), clock.UtcNow, null, token);
                await db.WriteEventAsync("backup_asked", "backup_sets", null, null, token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Asks for a drill; it begins in a moment. Refusals: <c>backup.not_set_up</c>, <c>backup.drill_under_way</c>.</summary>
    public async Task<Result> AskDrillAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.OperationsBackup)) return Error.Forbidden;
        if (!options.On) return new Error("backup.not_set_up");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await BackupState.DrillingAsync(db, clock.UtcNow, token)) return new Error("backup.drill_under_way");
                await JobQueue.AddAsync(db, AskedDrill.JobKind, new AskedFor(user.AccountId), clock.UtcNow, null, token);
                await db.WriteEventAsync("backup_drill_asked", "backup_drills", null, null, token);
                return Result.Done;
            },
            ct);
    }
}
