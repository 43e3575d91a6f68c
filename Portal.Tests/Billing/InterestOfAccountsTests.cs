using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Home;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Billing;

/// <summary>The worked examples of interest, early payment, voids and late confirmations, through the services and to the peso.</summary>
public sealed class InterestOfAccountsTests(TestDatabase database) : DatabaseTest(database)
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
        await Database.ExecuteAsync("""
            INSERT INTO settings (name, value) VALUES ('interest_since', '2025-01-01');
            INSERT INTO interest_rates (month, certified, resolution) VALUES
                ('2025-10-01', 16.24, 'R'), ('2025-11-01', 16.66, 'R'), ('2025-12-01', 16.68, 'R');
            """);
    }

    public override async Task DisposeAsync()
    {
        await BalancedAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Interest_of_the_days_through_a_payment_goes_first_and_the_next_days_count_from_what_is_left()
    {
        var fee = await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await CountAsync(new(2025, 10, 31));
        var paid = await PayAsync(150_000, new(2025, 11, 20));

        Assert.Equal([(3_824m, 3_824m), (4_891m, 4_891m)], (await InterestAsync()).Select(i => (i.Due, i.Paid)));
        Assert.Equal(141_285m, (await _world.FindChargeAsync(fee)).Paid);
        Assert.Equal(258_715m, await OwedAsync());

        await CountAsync(new(2025, 11, 30));
        await CountAsync(new(2025, 12, 31));
        Assert.Equal([1_582m, 4_908m], (await InterestAsync()).Skip(2).Select(i => i.Due));
        Assert.Equal(265_205m, await OwedAsync());

        // Again: nothing counts twice.
        await CountAsync(new(2025, 12, 31));
        Assert.Equal(265_205m, await OwedAsync());
        Assert.Equal(3, (await _world.Payments.FindAsync(paid, _admin, default))!.Lines.Count);
    }

    [Fact]
    public async Task What_is_to_be_paid_today_holds_the_interest_of_today_and_paying_it_leaves_nothing()
    {
        _world.On(new(2025, 11, 20));
        var fee = await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await CountAsync(new(2025, 10, 31));
        var account = (await _world.Accounts.FindAsync(_home.Id, _home.User, default))!;
        Assert.Equal((403_824m, 4_891m, 408_715m), (account.Owed, account.Accruing.Sum(c => c.Owed), account.ToPay));
        Assert.Equal([3_824m, 4_891m, 400_000m], account.Preview(account.ToPay).Lines.Select(l => l.Applied));
        var home = (await _world.Get<HomeService>().OwnerAsync(_home.Id, _home.User, default)).Value;
        Assert.Equal(408_715, home.Money!.Total);

        await PayAsync(account.ToPay, new(2025, 11, 20));
        Assert.Equal((0m, 0m), (await OwedAsync(), (await _world.Accounts.FindAsync(_home.Id, _home.User, default))!.ToPay));
        Assert.Equal(ChargeState.Paid, (await _world.FindChargeAsync(fee)).Status);
    }

    [Fact]
    public async Task What_a_payment_will_do_is_shown_with_the_discount_that_it_will_get()
    {
        _world.On(new(2025, 11, 9));
        await FeeAsync(486_000, new(2025, 11, 1), new(2025, 11, 15), discount: 48_600, until: new(2025, 11, 10));
        var account = (await _world.Accounts.FindAsync(_home.Id, _home.User, default))!;
        Assert.Equal((437_400m, 0m), account.Preview(437_400) is var early ? (early.Lines[0].Applied, early.Open.Sum(c => c.Owed)) : default);
        Assert.Equal(62_600, account.Preview(500_000).Credit);
        Assert.Equal(48_600, account.Preview(437_400, on: new(2025, 11, 11)).Open.Sum(c => c.Owed));
    }

    [Theory]
    [InlineData("437400:9", 0, 0)]
    [InlineData("400000:5 37400:10", 0, 0)]
    [InlineData("437400:11", 48_600, 0)]
    [InlineData("500000:9", 0, 62_600)]
    [InlineData("437399:9", 48_601, 0)]
    public async Task Who_pays_early_pays_less_by_the_day_of_the_payment(string payments, int owed, int credit)
    {
        await FeeAsync(486_000, new(2025, 11, 1), new(2025, 11, 15), discount: 48_600, until: new(2025, 11, 10));
        long last = 0;
        foreach (var payment in payments.Split(' ').Select(p => p.Split(':')))
            last = await PayAsync(int.Parse(payment[0]), new(2025, 11, int.Parse(payment[1])));

        Assert.Equal((owed, credit), ((int)await OwedAsync(), (int)await CreditAsync()));

        // Voided, the discount is gone with it; the interest of the days since is another matter.
        Assert.True((await _world.Desk.VoidAsync(last, "No llegó", new VoidTerms(Ours: true), _admin, default)).Ok);
        var paid = payments.Split(' ').SkipLast(1).Sum(p => int.Parse(p.Split(':')[0]));
        Assert.Equal(486_000 - paid, (int)await OwedAsync());
    }

    [Fact]
    public async Task Nothing_is_off_while_something_overdue_is_left()
    {
        await FeeAsync(100_000, new(2025, 10, 1), new(2025, 10, 15), interest: false);
        await FeeAsync(486_000, new(2025, 11, 1), new(2025, 11, 15), discount: 48_600, until: new(2025, 11, 10));
        await PayAsync(437_400, new(2025, 11, 9));
        Assert.Equal(148_600, await OwedAsync());

        // The rest of what is late, in time: with it the month is complete.
        await PayAsync(100_000, new(2025, 11, 10));
        Assert.Equal(0, await OwedAsync());
    }

    [Fact]
    public async Task A_void_lets_charges_owe_with_interest_as_if_never_paid_and_changes_no_other_receipt()
    {
        _world.On(new(2025, 11, 20));
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await FeeAsync(400_000, new(2025, 11, 1), new(2025, 11, 15));
        var first = await PayAsync(400_000, new(2025, 10, 10));
        var second = await PayAsync(400_000, new(2025, 11, 10));

        Assert.True((await _world.Desk.VoidAsync(first, "Cheque devuelto", new VoidTerms(), _admin, default)).Ok);
        Assert.Equal([3_824m, 4_891m], (await InterestAsync()).Select(i => i.Due));
        Assert.Equal(408_715, await OwedAsync());
        Assert.Equal([400_000m], (await _world.Payments.FindAsync(second, _admin, default))!.Lines.Select(l => l.Amount));
    }

    /// <summary>P2 pays interest of the first fee through its day, then that fee: 6,269 of it and the second are left, 38 and 1,223 since.</summary>
    [Fact]
    public async Task A_void_may_apply_later_payments_again_with_new_receipts_that_name_the_old()
    {
        _world.On(new(2025, 11, 20));
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await FeeAsync(400_000, new(2025, 11, 1), new(2025, 11, 15));
        var first = await PayAsync(400_000, new(2025, 10, 10));
        var second = await PayAsync(400_000, new(2025, 11, 10));
        var old = (await _world.Payments.FindAsync(second, _admin, default))!;

        Assert.True((await _world.Desk.VoidAsync(first, "Cheque devuelto", new VoidTerms(Reapply: true), _admin, default)).Ok);
        Assert.Equal([3_824m, 2_445m, 38m, 1_223m], (await InterestAsync()).Select(i => i.Due));
        Assert.Equal(407_530, await OwedAsync());
        var now = (await _world.Payments.FindAsync(second, _admin, default))!;
        Assert.Equal([3_824m, 2_445m, 393_731m], now.Lines.Select(l => l.Amount));
        Assert.Equal(("RC-2025-000002", "RC-2025-000003", "RC-2025-000003"), (old.Receipt, now.Receipt, now.Replaced.Single().ReplacedBy));

        var (before, after) = (await _world.Verification.FindReceiptAsync(old.VerificationCode, default),
            await _world.Verification.FindReceiptAsync(now.VerificationCode, default));
        Assert.Equal((false, old.Receipt, now.Receipt), (before!.Valid, before.Number, before.ReplacedBy));
        Assert.Equal((true, now.Receipt, old.Receipt), (after!.Valid, after.Number, after.Replaces));
        var facts = (await _world.Get<IssuedPapers>().ReceiptAsync(second, _admin, default))!.Facts;
        Assert.Equal((old.Receipt, "RC-2025-000001", 3), (facts.Replaces, facts.BecauseOf, facts.Lines.Count));
    }

    [Fact]
    public async Task Applied_again_discounts_count_anew_and_what_was_never_late_stays_so()
    {
        _world.On(new(2025, 11, 20));
        var fee = await FeeAsync(400_000, new(2025, 11, 1), new(2025, 11, 15));
        var first = await PayAsync(400_000, new(2025, 11, 5));
        await PayAsync(100_000, new(2025, 11, 6));
        await PayAsync(350_000, new(2025, 11, 7));
        Assert.Equal((0m, 450_000m), (await OwedAsync(), await CreditAsync()));

        Assert.True((await _world.Desk.VoidAsync(first, "Repetido", new VoidTerms(Reapply: true), _admin, default)).Ok);
        Assert.Equal((0m, 50_000m), (await OwedAsync(), await CreditAsync()));
        Assert.Empty(await InterestAsync());
        Assert.Equal(400_000m, (await _world.FindChargeAsync(fee)).Paid);
        Assert.Equal(2, await _world.ReadAsync(db => db.ReplacedReceipts.CountAsync()));
    }

    /// <summary>150,000 in time, then voided: the days counted on the rest are counted on the whole.</summary>
    [Fact]
    public async Task A_voided_part_leaves_interest_as_if_it_had_never_been_paid()
    {
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        var part = await PayAsync(150_000, new(2025, 10, 10));
        await CountAsync(new(2025, 10, 31));
        Assert.Equal(250_000 + 2_390, await OwedAsync());

        _world.On(new(2025, 11, 20));
        Assert.True((await _world.Desk.VoidAsync(part, "Cheque devuelto", new VoidTerms(), _admin, default)).Ok);
        Assert.Equal(400_000 + 3_824 + 4_891, await OwedAsync());
    }

    [Fact]
    public async Task A_payment_confirmed_after_its_day_takes_back_the_interest_of_the_days_after_it()
    {
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await CountAsync(new(2025, 10, 31));
        await CountAsync(new(2025, 11, 30));
        Assert.Equal(411_160, await OwedAsync());

        await PayAsync(408_715, new(2025, 11, 20));
        Assert.Equal((0m, 0m), (await OwedAsync(), await CreditAsync()));
        var adjustment = Assert.Single(await _world.ReadAsync(db => db.ChargeAdjustments.AsNoTracking().ToListAsync()));
        Assert.Equal((AdjustmentKind.Recount, -2_445m), (adjustment.Kind, adjustment.Amount));
    }

    [Fact]
    public async Task A_part_confirmed_after_its_day_leaves_the_days_after_it_counted_by_the_rest()
    {
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await CountAsync(new(2025, 10, 31));
        await CountAsync(new(2025, 11, 30));
        await PayAsync(150_000, new(2025, 11, 20));

        // As if it had been confirmed on its day: 258,715 and 1,582 of interest since.
        Assert.Equal(258_715 + 1_582, await OwedAsync());
        var live = await _world
            .ReadAsync(db => db.InterestSegments.AsNoTracking().Where(s => s.Live == true).OrderBy(s => s.FromOn).ToListAsync());
        Assert.Equal([(16, 400_000m), (20, 400_000m), (10, 258_715m)],
            live.Select(s => (s.ToOn.DayNumber - s.FromOn.DayNumber + 1, s.Balance)));
    }

    [Fact]
    public async Task Where_the_building_counts_no_interest_or_an_apartment_is_exempt_nothing_is_added()
    {
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        await Database.ExecuteAsync($"INSERT INTO concept_apartments (concept_id, apartment_id, exempt) VALUES (2, {_home.Id}, 1)");
        await CountAsync(new(2025, 12, 31));
        Assert.Equal(400_000, await OwedAsync());

        await Database.ExecuteAsync("DELETE FROM concept_apartments; DELETE FROM settings WHERE name = 'interest_since'");
        await PayAsync(100_000, new(2025, 11, 20));
        Assert.Equal(300_000, await OwedAsync());
    }

    private async Task<long> FeeAsync(
        decimal amount, DateOnly issued, DateOnly due, decimal? discount = null, DateOnly? until = null, bool interest = true)
    {
        var id = await _world.ChargeAsync(_home, amount, interest ? ChargeKind.Fee : ChargeKind.Other, issued, due);
        if (discount is { } off)
            await Database.ExecuteAsync(
                $"UPDATE charges SET discount = {off:0}, discount_until = '{until:yyyy-MM-dd}', discount_rule = 'nothing_overdue' WHERE id = {id}");
        return id;
    }

    private async Task<long> PayAsync(decimal amount, DateOnly on)
    {
        var input = PaymentWorld.Input(_home, amount, null) with { Date = on, Time = null };
        var recorded = await _world.Desk.RecordAsync(input, _admin, default);
        Assert.True(recorded.Ok, recorded.Error?.Code);
        return recorded.Value;
    }

    private async Task CountAsync(DateOnly through) =>
        Assert.True((await _world.Store.WriteAsync(_admin, async (db, ct) =>
        {
            var terms = await InterestTerms.ReadAsync(db, ct);
            await InterestLedger.CountAsync(db, null, terms!, through, through, null, ct);
            return Result.Done;
        }, default)).Ok);

    private Task<List<Charge>> InterestAsync() => _world.ReadAsync(db =>
        db.Charges.AsNoTracking().Where(c => c.Kind == ChargeKind.Interest).OrderBy(c => c.Id).ToListAsync());

    private Task<decimal> OwedAsync() =>
        _world.ReadAsync(db => db.Charges.Where(c => c.Status == ChargeState.Open).SumAsync(c => c.Owed));

    private async Task<decimal> CreditAsync() =>
        (await _world.Get<ApartmentAccounts>().FindAsync(_home.Id, _admin, default))!.Credit;

    /// <summary>After every story the books balance, and say of the apartment what its account says.</summary>
    private async Task BalancedAsync()
    {
        var lines = await _world.ReadAsync(db => db.JournalLines.AsNoTracking().ToListAsync());
        Assert.All(lines.GroupBy(l => l.EntryId), e => Assert.Equal(e.Sum(l => l.Debit), e.Sum(l => l.Credit)));
        decimal Of(params int[] accounts) => lines.Where(l => accounts.Contains(l.AccountId)).Sum(l => l.Debit - l.Credit);
        Assert.Equal((await OwedAsync(), await CreditAsync()), (Of(4, 5, 6), -Of(8)));
    }
}
