using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Ledger;
using Portal.Data.Notifications;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Billing;

/// <summary>The months of a building: charged once, whole or not at all, undone while nothing hangs on them.</summary>
public sealed class BillingRunTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly DateOnly November = new(2025, 11, 1), October = new(2025, 10, 1);

    private PaymentWorld _world = null!;
    private CurrentUser _admin = null!, _staff = null!;
    private PaymentWorld.Home[] _homes = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        _world.On(new(2025, 11, 1));
        _admin = await _world.AdminAsync();
        _staff = await _world.StaffAsync();
        List<PaymentWorld.Home> homes = [];
        foreach (var (number, coefficient) in new[]
        {
            ("101", "14.25"), ("102", "14.25"), ("201", "17.833333"), ("202", "17.833333"), ("301", "17.916667"), ("302", "17.916667"),
        })
        {
            var home = await _world.HomeAsync("Dueño", $"de {number}");
            await Database.ExecuteAsync(
                $"UPDATE apartments SET apartment_number = '{number}', coefficient = {coefficient} WHERE id = {home.Id}");
            homes.Add(home);
        }

        _homes = [.. homes];
        await Database.ExecuteAsync("""
            UPDATE concepts SET basis = 'coefficient', amount = 2500000, discount_percent = 5, discount_day = 10 WHERE id = 1;
            INSERT INTO settings (name, value) VALUES ('interest_since', '2025-10-01');
            INSERT INTO interest_rates (month, certified, resolution) VALUES ('2025-10-01', 16.24, 'R. 1'), ('2025-11-01', 16.66, 'R. 2');
            """);
    }

    public override async Task DisposeAsync() => await _world.DisposeAsync();

    /// <summary>The month of six apartments, to the peso: what is owed, what is held, what the books say of it.</summary>
    [Fact]
    public async Task A_month_of_a_building()
    {
        // October: 302 did not pay, 101 paid 50,000 ahead.
        await _world.ChargeAsync(_homes[5], 400_000, ChargeKind.Fee, October, new(2025, 10, 15));
        await PayAsync(0, 50_000, new(2025, 10, 31));
        Assert.Equal(3_824, (await Ok(Interest.PostAsync(October, 3_824, _admin, default))).Total);

        var preview = (await Billing.PreviewAsync(November, [1], new(), _admin, default))!;
        Assert.Equal((2_500_000m, 6, 100m, 2), (preview.Total, preview.Charges, preview.Coefficients!.Value, preview.SpareUnits));
        Assert.Equal((50_000m, 1), (preview.Credit, preview.CreditUnits));
        Assert.Equal([356_250, 356_250, 445_833, 445_833, 447_917, 447_917],
            preview.Rows.Rows.OrderBy(r => r.ApartmentId).Select(r => r.Total));
        Assert.Equal((6, 50_000m),
            await Ok(Desk.PostAsync(new(November, [1], 2_500_000), _admin, default)) is var run ? (run.Charges, run.Credit) : default);

        _world.On(new(2025, 11, 30));
        await PayAsync(0, 288_437, new(2025, 11, 8));
        await PayAsync(2, 445_833, new(2025, 11, 9));
        await PayAsync(1, 356_250, new(2025, 11, 12));
        await PayAsync(3, 300_000, new(2025, 11, 14));
        await PayAsync(4, 447_917, new(2025, 11, 20));
        var interest = (await Interest.PreviewAsync(November, new(), _admin, default))!;
        Assert.Equal([7_336m, 4_107m, 1_337m, 8m], interest.Rows.Rows.Select(r => r.Amount).OrderByDescending(a => a));
        await Ok(Interest.PostAsync(November, interest.Total, _admin, default));

        Assert.Equal(
            [("1305", 995_119m), ("1315", 16_612m), ("2805", -22_292m), ("4170", -2_900_000m), ("4175", 40_105m), ("4210", -17_981m)],
            (await BalancesAsync()).Where(b => b.Code is not ("1110" or "3605")));
        Assert.Equal(995_119 + 16_612, await OwedAsync());

        // Each apartment's account is its part of the books.
        foreach (var home in _homes)
        {
            var account = (await _world.Accounts.FindAsync(home.Id, _admin, default))!;
            var lines = await _world.ReadAsync(db => db.JournalLines.Where(l => l.ApartmentId == home.Id)
                .GroupBy(l => l.AccountId == 8).Select(g => new { Credit = g.Key, Sum = g.Sum(l => l.Debit - l.Credit) }).ToListAsync());
            Assert.Equal((account.Owed, account.Credit),
                (lines.Where(l => !l.Credit).Sum(l => l.Sum), -lines.Where(l => l.Credit).Sum(l => l.Sum)));
        }
    }

    [Fact]
    public async Task Of_two_who_post_at_once_one_posts_and_the_other_is_told_who()
    {
        var both = await Task.WhenAll(
            Desk.PostAsync(new(November, [1], 2_500_000), _admin, default), Desk.PostAsync(new(November, [1], 2_500_000), _staff, default));

        Assert.Equal(1, both.Count(r => r.Ok));
        var refused = Assert.Single(both, r => !r.Ok);
        Assert.Equal("billing.posted", refused.Error!.Code);
        Assert.Equal("Administración", refused.Error.Values[0]);
        Assert.Equal(6, await _world.ReadAsync(db => db.Charges.CountAsync()));
    }

    [Fact]
    public async Task Nothing_is_posted_that_was_not_seen_or_does_not_add_up()
    {
        await Refused("billing.changed", Desk.PostAsync(new(November, [1], 2_400_000), _admin, default));
        await Refused("billing.early", Desk.PostAsync(new(new(2025, 12, 1), [1], 2_500_000), _admin, default));
        await Refused("billing.old", Desk.PostAsync(new(new(2024, 10, 1), [1], 2_500_000), _admin, default));
        await Refused("forbidden", Desk.PostAsync(new(November, [1], 2_500_000), _homes[0].User, default));
        await Database.ExecuteAsync($"UPDATE apartments SET coefficient = NULL WHERE id = {_homes[0].Id}");
        await Refused("billing.coefficients", Desk.PostAsync(new(November, [1], 2_500_000), _admin, default));

        var preview = (await Billing.PreviewAsync(November, [1], new(), _admin, default))!;
        Assert.Equal((BillingNotes.NoCoefficient, 0m), (preview.Rows.Rows[0].Notes, preview.Rows.Rows[0].Total));
        Assert.Equal(5, (await Ok(Desk.PostAsync(new(November, [1], 2_500_000, AcceptCoefficients: true), _admin, default))).Charges);

        // Of before there were runs.
        await _world.ChargeAsync(_homes[0], 1_000, ChargeKind.Fee, October);
        await Database.ExecuteAsync("UPDATE charges SET period = '2025-10-01' WHERE run_id IS NULL");
        await Refused("billing.earlier", Desk.PostAsync(new(October, [1], 2_500_000, true), _admin, default));
        Assert.Equal([1], (await Billing.MonthAsync(October, _admin, default))!.Concepts.Where(c => c.Kind == ChargeKind.Fee)
            .Select(c => c.Earlier));
    }

    [Fact]
    public async Task A_run_is_undone_with_the_credit_it_used_and_its_month_is_free_again()
    {
        await PayAsync(0, 50_000, new(2025, 10, 31));
        var run = await Ok(Desk.PostAsync(new(November, [1], 2_500_000), _admin, default));
        Assert.Equal(2_450_000, await OwedAsync());

        Assert.True((await Desk.UndoAsync(run.Runs[0], "Se aprobó otro presupuesto", _admin, default)).Ok);
        Assert.Equal((0m, 50_000m), (await OwedAsync(), (await _world.Accounts.FindAsync(_homes[0].Id, _admin, default))!.Credit));
        Assert.Equal("billing.undone", (await Desk.UndoAsync(run.Runs[0], "Otra vez", _admin, default)).Error!.Code);
        Assert.Equal([("1110", 50_000m), ("2805", -50_000m)], (await BalancesAsync()).Where(b => b.Balance != 0));
        Assert.Equal("Se aprobó otro presupuesto", Assert.Single((await Billing.MonthAsync(November, _admin, default))!.Undone).UndoReason);

        await Ok(Desk.PostAsync(new(November, [1], 2_500_000), _admin, default));
        Assert.Equal(2_450_000, await OwedAsync());
    }

    [Fact]
    public async Task A_run_stays_while_something_hangs_on_it_and_says_what()
    {
        var run = await Ok(Desk.PostAsync(new(November, [1], 2_500_000), _admin, default));
        await PayAsync(1, 100_000, new(2025, 11, 1));
        var refused = await Desk.UndoAsync(run.Runs[0], "Error", _admin, default);
        Assert.Equal(("billing.hangs", 1), (refused.Error!.Code, refused.Error.Values[1]));
        Assert.Contains("B 102 RC-2025-000001", (string)refused.Error.Values[0]!, StringComparison.Ordinal);
        Assert.Equal(2_400_000, await OwedAsync());
    }

    [Fact]
    public async Task An_extra_fee_is_posted_in_instalments_each_with_its_own_day()
    {
        await Database.ExecuteAsync("UPDATE concepts SET amount = 250000 WHERE id = 1");
        await Ok(Desk.PostAsync(new(November, [1], 250_000), _admin, default));
        ExtraFeeInput fee = new("Fachada", "2025-04", 6_000_000, ConceptBasis.Fixed, 3, November, 30);
        await Refused("billing.large", Desk.PostExtraFeeAsync(fee with { Amount = 1_000_001 }, _admin, default));
        var posted = await Ok(
            Desk.PostExtraFeeAsync(fee with { Amount = 1_000_001, AcceptLarge = true, Instalments = 6 }, _admin, default));

        Assert.Equal((6, 36, 6_000_006m), (posted.Runs.Count, posted.Charges, posted.Total));
        var own = await _world.ReadAsync(db =>
            db.Charges.AsNoTracking().Where(c => c.ApartmentId == _homes[0].Id && c.Kind == ChargeKind.ExtraFee).OrderBy(c => c.DueOn)
                .ToListAsync());
        Assert.Equal([166_667, 166_667, 166_667, 166_667, 166_667, 166_666], own.Select(c => c.Amount));
        Assert.Equal(
            [new DateOnly(2025, 11, 30), new(2025, 12, 30), new(2026, 1, 30), new(2026, 2, 28), new(2026, 3, 30), new(2026, 4, 30)],
            own.Select(c => c.DueOn));
        Assert.Equal("Fachada, 6 de 6", own[^1].Concept);
    }

    [Fact]
    public async Task Interest_needs_its_rates_and_stands_once()
    {
        await _world.ChargeAsync(_homes[5], 400_000, ChargeKind.Fee, October, new(2025, 10, 15));
        await Refused("interest.month", Interest.PostAsync(November, 0, _admin, default));
        _world.On(new(2025, 12, 31));
        var preview = (await Interest.PreviewAsync(new(2025, 12, 1), new(), _admin, default))!;
        Assert.Equal(new DateOnly(2025, 12, 1), preview.Missing);
        await Refused("interest.rate", Interest.PostAsync(new(2025, 12, 1), preview.Total, _admin, default));

        var rates = _world.Get<RateService>();
        await Refused("forbidden", rates.SaveAsync(new(new(2025, 12, 1), 16.68m, "R. 3", null), _staff, default));
        await Ok(rates.SaveAsync(new(new(2025, 12, 1), 16.68m, "R. 3", null), _admin, default));
        preview = (await Interest.PreviewAsync(new(2025, 12, 1), new(), _admin, default))!;
        await Ok(Interest.PostAsync(new(2025, 12, 1), preview.Total, _admin, default));
        await Refused("interest.used", rates.SaveAsync(new(new(2025, 12, 1), 20m, "R. 3", null), _admin, default));
        await Refused("billing.posted", Interest.PostAsync(new(2025, 12, 1), preview.Total, _admin, default));

        // Undone, its days are free again.
        var run = Assert.Single((await Billing.RunsAsync(new(), _admin, default)).Rows);
        Assert.True((await Desk.UndoAsync(run.Id, "Tasa equivocada", _admin, default)).Ok);
        await Ok(rates.SaveAsync(new(new(2025, 12, 1), 20m, "R. 3", null), _admin, default));
        Assert.True((await Interest.PreviewAsync(new(2025, 12, 1), new(), _admin, default))!.Total > preview.Total);
    }

    [Fact]
    public async Task Each_owner_is_told_once_what_is_to_be_paid_and_what_early_payment_takes_off()
    {
        var run = await Ok(Desk.PostAsync(new(November, [1], 2_500_000), _admin, default));
        var job = Assert.Single(await _world.ReadAsync(db => db.Jobs.Where(j => j.Kind == "bills").ToListAsync()));
        Assert.Equal($"[{run.Runs[0]}]", job.Payload);
        var bills = new BillJob(_world.Store);
        await bills.RunAsync(run.Runs, default);
        await bills.RunAsync(run.Runs, default);

        var told = await _world
            .ReadAsync(db => db.Notifications.AsNoTracking().Where(n => n.Type == "payment.billed_early").OrderBy(n => n.Id).ToListAsync());
        Assert.Equal(_homes.Select(h => h.User.AccountId!.Value), told.Select(n => n.RecipientId));
        Assert.Equal(
            [new(Text: "Administración de noviembre de 2025"), new(Money: 356_250), new(Day: new(2025, 11, 15)), new(Money: 338_437),
                new(Day: new(2025, 11, 10))],
            NotificationPart.Read(told[0].Data));
        Assert.Equal($"/account/{_homes[0].Id}", told[0].Link);

        // Undone before the job came to it: nobody hears of it.
        await Desk.UndoAsync(run.Runs[0], "Error", _admin, default);
        await Database.ExecuteAsync("DELETE FROM notifications");
        await bills.RunAsync(run.Runs, default);
        Assert.Equal(0, await _world.ReadAsync(db => db.Notifications.CountAsync(n => n.Type == "payment.billed_early")));
    }

    [Fact]
    public async Task A_charge_of_its_own_is_waived_corrected_and_taken_back()
    {
        var desk = _world.Get<ChargeDesk>();
        await Refused("required", desk.ChargeAsync(new(_homes[0].Id, 8, 50_000, new(2025, 11, 30), " "), _admin, default));
        var id = await Ok(desk.ChargeAsync(new(_homes[0].Id, 8, 50_000, new(2025, 11, 30), "Llave del portón"), _admin, default));
        await Refused("required", desk.AdjustAsync(new(id, AdjustmentKind.Waiver, 20_000, "Acuerdo", null), _admin, default));
        await Refused("billing.over", desk.AdjustAsync(new(id, AdjustmentKind.Waiver, 50_001, "Acuerdo", "Acta 3"), _admin, default));
        await Refused("forbidden", desk.AdjustAsync(new(id, AdjustmentKind.Waiver, 1, "Acuerdo", "Acta 3"), _staff, default));
        var waiver = await Ok(desk.AdjustAsync(new(id, AdjustmentKind.Waiver, 50_000, "Acuerdo", "Acta 3"), _admin, default));
        Assert.Equal((0m, ChargeState.Paid), await _world.FindChargeAsync(id) is var waived ? (waived.Owed, waived.Status) : default);

        Assert.True((await desk.TakeBackAsync(waiver, "No era", _admin, default)).Ok);
        Assert.Equal("billing.taken_back", (await desk.TakeBackAsync(waiver, "No era", _admin, default)).Error!.Code);
        await Ok(desk.AdjustAsync(new(id, AdjustmentKind.Correction, -5_000, "Eran 55.000", null), _admin, default));
        Assert.Equal((55_000m, ChargeState.Open), await _world.FindChargeAsync(id) is var owed ? (owed.Owed, owed.Status) : default);
        Assert.Equal([("1305", 55_000m), ("4295", -55_000m)], (await BalancesAsync()).Where(b => b.Balance != 0));
    }

    private BillingService Billing => _world.Get<BillingService>();
    private BillingDesk Desk => _world.Get<BillingDesk>();
    private InterestDesk Interest => _world.Get<InterestDesk>();

    private async Task PayAsync(int home, decimal amount, DateOnly on)
    {
        var input = PaymentWorld.Input(_homes[home], amount, null) with { Date = on, Time = null };
        var recorded = await _world.Desk.RecordAsync(input, _admin, default);
        Assert.True(recorded.Ok, recorded.Error?.Code);
    }

    private Task<decimal> OwedAsync() =>
        _world.ReadAsync(db => db.Charges.Where(c => c.Status == ChargeState.Open).SumAsync(c => c.Owed));

    private Task<List<(string Code, decimal Balance)>> BalancesAsync() => _world.ReadAsync(async db =>
        (await db.JournalLines.GroupBy(l => l.Account!.Code).Select(g => new { g.Key, Sum = g.Sum(l => l.Debit - l.Credit) }).ToListAsync())
            .OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => (b.Key, b.Sum)).ToList());

    private static async Task<T> Ok<T>(Task<Result<T>> done)
    {
        var result = await done;
        Assert.True(result.Ok, result.Error?.ToString());
        return result.Value;
    }

    private static async Task Refused<T>(string code, Task<Result<T>> done) => Assert.Equal(code, (await done).Error?.Code);
}
