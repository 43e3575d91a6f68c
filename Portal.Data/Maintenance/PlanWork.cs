using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Maintenance;

/// <summary>
/// Makes the orders of the plans, each so many days before as its plan says, with its checklist and given to its supplier; and tells the
/// office. Of a plan whose equipment is gone nothing is made. A portal that was off makes them when it is on again.
/// </summary>
public sealed class PlanWork(PortalStore store, WorkOrderDesk desk, BuildingClock clock, ModuleStates modules) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("maintenance_plans");

    /// <summary>What the bell says.</summary>
    public const string Told = "order.planned";

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        if (!await modules.IsOnAsync(Modules.Maintenance, ct)) return;
        List<long> due;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            // A plan's longest lead, and a holiday or two before it: which of them it is, is told under the lock.
            var horizon = clock.Today.AddDays(PlanService.MostLead + 10);
            due = await db.MaintenancePlans.AsNoTracking().Where(p => p.Active && p.NextOn <= horizon).OrderBy(p => p.NextOn).ThenBy(p => p.Id)
                .Select(p => p.Id).ToListAsync(ct);
        }

        // Each in a write of its own: one that is refused keeps no other from its order.
        List<string> refused = [];
        foreach (var plan in due)
        {
            var made = await store.WriteAsync(CurrentUser.System, (db, token) => MakeAsync(db, plan, token), ct);
            if (!made.Ok) refused.Add($"{plan}: {made.Error!.Code}");
        }

        if (refused.Count > 0) throw new InvalidOperationException($"The orders of these plans were refused: {string.Join(", ", refused)}.");
    }

    private async Task<Result> MakeAsync(PortalDb db, long id, CancellationToken ct)
    {
        var plan = await db.MaintenancePlans.Where(p => p.Id == id).ForUpdate().SingleAsync(ct);
        if (!plan.Active || plan.NextOn is not { } due) return Result.Done;
        var shown = PlanDates.Shown(due, plan.Shift);
        if (shown.AddDays(-plan.LeadDays) > clock.Today) return Result.Done;
        if (plan.AssetId is { } asset && await db.Assets.AnyAsync(a => a.Id == asset && a.RetiredOn != null, ct)) return Result.Done;
        var input = new WorkOrderInput(plan.Title, plan.Description, plan.AssetId, null, null, WorkOrderPriority.Normal, shown, false);
        var order = await desk.AddAsync(db, input, null, ct);
        if (plan.SupplierId is { } supplier && await db.Suppliers.AnyAsync(s => s.Id == supplier && s.Active, ct))
            order.Assign(supplier, null, shown, null);
        db.WorkOrderChecks.AddRange(
            PlanService.Lines(plan.Checklist).Select((line, index) => new WorkOrderCheck { OrderId = order.Id, Position = index + 1, Text = line }));
        db.PlanOccurrences.Add(new PlanOccurrence { PlanId = id, DueOn = due, OrderId = order.Id });
        plan.NextOn = null;
        var office = await db.UsersWith(Permissions.MaintenanceEdit).Select(u => u.Id).ToListAsync(ct);
        await new NotificationDraft(
                Told, RecipientType.Admin, "Un plan de mantenimiento hizo su orden", $"{order.Number}: {order.Title}", $"/maintenance/orders/{order.Id}",
                [new(Text: order.Number), new(Text: order.Title)])
            .AddAsync(db, office, ct);
        return Result.Done;
    }
}
