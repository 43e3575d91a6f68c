using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Expenses;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Server;

namespace Portal.Tests.Expenses;

/// <summary>The year's budget, its versions and minutes, what came of it by the books, and the reserve that the law asks.</summary>
public sealed class BudgetTests(TestDatabase database) : LedgerTest(database)
{
    private ExpenseWorld _buys = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _buys = new ExpenseWorld(World, Admin);
    }

    [Fact]
    public async Task Approved_it_stays_and_only_the_next_version_with_its_minutes_changes_it()
    {
        var first = await StartAsync(2026);
        Assert.Equal("budget.draft", (await _buys.Budget.StartAsync(new(2026, null), Admin, default)).Error!.Code);
        Assert.Equal("budget.empty", (await _buys.Budget.ApproveAsync(first, "1 de 2026", Today, Admin, default)).Error!.Code);
        await SaveAsync(first, (Of.Energy, 1_000_000m), (Of.FeeIncome, 12_000_000m), (Of.ReserveCosts, 120_000m));
        Assert.Null(await MonthlyAsync());
        Assert.Equal(2, (await _buys.Budget.ApproveAsync(first, " ", null, Admin, default)).Errors.Count);
        Assert.True((await _buys.Budget.ApproveAsync(first, "1 de 2026", Today, Admin, default)).Ok);
        Assert.Equal("budget.approved", (await _buys.Budget.SaveAsync(first, [Line(Of.Energy, 5)], [], Admin, default)).Error!.Code);
        Assert.Equal("budget.approved", (await _buys.Budget.DeleteAsync(first, Admin, default)).Error!.Code);
        var again = await _buys.Budget.ApproveAsync(first, "2 de 2026", Today, Admin, default);
        Assert.Equal(("budget.already_approved", "1 de 2026"), (again.Error!.Code, again.Error.Values[0]));

        // 1,000,000 in twelve whole parts; the contribution to the reserve is none of the common expenses.
        Assert.Equal(83_333m, await MonthlyAsync());
        Assert.Equal(
            [83_334m, 83_334m, 83_334m, 83_334m, 83_333m],
            (await _buys.Budgets.FindAsync(first, Admin, default))!.Rows.Single(r => r.AccountId == Of.Energy).Months.Take(5));

        var second = (await _buys.Budget.StartAsync(new(2026, 2026, 10), Admin, default)).Value;
        Assert.Equal(83_333m, await MonthlyAsync());
        Assert.True((await _buys.Budget.ApproveAsync(second, "4 de 2026", Today, Admin, default)).Ok);
        Assert.Equal(91_667m, await MonthlyAsync());
        Assert.Equal(
            [(2, true, "4 de 2026"), (1, false, "1 de 2026")],
            (await _buys.Budgets.VersionsAsync(Admin, default)).Select(v => (v.Version, v.InForce, v.Act!)));
    }

    [Fact]
    public async Task The_last_years_is_copied_with_a_percentage_to_whole_pesos_and_two_who_write_one_draft_both_hold()
    {
        Assert.Equal("budget.from", (await _buys.Budget.StartAsync(new(2026, 2025), Admin, default)).Error!.Code);
        var last = await StartAsync(2025);
        await SaveAsync(last, (Of.Energy, 1_200_007m));
        Assert.True((await _buys.Budget.ApproveAsync(last, "1", Today, Admin, default)).Ok);
        var id = (await _buys.Budget.StartAsync(new(2026, 2025, 5.5m), Admin, default)).Value;
        var view = (await _buys.Budgets.FindAsync(id, Admin, default))!;
        Assert.Equal(105_501m, view.Rows.Single(r => r.AccountId == Of.Energy).Months[0]);
        Assert.Equal(105_500m, view.Rows.Single(r => r.AccountId == Of.Energy).Months[11]);

        BudgetLineInput[] read = [.. view.Rows.Select(r => new BudgetLineInput(r.AccountId, r.Months))];
        Assert.True((await _buys.Budget.SaveAsync(id, [Line(Of.Guards, 600)], read, Admin, default)).Ok);
        Assert.True((await _buys.Budget.SaveAsync(id, [Line(Of.BankCosts, 120)], read, Admin, default)).Ok);
        var both = await _buys.Budget.SaveAsync(id, [Line(Of.Guards, 700), Line(Of.Cash, 1)], read, Admin, default);
        Assert.Equal(["budget.amount", "budget.edited"], both.Errors.Select(e => e.Code));
        Assert.Contains("5135", (string)both.Errors[1].Values[0]!, StringComparison.Ordinal);
        view = (await _buys.Budgets.FindAsync(id, Admin, default))!;
        Assert.Equal((600m, 120m), (Year(view, Of.Guards), Year(view, Of.BankCosts)));
        Assert.True((await _buys.Budget.DeleteAsync(id, Admin, default)).Ok);

        static decimal Year(BudgetView view, int account) => view.Rows.Single(r => r.AccountId == account).Year;
    }

    [Fact]
    public async Task Execution_says_month_and_year_to_date_and_the_table_of_the_year_is_the_trial_balance()
    {
        await StoryAsync();
        await ApprovedAsync((Of.Energy, 3_600_000m), (Of.FeeIncome, 6_000_000m));
        foreach (var closed in new[] { 0, 9, 10 })
        {
            if (closed > 0) await CloseAsync(new(2026, closed, 1));
            var execution = (await _buys.Budgets.ExecutionAsync(Today, Admin, default))!;
            var energy = execution.Rows.Single(r => r.AccountId == Of.Energy);
            Assert.Equal((300_000m, 330_000m), (energy.Month, energy.MonthDone));
            Assert.Equal((3_300_000m, 940_000m, -2_360_000m), (energy.ToDate, energy.ToDateDone, energy.Difference));
            Assert.Equal(28.48m, Math.Round(energy.Percent!.Value, 2));
            Assert.Equal(900_000m, execution.Rows.Single(r => r.AccountId == Of.FeeIncome).ToDateDone);
            // What nobody budgeted shows what it cost.
            Assert.Equal((0m, 12_000m, null), Of2(execution, Of.BankCosts));
            var october = (await _buys.Budgets.ExecutionAsync(new(2026, 10, 9), Admin, default))!.Rows
                .Single(r => r.AccountId == Of.Energy);
            Assert.Equal((310_000m, 610_000m), (october.MonthDone, october.ToDateDone));

            var result = (await Books.ResultAsync(2026, Admin, default))!;
            var balance = (await Books.BalanceAsync(new(2026, 12, 31), Admin, default))!.Rows
                .Where(r => r.Class is 4 or 5 && r.Closing != 0);
            Assert.Equal(
                balance.Select(r => (r.Code, Math.Abs(r.Closing))), result.Rows.Select(r => (r.Code, r.Total)));
            Assert.Equal([300_000m, 310_000m, 330_000m], result.Rows.Single(r => r.AccountId == Of.Energy).Months.Skip(8).Take(3));
            Assert.Equal((900_000m - 952_000m, 300_000m - 330_000m - 12_000m), (result.Total, result.Of(10)));
        }

        Assert.Empty((await Books.ResultAsync(2025, Admin, default))!.Rows);

        static (decimal, decimal, decimal?) Of2(Execution execution, int account) =>
            execution.Rows.Single(r => r.AccountId == account) is var row ? (row.ToDate, row.ToDateDone, row.Percent) : default;
    }

    [Fact]
    public async Task An_extra_fee_above_four_months_of_the_budget_is_warned_of_and_a_run_is_compared_with_it()
    {
        var home = await World.HomeAsync();
        await Database.ExecuteAsync($"UPDATE apartments SET monthly_fee = 400000, coefficient = 100 WHERE id = {home.Id}");
        await ApprovedAsync((Of.Energy, 1_200_000m), (Of.FeeIncome, 5_400_000m));
        var fee = new ExtraFeeInput("Fachada", "Acta 3", 400_001, ConceptBasis.Fixed, 1, new(2026, 11, 1), 30);
        var large = await World.Get<BillingDesk>().PostExtraFeeAsync(fee, Admin, default);
        Assert.Equal(("billing.large", 400_000m), (large.Error!.Code, large.Error.Values[0]));
        Assert.True((await World.Get<BillingDesk>().PostExtraFeeAsync(fee with { Amount = 400_000 }, Admin, default)).Ok);

        var preview = (await World.Get<BillingService>().PreviewAsync(new(2026, 11, 1), [1], new(), Admin, default))!;
        Assert.Equal((400_000m, 450_000m), (preview.Total, preview.Budget));
    }

    [Fact]
    public async Task The_reserve_asks_a_hundredth_of_the_budget_and_is_used_with_minutes_up_to_what_lies_in_it()
    {
        await ApprovedAsync((Of.Energy, 120_000_000m), (Of.ReserveCosts, 1_200_000m));
        Assert.True((await Desk.ContributeAsync(new MoneyMove(new(2026, 10, 5), 700_000), Admin, default)).Ok);
        var state = (await _buys.Budgets.ReserveAsync(Admin, default))!;
        Assert.Equal((120_000_000m, 1_200_000m, 700_000m, 60_000_000m), (state.Budget, state.Required, state.Contributed, state.Cap));
        // November and December share what is missing.
        Assert.Equal((250_000m, false), (state.Proposed, state.MayStop));

        var use = new ReserveUse(Today, 700_001, "14 de 2026", "Bomba de agua");
        Assert.Equal("ledger.amount", (await Desk.UseReserveAsync(use with { Amount = 0 }, Admin, default)).Error!.Code);
        Assert.Equal(2, (await Desk.UseReserveAsync(use with { Act = " ", Purpose = null }, Admin, default)).Errors.Count);
        var over = await Desk.UseReserveAsync(use, Admin, default);
        Assert.Equal(("reserve.over", 700_000m), (over.Error!.Code, over.Error.Values[0]));
        var used = await Desk.UseReserveAsync(use with { Amount = 500_000 }, Admin, default);
        Assert.True(used.Ok, used.Error?.Code);
        Assert.Equal(
            (200_000m, -200_000m, -500_000m),
            (await BalanceAsync(Of.FundBank), await BalanceAsync(Of.Reserve), await BalanceAsync(Of.Result)));
        var memo = await World.ReadAsync(db => db.JournalEntries.Where(e => e.Id == used.Value.EntryId).Select(e => e.Memo).SingleAsync());
        Assert.Equal("Uso del fondo, acta 14 de 2026: Bomba de agua", memo);
        // What was contributed stays contributed.
        Assert.Equal(700_000m, (await _buys.Budgets.ReserveAsync(Admin, default))!.Contributed);
        Assert.True((await Desk.ReverseAsync(used.Value.EntryId, "Se aplazó", Admin, default)).Ok);
        Assert.Equal(-700_000, await BalanceAsync(Of.Reserve));
    }

    [Theory]
    [InlineData(0, 0, 1, 100_000)]
    [InlineData(0, 0, 7, 200_000)]
    [InlineData(0, 1_200_000, 11, 0)]
    [InlineData(0, 1_199_999, 12, 1)]
    [InlineData(60_000_000, 0, 3, 0)]
    [InlineData(59_999_999, 0, 12, 1_200_000)]
    public void What_is_proposed_makes_the_least_by_december_and_stops_at_half_the_budget(
        int reserve, int contributed, int month, int proposed) =>
        Assert.Equal(proposed, BudgetService.ReserveOf(reserve, reserve, 120_000_000, contributed, month, already: 0).Proposed);

    private async Task StoryAsync()
    {
        var home = await World.HomeAsync();
        foreach (var month in new[] { 9, 10, 11 })
        {
            await World.ChargeAsync(home, 300_000, ChargeKind.Fee, new(2026, month, 1), new(2026, month, 15));
            await _buys.ApprovedAsync(
                month switch { 9 => 300_000, 10 => 310_000, _ => 330_000 }, on: new(2026, month, month == 11 ? 12 : 28));
        }

        Assert.True((await Desk.BankCostAsync(new MoneyMove(new(2026, 11, 15), 12_000), Admin, default)).Ok);
    }

    private async Task<long> StartAsync(int year)
    {
        var made = await _buys.Budget.StartAsync(new(year, null), Admin, default);
        Assert.True(made.Ok, made.Error?.Code);
        return made.Value;
    }

    private async Task SaveAsync(long id, params (int Account, decimal Year)[] lines)
    {
        var saved = await _buys.Budget.SaveAsync(id, [.. lines.Select(l => Line(l.Account, l.Year))], [], Admin, default);
        Assert.True(saved.Ok, saved.Error?.Code);
    }

    private async Task ApprovedAsync(params (int Account, decimal Year)[] lines)
    {
        var id = await StartAsync(2026);
        await SaveAsync(id, lines);
        Assert.True((await _buys.Budget.ApproveAsync(id, "1 de 2026", new(2026, 3, 12), Admin, default)).Ok);
    }

    private static BudgetLineInput Line(int account, decimal year) => new(account, Budgets.Spread(year));

    private Task<decimal?> MonthlyAsync() => World.ReadAsync(db => Budgets.MonthlyExpensesAsync(db, Today, default));
}
