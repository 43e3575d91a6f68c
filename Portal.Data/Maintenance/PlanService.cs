using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Expenses;

namespace Portal.Data.Maintenance;

/// <summary>
/// Work that comes again and again: read with <see cref="Permissions.MaintenanceView"/>, changed with
/// <see cref="Permissions.MaintenanceEdit"/>. Its orders are made by <see cref="PlanWork"/>.
/// </summary>
public sealed class PlanService(PortalStore store, BuildingClock clock)
{
    public const int MostEvery = 1000, MostLead = 180, MostMeter = 1_000_000_000;

    /// <summary>
    /// What comes next first, what rests last. Filters: <c>asset</c> (its id), <c>use</c>: resting, without it those in use. The search is
    /// for title, equipment and supplier. Sorts: title, asset, next.
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
        var page = await Rows(db, sorted.ThenBy(p => p.Id), Open(db)).PageAsync(query, ct);
        return page with { Rows = [.. page.Rows.Select(r => r with { NextOn = r.NextOn is { } day ? PlanDates.Shown(day, r.Input.Shift) : null })] };
    }

    /// <summary>A new plan, or a change. What two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>
    /// Its id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>plan.every</c>, <c>plan.lead</c>,
    /// <c>plan.lead_long</c>, <c>plan.starts</c>, <c>plan.meter</c>, <c>plan.meter_every</c>, <c>plan.meter_count</c>, <c>plan.checks</c>,
    /// <c>asset.retired</c>, <c>expense.supplier</c>, <c>edit.changed</c>.
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
                    || plan.CountedFrom != given.CountedFrom || (given.Active && !plan.Active) || plan.MeterId != given.MeterId
                    || plan.MeterEvery != given.MeterEvery || plan.MeterFrom != given.MeterFrom;
                (plan.Title, plan.Description, plan.Checklist) =
                    (given.Title!.Trim(), given.Description.TrimToNull(), string.Join('\n', Lines(given.Checklist)).TrimToNull());
                (plan.AssetId, plan.SupplierId) = (given.AssetId, given.SupplierId);
                (plan.StartsOn, plan.Every, plan.Unit) = (given.StartsOn!.Value, given.Every!.Value, given.Unit);
                (plan.CountedFrom, plan.Shift, plan.LeadDays, plan.Active) = (given.CountedFrom, given.Shift, given.LeadDays!.Value, given.Active);
                (plan.MeterId, plan.MeterEvery, plan.MeterFrom) =
                    given.MeterId is null ? (null, null, null) : (given.MeterId, given.MeterEvery, given.MeterFrom);
                if (recount) plan.NextOn = await NextAsync(db, plan, clock.Today, token);
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
        if (plan.MeterId is not null)
        {
            if (done) plan.MeterFrom = MeterForecast.At(await ReadingsAsync(db, plan, ct), day) ?? plan.MeterFrom;
            plan.NextOn = Sooner(next, await ReachesAsync(db, plan, ct), there.Max());
        }

        db.PlanOccurrences.AddRange(skipped.Except(there).Select(one => new PlanOccurrence { PlanId = plan.Id, DueOn = one }));
    }

    internal static PlanInput Of(MaintenancePlan p) => new(
        p.Title, p.Description, p.Checklist, p.AssetId, p.SupplierId, p.StartsOn, p.Every, p.Unit, p.CountedFrom, p.Shift, p.LeadDays, p.Active,
        p.MeterId, p.MeterEvery, p.MeterFrom);

    internal static IReadOnlyList<string> Lines(string? checklist) =>
        (checklist ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// The next day after what the plan's days were before: null while an order of it is open, which then says what comes next. A day that
    /// an occurrence has already is not asked for again.
    /// </summary>
    internal static async Task<DateOnly?> NextAsync(PortalDb db, MaintenancePlan plan, DateOnly today, CancellationToken ct)
    {
        var last = today.AddDays(-1);
        if (await Open(db).AnyAsync(o => o.PlanId == plan.Id, ct)) return null;
        var all = await db.PlanOccurrences.Where(o => o.PlanId == plan.Id).Select(o => new { o.DueOn, o.DoneOn }).ToListAsync(ct);
        DateOnly? latest = all.Count > 0 ? all.Max(o => o.DueOn) : null;
        var next = plan.CountedFrom == PlanCount.Completion && all.Max(o => o.DoneOn) is { } done
            ? PlanDates.FirstFrom(done, plan.Every, plan.Unit, latest!.Value)
            : PlanDates.After(plan.StartsOn, plan.Every, plan.Unit, latest > last ? latest.Value : last);
        return plan.MeterId is null ? next : Sooner(next, await ReachesAsync(db, plan, ct), latest);
    }

    /// <summary>The day or what the meter counts, whichever comes first; never a day that was asked for already.</summary>
    private static DateOnly Sooner(DateOnly next, DateOnly? reaches, DateOnly? latest)
    {
        if (reaches is not { } day || day >= next) return next;
        return day > latest || latest is null ? day : latest.Value.AddDays(1) < next ? latest.Value.AddDays(1) : next;
    }

    private static async Task<DateOnly?> ReachesAsync(PortalDb db, MaintenancePlan plan, CancellationToken ct) =>
        MeterForecast.Reaches(await ReadingsAsync(db, plan, ct), plan.MeterFrom!.Value + plan.MeterEvery!.Value);

    private static Task<List<Reading>> ReadingsAsync(PortalDb db, MaintenancePlan plan, CancellationToken ct) => db.AssetReadings.AsNoTracking()
        .Where(r => r.MeterId == plan.MeterId).OrderBy(r => r.ReadOn).Select(r => new Reading(r.ReadOn, r.Value, r.Replaced)).ToListAsync(ct);

    /// <summary>Those whose order is neither accepted nor given up: one of each plan at most.</summary>
    private static IQueryable<PlanOccurrence> Open(PortalDb db) => db.PlanOccurrences.Where(o =>
        o.OrderId != null && o.Order!.Status != WorkOrderState.Accepted && o.Order.Status != WorkOrderState.Cancelled);

    private static IQueryable<PlanRow> Rows(
        PortalDb db, IQueryable<MaintenancePlan> plans, IQueryable<PlanOccurrence> open) => plans.Select(p => new PlanRow(
        p.Id,
        new PlanInput(
            p.Title, p.Description, p.Checklist, p.AssetId, p.SupplierId, p.StartsOn, p.Every, p.Unit, p.CountedFrom, p.Shift, p.LeadDays, p.Active,
            p.MeterId, p.MeterEvery, p.MeterFrom),
        p.Asset == null ? null : p.Asset.Code + ", " + p.Asset.Name, p.Supplier!.Name, p.NextOn,
        open.Where(o => o.PlanId == p.Id).Select(o => o.OrderId).FirstOrDefault(),
        open.Where(o => o.PlanId == p.Id).Select(o => o.Order!.Number).FirstOrDefault(),
        db.PlanOccurrences.Where(o => o.PlanId == p.Id).Max(o => o.DoneOn),
        db.PlanOccurrences.Count(o => o.PlanId == p.Id && o.OrderId == null), p.Meter!.Unit));

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
        if (input.AssetId is { } asset && asset != was.AssetId
            && await AssetService.WhyNotAsync(db, asset, nameof(input.AssetId), ct) is { } retired)
            errors.Add(retired);
        if (input.MeterId is { } meter)
        {
            if (input.AssetId is null || !await db.AssetMeters.AnyAsync(m => m.Id == meter && m.AssetId == input.AssetId, ct))
                errors.Add(new Error("plan.meter", nameof(input.MeterId)));
            if (input.MeterEvery is not (>= 1 and <= MostMeter)) errors.Add(new Error("plan.meter_every", nameof(input.MeterEvery), MostMeter));
            if (input.MeterFrom is null) errors.Add(Error.Required(nameof(input.MeterFrom)));
            else if (input.MeterFrom is < -AssetMeterService.Most or > AssetMeterService.Most || input.MeterFrom != decimal.Round(input.MeterFrom.Value, 2))
                errors.Add(new Error("meter.value", nameof(input.MeterFrom)));
            // What is counted from when it was done last has no days of its own to go back to.
            if (input.CountedFrom != PlanCount.Completion) errors.Add(new Error("plan.meter_count", nameof(input.CountedFrom)));
        }

        if (input.SupplierId is { } supplier && supplier != was.SupplierId
            && await ExpenseRules.WhyNotSupplierAsync(db, supplier, nameof(input.SupplierId), ct) is { } unused)
            errors.Add(unused);
        return errors;
    }

    /// <summary>Days of the shortest interval: an order made sooner would be there before the one before it is due.</summary>
    private static int Shortest(PlanUnit unit) => unit switch { PlanUnit.Day => 1, PlanUnit.Week => 7, PlanUnit.Month => 28, _ => 365 };
}
