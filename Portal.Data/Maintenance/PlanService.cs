using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Maintenance;

/// <summary>
/// Work that comes again and again: read with <see cref="Permissions.MaintenanceView"/>, changed with <see cref="Permissions.MaintenanceEdit"/>.
/// Its orders are made by <see cref="PlanWork"/>.
/// </summary>
public sealed class PlanService(PortalStore store, BuildingClock clock)
{
    public const int MostEvery = 1000, MostLead = 180;

    /// <summary>
    /// What comes next first, what rests last. Filters: <c>asset</c> (its id), <c>use</c>: resting, without it those in use. The search is for
    /// title, equipment and supplier. Sorts: title, asset, next.
    /// </summary>
    public async Task<Page<PlanRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return Page<PlanRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var plans = db.MaintenancePlans.AsNoTracking();
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
        {
            plans = plans.Where(p => p.Title.Contains(word) || p.Asset!.Code.Contains(word) || p.Asset.Name.Contains(word)
                || p.Supplier!.Name.Contains(word));
        }

        if (query.FilterNumber("asset") is { } asset) plans = plans.Where(p => p.AssetId == asset);
        plans = query.Filter("use") == "resting" ? plans.Where(p => !p.Active) : plans.Where(p => p.Active);
        var sorted = query.Sort switch
        {
            "title" => plans.By(p => p.Title, query.Descending),
            "asset" => plans.By(p => p.Asset!.Code, query.Descending),
            // One whose order is open is before all others: it is due now.
            _ => plans.By(p => p.NextOn, query.Descending),
        };
        var page = await Rows(db, sorted.ThenBy(p => p.Id)).PageAsync(query, ct);
        return page with { Rows = [.. page.Rows.Select(r => r with { NextOn = r.NextOn is { } day ? PlanDates.Shown(day, r.Input.Shift) : null })] };
    }

    /// <summary>A new plan, or a change. What two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>plan.every</c>, <c>plan.lead</c>,
    /// <c>plan.lead_long</c>, <c>plan.starts</c>, <c>plan.checks</c>, <c>asset.retired</c>, <c>expense.supplier</c>, <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<long>> SaveAsync(long? id, PlanInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var plan = id is null
                    ? new MaintenancePlan { MadeBy = user.AccountId }
                    : await db.MaintenancePlans.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (plan is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, Of(plan));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (await CheckAsync(db, given, plan, token) is { Count: > 0 } errors) return errors;
                var recount = id is null || plan.StartsOn != given.StartsOn || plan.Every != given.Every || plan.Unit != given.Unit
                    || plan.CountedFrom != given.CountedFrom || (given.Active && !plan.Active);
                (plan.Title, plan.Description, plan.Checklist) =
                    (given.Title!.Trim(), given.Description.TrimToNull(), string.Join('\n', Lines(given.Checklist)).TrimToNull());
                (plan.AssetId, plan.SupplierId) = (given.AssetId, given.SupplierId);
                (plan.StartsOn, plan.Every, plan.Unit) = (given.StartsOn!.Value, given.Every!.Value, given.Unit);
                (plan.CountedFrom, plan.Shift, plan.LeadDays, plan.Active) = (given.CountedFrom, given.Shift, given.LeadDays!.Value, given.Active);
                if (recount) plan.NextOn = await NextAsync(db, plan, token);
                if (id is null) db.MaintenancePlans.Add(plan);
                await db.SaveChangesAsync(token);
                return plan.Id;
            },
            ct);
    }

    /// <summary>What came of an order of a plan: its plan goes on to its next day. Nothing where it is no plan's.</summary>
    /// <param name="day">On which it was done, or given up.</param>
    internal static async Task FollowAsync(PortalDb db, WorkOrder order, DateOnly day, bool done, CancellationToken ct)
    {
        var occurrence = await db.PlanOccurrences.SingleOrDefaultAsync(o => o.OrderId == order.Id, ct);
        if (occurrence is null) return;
        var plan = await db.MaintenancePlans.Where(p => p.Id == occurrence.PlanId).ForUpdate().SingleAsync(ct);
        if (done) occurrence.DoneOn = day;
        var there = await db.PlanOccurrences.Where(o => o.PlanId == plan.Id && o.DueOn >= occurrence.DueOn).Select(o => o.DueOn).ToListAsync(ct);
        var (next, skipped) = PlanDates.Follow(
            plan.StartsOn, plan.Every, plan.Unit, plan.CountedFrom, occurrence.DueOn, day, there.Max());
        plan.NextOn = next;
        db.PlanOccurrences.AddRange(skipped.Except(there).Select(one => new PlanOccurrence { PlanId = plan.Id, DueOn = one }));
    }

    internal static PlanInput Of(MaintenancePlan p) => new(
        p.Title, p.Description, p.Checklist, p.AssetId, p.SupplierId, p.StartsOn, p.Every, p.Unit, p.CountedFrom, p.Shift, p.LeadDays, p.Active);

    internal static IReadOnlyList<string> Lines(string? checklist) =>
        (checklist ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// The next day after what the plan's days were before: null while an order of it is open, which then says what comes next. A day that
    /// an occurrence has already is not asked for again.
    /// </summary>
    private async Task<DateOnly?> NextAsync(PortalDb db, MaintenancePlan plan, CancellationToken ct)
    {
        var last = clock.Today.AddDays(-1);
        if (plan.Id == 0) return PlanDates.After(plan.StartsOn, plan.Every, plan.Unit, last);
        var all = await db.PlanOccurrences.Where(o => o.PlanId == plan.Id)
            .Select(o => new { o.DueOn, o.DoneOn, Open = o.OrderId != null && o.Order!.Status != WorkOrderState.Accepted && o.Order.Status != WorkOrderState.Cancelled })
            .ToListAsync(ct);
        if (all.Exists(o => o.Open)) return null;
        if (plan.CountedFrom == PlanCount.Completion && all.Max(o => o.DoneOn) is { } done)
            return PlanDates.FirstFrom(done, plan.Every, plan.Unit, all.Max(o => o.DueOn));
        if (all.Count > 0 && all.Max(o => o.DueOn) is var due && due > last) last = due;
        return PlanDates.After(plan.StartsOn, plan.Every, plan.Unit, last);
    }

    private static IQueryable<PlanRow> Rows(PortalDb db, IQueryable<MaintenancePlan> plans) => plans.Select(p => new PlanRow(
        p.Id,
        new PlanInput(
            p.Title, p.Description, p.Checklist, p.AssetId, p.SupplierId, p.StartsOn, p.Every, p.Unit, p.CountedFrom, p.Shift, p.LeadDays, p.Active),
        p.Asset == null ? null : p.Asset.Code + ", " + p.Asset.Name, p.Supplier!.Name, p.NextOn,
        db.PlanOccurrences.Where(o => o.PlanId == p.Id && o.OrderId != null && o.Order!.Status != WorkOrderState.Accepted
            && o.Order.Status != WorkOrderState.Cancelled).Select(o => o.OrderId).FirstOrDefault(),
        db.PlanOccurrences.Where(o => o.PlanId == p.Id && o.OrderId != null && o.Order!.Status != WorkOrderState.Accepted
            && o.Order.Status != WorkOrderState.Cancelled).Select(o => o.Order!.Number).FirstOrDefault(),
        db.PlanOccurrences.Where(o => o.PlanId == p.Id).Max(o => o.DoneOn),
        db.PlanOccurrences.Count(o => o.PlanId == p.Id && o.OrderId == null)));

    private async Task<List<Error>> CheckAsync(PortalDb db, PlanInput input, MaintenancePlan was, CancellationToken ct)
    {
        var errors = new List<Error>();
        if (input.Title.TrimToNull() is not { } title) errors.Add(Error.Required(nameof(input.Title)));
        else if (title.Length > 150) errors.Add(Error.TooLong(nameof(input.Title), 150));
        if (input.Description?.Trim().Length > 2000) errors.Add(Error.TooLong(nameof(input.Description), 2000));
        var lines = Lines(input.Checklist);
        if (lines.Count > WorkOrderDesk.MostChecks || lines.Any(l => l.Length > 200))
            errors.Add(new Error("plan.checks", nameof(input.Checklist), WorkOrderDesk.MostChecks, 200));
        if (input.Every is not (>= 1 and <= MostEvery)) errors.Add(new Error("plan.every", nameof(input.Every), MostEvery));
        else if (input.Unit == PlanUnit.Year && input.Every > 50) errors.Add(new Error("plan.every", nameof(input.Every), 50));
        if (input.LeadDays is not (>= 0 and <= MostLead)) errors.Add(new Error("plan.lead", nameof(input.LeadDays), MostLead));
        else if (input.Every is { } every && input.LeadDays >= every * Shortest(input.Unit))
            errors.Add(new Error("plan.lead_long", nameof(input.LeadDays)));
        if (input.StartsOn is not { } start) errors.Add(Error.Required(nameof(input.StartsOn)));
        else if (start < clock.Today.AddYears(-30) || start > clock.Today.AddYears(10)) errors.Add(new Error("plan.starts", nameof(input.StartsOn)));
        if (input.AssetId is { } asset && asset != was.AssetId)
        {
            var found = await db.Assets.Where(a => a.Id == asset).Select(a => new { a.RetiredOn }).SingleOrDefaultAsync(ct);
            if (found is null) errors.Add(Error.NotFound with { Field = nameof(input.AssetId) });
            else if (found.RetiredOn is not null) errors.Add(new Error("asset.retired", nameof(input.AssetId)));
        }

        if (input.SupplierId is { } supplier && supplier != was.SupplierId
            && !await db.Suppliers.AnyAsync(s => s.Id == supplier && s.Active, ct))
            errors.Add(new Error("expense.supplier", nameof(input.SupplierId)));
        return errors;
    }

    /// <summary>Days of the shortest interval: an order made sooner would be there before the one before it is due.</summary>
    private static int Shortest(PlanUnit unit) => unit switch { PlanUnit.Day => 1, PlanUnit.Week => 7, PlanUnit.Month => 28, _ => 365 };
}
