using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>Credit is given back in parts, never more than there is.</summary>
public sealed class RefundTests(TestDatabase database) : DatabaseTest(database)
{
    private PaymentWorld _world = null!;
    private PaymentWorld.Home _home = null!;
    private CurrentUser _admin = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        _home = await _world.HomeAsync();
        _admin = await _world.AdminAsync();
    }

    public override async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Credit_is_given_back_in_parts_and_not_a_peso_more()
    {
        await _world.ChargeAsync(_home, 437_400);
        await _world.PaidAsync(_home, 500_000);

        Assert.Equal("RF-2026-000001", (await Desk.RefundAsync(Input(40_000), _admin, default)).Value);
        Assert.Equal("RF-2026-000002", (await Desk.RefundAsync(Input(22_600), _admin, default)).Value);
        Assert.Equal("refund.over", (await Desk.RefundAsync(Input(1), _admin, default)).Error!.Code);
        Assert.Equal(0, await CreditAsync());

        var statement = (await _world.Accounts.StatementAsync(_home.Id, new(2026, 11, 1), new(2026, 11, 30), _admin, default))!;
        Assert.Equal([437_400m, -62_600m, -22_600m, 0m], statement.Movements.Select(m => m.Balance));
        Assert.True(statement.Movements[^1].Refund);
        Assert.Equal(
            [(2, 437_400m), (4, 0m), (8, 0m), (13, -437_400m)],
            await _world.ReadAsync(async db => (await db.JournalLines.GroupBy(l => l.AccountId)
                .Select(g => new { g.Key, Sum = g.Sum(l => l.Debit - l.Credit) }).ToListAsync()).OrderBy(b => b.Key)
                    .Select(b => (b.Key, b.Sum)).ToList()));
    }

    [Fact]
    public async Task It_comes_from_the_oldest_payment_first_and_a_later_charge_finds_only_what_is_left()
    {
        await _world.PaidAsync(_home, 30_000);
        await _world.PaidAsync(_home, 50_000);
        Assert.True((await Desk.RefundAsync(Input(40_000), _admin, default)).Ok);
        Assert.Equal([30_000m, 10_000m],
            await _world.ReadAsync(db => db.RefundParts.OrderBy(p => p.PaymentId).Select(p => p.Amount).ToListAsync()));

        await _world.ChargeAsync(_home, 100_000);
        await _world.PaidAsync(_home, 5_000);
        Assert.Equal(45_000m, await _world.ReadAsync(db => db.Charges.Select(c => c.Paid).SingleAsync()));
    }

    [Fact]
    public async Task Of_two_who_give_back_at_once_nobody_gives_more_than_there_is()
    {
        await _world.PaidAsync(_home, 50_000);
        var both = await Task.WhenAll(
            Desk.RefundAsync(Input(30_000), _admin, default), _world.Get<RefundDesk>().RefundAsync(Input(30_000), _admin, default));
        Assert.Equal(1, both.Count(r => r.Ok));
        Assert.Equal(20_000, await CreditAsync());
    }

    [Fact]
    public async Task What_must_stay_in_the_bank_is_not_given_back()
    {
        await _world.PaidAsync(_home, 50_000);
        await Database.ExecuteAsync("UPDATE ledger_accounts SET minimum_balance = 30000 WHERE purpose = 'bank'");
        Assert.Equal(["ledger.minimum"], (await Desk.RefundAsync(Input(20_001), _admin, default)).Errors.Select(e => e.Code));
        Assert.True((await Desk.RefundAsync(Input(20_000), _admin, default)).Ok);
        await Database.ExecuteAsync("UPDATE ledger_accounts SET minimum_balance = NULL, daily_limit = 25000 WHERE purpose = 'bank'");
        Assert.Equal(["ledger.limit"], (await Desk.RefundAsync(Input(5_001), _admin, default)).Errors.Select(e => e.Code));
        Assert.Equal(30_000, await CreditAsync());
    }

    [Fact]
    public async Task A_payment_of_which_money_was_given_back_is_not_voided()
    {
        var paid = await _world.PaidAsync(_home, 50_000);
        Assert.True((await Desk.RefundAsync(Input(10_000), _admin, default)).Ok);
        Assert.Equal("payment.refunded", (await _world.Desk.VoidAsync(paid.Id, "Error", _admin, default)).Error!.Code);
        Assert.Equal(40_000, await CreditAsync());
    }

    [Fact]
    public async Task What_is_missing_is_said_at_once_and_nothing_leaves()
    {
        await _world.PaidAsync(_home, 50_000);
        var refused = await Desk.RefundAsync(
            new RefundInput(_home.Id, 10.5m, PaymentWorld.Today.AddDays(1), null, new string('x', 51), " "), _admin, default);
        Assert.Equal(
            ["Amount payment.amount_whole", "MethodId required", "PaidOn payment.future", "Reason required", "Reference too_long"],
            refused.Errors.Select(e => $"{e.Field} {e.Code}").Order(StringComparer.Ordinal));
        Assert.Equal("forbidden", (await Desk.RefundAsync(Input(1), await _world.StaffAsync(), default)).Error!.Code);
        Assert.Equal(50_000, await CreditAsync());
    }

    private RefundDesk Desk => _world.Get<RefundDesk>();

    private RefundInput Input(decimal amount) => new(_home.Id, amount, PaymentWorld.Today, 2, "0001", "Pagó de más");

    private async Task<decimal> CreditAsync() => (await _world.Accounts.FindAsync(_home.Id, _admin, default))!.Credit;
}
