using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>A deposit is a liability: it is given back less damages, and pays nothing unasked.</summary>
public sealed class DepositTests(TestDatabase database) : DatabaseTest(database)
{
    private PaymentWorld _world = null!;
    private PaymentWorld.Home _home = null!;
    private CurrentUser _admin = null!;
    private long _deposit;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        _home = await _world.HomeAsync();
        _admin = await _world.AdminAsync();
        _deposit = await _world.ChargeAsync(_home, 300_000, ChargeKind.Deposit, due: PaymentWorld.Today);
        await Database.ExecuteAsync($"UPDATE charges SET number = 'RS-2026-000001-D', concept = 'Depósito BBQ' WHERE id = {_deposit}");
        await _world.PaidAsync(_home, 300_000);
    }

    public override async Task DisposeAsync()
    {
        var proof = (await _world.Get<LedgerService>().ProofAsync(_admin, default))!;
        Assert.True(proof.Agrees, string.Join(' ', proof.Faults));
        await _world.DisposeAsync();
    }

    /// <summary>300,000 with damages of 80,000: 220,000, though something else is overdue.</summary>
    [Fact]
    public async Task Damages_are_paid_from_it_and_the_rest_leaves_the_bank_whatever_else_is_owed()
    {
        var overdue = await _world.ChargeAsync(_home, 500_000, due: PaymentWorld.Today.AddDays(-5));
        Assert.Equal(-300_000m, await BalanceAsync(AccountPurpose.Deposits));
        var done = await Desk.ReturnAsync(Input(80_000, "Una silla"), _admin, default);
        Assert.True(done.Ok, done.Error?.Code);

        Assert.Equal(0m, await BalanceAsync(AccountPurpose.Deposits));
        Assert.Equal(80_000m, await BalanceAsync(AccountPurpose.Bank));
        var refund = await _world.ReadAsync(db => db.Refunds.SingleAsync());
        Assert.Equal((220_000m, "RF-2026-000001"), (refund.Amount, refund.Number));
        Assert.Equal(500_000m, (await _world.FindChargeAsync(overdue)).Left);
        var damage = await _world.ReadAsync(db => db.Charges.SingleAsync(c => c.Number == "RS-2026-000001-D-DA"));
        Assert.Equal(("Daños BBQ", "Una silla", ChargeState.Paid), (damage.Concept, damage.Detail, damage.Status));
        var row = Assert.Single((await Desk.ListAsync(new(), _admin, default)).Rows);
        Assert.Equal((DepositState.Returned, 300_000m, 80_000m, "RF-2026-000001"), (row.State, row.Amount, row.Damages, row.Refund));
        Assert.Equal("deposit.returned", (await Desk.ReturnAsync(Input(0), _admin, default)).Error!.Code);
    }

    [Fact]
    public async Task To_the_credit_it_goes_where_they_asked_for_that_and_only_then_pays_what_is_owed()
    {
        var overdue = await _world.ChargeAsync(_home, 120_000, due: PaymentWorld.Today.AddDays(-5));
        Assert.True((await Desk.ReturnAsync(Input(0) with { ToCredit = true, MethodId = null }, _admin, default)).Ok);
        Assert.Equal(0m, (await _world.FindChargeAsync(overdue)).Left);
        Assert.Equal(180_000m, (await _world.Accounts.FindAsync(_home.Id, _admin, default))!.Credit);
        Assert.Equal(-180_000m, await BalanceAsync(AccountPurpose.Credits));
    }

    [Fact]
    public async Task More_damages_than_it_held_or_none_named_are_refused()
    {
        var over = (await Desk.ReturnAsync(Input(300_001, "Todo"), _admin, default)).Error!;
        Assert.Equal(("deposit.over", 300_000m), (over.Code, over.Values[0]));
        Assert.Equal("required", (await Desk.ReturnAsync(Input(10), _admin, default)).Error!.Code);
        Assert.Equal("required", (await Desk.ReturnAsync(Input(0) with { MethodId = null }, _admin, default)).Error!.Code);
        Assert.Equal(300_000m, (await _world.FindChargeAsync(_deposit)).Paid);
        Assert.True((await Desk.ReturnAsync(Input(300_000, "Todo"), _admin, default)).Ok);
        Assert.Equal(0, await _world.ReadAsync(db => db.Refunds.CountAsync()));
    }

    [Fact]
    public async Task Of_two_who_give_it_back_at_once_one_does()
    {
        var done = await Task.WhenAll(
            Task.Run(() => Desk.ReturnAsync(Input(0), _admin, default)), Task.Run(() => Desk.ReturnAsync(Input(0), _admin, default)));
        Assert.Equal("deposit.returned", Assert.Single(done, d => !d.Ok).Error!.Code);
        Assert.Equal(300_000m, await _world.ReadAsync(db => db.Refunds.SumAsync(r => r.Amount)));
    }

    private DepositDesk Desk => _world.Get<DepositDesk>();

    private DepositReturnInput Input(decimal damages, string? reason = null) =>
        new(_deposit, damages, reason, false, 2, PaymentWorld.Today, "TR 1");

    private Task<decimal> BalanceAsync(AccountPurpose purpose) => _world.ReadAsync(
        db => db.JournalLines.Where(l => l.Account!.Purpose == purpose).SumAsync(l => l.Debit - l.Credit));
}
