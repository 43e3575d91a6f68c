using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Ledger;

/// <summary>Posting by hand: what is refused, how much may be taken out, and taking back.</summary>
public sealed class LedgerDeskTests(TestDatabase database) : LedgerTest(database)
{
    [Fact]
    public async Task An_entry_by_hand_has_two_sides_that_are_equal_a_reason_and_a_number()
    {
        Assert.Equal("ledger.unbalanced", await ErrorAsync("x", new(Of.Energy, 100, 0), new(Of.Bank, 0, 99)));
        Assert.Equal("ledger.lines.two", await ErrorAsync("x", new(Of.Bank, 100, 0), new HandLine(Of.Bank, 0, 100)));
        Assert.Equal("ledger.amount", await ErrorAsync("x", new(Of.Energy, 10.5m, 0), new(Of.Bank, 0, 10.5m)));
        Assert.Equal("ledger.amount", await ErrorAsync("x", new(Of.Energy, -10, 0), new(Of.Bank, 0, -10)));
        Assert.Equal("ledger.amount", await ErrorAsync("x", new(Of.Energy, 10, 5), new(Of.Bank, 0, 5)));
        Assert.Equal("required", await ErrorAsync(" ", new(Of.Energy, 100, 0), new(Of.Bank, 0, 100)));
        Assert.Equal("ledger.account.gone", await ErrorAsync("x", new(0, 100, 0), new(Of.Bank, 0, 100)));
        Assert.Equal("ledger.account.apartments", await ErrorAsync("x", new(Of.Fees, 100, 0), new(Of.FeeIncome, 0, 100)));
        Assert.Equal("ledger.account.apartments", await ErrorAsync("x", new(Of.Bank, 100, 0), new(Of.Credits, 0, 100)));
        Assert.Equal(0, await World.ReadAsync(db => db.JournalEntries.CountAsync()));

        Assert.Equal("TX-2026-000001", (await PostAsync(Today, Of.Energy, Of.Bank, 100)).Reference);
        Assert.Equal("TX-2026-000002", (await PostAsync(Today, Of.Energy, Of.Bank, 200)).Reference);
        Assert.Equal(300, await BalanceAsync(Of.Energy));
        Assert.True((await ProofAsync()).Agrees);
    }

    [Fact]
    public async Task Opening_balances_leave_the_rest_to_the_result_and_a_contribution_is_two_entries()
    {
        var opened = await Desk.OpenAsync(
            new HandEntry(
                new(2026, 10, 31), "Saldos",
                [new(Of.Bank, 3_000_000, 0), new(Of.FundBank, 500_000, 0), new(Of.Reserve, 0, 500_000)]),
            Admin, default);
        Assert.True(opened.Ok, opened.Error?.Code);
        Assert.Equal(-3_000_000, await BalanceAsync(Of.Result));

        var given = await Desk.ContributeAsync(new MoneyMove(Today, 25_000), Admin, default);
        Assert.Equal("TX-2026-000002", given.Value.Reference);
        Assert.Equal((2_975_000m, 525_000m, -525_000m, 25_000m), await FundAsync());
        var proof = await ProofAsync();
        Assert.Equal((true, 525_000m, 525_000m), (proof.Agrees, proof.FundBank, proof.Reserve));

        // Taken back by either of the two, both are gone.
        Assert.True((await Desk.ReverseAsync(given.Value.EntryId, "Fue en diciembre", Admin, default)).Ok);
        Assert.Equal((3_000_000m, 500_000m, -500_000m, 0m), await FundAsync());
    }

    [Fact]
    public async Task Two_who_take_out_at_once_do_not_go_below_the_minimum_together()
    {
        await PostAsync(Today, Of.Bank, Of.Result, 1_000_000);
        await RuleAsync(Of.Bank, "1110", "Banco", minimum: 400_000);
        var all = await AtOnceAsync(4, () => Desk.BankCostAsync(new MoneyMove(Today, 250_000), Admin, default));
        Assert.Equal(2, all.Count(r => r.Ok));
        var refused = all.First(r => !r.Ok).Error!;
        Assert.Equal(("ledger.minimum", "1110 Banco", 100_000m), (refused.Code, refused.Values[0], refused.Values[1]));
        Assert.Equal(500_000, await BalanceAsync(Of.Bank));
    }

    [Fact]
    public async Task Two_who_take_out_at_once_do_not_pass_the_days_limit_and_what_is_taken_back_counts_no_more()
    {
        await PostAsync(Today, Of.Bank, Of.Result, 9_000_000);
        await RuleAsync(Of.Bank, "1110", "Banco", limit: 600_000);
        var all = await AtOnceAsync(4, () => Desk.TransferAsync(new MoneyMove(Today, 250_000), Admin, default));
        var done = all.Where(r => r.Ok).Select(r => r.Value).ToList();
        Assert.Equal(2, done.Count);
        Assert.Equal(("ledger.limit", (object)100_000m), (all.First(r => !r.Ok).Error!.Code, all.First(r => !r.Ok).Error!.Values[1]));

        // Another day has its own sum; what is reversed leaves room.
        Assert.True((await Desk.TransferAsync(new MoneyMove(Today.AddDays(-1), 600_000), Admin, default)).Ok);
        Assert.True((await Desk.ReverseAsync(done[0].EntryId, "Repetido", Admin, default)).Ok);
        Assert.True((await Desk.TransferAsync(new MoneyMove(Today, 350_000), Admin, default)).Ok);
        Assert.True((await ProofAsync()).Agrees);
    }

