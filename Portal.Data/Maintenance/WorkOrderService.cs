using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Expenses;
using Portal.Data.Operations;
using Portal.Data.Pqrs;

namespace Portal.Data.Maintenance;

/// <summary>
/// Reads work orders: all with <see cref="Permissions.MaintenanceView"/>; with <see cref="Permissions.MaintenanceWorkOwn"/> those that were
/// given to the person, without anything of money. Acts are <see cref="WorkOrderDesk"/>'s.
/// </summary>
public sealed class WorkOrderService(PortalStore store, SettingsService settings, BuildingClock clock, ModuleStates modules)
{
    /// <summary>What is to be done first (<see cref="WorkOrderQueries"/> has filters and sorts).</summary>
    public async Task<Page<WorkOrderRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!Reads(user)) return Page<WorkOrderRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, Found(db, query, user).Sorted(query), user).PageAsync(query, ct);
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<WorkOrderRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!Reads(user)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await Found(db, query, user).Sorted(query).Select(o => o.Id).ToListAsync(ct),
            some => Rows(db, db.WorkOrders.AsNoTracking().VisibleTo(user).Where(o => some.Contains(o.Id)), user).ToListAsync(ct), row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <summary>What waits for somebody, of those that the person sees.</summary>
    public async Task<WorkOrderCounts> CountAsync(CurrentUser user, CancellationToken ct)
    {
        if (!Reads(user)) return new WorkOrderCounts(0, 0, 0, 0);
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var costs = user.Can(Permissions.MaintenanceView);
        return await db.WorkOrders.AsNoTracking().VisibleTo(user).GroupBy(o => 1)
            .Select(g => new WorkOrderCounts(
                g.Count(o => costs && o.AskedAmount != null),
                g.Count(o => o.DueOn < today && o.Status != WorkOrderState.Done && o.Status != WorkOrderState.Accepted
                    && o.Status != WorkOrderState.Cancelled),
                g.Count(o => o.Status == WorkOrderState.Assigned || o.Status == WorkOrderState.Working || o.Status == WorkOrderState.Waiting),
                g.Count(o => o.Status == WorkOrderState.Done)))
            .SingleOrDefaultAsync(ct) ?? new WorkOrderCounts(0, 0, 0, 0);
    }

    /// <returns>Null where there is none for this person.</returns>
    public async Task<WorkOrderView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!Reads(user)) return null;
        var limits = await settings.GetAsync(ct);
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.WorkOrders.AsNoTracking().VisibleTo(user).Where(o => o.Id == id)
            .Select(o => new
            {
                Order = o,
                Asset = o.Asset!.Code + ", " + o.Asset.Name,
                o.Asset.WarrantyUntil,
                Tower = o.Tower!.Name,
                Supplier = o.Supplier!.Name,
                Worker = db.Profiles.Where(p => p.UserId == o.WorkerId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                Plan = db.PlanOccurrences.Where(c => c.OrderId == o.Id).Select(c => new { c.PlanId, c.Plan!.Title }).FirstOrDefault(),
            }).SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var (order, costs) = (found.Order, user.Can(Permissions.MaintenanceView));
        var checks = await db.WorkOrderChecks.AsNoTracking().Where(c => c.OrderId == id).OrderBy(c => c.Position)
            .Select(c => new WorkOrderCheckRow(
                c.Id, c.Position, c.Text, c.DoneAt,
                db.Profiles.Where(p => p.UserId == c.DoneBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault()))
            .ToListAsync(ct);
        var files = await db.WorkOrderFiles.AsNoTracking().Where(f => f.OrderId == id).OrderBy(f => f.Id)
            .Select(f => new WorkOrderFileRow(f.Id, f.FileName, f.ContentType, f.Size)).ToListAsync(ct);
        var steps = await db.WorkOrderSteps.AsNoTracking().Where(s => s.OrderId == id).OrderBy(s => s.Id)
            .Select(s => new WorkOrderStepRow(
                s.Id, s.Kind, s.Note, costs ? s.Amount : null,
                db.Profiles.Where(p => p.UserId == s.MadeBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(), s.CreatedAt))
            .ToListAsync(ct);
        List<WorkOrderQuoteRow> quotes = [];
        List<WorkOrderCaseRow> cases = [];
        List<WorkOrderBill> bills = [];
        if (costs)
        {
            quotes = await db.WorkOrderQuotes.AsNoTracking().Where(q => q.OrderId == id).OrderBy(q => q.Amount).ThenBy(q => q.Id)
                .Select(q => new WorkOrderQuoteRow(
                    q.Id, q.SupplierId, q.Supplier!.Name, q.Amount, q.Note, q.Id == order.AskedQuoteId, q.Id == order.QuoteId, q.FileName, q.ContentType, q.Size))
                .ToListAsync(ct);
            // A case says who complained of what: only to whom cases are open.
            if (user.Can(Permissions.PqrsView))
            {
                cases = await db.WorkOrderCases.AsNoTracking().Where(c => c.OrderId == id).OrderBy(c => c.Id)
                    .Select(c => new WorkOrderCaseRow(c.PqrsId, c.Pqrs!.Number, c.Pqrs.Title, c.Pqrs.StatusId)).ToListAsync(ct);
            }

            bills = await db.WorkOrderExpenses.AsNoTracking().Where(e => e.OrderId == id).OrderBy(e => e.Id)
                .Select(e => new WorkOrderBill(
                    e.ExpenseId, e.Expense!.Number, e.Expense.Invoice, e.Expense.Supplier!.Name, e.Expense.InvoicedOn, e.Expense.Amount,
                    e.Expense.Status))
                .ToListAsync(ct);
        }
        if (!costs)
        {
            // Who does the work reads what was done, and not who decided about its price.
            steps.RemoveAll(s => s.Kind is WorkOrderStepKind.Asked or WorkOrderStepKind.Approved or WorkOrderStepKind.Rejected);
        }

        // What was approved meanwhile for the same supplier and equipment counts: it is worked out again, here and when it is decided.
        var (asked, level) = (quotes.Find(q => q.Asked), costs ? order.AskedLevel : null);
        if (asked is not null && level is not null)
        {
            var sum = asked.Amount + await WorkOrderSums.TogetherAsync(db, order, asked.SupplierId, clock.Today, ct);
            level = ApprovalRules.Level(sum, limits.MaintenanceStaffLimit, limits.MaintenanceAdministratorLimit);
        }

        return new WorkOrderView(
            id, order.Number, order.Status, Of(order), found.Asset, found.Tower, order.RatifyBy, order.SupplierId, found.Supplier, order.WorkerId,
            found.Worker, order.DoneOn, order.Active && order.DueOn < clock.Today, costs, costs ? order.Amount : null,
            costs ? order.ApprovedOn : null, costs ? order.ApprovalAct : null, costs ? order.AskedAmount : null, level, asked?.Id, asked?.Supplier,
            order.WorkerId is not null && order.WorkerId == user.AccountId,
            bills.Where(b => b.State != ExpenseState.Voided).Sum(b => b.Amount), found.WarrantyUntil,
            found.Plan is { } plan ? new MaintenanceOption(plan.PlanId, plan.Title) : null, checks, files, quotes, cases, bills, steps);
    }

    /// <summary>A photograph or paper; null where it is not there or out of reach.</summary>
    public async Task<MaintenanceFile?> FileAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!Reads(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var visible = db.WorkOrders.VisibleTo(user);
        return await db.WorkOrderFiles.AsNoTracking().Where(f => f.Id == id && visible.Any(o => o.Id == f.OrderId))
            .Select(f => new MaintenanceFile(f.FileName, f.ContentType, f.Content)).SingleOrDefaultAsync(ct);
    }

    /// <summary>The paper of a quote, with <see cref="Permissions.MaintenanceView"/>; else null.</summary>
    public async Task<MaintenanceFile?> QuoteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await db.WorkOrderQuotes.AsNoTracking().Where(q => q.Id == id && q.Content != null)
            .Select(q => new MaintenanceFile(q.FileName!, q.ContentType!, q.Content!)).SingleOrDefaultAsync(ct);
    }

    /// <summary>
    /// The work on a case. The office sees it whole; whoever may see the case sees how far it is, and not what it is called or costs.
    /// </summary>
    public async Task<IReadOnlyList<WorkOrderOfCase>> OfCaseAsync(long pqrsId, CurrentUser user, CancellationToken ct)
    {
        if (!await modules.IsOnAsync(Modules.Maintenance, ct)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var office = user.Can(Permissions.MaintenanceView);
        var visible = db.Pqrs.VisibleTo(user);
        return await db.WorkOrderCases.AsNoTracking().Where(c => c.PqrsId == pqrsId && visible.Any(p => p.Id == c.PqrsId)).OrderBy(c => c.Id)
            .Select(c => new WorkOrderOfCase(
                c.OrderId, c.Order!.Number, office ? c.Order.Title : null, c.Order.Status, c.Order.DueOn, c.Order.DoneOn))
            .ToListAsync(ct);
    }

    /// <summary>Equipment in use whose code or name holds a text.</summary>
    public async Task<IReadOnlyList<MaintenanceOption>> AssetsAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit) || text.Trim() is not { Length: > 0 } wanted) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Assets.AsNoTracking().Where(a => a.RetiredOn == null && (a.Code.Contains(wanted) || a.Name.Contains(wanted)))
            .OrderBy(a => a.Code).ThenBy(a => a.Id).Take(10).Select(a => new MaintenanceOption(a.Id, a.Code + ", " + a.Name)).ToListAsync(ct);
    }

    /// <summary>Accounts in use of who may do work, by their names.</summary>
    public async Task<IReadOnlyList<MaintenanceOption>> WorkersAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var may = db.UsersWith(Permissions.MaintenanceWorkOwn).Select(u => u.Id).Union(db.UsersWith(Permissions.MaintenanceEdit).Select(u => u.Id));
        var people = await db.Profiles.AsNoTracking().Where(p => may.Contains(p.UserId)).OrderBy(p => p.Id)
            .Select(p => new MaintenanceOption(p.UserId, p.FullName)).ToListAsync(ct);
        return [.. people.DistinctBy(p => p.Id).OrderBy(p => p.Name, StringComparer.CurrentCulture).ThenBy(p => p.Id)];
    }

    /// <summary>Cases whose number or subject holds a text, to say that they asked for it.</summary>
    public async Task<IReadOnlyList<MaintenanceOption>> CasesAsync(string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit) || !user.Can(Permissions.PqrsView) || text.Trim() is not { Length: > 0 } wanted) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Pqrs.AsNoTracking().VisibleTo(user).Where(p => p.Number!.Contains(wanted) || p.Title.Contains(wanted))
            .OrderByDescending(p => p.Id).Take(10).Select(p => new MaintenanceOption(p.Id, p.Number + ", " + p.Title)).ToListAsync(ct);
    }

    /// <summary>
    /// Expenses that are no order's yet, by number, invoice or supplier. Needs <see cref="Permissions.ExpensesView"/> besides.
    /// </summary>
    public async Task<IReadOnlyList<WorkOrderBill>> ExpensesAsync(long orderId, string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.MaintenanceEdit) || !user.Can(Permissions.ExpensesView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var supplier = await db.WorkOrders.Where(o => o.Id == orderId).Select(o => o.SupplierId).SingleOrDefaultAsync(ct);
        var free = db.Expenses.AsNoTracking()
            .Where(e => e.Status != ExpenseState.Voided && !db.WorkOrderExpenses.Any(x => x.ExpenseId == e.Id));
        if (supplier is { } of) free = free.Where(e => e.SupplierId == of);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4))
            free = free.Where(e => e.Number!.Contains(word) || e.Invoice.Contains(word) || e.Supplier!.Name.Contains(word));
        return await free.OrderByDescending(e => e.Id).Take(10)
            .Select(e => new WorkOrderBill(e.Id, e.Number, e.Invoice, e.Supplier!.Name, e.InvoicedOn, e.Amount, e.Status)).ToListAsync(ct);
    }

    internal static WorkOrderInput Of(WorkOrder o) =>
        new(o.Title, o.Description, o.AssetId, o.TowerId, o.Place, o.Priority, o.DueOn, o.Emergency);

    private static bool Reads(CurrentUser user) => user.Can(Permissions.MaintenanceView) || user.Can(Permissions.MaintenanceWorkOwn);

    private IQueryable<WorkOrder> Found(PortalDb db, ListQuery query, CurrentUser user) =>
        db.WorkOrders.AsNoTracking().VisibleTo(user).Matching(query, user, clock.Today);

    private IQueryable<WorkOrderRow> Rows(PortalDb db, IQueryable<WorkOrder> orders, CurrentUser user)
    {
        var (today, costs) = (clock.Today, user.Can(Permissions.MaintenanceView));
        return orders.Select(o => new WorkOrderRow(
            o.Id, o.Number, o.Title, o.Asset!.Code, o.Asset.Name, o.Tower!.Name ?? o.Asset!.Tower!.Name, o.Place,
            o.Priority, o.Status, o.Emergency, o.Supplier!.Name,
            db.Profiles.Where(p => p.UserId == o.WorkerId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(), o.DueOn,
            o.DueOn < today && o.Status != WorkOrderState.Done && o.Status != WorkOrderState.Accepted && o.Status != WorkOrderState.Cancelled,
            costs ? o.Amount : null, costs ? o.AskedAmount : null, o.DoneOn));
    }
}
