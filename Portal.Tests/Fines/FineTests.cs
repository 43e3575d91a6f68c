using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Fines;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Fines;

/// <summary>A fine takes its steps one after the other, none missing, within the limits of the law.</summary>
public sealed class FineTests(TestDatabase database) : DatabaseTest(database)
{
    private PaymentWorld _world = null!;
    private PaymentWorld.Home _home = null!;
    private CurrentUser _admin = null!;

    private FineDesk Desk => _world.Get<FineDesk>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        _home = await _world.HomeAsync();
        _admin = await _world.AdminAsync();
        await Database.ExecuteAsync($"UPDATE apartments SET monthly_fee = 400000 WHERE id = {_home.Id}");
    }

    public override async Task DisposeAsync()
    {
        var proof = (await _world.Get<LedgerService>().ProofAsync(_admin, default))!;
        Assert.True(proof.Agrees, string.Join(' ', proof.Faults));
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task From_the_request_to_the_charge_no_step_can_be_missing()
    {
        var id = await AskAsync();
        Assert.Equal("fine.not_now", (await DecideAsync(id, 300_000)).Error!.Code);
        Assert.Equal("fine.still_to_answer", (await Desk.HearAsync(id, null, _admin, default)).Error!.Code);
        Assert.Equal("required", (await Desk.HearAsync(id, " ", _home.User, default)).Error!.Code);
        Assert.True((await Desk.HearAsync(id, "No fui yo.", _home.User, default)).Ok);
        Assert.Equal(Error.Forbidden, (await DecideAsync(id, 300_000, _home.User)).Error);
        Assert.Equal("fine.not_now", (await Desk.NotifyAsync(id, PaymentWorld.Today, "Carta", _admin, default)).Error!.Code);
        Assert.True((await DecideAsync(id, 300_000)).Ok);
        Assert.Equal("fine.not_now", (await Desk.ChargeAsync(id, _admin, default)).Error!.Code);
        Assert.True((await Desk.NotifyAsync(id, PaymentWorld.Today, "Carta", _admin, default)).Ok);

        var early = (await Desk.ChargeAsync(id, _admin, default)).Error!;
        Assert.Equal(("fine.still_to_challenge", new DateOnly(2026, 12, 20)), (early.Code, early.Values[0]));
        _world.On(new(2026, 12, 21));
        Assert.Equal("fine.too_late", (await Desk.ChallengeAsync(id, "Tarde", _home.User, default)).Error!.Code);
        Assert.True((await Desk.ChargeAsync(id, _admin, default)).Ok);
        Assert.Equal("fine.not_now", (await Desk.ChargeAsync(id, _admin, default)).Error!.Code);

        var fine = (await FindAsync(id, _home.User))!;
        Assert.Equal(
            [FineState.Requested, FineState.Heard, FineState.Decided, FineState.Notified, FineState.Charged], fine.Steps.Select(s => s.State));
        Assert.Equal((FineState.Charged, 300_000m, true), (fine.State, fine.Owed!.Value, fine.Steps[1].ByAccused));
        var charge = await _world.FindChargeAsync(fine.ChargeId!.Value);
        Assert.Equal((ChargeKind.Fine, 300_000m, new DateOnly(2027, 1, 20)), (charge.Kind, charge.Left, charge.DueOn));
        Assert.Equal(
            ["payment.fine_charged", "payment.fine_decided", "payment.fine_requested"],
            await _world.ReadAsync(db => db.Notifications.Select(n => n.Type!).OrderBy(t => t).ToListAsync()));
    }

    /// <summary>Expenses of 400,000: twice them each; ten times together, so that after 3,600,000 at most 400,000 are left.</summary>
    [Fact]
    public async Task Each_is_at_most_twice_the_monthly_expenses_and_all_are_ten_times()
    {
        var first = await HeardAsync();
        var over = (await DecideAsync(first, 800_001)).Error!;
        Assert.Equal(("fine.over_each", 800_000m), (over.Code, over.Values[0]));
        Assert.True((await DecideAsync(first, 800_000)).Ok);
        for (var i = 0; i < 3; i++) Assert.True((await DecideAsync(await HeardAsync(), 800_000)).Ok);
        Assert.True((await DecideAsync(await HeardAsync(), 400_000)).Ok);

        var last = await HeardAsync();
        Assert.Equal(400_000m, (await FindAsync(last, _admin))!.Limits.Most);
        over = (await DecideAsync(last, 400_001)).Error!;
        Assert.Equal(("fine.over_all", 400_000m), (over.Code, over.Values[0]));
        Assert.True((await DecideAsync(last, 400_000)).Ok);
        Assert.Equal("fine.over_all", (await DecideAsync(await HeardAsync(), 1)).Error!.Code);
    }

    [Fact]
    public async Task Where_nobody_answers_it_goes_on_when_their_time_is_over()
    {
        var id = await AskAsync();
        _world.On(PaymentWorld.Today.AddDays(11));
        Assert.Equal("fine.too_late", (await Desk.HearAsync(id, "Ya voy", _home.User, default)).Error!.Code);
        Assert.True((await Desk.HearAsync(id, null, _admin, default)).Ok);
        Assert.Null((await FindAsync(id, _admin))!.Steps[1].Words);
        Assert.Equal("fine.day", (await Desk.DecideAsync(id, null, Decision(), _admin, default)).Error!.Code);
        Assert.True((await Desk.DecideAsync(id, null, Decision() with { On = PaymentWorld.Today.AddDays(11) }, _admin, default)).Ok);
        Assert.Equal(FineState.Absolved, (await FindAsync(id, _admin))!.State);
    }

    [Fact]
    public async Task Challenged_it_waits_for_the_decision_and_falls_or_is_charged()
    {
        var (falls, stands) = (await ToldAsync(), await ToldAsync());
        foreach (var id in new[] { falls, stands }) Assert.True((await Desk.ChallengeAsync(id, "No es así", _home.User, default)).Ok);
        Assert.Equal("fine.not_now", (await Desk.ChargeAsync(stands, _admin, default)).Error!.Code);
        Assert.True((await Desk.SettleAsync(falls, false, Decision(), _admin, default)).Ok);
        Assert.True((await Desk.SettleAsync(stands, true, Decision(), _admin, default)).Ok);
        Assert.True((await Desk.ChargeAsync(stands, _admin, default)).Ok);
        Assert.Equal("fine.not_now", (await Desk.ChargeAsync(falls, _admin, default)).Error!.Code);
        Assert.Equal(100_000m, (await _world.Accounts.FindAsync(_home.Id, _admin, default))!.Owed);
    }

    [Fact]
    public async Task Annulled_after_it_was_paid_the_money_is_credit_again()
    {
        var id = await ToldAsync();
        _world.On(new(2026, 12, 21));
        Assert.True((await Desk.ChargeAsync(id, _admin, default)).Ok);
        var paid = await _world.Desk.RecordAsync(
            PaymentWorld.Input(_home, 100_000, null) with { Date = new(2026, 12, 21), Time = null }, _admin, default);
        Assert.True(paid.Ok);
        Assert.True((await Desk.AnnulAsync(id, Decision() with { On = new(2026, 12, 21) }, _admin, default)).Ok);
        var account = (await _world.Accounts.FindAsync(_home.Id, _admin, default))!;
        Assert.Equal((0m, 100_000m), (account.Owed, account.Credit));
    }

    [Fact]
    public async Task Of_two_who_charge_at_once_one_does()
    {
        var id = await ToldAsync();
        _world.On(new(2026, 12, 21));
        var done = await Task.WhenAll(
            Task.Run(() => Desk.ChargeAsync(id, _admin, default)), Task.Run(() => Desk.ChargeAsync(id, _admin, default)));
        Assert.Single(done, d => d.Ok);
        Assert.Equal(1, await _world.ReadAsync(db => db.Charges.CountAsync(c => c.Kind == ChargeKind.Fine)));
    }

    [Fact]
    public async Task Another_owner_does_not_see_it_and_by_hand_none_is_charged()
    {
        var id = await AskAsync();
        var other = await _world.HomeAsync("Luis", "Pardo");
        Assert.Null(await FindAsync(id, other.User));
        Assert.Equal(Error.NotFound, (await Desk.HearAsync(id, "Yo", other.User, default)).Error);
        Assert.Empty((await _world.Get<FineService>().ListAsync(new(), other.User, default)).Rows);
        var fine = await _world.ReadAsync(db => db.Concepts.SingleAsync(c => c.Kind == ChargeKind.Fine));
        var byHand = await _world.Get<Portal.Data.Billing.ChargeDesk>().ChargeAsync(
            new(_home.Id, fine.Id, 1_000, PaymentWorld.Today, "Multa"), _admin, default);
        Assert.Equal("required", byHand.Error!.Code);
    }

    private Task<FineDetails?> FindAsync(long id, CurrentUser user) => _world.Get<FineService>().FindAsync(id, user, default);

    private async Task<long> AskAsync()
    {
        var asked = await Desk.RequestAsync(
            new FineInput(_home.Id, PaymentWorld.Today, "Art. 42", "Ruido después de las 22:00"), _admin, default);
        Assert.True(asked.Ok, asked.Error?.Code);
        return asked.Value;
    }

    private async Task<long> HeardAsync()
    {
        var id = await AskAsync();
        Assert.True((await Desk.HearAsync(id, "No fui yo.", _admin, default)).Ok);
        return id;
    }

    private async Task<long> ToldAsync()
    {
        var id = await HeardAsync();
        Assert.True((await DecideAsync(id, 100_000)).Ok);
        Assert.True((await Desk.NotifyAsync(id, PaymentWorld.Today, "Carta", _admin, default)).Ok);
        return id;
    }

    private Task<Result> DecideAsync(long id, decimal amount, CurrentUser? user = null) =>
        Desk.DecideAsync(id, amount, Decision(), user ?? _admin, default);

    private static FineDecision Decision() => new(PaymentWorld.Today, FineBody.Council, "Acta 14");
}
