using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Ledger;

/// <summary>Months close one after the other, once, and what comes late lands in the open one.</summary>
public sealed class ClosingTests(TestDatabase database) : LedgerTest(database)
{
    private static readonly DateOnly September = new(2026, 9, 1), October = new(2026, 10, 1), November = new(2026, 11, 1);

    [Fact]
    public async Task Only_the_month_whose_turn_it_is_closes_and_only_when_it_has_ended()
    {
        Assert.Equal("ledger.close.empty", await ErrorAsync(October));
        await PostAsync(new(2026, 9, 10), Of.Bank, Of.Result, 1_000_000);
        Assert.Equal(September, (await Books.BalanceAsync(Today, Admin, default))!.Closable);
        Assert.Equal("ledger.close.order", await ErrorAsync(October));

        await CloseAsync(September);
        Assert.Equal("ledger.close.closed", await ErrorAsync(September));
        await CloseAsync(October);
        Assert.Equal("ledger.close.running", await ErrorAsync(November));
        var balance = (await Books.BalanceAsync(Today, Admin, default))!;
        Assert.Equal((new DateOnly(2026, 10, 31), (DateOnly?)null), (balance.ClosedThrough, balance.Closable));
        Assert.Contains("month_closed", await World.ReadAsync(db => db.AuditLog.Select(e => e.Action).ToListAsync()));
    }

    [Fact]
    public async Task What_comes_late_for_a_closed_month_lands_in_the_open_one_and_by_hand_it_is_refused()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 400_000, ChargeKind.Fee, October, new(2026, 10, 15));
        await CloseAsync(October);

        await PayAsync(home, 400_000, new(2026, 10, 20));
        var line = Assert.Single((await Books.MovementsAsync(Of.Bank, new ListQuery(), Admin, default)).Rows);
        Assert.Equal((Today, 400_000m), (line.PostedOn, line.Amount));
        Assert.Equal(400_000, await BalanceAsync(Of.Fees, new(2026, 10, 31)));
        Assert.True((await ProofAsync()).Agrees);

        var refused = await Desk.BankCostAsync(new MoneyMove(new(2026, 10, 31), 12_000), Admin, default);
        Assert.Equal(("ledger.month.closed", "Day"), (refused.Error!.Code, refused.Error.Field));
        Assert.Equal("ledger.day.future", (await Desk.BankCostAsync(new MoneyMove(Today.AddDays(1), 1), Admin, default)).Error!.Code);
    }

    [Fact]
    public async Task Two_who_close_one_month_at_once_close_it_once()
    {
        await PostAsync(new(2026, 10, 10), Of.Bank, Of.Result, 1_000_000);
        var both = await Task.WhenAll(
            Closing.CloseMonthAsync(October, Admin, default), Closing.CloseMonthAsync(October, Admin, default));
        Assert.Single(both, r => r.Ok);
        Assert.Single(both, r => r.Error?.Code == "ledger.close.closed");
        Assert.Equal(2, await World.ReadAsync(db => db.LedgerMonths.CountAsync()));
    }

    /// <summary>Whoever wins, each peso of the closed month is in its sums: before the closing, or after it in the open month.</summary>
    [Fact]
    public async Task What_is_posted_while_a_month_closes_is_in_its_sums_or_in_the_open_month()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 1_000, ChargeKind.Fee, October, new(2026, 10, 15));
        for (var round = 0; round < 5; round++)
        {
            var posts = Enumerable.Range(0, 4).Select(i => Task.Run(() =>
                World.ChargeAsync(home, 100 + i, ChargeKind.Fee, new(2026, 10, 20), new(2026, 10, 31))));
            await Task.WhenAll([.. posts, Task.Run(() => CloseAsync(October))]);

            await ProveAsync();
            var state = await World.ReadAsync(db => db.LedgerState.AsNoTracking().SingleAsync());
            Assert.Equal((0, new DateOnly(2026, 10, 31)), (state.ProofFailures, state.ClosedThrough));
            Assert.True((await Closing.ReopenAsync(October, "Otra vez", Admin, default)).Ok);
        }

        Assert.Equal(1_000 + 5 * 406, await BalanceAsync(Of.Fees));
    }

    [Fact]
    public async Task The_last_closed_month_opens_again_with_a_reason_that_stays_in_the_audit_log()
    {
        await PostAsync(new(2026, 9, 10), Of.Bank, Of.Result, 1_000_000);
        await CloseAsync(September);
        await CloseAsync(October);
        Assert.Equal("ledger.reopen.last", (await Closing.ReopenAsync(September, "x", Admin, default)).Error!.Code);
        Assert.Equal("required", (await Closing.ReopenAsync(October, " ", Admin, default)).Error!.Code);

        Assert.True((await Closing.ReopenAsync(October, "Faltó una factura", Admin, default)).Ok);
        Assert.True((await Closing.ReopenAsync(September, "Y otra", Admin, default)).Ok);
        Assert.Null(await World.ReadAsync(db => db.LedgerState.Select(s => s.ClosedThrough).SingleAsync()));
        Assert.Equal(0, await World.ReadAsync(db => db.LedgerMonths.CountAsync()));
        var told = await World.ReadAsync(db => db.AuditLog.Where(e => e.Action == "month_reopened").OrderBy(e => e.Id).ToListAsync());
        Assert.Contains("Faltó una factura", told[0].NewValue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_does_not_close_while_the_books_do_not_agree()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 400_000, ChargeKind.Fee, October, new(2026, 10, 15));
        await Database.ExecuteAsync("UPDATE charges SET amount = 400001");
        Assert.Equal("ledger.close.proof", await ErrorAsync(October));
        await Database.ExecuteAsync("UPDATE charges SET amount = 400000");
        await CloseAsync(October);
    }

    [Theory]
    [InlineData("UPDATE journal_entries SET memo = 'otro'")]
    [InlineData("DELETE FROM journal_entries")]
    [InlineData("UPDATE journal_lines SET debit = debit + 1 WHERE debit > 0")]
    [InlineData("DELETE FROM journal_lines")]
    public async Task The_database_itself_refuses_to_change_or_delete_what_is_posted(string sql)
    {
        await PostAsync(Today, Of.Bank, Of.Result, 1_000_000);
        var refused = await Assert.ThrowsAsync<MySqlException>(() => Database.ExecuteAsync(sql));
        Assert.Equal("45000", refused.SqlState);
        Assert.Equal(1_000_000, await BalanceAsync(Of.Bank));
    }

    private async Task<string?> ErrorAsync(DateOnly month) => (await Closing.CloseMonthAsync(month, Admin, default)).Error?.Code;
}
