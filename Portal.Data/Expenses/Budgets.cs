using Microsoft.EntityFrameworkCore;
using Portal.Data.Billing;
using Portal.Data.Ledger;

namespace Portal.Data.Expenses;

/// <summary>What other areas ask of the budget. In force is the latest approved version of a year.</summary>
public static class Budgets
{
    /// <summary>The least of the year's budget that goes to the reserve, and what it may stop at (Ley 675 of 2001, art. 35).</summary>
    public const decimal ReserveShare = 0.01m, ReserveCap = 0.5m;

    /// <summary>
    /// What the building's common expenses come to in a month: the ordinary costs of the year's budget, without the contribution to the
    /// reserve, by twelve. Limits of the law speak of it: extra fees (art. 46), fines (art. 59).
    /// </summary>
    /// <param name="day">A day of the year.</param>
    /// <returns>Whole pesos; null where the year has no approved budget.</returns>
    public static async Task<decimal?> MonthlyExpensesAsync(PortalDb db, DateOnly day, CancellationToken ct) =>
        await YearlyExpensesAsync(db, day.Year, ct) is { } year ? Pesos.Round(year / 12) : null;

    /// <summary>The year's common expenses; null where it has no approved budget.</summary>
    internal static async Task<decimal?> YearlyExpensesAsync(PortalDb db, int year, CancellationToken ct)
    {
        if (await InForceAsync(db, year, ct) is not { } id) return null;
        return await db.BudgetLines.Where(l => l.BudgetId == id && l.Account!.Code.StartsWith("5")
            && (l.Account.Purpose == null || l.Account.Purpose != AccountPurpose.ReserveCosts)).SumAsync(l => l.Amount, ct);
    }

    /// <summary>What a month's budget says of some accounts, together; null where the year has no approved budget or nothing for
    /// them.</summary>
    internal static async Task<decimal?> OfMonthAsync(PortalDb db, DateOnly month, IReadOnlyCollection<int> accounts, CancellationToken ct)
    {
        if (await InForceAsync(db, month.Year, ct) is not { } id) return null;
        var sum = await db.BudgetLines.Where(l => l.BudgetId == id && l.Month == month.Month && accounts.Contains(l.AccountId))
            .SumAsync(l => l.Amount, ct);
        return sum == 0 ? null : sum;
    }

    /// <summary>A year's sum over its months: equal, and the pesos that do not divide one each to the first.</summary>
    public static IReadOnlyList<decimal> Spread(decimal year) => Pesos.Instalments(year, 12);

    internal static Task<long?> InForceAsync(PortalDb db, int year, CancellationToken ct) =>
        db.Budgets.Where(b => b.Year == year && b.Draft == null).OrderByDescending(b => b.Version).Select(b => (long?)b.Id)
            .FirstOrDefaultAsync(ct);
}
