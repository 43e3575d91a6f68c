using Microsoft.EntityFrameworkCore;
using Portal.Areas.Collection;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Collection;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Documents;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Collection;

/// <summary>What is certified, and what is refused line by line, to the peso of the worked examples.</summary>
public sealed class CertificateTests(TestDatabase database) : DatabaseTest(database)
{
    private PaymentWorld _world = null!;
    private PaymentWorld.Home _home = null!;
    private CurrentUser _admin = null!;

    private CertificateDesk Desk => _world.Get<CertificateDesk>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new PaymentWorld(Database);
        _home = await _world.HomeAsync();
        _admin = await _world.AdminAsync();
        await Database.ExecuteAsync("""
            INSERT INTO settings (name, value) VALUES ('interest_since', '2025-01-01'), ('signatory_name', 'Carolina Mejía'),
                ('signatory_role', 'Representante legal');
            INSERT INTO interest_rates (month, certified, resolution) VALUES
                ('2025-10-01', 16.24, 'Resolución 1'), ('2025-11-01', 16.66, 'Resolución 2'), ('2025-12-01', 16.68, 'Resolución 3');
            """);
    }

    public override async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_debt_certificate_gives_the_worked_example_to_the_peso_charged_or_not()
    {
        await ExampleAsync();

        // October is charged, as are the days through the payment; the rest of November and December has only run.
        var id = (await Desk.CertifyDebtAsync(_home.Id, _admin, default)).Value;
        Assert.Equal("CD-2025-000001", id.Number);
        var debt = (await Desk.FindAsync(id.Id, _admin, default))!.Debt!;
        var line = Assert.Single(debt.Lines);
        Assert.Equal([(16, 3_824m), (20, 4_891m), (10, 1_582m), (31, 4_908m)], line.Interest.Select(i => (i.Days, i.Charged)));
        Assert.Equal([400_000m, 400_000m, 258_715m, 258_715m], line.Interest.Select(i => i.Balance));
        Assert.Equal((141_285m, 8_715m), (line.Payments[0].Capital, line.Payments[0].Interest));
        Assert.Equal((258_715m, 6_490m, 265_205m), (debt.Capital, debt.Interest, debt.Total));
        Assert.Equal(["Resolución 1", "Resolución 2", "Resolución 3"], debt.Rates.Select(r => r.Resolution));
        var account = (await _world.Accounts.FindAsync(_home.Id, _admin, default))!;
        Assert.Equal(account.ToPay, debt.Total);

        var text = Pdf.Text((await PrintAsync(id.Id)).Pdf);
        Assert.Contains("Doscientos sesenta y cinco mil doscientos cinco pesos", Flat(text), StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"16\s+\$ 400\.000\s+24,36 %\s+0,05974672 %\s+\$ 3\.824", text);
        Assert.Matches(@"20\s+\$ 400\.000\s+24,99 %\s+0,06113198 %\s+\$ 4\.891", text);
        Assert.Matches(@"10\s+\$ 258\.715\s+24,99 %\s+0,06113198 %\s+\$ 1\.582", text);
        Assert.Matches(@"31\s+\$ 258\.715\s+25,02 %\s+0,06119777 %\s+\$ 4\.908", text);
        Assert.Contains("Carolina Mejía", text, StringComparison.Ordinal);
        Assert.Contains("A intereses $ 8.715, a capital $ 141.285", Flat(text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_the_same_paper_when_all_has_changed_since()
    {
        await ExampleAsync();
        var id = (await Desk.CertifyDebtAsync(_home.Id, _admin, default)).Value.Id;
        var before = await PrintAsync(id);
        await PayAsync(265_205, new(2025, 12, 31));
        await Database.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('legal_name', 'Otra P. H.')");
        _world.On(new(2026, 6, 1));
        Assert.Equal(before.Pdf, (await PrintAsync(id)).Pdf);

        // And whoever finds it learns what it said and nothing of what became of it.
        var code = await _world.ReadAsync(db => db.Certificates.Select(c => c.VerificationCode).SingleAsync());
        var seen = (await _world.Verification.FindPaperAsync(code, default))!;
        Assert.Equal((PaperKind.Debt, new DateOnly(2025, 12, 31), 265_205m), (seen.Kind, seen.Day, seen.Amount));
    }

    [Fact]
    public async Task Good_standing_is_refused_line_by_line_with_the_interest_that_has_only_run()
    {
        await ExampleAsync();
        await _world.ChargeAsync(_home, 90_000, ChargeKind.Fine, new(2025, 11, 1), new(2025, 11, 30));
        await _world.ChargeAsync(_home, 70_000, ChargeKind.Parking, new(2025, 11, 1), new(2025, 11, 30));
        var refused = await Desk.CertifyStandingAsync(_home.Id, new(2025, 12, 31), _home.User, default);
        Assert.Equal(
            ["certificate.owed: 31/12/2025 265205", "certificate.line: Administración 15/10/2025 258715",
                "certificate.interest: Administración 15/10/2025 6490"],
            refused.Errors.Select(Said));

        // Reported is not paid: it is what was confirmed that counts.
        var reported = await _world.Desk.ReportAsync(
            new(_home.Id, _home.OwnerId, 265_205, 2, "R", new(2025, 12, 31), null, null), _home.User, default);
        Assert.Equal("certificate.owed", (await Desk.CertifyStandingAsync(_home.Id, new(2025, 12, 31), _home.User, default)).Error!.Code);
        Assert.True((await _world.Desk.ConfirmAsync(reported.Value, CurrentUser.System, default)).Ok);

        // The fine and the parking space do not stand against it.
        var done = (await Desk.CertifyStandingAsync(_home.Id, new(2025, 12, 31), _home.User, default)).Value;
        Assert.Equal("PS-2025-000001", done.Number);
        Assert.True((await _world.Accounts.FindAsync(_home.Id, _home.User, default))!.Owed > 0);

        // The day before, it was owed: what is paid later does not make good what was not.
        var earlier = await Desk.CertifyStandingAsync(_home.Id, new(2025, 12, 30), _home.User, default);
        Assert.Equal("certificate.line: Administración 15/10/2025 258715", Said(earlier.Errors[1]));
        Assert.Equal(
            "certificate.owed", (await Desk.CertifyStandingAsync(_home.Id, new(2025, 11, 19), _home.User, default)).Error!.Code);

        var text = Flat(Pdf.Text((await PrintAsync(done.Id)).Pdf));
        Assert.Contains("está a paz y salvo por expensas comunes", text, StringComparison.Ordinal);
        Assert.Contains("31 de diciembre de 2025", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_issued_and_not_yet_due_is_said_and_stands_against_nothing()
    {
        _world.On(new(2025, 12, 5));
        await FeeAsync(500_000, new(2025, 12, 1), new(2025, 12, 15));
        var done = (await Desk.CertifyStandingAsync(_home.Id, new(2025, 12, 5), _home.User, default)).Value;
        Assert.Equal(500_000, Assert.Single((await Desk.FindAsync(done.Id, _home.User, default))!.Standing!.NotYetDue).Owed);

        // On its due day it is owed until it is paid.
        _world.On(new(2025, 12, 15));
        Assert.Equal(2, (await Desk.CertifyStandingAsync(_home.Id, new(2025, 12, 15), _home.User, default)).Errors.Count);
    }

    [Fact]
    public async Task Nobody_certifies_for_others_without_a_signatory_ahead_of_time_or_without_a_rate()
    {
        await ExampleAsync();
        var neighbour = await _world.HomeAsync("Otra", "Persona");
        var today = new DateOnly(2025, 12, 31);
        Assert.Equal("not_found", (await Desk.CertifyStandingAsync(_home.Id, today, neighbour.User, default)).Error!.Code);
        Assert.Equal("forbidden", (await Desk.CertifyStandingAsync(_home.Id, today, await _world.StaffAsync(), default)).Error!.Code);
        Assert.Equal("forbidden", (await Desk.CertifyDebtAsync(_home.Id, _home.User, default)).Error!.Code);
        Assert.Equal(
            "certificate.future", (await Desk.CertifyStandingAsync(_home.Id, today.AddDays(1), _home.User, default)).Error!.Code);
        Assert.Equal(
            "certificate.old", (await Desk.CertifyStandingAsync(_home.Id, today.AddYears(-2), _home.User, default)).Error!.Code);
        Assert.Equal("certificate.nothing", (await Desk.CertifyDebtAsync(neighbour.Id, _admin, default)).Error!.Code);
        _world.On(new(2026, 1, 10));
        Assert.Equal(
            "certificate.rate: 01/01/2026", Said((await Desk.CertifyDebtAsync(_home.Id, _admin, default)).Error!));
        await Database.ExecuteAsync("DELETE FROM settings WHERE name = 'signatory_name'");
        Assert.Equal("certificate.signatory", (await Desk.CertifyStandingAsync(neighbour.Id, today, neighbour.User, default)).Error!.Code);
    }

    [Fact]
    public async Task Two_who_certify_at_once_get_two_numbers_and_none_is_missing()
    {
        var all = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Desk.CertifyStandingAsync(_home.Id, PaymentWorld.Today, _home.User, default)));
        Assert.Equal(Enumerable.Range(1, 6).Select(n => $"PS-2026-{n:000000}"), all.Select(r => r.Value.Number).Order());
    }

    [Fact]
    public async Task A_bill_asks_what_the_account_says()
    {
        await ExampleAsync();
        await RunAsync(12);
        _world.On(new(2025, 12, 5));
        var bill = (await _world.Get<Bills>().FindAsync(_home.Id, _home.User, default))!;
        Assert.Equal((new DateOnly(2025, 11, 1), 403_824m, 150_000m), (bill.Since, bill.Previous, bill.Paid));
        Assert.Equal(bill.Account.ToPay, bill.Total);
        Assert.Equal(0, bill.Later);
        Assert.Equal((new DateOnly(2025, 12, 15), 48_600m, new DateOnly(2025, 12, 10)), (bill.DueOn, bill.Early!.Value.Amount, bill.Early.Value.Until));

        // An instalment of later is in the balance and is not asked.
        await FeeAsync(200_000, new(2025, 12, 1), new(2026, 1, 30));
        bill = (await _world.Get<Bills>().FindAsync(_home.Id, _home.User, default))!;
        Assert.Equal((200_000m, bill.Account.ToPay - 200_000m), (bill.Later, bill.Asked));

        var text = Pdf.Text((await _world.Papers().BillAsync(_home.Id, _home.User, default))!.Value.Pdf);
        Assert.Contains("Saldo anterior", text, StringComparison.Ordinal);
        Assert.Contains(Formats.Money(bill.Asked), text, StringComparison.Ordinal);
        Assert.Contains(Formats.Money(bill.Asked - 48_600), text, StringComparison.Ordinal);
        Assert.Null(await _world.Papers().BillAsync(_home.Id, (await _world.HomeAsync("Otra", "Persona")).User, default));
    }

    [Fact]
    public async Task A_refund_is_printed_as_it_was_made()
    {
        await _world.PaidAsync(_home, 62_600);
        var number = (await _world.Get<RefundDesk>().RefundAsync(
            new(_home.Id, 40_000, PaymentWorld.Today, 2, "TR 1", "Vendió"), _admin, default)).Value;
        var (id, code) = await _world.ReadAsync(async db =>
            await db.Refunds.Select(r => new { r.Id, r.VerificationCode }).SingleAsync() is var r ? (r.Id, r.VerificationCode) : default);
        var paper = (await _world.Papers().RefundAsync(id, "localhost", _home.User, default))!.Value;
        Assert.Equal(number + ".pdf", paper.Name);
        var text = Pdf.Text(paper.Pdf);
        Assert.Contains("Cuarenta mil pesos colombianos", text, StringComparison.Ordinal);
        Assert.Matches(@"RC-2026-000001\s+20 nov 2026\s+\$ 40\.000", text);
        Assert.Contains(code!, text, StringComparison.Ordinal);
        Assert.Equal(40_000, (await _world.Verification.FindPaperAsync(code, default))!.Amount);

        // One of before has neither kept paper nor code, and is printed from what is known.
        await Database.ExecuteAsync("UPDATE refunds SET verification_code = NULL; DELETE FROM issued_papers WHERE number LIKE 'RF%'");
        Assert.Contains("$ 40.000", Pdf.Text((await _world.Papers().RefundAsync(id, "localhost", _home.User, default))!.Value.Pdf), StringComparison.Ordinal);
    }

    /// <summary>400,000 due 15 October, October charged, 150,000 paid on 20 November; it is 31 December 2025.</summary>
    private async Task ExampleAsync()
    {
        _world.On(new(2025, 12, 31));
        await FeeAsync(400_000, new(2025, 10, 1), new(2025, 10, 15));
        var october = await _world.Get<InterestDesk>().PreviewAsync(new(2025, 10, 1), new(), CurrentUser.System, default);
        Assert.True((await _world.Get<InterestDesk>().PostAsync(new(2025, 10, 1), october!.Total, CurrentUser.System, default)).Ok);
        await PayAsync(150_000, new(2025, 11, 20));
    }

    /// <summary>The fees of two months as runs: November's was forgiven.</summary>
    private async Task RunAsync(int month) => await Database.ExecuteAsync($"""
        INSERT INTO billing_runs (id, concept_id, period, issued_on, due_on, charges, total, live) VALUES
            (901, 1, '2025-11-01', '2025-11-01', '2025-11-15', 1, 1, 1), (902, 1, '2025-{month}-01', '2025-{month}-01', '2025-{month}-15', 1, 486000, 1);
        INSERT INTO charges (apartment_id, owner_id, kind, concept, concept_id, period, amount, paid, status, issued_on, due_on, run_id) VALUES
            ({_home.Id}, {_home.OwnerId}, 'fee', 'Administración de noviembre de 2025', 1, '2025-11-01', 1, 0, 'exonerated', '2025-11-01', '2025-11-15', 901);
        INSERT INTO charges (apartment_id, owner_id, kind, concept, concept_id, period, amount, status, issued_on, due_on, run_id,
            discount, discount_until, discount_rule) VALUES
            ({_home.Id}, {_home.OwnerId}, 'fee', 'Administración de diciembre de 2025', 1, '2025-{month}-01', 486000, 'open', '2025-{month}-01',
            '2025-{month}-15', 902, 48600, '2025-{month}-10', 'none')
        """);

    private async Task<long> FeeAsync(decimal amount, DateOnly issued, DateOnly due)
    {
        var id = await _world.ChargeAsync(_home, amount, ChargeKind.Fee, issued, due);
        await Database.ExecuteAsync($"UPDATE charges SET concept = 'Administración', concept_id = 1 WHERE id = {id}");
        return id;
    }

    private async Task PayAsync(decimal amount, DateOnly on)
    {
        var reported = await _world.Desk.RecordAsync(
            new PaymentInput(_home.Id, _home.OwnerId, amount, 2, "X", on, null, null), _admin, default);
        Assert.True(reported.Ok, reported.Error?.Code);
    }

    private async Task<(string Name, byte[] Pdf)> PrintAsync(long id)
    {
        _world.Papers();
        return (await _world.Get<CollectionPapers>().CertificateAsync(id, "localhost", _admin, default))!.Value;
    }

    private static string Said(Error error) => error.Code + ": " + string.Join(' ', error.Values.Select(v => v switch
    {
        DateOnly day => day.ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture),
        decimal sum => sum.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
        _ => v?.ToString(),
    }));

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
