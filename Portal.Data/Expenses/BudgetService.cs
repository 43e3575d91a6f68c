using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Ledger;

namespace Portal.Data.Expenses;

/// <summary>Reads budgets and what came of them. Needs <see cref="Permissions.ExpensesView"/> throughout.</summary>
public sealed class BudgetService(PortalStore store, BuildingClock clock)
{
    /// <summary>Every version, the latest year and version first.</summary>
    public async Task<IReadOnlyList<BudgetVersion>> VersionsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await VersionsAsync(db, db.Budgets.AsNoTracking(), ct);
    }

    /// <summary>One version with its accounts: those that have a figure, and all others that could get one. Null out of reach.</summary>
    public async Task<BudgetView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var year = await db.Budgets.Where(b => b.Id == id).Select(b => (int?)b.Year).SingleOrDefaultAsync(ct);
        if (year is null) return null;
        var version = (await VersionsAsync(db, db.Budgets.AsNoTracking().Where(b => b.Year == year), ct)).First(v => v.Id == id);
        var lines = await LinesAsync(db, id, ct);
        var accounts = await AccountsAsync(db, ct);
        return new BudgetView(
            version,
            [.. accounts.Select(a => new BudgetRow(
                a.Id, a.Code, a.Name, [.. Enumerable.Range(1, 12).Select(m => lines.GetValueOrDefault((a.Id, m)))]))]);
    }

    /// <summary>
    /// What was budgeted and what the books say, by account, for a month and the year through it. Null out of reach. The running month
    /// counts as it stands today.
    /// </summary>
    /// <param name="month">A day of it.</param>
    public async Task<Execution?> ExecutionAsync(DateOnly month, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var through = BuildingClock.MonthOf(month);
        var january = new DateOnly(through.Year, 1, 1);
        var version = (await VersionsAsync(db, db.Budgets.AsNoTracking().Where(b => b.Year == through.Year), ct))
            .FirstOrDefault(v => v.InForce);
        var lines = version is null ? [] : await LinesAsync(db, version.Id, ct);
        var accounts = await AccountsAsync(db, ct);
        var done = await MonthSums.ReadAsync(
            db, accounts.ConvertAll(a => (long)a.Id), january, through.AddMonths(1).AddDays(-1), ct);
        var rows = accounts.ConvertAll(a =>
        {
            // A discount is on the debit side of income: it is budgeted above zero, and takes off.
            decimal Done(int m) => (a.Code[0] == '4' ? -1 : 1) * done.GetValueOrDefault((a.Id, january.AddMonths(m - 1)));
            decimal Meant(int m) => lines.GetValueOrDefault((a.Id, m));
            var months = Enumerable.Range(1, through.Month).ToList();
            return new ExecutionRow(
                a.Id, a.Code, a.Name, Meant(through.Month), Done(through.Month), months.Sum(Meant), months.Sum(Done),
                Enumerable.Range(1, 12).Sum(Meant));
        });
        return new Execution(through.Year, through, version, rows.FindAll(r => r.Year != 0 || r.ToDateDone != 0));
    }

    /// <summary>The reserve beside what the law asks; null out of reach.</summary>
    public async Task<ReserveState?> ReserveAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ExpensesView)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var chart = await Chart.LookAsync(db, ct);
        var (reserve, bank, costs) =
            (chart[AccountPurpose.Reserve], chart[AccountPurpose.FundBank], chart[AccountPurpose.ReserveCosts]);
        var held = await Balances.ReadAsync(db, [reserve, bank], clock.Today, ct);
        var january = new DateOnly(clock.Today.Year, 1, 1);
        var contributed = (await MonthSums.ReadAsync(db, [costs], january, clock.Today, ct)).Values.Sum();
        return ReserveOf(
            -held.GetValueOrDefault(reserve).Closing, held.GetValueOrDefault(bank).Closing,
            await Budgets.YearlyExpensesAsync(db, clock.Today.Year, ct), contributed, clock.Today.Month,
            await ThisMonthAsync(db, costs, ct));
    }

    /// <summary>What the law asks, and what it makes for this month.</summary>
    /// <param name="month">1 to 12.</param>
    /// <param name="already">What was contributed this month: nothing more is proposed then.</param>
    internal static ReserveState ReserveOf(
        decimal reserve, decimal bank, decimal? budget, decimal contributed, int month, decimal already)
    {
        var required = Pesos.Round((budget ?? 0) * Budgets.ReserveShare);
        var cap = Pesos.Round((budget ?? 0) * Budgets.ReserveCap);
        var mayStop = budget > 0 && reserve >= cap;
        var left = Math.Max(required - contributed, 0);
        var proposed = mayStop || already > 0 || left == 0 ? 0 : decimal.Ceiling(left / (13 - month));
        return new ReserveState(reserve, bank, budget, required, contributed, cap, proposed, mayStop);
    }

    private async Task<decimal> ThisMonthAsync(PortalDb db, int costs, CancellationToken ct) =>
        (await Balances.ReadAsync(db, [costs], clock.Today, ct)).GetValueOrDefault(costs) is var sums ? sums.Debit - sums.Credit : 0;

    /// <summary>Income and costs, by their codes.</summary>
    internal static Task<List<AccountOption>> AccountsAsync(PortalDb db, CancellationToken ct) =>
        db.LedgerAccounts.AsNoTracking().Where(a => a.Code.StartsWith("4") || a.Code.StartsWith("5")).OrderBy(a => a.Code)
            .Select(a => new AccountOption(a.Id, a.Code, a.Name)).ToListAsync(ct);

    internal static async Task<Dictionary<(int Account, int Month), decimal>> LinesAsync(PortalDb db, long budget, CancellationToken ct) =>
        await db.BudgetLines.AsNoTracking().Where(l => l.BudgetId == budget)
            .ToDictionaryAsync(l => (l.AccountId, l.Month), l => l.Amount, ct);

    private static async Task<List<BudgetVersion>> VersionsAsync(PortalDb db, IQueryable<Budget> budgets, CancellationToken ct)
    {
        var rows = await budgets.OrderByDescending(b => b.Year).ThenByDescending(b => b.Version)
            .Select(b => new
            {
                Budget = b,
                ApprovedBy = db.Profiles.Where(p => p.UserId == b.ApprovedBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                MadeBy = db.Profiles.Where(p => p.UserId == b.MadeBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
                // Discounts (4175) are income that is not had.
                Income = db.BudgetLines.Where(l => l.BudgetId == b.Id && l.Account!.Code.StartsWith("4"))
                    .Sum(l => (decimal?)(l.Account!.Purpose == AccountPurpose.Discounts ? -l.Amount : l.Amount)) ?? 0,
                Costs = db.BudgetLines.Where(l => l.BudgetId == b.Id && l.Account!.Code.StartsWith("5")).Sum(l => (decimal?)l.Amount) ?? 0,
            }).ToListAsync(ct);
        var inForce = rows.Where(r => r.Budget.Draft is null).GroupBy(r => r.Budget.Year).Select(g => g.First().Budget.Id).ToHashSet();
        return rows.ConvertAll(r => new BudgetVersion(
            r.Budget.Id, r.Budget.Year, r.Budget.Version, r.Budget.Draft == true, inForce.Contains(r.Budget.Id), r.Budget.Act,
            r.Budget.ApprovedOn, r.ApprovedBy, r.MadeBy, r.Income, r.Costs));
    }
}