    [Fact]
    public async Task An_entry_is_reversed_once_and_whoever_comes_second_is_told_who_was_first()
    {
        var posted = await PostAsync(new(2026, 10, 5), Of.Energy, Of.Bank, 90_000);
        var both = await AtOnceAsync(2, () => Desk.ReverseAsync(posted.EntryId, "Repetido", Admin, default));
        var first = Assert.Single(both, r => r.Ok).Value;
        var second = Assert.Single(both, r => !r.Ok).Error!;
        Assert.Equal(("ledger.reverse.done", "Carolina Mejía", first.Reference), (second.Code, second.Values[0], second.Values[2]));
        Assert.Equal((90_000m, 0m), (await BalanceAsync(Of.Energy, new(2026, 10, 31)), await BalanceAsync(Of.Energy)));

        var entry = (await Books.EntryAsync(posted.EntryId, Admin, default))!;
        Assert.Equal((false, first.EntryId), (entry.Reversible, entry.ReversedById));
        Assert.Equal("ledger.reverse.not_by_hand", (await Desk.ReverseAsync(first.EntryId, "x", Admin, default)).Error!.Code);
    }

    [Fact]
    public async Task What_charges_and_payments_post_is_not_reversed_by_hand()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 400_000);
        var entry = (await Books.MovementsAsync(Of.Fees, new ListQuery(), Admin, default)).Rows[0].EntryId;
        Assert.Equal("ledger.reverse.not_by_hand", (await Desk.ReverseAsync(entry, "x", Admin, default)).Error!.Code);
    }

    [Fact]
    public async Task A_frozen_account_takes_only_reversals_and_an_account_closes_at_nothing()
    {
        var posted = await PostAsync(Today, Of.Energy, Of.Unidentified, 320_000);
        var open = await Accounts.UpdateAsync(Of.Energy, Energy(AccountStatus.Closed), Admin, default);
        Assert.Equal("ledger.account.balance", open.Error!.Code);
        Assert.True((await Accounts.UpdateAsync(Of.Energy, Energy(AccountStatus.Frozen), Admin, default)).Ok);
        Assert.Equal("ledger.account.frozen", await ErrorAsync("x", new(Of.Energy, 100, 0), new(Of.Unidentified, 0, 100)));
        Assert.True((await Desk.ReverseAsync(posted.EntryId, "Repetido", Admin, default)).Ok);
        Assert.True((await Accounts.UpdateAsync(Of.Energy, Energy(AccountStatus.Closed), Admin, default)).Ok);
        Assert.Equal("ledger.account.closed", await ErrorAsync("x", new(Of.Energy, 100, 0), new(Of.Unidentified, 0, 100)));

        // Payments come without asking whether the bank is open.
        Assert.Equal(
            "ledger.account.needed",
            (await Accounts.UpdateAsync(Of.Bank, new("1110", "Banco", AccountStatus.Frozen, null, null), Admin, default)).Error!.Code);

        static AccountInput Energy(AccountStatus status) => new("5140", "Energía y servicios", status, null, null);
    }

    [Fact]
    public async Task A_code_is_digits_of_one_of_five_classes_and_nobody_elses()
    {
        foreach (var wrong in new[] { "519", "51955555551", "51A5", "6135", "0110" })
            Assert.Equal("ledger.code", (await Accounts.CreateAsync(new(wrong, "Otra", default, null, null), Admin, default)).Error!.Code);
        var taken = await Accounts.CreateAsync(new("1110", "Otra", default, null, null), Admin, default);
        Assert.Equal("ledger.code.taken", taken.Error!.Code);
        var both = await AtOnceAsync(2, () => Accounts.CreateAsync(new("519595", "Papelería", default, null, null), Admin, default));
        Assert.Single(both, r => r.Ok);
        Assert.Single(both, r => r.Error?.Code == "ledger.code.taken");

        await PostAsync(Today, both.First(r => r.Ok).Value, Of.Bank, 12_000);
        var moved = await Accounts.UpdateAsync(
            both.First(r => r.Ok).Value, new("419595", "Papelería", default, null, null), Admin, default);
        Assert.Equal("ledger.code.class", moved.Error!.Code);
    }

    [Fact]
    public async Task Who_may_only_read_posts_closes_and_changes_nothing()
    {
        var staff = await World.StaffAsync();
        Assert.False(staff.Can(Permissions.LedgerPost));
        Assert.Equal("forbidden", (await Desk.BankCostAsync(new MoneyMove(Today, 100), staff, default)).Error!.Code);
        Assert.Equal("forbidden", (await Closing.CloseMonthAsync(Today, staff, default)).Error!.Code);
        Assert.NotNull(await Books.BalanceAsync(Today, staff, default));
    }

    private static Task<T[]> AtOnceAsync<T>(int count, Func<Task<T>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(work)));

    private async Task<(decimal, decimal, decimal, decimal)> FundAsync() =>
        (await BalanceAsync(Of.Bank), await BalanceAsync(Of.FundBank), await BalanceAsync(Of.Reserve), await BalanceAsync(Of.ReserveCosts));

    private async Task RuleAsync(int account, string code, string name, decimal? minimum = null, decimal? limit = null) =>
        Assert.True((await Accounts.UpdateAsync(account, new(code, name, AccountStatus.Active, minimum, limit), Admin, default)).Ok);

    private async Task<string?> ErrorAsync(string memo, params HandLine[] lines) =>
        (await Desk.PostAsync(new HandEntry(Today, memo, lines), Admin, default)).Error?.Code;
}
