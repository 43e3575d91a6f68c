using Microsoft.EntityFrameworkCore;
using Portal.Data.Expenses;
using Portal.Data.Operations;

namespace Portal.Data.Maintenance;

/// <summary>What work orders come to, in pesos.</summary>
internal static class WorkOrderSums
{
    /// <summary>Of the bills of one.</summary>
    public static async Task<decimal> BilledAsync(PortalDb db, long order, CancellationToken ct, long except = 0) => await db.WorkOrderExpenses
        .Where(x => x.OrderId == order && x.ExpenseId != except && x.Expense!.Status != ExpenseState.Voided).SumAsync(x => x.Expense!.Amount, ct);

    /// <summary>
    /// What other orders had approved for the same supplier and equipment on this day and the thirty before it, and what was billed for
    /// those of which nothing was: one job in two orders is not two small jobs.
    /// </summary>
    public static async Task<decimal> TogetherAsync(PortalDb db, WorkOrder order, long supplier, DateOnly today, CancellationToken ct)
    {
        var (since, id, asset) = (today.AddDays(-ApprovalRules.Together), order.Id, order.AssetId);
        var approved = await db.WorkOrders
            .Where(o => o.Id != id && o.SupplierId == supplier && o.AssetId == asset && o.ApprovedOn >= since && o.Status != WorkOrderState.Cancelled)
            .SumAsync(o => o.Amount ?? 0, ct);
        var billed = await db.WorkOrderExpenses
            .Where(x => x.OrderId != id && x.Order!.AssetId == asset && x.Order.Amount == null && x.Expense!.SupplierId == supplier
                && x.Expense.InvoicedOn >= since && x.Expense.Status != ExpenseState.Voided)
            .SumAsync(x => x.Expense!.Amount, ct);
        return approved + billed;
    }

    /// <summary>Why an order does not take a bill of a supplier and an amount; null where it does.</summary>
    /// <param name="expense">Whose amount so far is not counted: it is the one that is asked about.</param>
    public static async Task<Error?> WhyNotAsync(
        PortalDb db, WorkOrder order, long expense, long supplier, decimal amount, BuildingSettings limits, DateOnly today, CancellationToken ct)
    {
        if (order.SupplierId is { } tied && tied != supplier) return new Error("order.bill_supplier", nameof(ExpenseInput.SupplierId));
        var sum = amount + await BilledAsync(db, order.Id, ct, expense);
        var covered = order.Amount is { } approved
            ? ApprovalRules.Covers(approved, sum)
            : ApprovalRules.Level(
                sum + await TogetherAsync(db, order, supplier, today, ct), limits.MaintenanceStaffLimit,
                limits.MaintenanceAdministratorLimit) == ApprovalLevel.Staff;
        return covered ? null : new Error("order.bill_over", nameof(ExpenseInput.Amount), sum, order.Amount ?? limits.MaintenanceStaffLimit);
    }
}
