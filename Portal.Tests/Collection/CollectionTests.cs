using Microsoft.EntityFrameworkCore;
using Portal.Areas.Collection;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Collection;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Documents;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Collection;

/// <summary>Stages come once each as the days pass; agreements hold, break and are undone; the books follow to the peso.</summary>
public sealed class CollectionTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly DateOnly Due = new(2026, 6, 15);

    private PaymentWorld _world = null!;
    private PaymentWorld.Home _home = null!;
    private CurrentUser _admin = null!;

    private AgreementDesk Agreements => _world.Get<AgreementDesk>();
    private CollectionDesk Desk => _world.Get<CollectionDesk>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        _home = await _world.HomeAsync();
        _admin = await _world.AdminAsync();
        await Database.ExecuteAsync(
            "INSERT INTO settings (name, value) VALUES ('signatory_name', 'Carolina Mejía'), ('signatory_role', 'Representante legal')");
    }

    public override async Task DisposeAsync()
    {
        // Whatever was waived, taken back or paid: the books say what the apartments owe.
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            var owed = await db.Charges.Where(c => c.Status == ChargeState.Open).SumAsync(c => c.Owed);
            var books = await db.JournalLines.Where(l => l.ApartmentId != null && l.AccountId != 8).SumAsync(l => l.Debit - l.Credit);
            Assert.Equal(owed, books);
        }

        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Each_stage_comes_once_as_the_days_pass_however_often_the_job_runs()
    {
        await ChargeAsync(486_000);
        foreach (var day in Enumerable.Range(-5, 200))
        {
            _world.On(Due.AddDays(day));
            await RunAsync();
            if (day % 7 == 0) await RunAsync();
        }

        Assert.Equal(
            [(CollectionStage.Reminder, -3), (CollectionStage.Notice, 1), (CollectionStage.SecondNotice, 30), (CollectionStage.Demand, 60),
                (CollectionStage.PreLegal, 90)],
            await ActsAsync());
        Assert.Equal(
            ["payment.demand", "payment.late", "payment.late_again", "payment.pre_legal", "payment.reminder"],
            await _world.ReadAsync(db => db.Notifications.Where(n => n.RecipientId == _home.User.Id).Select(n => n.Type!).OrderBy(t => t).ToListAsync()));
        Assert.Equal(5, await _world.ReadAsync(db => db.AuditLog.CountAsync(a => a.TableName == "collection_acts")));
    }

    [Fact]
    public async Task It_is_silent_when_paid_and_begins_anew_with_the_next_debt()
    {
        await ChargeAsync(486_000);
        await OnAsync(Due.AddDays(31));
        await PayAsync(486_000);
        await OnAsync(Due.AddDays(61));
        Assert.Equal([(CollectionStage.SecondNotice, 31)], await ActsAsync());

        // Voided, it is the debt it was, and what came does not come again.
        var payment = await _world.ReadAsync(db => db.Payments.Select(p => p.Id).SingleAsync());
        Assert.True((await _world.Desk.VoidAsync(payment, "Cheque", _admin, default)).Ok);
        await OnAsync(Due.AddDays(62));
        Assert.Equal([(CollectionStage.SecondNotice, 31), (CollectionStage.Demand, 62)], await ActsAsync());

        await PayAsync(486_000);
        await OnAsync(Due.AddDays(63));
        await ChargeAsync(100_000, Due.AddDays(70));
        await OnAsync(Due.AddDays(71));
        Assert.Equal((CollectionStage.Notice, 1), (await ActsAsync())[^1]);
    }

    [Fact]
    public async Task A_dispute_silences_it_through_its_last_day_and_the_lawyer_comes_by_hand_and_last()
    {
        await ChargeAsync(486_000);
        _world.On(Due.AddDays(10));
        Assert.Equal("collection.case", (await Desk.DisputeAsync(_home.Id, "Doble cobro", Due.AddDays(40), "PQRS-2026-000009", _admin, default)).Error!.Code);
        Assert.True((await Desk.DisputeAsync(_home.Id, "Doble cobro", Due.AddDays(40), null, _admin, default)).Ok);
        await OnAsync(Due.AddDays(40));
        Assert.Empty(await ActsAsync());
        await OnAsync(Due.AddDays(41));
        Assert.Equal([(CollectionStage.SecondNotice, 41)], await ActsAsync());

        Assert.Equal("required", (await Desk.LawyerAsync(_home.Id, " ", _admin, default)).Error!.Code);
        Assert.True((await Desk.LawyerAsync(_home.Id, "Dra. Rojas, con el certificado", _admin, default)).Ok);
        Assert.Equal("collection.lawyer", (await Desk.LawyerAsync(_home.Id, "otra vez", _admin, default)).Error!.Code);
        await OnAsync(Due.AddDays(95));
        Assert.Equal(CollectionStage.Lawyer, (await ActsAsync())[^1].Stage);
        Assert.Equal(CollectionStage.Lawyer, (await Desk.FindAsync(_home.Id, _admin, default))!.Stage);
    }

    [Fact]
    public async Task An_agreement_says_what_each_day_covers_and_odd_pesos_go_to_the_first()
    {
        await DebtAsync();
        var input = Input(4, 400_000, waived: 10_001, act: "Consejo, acta 12");
        var made = await Agreements.AgreeAsync(input, _admin, default);
        Assert.True(made.Ok, made.Error?.Code);
        Assert.Equal("AP-2026-000001", made.Value);
        var row = Assert.Single(await Agreements.OfApartmentAsync(_home.Id, _home.User, default));
        Assert.Equal([400_000m, 160_000m, 160_000m, 160_000m, 159_999m], row.Instalments.Select(i => i.Amount));
        Assert.Equal(
            [Today, Today.AddDays(20), Today.AddDays(20).AddMonths(1), Today.AddDays(20).AddMonths(2), Today.AddDays(20).AddMonths(3)],
            row.Instalments.Select(i => i.DueOn));
        Assert.Equal(1_039_999, await OwedAsync());

        var facts = (await Agreements.FindAsync(row.Id, _home.User, default))!.Facts;
        Assert.Equal([639_999m, 479_999m, 319_999m, 159_999m, 0m], facts.Instalments.Select(i => i.Left));
        Assert.Equal([(ChargeKind.Interest, 39_999m), (ChargeKind.Fee, 360_001m)], facts.Instalments[0].Covers.Select(c => (c.Kind, c.Amount)));
        Assert.All(facts.Instalments, i => Assert.Equal(i.Amount, i.Covers.Sum(c => c.Amount)));

        _world.Papers();
        var pdf = (await _world.Get<CollectionPapers>().AgreementAsync(row.Id, "localhost", _home.User, default))!.Value.Pdf;
        var text = Pdf.Text(pdf);
        Assert.Contains("Un millón treinta y nueve mil novecientos noventa y nueve pesos", text, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"10 mar 2027[\s\S]*\$ 159\.999\s+\$\s*0", text);
        Assert.Contains("Consejo, acta 12", text, StringComparison.Ordinal);
        Assert.Contains("más de 5 días", text, StringComparison.Ordinal);
        var code = await _world.ReadAsync(db => db.Agreements.Select(a => a.VerificationCode).SingleAsync());
        Assert.Equal((PaperKind.Agreement, 1_039_999m), (await _world.Verification.FindPaperAsync(code, default)) is { } seen ? (seen.Kind, seen.Amount!.Value) : default);
    }

    [Fact]
    public async Task Kept_it_is_silent_and_fulfilled_with_the_last_peso()
    {
        await DebtAsync();
        await OnAsync(Today);
        var before = (await ActsAsync()).Count;
        Assert.True((await Agreements.AgreeAsync(Input(3), _admin, default)).Ok);
        foreach (var month in Enumerable.Range(0, 3))
        {
            // A day late each time, within the days of grace.
            await OnAsync(Today.AddDays(21).AddMonths(month));
            await PayAsync(350_000);
            await OnAsync(Today.AddDays(26).AddMonths(month));
        }

        Assert.Equal(AgreementState.Fulfilled, (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0].State);
        Assert.Equal((0m, before), (await OwedAsync(), (await ActsAsync()).Count));
        Assert.Equal(1, await _world.ReadAsync(db => db.Notifications.CountAsync(n => n.Type == "payment.agreement_kept")));
    }

    [Fact]
    public async Task Broken_its_waiver_falls_once_and_stages_go_on()
    {
        await DebtAsync();
        await OnAsync(Today);
        var stages = (await ActsAsync()).Count;
        Assert.True((await Agreements.AgreeAsync(Input(3, waived: 50_000, act: "Acta 3"), _admin, default)).Ok);
        Assert.Equal(1_000_000, await OwedAsync());
        await OnAsync(Today.AddDays(25));
        Assert.Equal(AgreementState.Active, (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0].State);
        await OnAsync(Today.AddDays(26));
        await OnAsync(Today.AddDays(27));
        Assert.Equal(AgreementState.Broken, (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0].State);
        Assert.Equal(1_050_000, await OwedAsync());
        Assert.Equal(1, await _world.ReadAsync(db => db.ChargeAdjustments.CountAsync(a => a.ReversesId != null)));
        Assert.Equal(1, await _world.ReadAsync(db => db.Notifications.CountAsync(n => n.Type == "payment.agreement_broken")));

        // It was at the demand; now more than ninety days late, pre-legal follows.
        Assert.Equal(stages + 1, (await ActsAsync()).Count);
        Assert.Equal(CollectionStage.PreLegal, (await ActsAsync())[^1].Stage);

        // And what was broken can be agreed on anew.
        Assert.True((await Agreements.AgreeAsync(Input(2) with { FirstOn = Today.AddDays(60) }, _admin, default)).Ok);
    }

    [Fact]
    public async Task Undone_while_nothing_is_paid_and_refused_after()
    {
        await DebtAsync();
        await Agreements.AgreeAsync(Input(3, waived: 50_000, act: "Acta 3", stands: true), _admin, default);
        var id = (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0].Id;
        Assert.Equal("forbidden", (await Agreements.UndoAsync(id, _home.User, default)).Error!.Code);
        Assert.True((await Agreements.UndoAsync(id, _admin, default)).Ok);
        Assert.Equal(1_050_000, await OwedAsync());
        Assert.Equal(0, await _world.ReadAsync(db => db.Charges.CountAsync(c => c.InterestFrom != null)));
        Assert.Equal("agreement.ended", (await Agreements.UndoAsync(id, _admin, default)).Error!.Code);

        await Agreements.AgreeAsync(Input(3), _admin, default);
        await PayAsync(1_000);
        id = (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0].Id;
        Assert.Equal("agreement.paid", (await Agreements.UndoAsync(id, _admin, default)).Error!.Code);
    }

    [Fact]
    public async Task Of_two_who_agree_at_once_one_does_and_the_other_hears_of_it()
    {
        await DebtAsync();
        var both = await Task.WhenAll(Agreements.AgreeAsync(Input(3), _admin, default), Agreements.AgreeAsync(Input(4), _admin, default));
        Assert.Equal("agreement.exists", Assert.Single(both, r => !r.Ok).Error!.Code);
        Assert.Equal(1, await _world.ReadAsync(db => db.Agreements.CountAsync()));
    }

    [Fact]
    public async Task What_is_no_longer_as_it_was_shown_is_not_agreed()
    {
        await DebtAsync();
        Assert.Equal("agreement.changed", (await Agreements.AgreeAsync(Input(3) with { Seen = 1 }, _admin, default)).Error!.Code);
        Assert.Equal("agreement.waiver", (await Agreements.AgreeAsync(Input(3, waived: 50_002, act: "A") with { Seen = 1 }, _admin, default)).Error!.Code);
        Assert.Equal("required", (await Agreements.AgreeAsync(Input(3, waived: 10), _admin, default)).Error!.Code);
        Assert.Equal("agreement.down", (await Agreements.AgreeAsync(Input(3, 1_050_000), _admin, default)).Error!.Code);
        Assert.Equal(
            ["agreement.charges", "agreement.count", "agreement.first"],
            (await Agreements.AgreeAsync(Input(0) with { Charges = [], FirstOn = Today }, _admin, default)).Errors.Select(e => e.Code));
        Assert.Equal(0, await _world.ReadAsync(db => db.Agreements.CountAsync()));
    }

    [Fact]
    public async Task Interest_goes_on_or_stands_still_as_it_was_agreed_and_paying_it_is_paying_the_agreement()
    {
        await Database.ExecuteAsync("""
            INSERT INTO settings (name, value) VALUES ('interest_since', '2026-06-01');
            INSERT INTO interest_rates (month, certified, resolution) SELECT m, 16.66, 'R' FROM (
                SELECT '2026-06-01' AS m UNION ALL SELECT '2026-07-01' UNION ALL SELECT '2026-08-01' UNION ALL SELECT '2026-09-01') AS x
            """);
        _world.On(new(2026, 7, 20));
        var fee = await ChargeAsync(1_000_000);
        var owed = (await Desk.FindAsync(_home.Id, _admin, default))!.Lines[0];
        Assert.True(owed.InterestOwed > 0);
        var input = new AgreementInput(_home.Id, [fee], 0, 2, new(2026, 8, 5), 0, null, true, owed.Owed);
        Assert.True((await Agreements.AgreeAsync(input, _admin, default)).Ok);

        // Standing still: ten days later it owes what it did.
        _world.On(new(2026, 7, 30));
        Assert.Equal(owed.Owed, (await _world.Accounts.FindAsync(_home.Id, _admin, default))!.ToPay);

        // Broken on 11 August, the days until then bear nothing and those after it do.
        await OnAsync(new(2026, 8, 11));
        Assert.Equal(owed.Owed, (await _world.Accounts.FindAsync(_home.Id, _admin, default))!.ToPay);
        _world.On(new(2026, 8, 21));
        var after = (await _world.Accounts.FindAsync(_home.Id, _admin, default))!;
        Assert.Equal(Pesos.Round(1_000_000 * 10 * 0.0006113198m), after.Accruing.Sum(c => c.Owed));

        // Going on: an instalment pays interest that ran since, and counts in full.
        owed = (await Desk.FindAsync(_home.Id, _admin, default))!.Lines[0];
        Assert.True((await Agreements.AgreeAsync(input with { FirstOn = new(2026, 9, 5), InterestStands = false, Seen = owed.Owed }, _admin, default)).Ok);
        var first = (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0].Instalments[0];
        _world.On(new(2026, 9, 5));
        await PayAsync(first.Amount);
        await OnAsync(new(2026, 9, 20));
        var row = (await Agreements.OfApartmentAsync(_home.Id, _admin, default))[0];
        Assert.Equal((AgreementState.Active, first.Amount), (row.State, row.Paid));
    }

    [Fact]
    public async Task The_list_knows_ages_stages_and_what_is_close_to_prescription()
    {
        await ChargeAsync(100_000, Today.AddMonths(-54));
        await ChargeAsync(40_000, Today.AddDays(-200));
        await ChargeAsync(7_000, Today.AddDays(5));
        await OnAsync(Today);
        var debtors = _world.Get<DebtorService>();
        var row = Assert.Single((await debtors.ListAsync(new(Filters: new Dictionary<string, string> { ["stage"] = "prelegal" }), _admin, default)).Rows);
        Assert.Equal((140_000m, 7_000m, new DebtAges(0, 0, 0, 0, 40_000, 100_000)), (row.Owed, row.NotYetDue, row.Ages));
        Assert.True(row.Prescribes);
        foreach (var (stage, found) in new[] { ("prescribes", 1), ("none", 0), ("agreement", 0), ("dispute", 0), ("demand", 0) })
        {
            var query = new ListQuery(Filters: new Dictionary<string, string> { ["stage"] = stage });
            Assert.Equal(found, (await debtors.ListAsync(query, _admin, default)).Total);
            Assert.Equal(found, (await debtors.TotalsAsync(query, _admin, default))!.Apartments);
        }
    }

    private static DateOnly Today => PaymentWorld.Today;

    /// <summary>A million of fees, the oldest 80 days late, and 50,000 of interest on it.</summary>
    private async Task DebtAsync()
    {
        _world.On(Today);
        var first = await ChargeAsync(600_000, Today.AddDays(-80));
        await ChargeAsync(400_000, Today.AddDays(-40));
        var interest = await _world.ChargeAsync(_home, 50_000, ChargeKind.Interest, Today.AddDays(-20), Today.AddDays(-20));
        await Database.ExecuteAsync($"UPDATE charges SET base_charge_id = {first} WHERE id = {interest}");
    }

    private AgreementInput Input(int instalments, decimal down = 0, decimal waived = 0, string? act = null, bool stands = false)
    {
        var ids = _world.ReadAsync(db => db.Charges.Where(c => c.Kind == ChargeKind.Fee && c.Status == ChargeState.Open).Select(c => c.Id).ToListAsync()).Result;
        return new AgreementInput(_home.Id, ids, down, instalments, Today.AddDays(20), waived, act, stands, 1_050_000 - waived);
    }

    private async Task<long> ChargeAsync(decimal amount, DateOnly? due = null) =>
        await _world.ChargeAsync(_home, amount, ChargeKind.Fee, (due ?? Due).AddDays(-14), due ?? Due);

    private async Task PayAsync(decimal amount)
    {
        var today = _world.Get<BuildingClock>().Today;
        var paid = await _world.Desk.RecordAsync(new PaymentInput(_home.Id, _home.OwnerId, amount, 2, "X", today, null, null), _admin, default);
        Assert.True(paid.Ok, paid.Error?.Code);
    }

    private async Task OnAsync(DateOnly day)
    {
        _world.On(day);
        await RunAsync();
    }

    private Task RunAsync() => new CollectionJob(_world.Store, _world.Get<BuildingClock>()).RunAsync(default, default);

    private Task<List<(CollectionStage Stage, int Days)>> ActsAsync() => _world.ReadAsync(async db =>
        (await db.CollectionActs.OrderBy(a => a.Id).Select(a => new { a.Stage, a.DaysLate }).ToListAsync()).ConvertAll(a => (a.Stage, a.DaysLate)));

    private Task<decimal> OwedAsync() => _world.ReadAsync(db => db.Charges.Where(c => c.Status == ChargeState.Open).SumAsync(c => c.Owed));
}
