using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Audit;
using Portal.Data.Gate;
using Portal.Data.Operations;

namespace Portal.Data.Passes;

/// <summary>
/// Deletes at night what is kept as long as visits are (<see cref="BuildingSettings.VisitorRetentionDays"/>): passes with their guests once
/// no visit with them is left, questions of the gate, lines of the lists that ended. What the audit log says of them loses its values, as
/// <see cref="ExpiredVisits"/> does it.
/// </summary>
public sealed class ExpiredPasses([FromKeyedServices(PortalDataServices.Keeper)] PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("expired_passes");

    /// <summary>The line of the log.</summary>
    public const string Event = "passes_deleted";

    /// <summary>Rows of a table in one transaction.</summary>
    private const int Batch = 500;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        while (true)
        {
            var done = await store.WriteAsync<int>(CurrentUser.System, DeleteAsync, ct);
            if (!done.Ok) throw new InvalidOperationException($"The deletion of expired passes was refused: {done.Error!.Code}.");
            if (done.Value < Batch) return;
        }
    }

    /// <summary>With which no visit is left.</summary>
    internal static IQueryable<Pass> Passes(PortalDb db, DateTime midnight) =>
        db.Passes.Where(p => p.EndsAt < midnight && !db.Visitors.Any(v => v.PassId == p.Id));

    internal static IQueryable<GateApproval> Approvals(PortalDb db, DateTime instant) => db.GateApprovals.Where(a => a.AskedAt < instant);

    internal static IQueryable<GateBlock> Blocks(PortalDb db, DateOnly before, DateTime instant) =>
        db.GateBlocks.Where(b => b.LiftedAt < instant || b.UntilDate < before);

    /// <returns>The most rows that were found of a table.</returns>
    private async Task<Result<int>> DeleteAsync(PortalDb db, CancellationToken ct)
    {
        var settings = await BuildingSettings.ReadAsync(db, ct);
        var before = clock.Today.AddDays(-settings.VisitorRetentionDays);
        var (midnight, instant) = (before.ToDateTime(TimeOnly.MinValue), clock.Beginning(before));
        var passes = await Passes(db, midnight)
            .OrderBy(p => p.Id).Select(p => p.Id).Take(Batch).ToListAsync(ct);
        var guests = await db.PassGuests.Where(g => passes.Contains(g.PassId)).OrderBy(g => g.Id).Select(g => g.Id).ToListAsync(ct);
        var approvals = await Approvals(db, instant)
            .OrderBy(a => a.Id).Select(a => a.Id).Take(Batch).ToListAsync(ct);
        var blocks = await Blocks(db, before, instant)
            .OrderBy(b => b.Id).Select(b => b.Id).Take(Batch).ToListAsync(ct);
        // Guests go with their pass.
        await db.Passes.Where(p => passes.Contains(p.Id)).ExecuteDeleteAsync(ct);
        await db.GateApprovals.Where(a => approvals.Contains(a.Id)).ExecuteDeleteAsync(ct);
        await db.GateBlocks.Where(b => blocks.Contains(b.Id)).ExecuteDeleteAsync(ct);
        foreach (var (table, gone) in new[]
            { ("passes", passes), ("pass_guests", guests), ("gate_approvals", approvals), ("gate_blocks", blocks) })
        {
            await AuditRedaction.RunAsync(db, table, gone, ct);
        }

        if (passes.Count + approvals.Count + blocks.Count > 0)
        {
            await db.WriteEventAsync(
                Event, "passes", null, new { passes = passes.Count, approvals = approvals.Count, blocks = blocks.Count }, ct);
        }

        return new[] { passes.Count, approvals.Count, blocks.Count }.Max();
    }
}
