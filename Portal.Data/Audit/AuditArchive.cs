using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Audit;

/// <summary>
/// Moves at night what is older than <see cref="BuildingSettings.AuditMonths"/> out of the log into its archive, some thousands in each
/// transaction and by their ids, and deletes there what is older than <see cref="BuildingSettings.AuditYears"/>. What was moved is found
/// under the same page; the books' own journal is never touched.
/// </summary>
public sealed class AuditArchive([FromKeyedServices(PortalDataServices.Keeper)] PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("audit_archive");

    /// <summary>When the proof of the books is done.</summary>
    public static readonly TimeOnly At = new(3, 0);

    /// <summary>Rows in one transaction: who writes meanwhile waits for nothing of it.</summary>
    public const int Batch = 2_000;

    /// <summary>Of the event that tells how many were deleted for good.</summary>
    public const string Deleted = "audit_deleted";

    private static readonly SqlText Columns = new(
        "id, table_name, record_id, action, old_value, new_value, user_id, created_at, actor_name, ip_address, operation, severity");

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        while (await Done(store.WriteAsync<int>(CurrentUser.System, MoveAsync, ct)) == Batch)
        {
            // In pieces.
        }

        var deleted = 0;
        for (int some; (some = await Done(store.WriteAsync<int>(CurrentUser.System, DeleteAsync, ct))) > 0;) deleted += some;
        if (deleted == 0) return;
        await Done(store.WriteAsync<int>(CurrentUser.System, async (db, token) =>
        {
            await db.WriteEventAsync(Deleted, "audit_log_archive", null, new { rows = deleted }, token);
            return deleted;
        }, ct));
    }

    private static async Task<int> Done(Task<Result<int>> write) =>
        await write is { Ok: true } done ? done.Value : throw new InvalidOperationException("The audit log could not be archived.");

    private async Task<Result<int>> MoveAsync(PortalDb db, CancellationToken ct)
    {
        var settings = await BuildingSettings.ReadAsync(db, "audit_", ct);
        var before = clock.Beginning(clock.Today.AddMonths(-settings.AuditMonths));
        var ids = await db.AuditLog.Where(e => e.CreatedAt < before).OrderBy(e => e.CreatedAt).ThenBy(e => e.Id).Select(e => e.Id)
            .Take(Batch).ToListAsync(ct);
        if (ids.Count == 0) return 0;

        // What an attempt that was broken off may have left is the same row: nothing is moved twice.
        // The lines are held: what is being redacted is moved as it is afterwards.
        await new SqlBatch()
            .Then($"INSERT IGNORE INTO audit_log_archive ({Columns}) SELECT {Columns} FROM audit_log WHERE id IN ({ids}) LOCK IN SHARE MODE")
            .Then($"DELETE FROM audit_log WHERE id IN ({ids}) AND EXISTS (SELECT 1 FROM audit_log_archive AS a WHERE a.id = audit_log.id)")
            .RunAsync(db, ct);
        return ids.Count;
    }

    private async Task<Result<int>> DeleteAsync(PortalDb db, CancellationToken ct)
    {
        var settings = await BuildingSettings.ReadAsync(db, "audit_", ct);
        // By whole days of the seals, and these say first that their lines went: what lacks lines and does not say so was thinned.
        var before = clock.Beginning(clock.Today.AddYears(-settings.AuditYears)).Date;
        await db.AuditSeals.Where(s => s.Day < DateOnly.FromDateTime(before) && s.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.DeletedAt, clock.UtcNow), ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            DELETE r FROM audit_redactions AS r INNER JOIN audit_log_archive AS l ON l.id = r.audit_id WHERE l.created_at < {before}
            """,
            ct);
        return await db.Database.ExecuteSqlAsync($"DELETE FROM audit_log_archive WHERE created_at < {before} ORDER BY id LIMIT {Batch}", ct);
    }
}
