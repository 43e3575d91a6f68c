using Microsoft.EntityFrameworkCore;
using Portal.Data.Bank;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Data.Access;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Bank;

/// <summary>What is proposed for a line, and what confirming it does.</summary>
public sealed class BankMatchTests(TestDatabase database) : BankTest(database)
{
    private PaymentWorld.Home _one = null!, _two = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_one, _two) = (await World.HomeAsync("Andrea", "Ruiz"), await World.HomeAsync("Jorge", "Peña"));
        await World.ChargeAsync(_one, 400_000);
        await World.ChargeAsync(_two, 412_000);
    }

    [Fact]
    public async Task The_reference_of_an_apartment_makes_a_payment_of_the_banks_day_with_its_receipt()
    {
        var code = PaymentReference.Of(_one.Id);
        await ImportAsync((12, $"CORRESPONSAL {code}", "", 300_000));
        var line = await LineAsync(300_000);
        Assert.Equal((Certainty.Sure, MatchReason.Code), (line.Proposal.Certainty, line.Proposal.Reason));

        var done = await ConfirmAsync(line);
        IsDone(done);
        var payment = await PaymentAsync(Assert.Single(done.Receipts));
        Assert.Equal((_one.Id, 300_000m, new DateOnly(2026, 11, 12), PaymentRules.Transfer),
            (payment.ApartmentId!.Value, payment.Amount, payment.PaymentDate, payment.PaymentMethodId!.Value));
        Assert.Equal(300_000, await BalanceAsync(Of.Bank));
        Assert.Empty((await WorkAsync()).Lines);
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task A_digit_typed_wrong_names_no_apartment()
    {
        var code = PaymentReference.Of(_one.Id);
        var wrong = code[..^1] + (char)('0' + (code[^1] - '0' + 1) % 10);
        await ImportAsync((12, "CONSIGNACION", wrong, 310_000), (12, $"CONSIGNACION {code.Replace("-", "9", StringComparison.Ordinal)}", "", 311_000));
        Assert.All((await WorkAsync()).Lines, l => Assert.Equal(Certainty.None, l.Proposal.Certainty));
    }

    [Fact]
    public async Task A_reported_payment_of_the_same_amount_and_reference_is_sure_and_is_confirmed_with_the_banks_day()
    {
        var id = await ReportAsync(_one, 400_000, "0093 118", 12);
        await ReportAsync(_two, 400_000, "7777", 12);
        await ImportAsync((14, "TRANSFERENCIA", "93118", 400_000));
        var line = await LineAsync(400_000);
        Assert.Equal((Certainty.Sure, MatchReason.ReportedSame, id), (line.Proposal.Certainty, line.Proposal.Reason, line.Proposal.Parts[0].PaymentId!.Value));

        var receipt = Assert.Single((await ConfirmAsync(line)).Receipts);
        var payment = await PaymentAsync(receipt);
        Assert.Equal((id, new DateOnly(2026, 11, 14)), (payment.Id, payment.PaymentDate));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task Cash_that_was_reported_and_lies_in_the_bank_is_booked_there()
    {
        var input = PaymentWorld.Input(_one, 90_000, null) with { MethodId = PaymentRules.Cash, Date = new(2026, 11, 12), Time = null };
        Assert.True((await World.Desk.ReportAsync(input, _one.User, default)).Ok);
        await ImportAsync((12, "CONSIGNACION EFECTIVO", "", 90_000));
        var line = await LineAsync(90_000);
        Assert.Equal((Certainty.Ask, MatchReason.ReportedAmount), (line.Proposal.Certainty, line.Proposal.Reason));
        IsDone(await ConfirmAsync(line));
        Assert.Equal((90_000m, 0m), (await BalanceAsync(Of.Bank), await BalanceAsync(Of.Cash)));
    }

    [Fact]
    public async Task Four_days_apart_or_two_that_are_alike_are_not_taken_for_one_another()
    {
        await ReportAsync(_one, 100_000, "5551", 8);
        await ReportAsync(_one, 222_000, "5552", 12);
        await ReportAsync(_two, 222_000, "5553", 12);
        await ImportAsync((12, "TRANSFERENCIA", "5551", 100_000), (12, "TRANSFERENCIA", "9999", 222_000));
        Assert.All((await WorkAsync()).Lines, l => Assert.Equal(Certainty.None, l.Proposal.Certainty));
    }

    [Fact]
    public async Task The_only_debt_of_that_sum_is_asked_and_two_of_them_are_not_guessed()
    {
        await ImportAsync((12, "TRANSFERENCIA", "1", 412_000));
        var line = await LineAsync(412_000);
        Assert.Equal((Certainty.Ask, MatchReason.OnlyDebt, _two.Id), (line.Proposal.Certainty, line.Proposal.Reason, line.Proposal.Parts[0].ApartmentId!.Value));
        await World.ChargeAsync(_one, 412_000, ChargeKind.Other);
        Assert.Equal(Certainty.None, (await LineAsync(412_000)).Proposal.Certainty);
    }

    [Fact]
    public async Task One_deposit_for_two_apartments_is_two_payments_with_its_sum()
    {
        await ReportAsync(_one, 402_000, "consig 55", 17);
        await ReportAsync(_two, 412_000, "consig 55", 17);
        await ImportAsync((17, "CONSIGNACION", "CONSIG55", 814_000));
        var line = await LineAsync(814_000);
        Assert.Equal((Certainty.Sure, 2), (line.Proposal.Certainty, line.Proposal.Receipts));

        var refused = await ConfirmAsync(line, line.Proposal.Parts[0], line.Proposal.Parts[1] with { Amount = 411_999 });
        Assert.Equal("bank.parts", Refusal(refused));
        Assert.Equal(0, await BalanceAsync(Of.Bank));

        var done = await ConfirmAsync(line);
        Assert.Equal(2, done.Receipts.Count);
        Assert.Equal(814_000, await BalanceAsync(Of.Bank));
        Assert.Equal([402_000m, 412_000m], await World.ReadAsync(db => db.BankMatches.OrderBy(m => m.Amount).Select(m => m.Amount).ToListAsync()));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task One_deposit_is_shared_by_hand_among_apartments_that_reported_nothing()
    {
        await ImportAsync((17, "CONSIGNACION", "", 500_000));
        var done = await ConfirmAsync(
            await LineAsync(500_000), new MatchPart(300_000, ApartmentId: _two.Id), new MatchPart(200_000, ApartmentId: _one.Id));
        IsDone(done);
        Assert.Equal(2, done.Receipts.Count);
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task A_payment_that_was_confirmed_before_the_file_came_is_linked_and_nothing_is_paid_twice()
    {
        var input = PaymentWorld.Input(_one, 400_000, "8841 2207") with { Date = new(2026, 11, 12), Time = null };
        Assert.True((await World.Desk.RecordAsync(input, Admin, default)).Ok);
        await ImportAsync((13, "PAGO PSE", "88412207", 400_000));
        var line = await LineAsync(400_000);
        Assert.Equal((Certainty.Sure, MatchReason.ReceiptSame), (line.Proposal.Certainty, line.Proposal.Reason));
        Assert.Empty((await ConfirmAsync(line)).Receipts);
        Assert.Equal((400_000m, 1), (await BalanceAsync(Of.Bank), await World.ReadAsync(db => db.Payments.CountAsync())));
        Assert.Empty((await WorkAsync()).Standing.Transit);
    }

    [Fact]
    public async Task What_went_out_is_linked_to_the_books_or_booked_as_a_cost_of_the_bank()
    {
        await PostAsync(new(2026, 11, 10), Of.Guards, Of.Bank, 1_500_000);
        await ImportAsync((12, "PAGO PROVEEDOR", "", -1_500_000), (12, "Comisión y 4 x 1.000", "", -12_000.35m));
        var (paid, cost) = (await LineAsync(-1_500_000), await LineAsync(-12_000.35m));
        Assert.Equal((Certainty.Sure, MatchReason.EntryOut), (paid.Proposal.Certainty, paid.Proposal.Reason));
        Assert.Equal((Certainty.Rule, MatchReason.BankCost), (cost.Proposal.Certainty, cost.Proposal.Reason));
        IsDone(await ConfirmAsync(paid));
        IsDone(await ConfirmAsync(cost));
        Assert.Equal((12_000.35m, -1_512_000.35m), (await BalanceAsync(Of.BankCosts), await BalanceAsync(Of.Bank)));
        Assert.Equal(JournalAct.BankCost, await World.ReadAsync(db => db.JournalEntries.OrderByDescending(e => e.Id).Select(e => e.Act).FirstAsync()));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task A_transfer_is_a_line_of_both_accounts()
    {
        Assert.True((await Desk.TransferAsync(new MoneyMove(new(2026, 11, 5), 25_000), Admin, default)).Ok);
        await ImportAsync((5, "TRASLADO", "", -25_000));
        Assert.True((await Importer.ImportAsync(Of.FundBank, "f.csv", File((6, "TRASLADO", "", 25_000)), Format, false, Admin, default)).Ok);
        IsDone(await ConfirmAsync(await LineAsync(-25_000)));
        var line = Assert.Single((await WorkAsync(Of.FundBank)).Lines);
        Assert.Equal(MatchReason.EntryIn, line.Proposal.Reason);
        IsDone(await ConfirmAsync(line));
    }

    [Fact]
    public async Task Of_two_who_confirm_one_line_at_once_the_second_is_told_who_was_first()
    {
        await ReportAsync(_one, 400_000, "0093 118", 12);
        await ImportAsync((12, "TRANSFERENCIA", "0093 118", 400_000));
        var line = await LineAsync(400_000);
        var match = new LineMatch(line.Id, line.Proposal.Parts);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => BankDesk.ConfirmAsync([match], Admin, default))));
        var second = Assert.Single(both, d => d.Value.Lines == 0).Value;
        Assert.Equal("bank.line.done", Refusal(second));
        Assert.Equal("Carolina Mejía", second.Refused[0].Error.Values[0]);
        Assert.Equal(400_000, await BalanceAsync(Of.Bank));
    }

    [Fact]
    public async Task Of_many_one_that_is_refused_keeps_no_other()
    {
        await ReportAsync(_one, 400_000, "0093 118", 12);
        await ImportAsync((12, "TRANSFERENCIA", "0093 118", 400_000), (12, "TRANSFERENCIA", "2", 77_000));
        var (good, other) = (await LineAsync(400_000), await LineAsync(77_000));
        var done = (await BankDesk.ConfirmAsync(
            [new LineMatch(other.Id, [new MatchPart(77_000, ApartmentId: 999_999)]), new LineMatch(good.Id, good.Proposal.Parts)], Admin, default)).Value;
        Assert.Equal((1, other.Id), (done.Lines, Assert.Single(done.Refused).LineId));
        Assert.Equal(77_000, Assert.Single((await WorkAsync()).Lines).Amount);
    }

    [Fact]
    public async Task A_payment_taken_back_is_void_as_the_buildings_mistake_and_the_line_is_free_again()
    {
        await ImportAsync((12, $"PSE {PaymentReference.Of(_one.Id)}", "", 400_000));
        var line = await LineAsync(400_000);
        var receipt = Assert.Single((await ConfirmAsync(line)).Receipts);
        Assert.Equal("required", (await BankDesk.TakeBackAsync(line.Id, " ", Admin, default)).Error!.Code);
        Assert.True((await BankDesk.TakeBackAsync(line.Id, "Era de otro apartamento", Admin, default)).Ok);
        Assert.Equal(PaymentState.Cancelled, (await PaymentAsync(receipt)).StatusId);
        Assert.Equal(0, await BalanceAsync(Of.Bank));
        Assert.Equal("bank.line.open", (await BankDesk.TakeBackAsync(line.Id, "x", Admin, default)).Error!.Code);
        IsDone(await ConfirmAsync(await LineAsync(400_000), new MatchPart(400_000, ApartmentId: _two.Id)));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task What_is_voided_or_reversed_elsewhere_frees_its_line()
    {
        await ImportAsync((12, $"PSE {PaymentReference.Of(_one.Id)}", "", 400_000), (12, "COMISION", "", -9_000));
        var receipt = Assert.Single((await ConfirmAsync(await LineAsync(400_000))).Receipts);
        IsDone(await ConfirmAsync(await LineAsync(-9_000)));
        Assert.True((await World.Desk.VoidAsync((await PaymentAsync(receipt)).Id, "Otro apartamento", Admin, default)).Ok);
        var entry = await World.ReadAsync(db => db.JournalEntries.Where(e => e.Act == JournalAct.BankCost).Select(e => e.Id).SingleAsync());
        Assert.True((await Desk.ReverseAsync(entry, "Otro banco", Admin, default)).Ok);
        var work = await WorkAsync();
        Assert.Equal([-9_000m, 400_000m], work.Lines.Select(l => l.Amount).Order());
        Assert.Empty(work.Standing.Transit);
    }

    [Fact]
    public async Task A_link_is_taken_back_without_touching_the_books()
    {
        await PostAsync(new(2026, 11, 10), Of.Guards, Of.Bank, 70_000);
        await ImportAsync((10, "PAGO", "", -70_000));
        var line = await LineAsync(-70_000);
        IsDone(await ConfirmAsync(line));
        Assert.Equal("bank.line.done", Refusal(await ConfirmAsync(line)));
        Assert.True((await BankDesk.TakeBackAsync(line.Id, "No era", Admin, default)).Ok);
        Assert.Equal(-70_000, await BalanceAsync(Of.Bank));
        IsDone(await ConfirmAsync(await LineAsync(-70_000)));
    }

    [Fact]
    public async Task An_entry_is_one_line_only()
    {
        await PostAsync(new(2026, 11, 10), Of.Guards, Of.Bank, 70_000);
        await ImportAsync((10, "PAGO", "1", -70_000), (10, "PAGO", "2", -70_000));
        var lines = (await WorkAsync()).Lines;
        var part = lines.Single(l => l.Proposal.Certainty == Certainty.Sure).Proposal.Parts[0];
        var both = await Task.WhenAll(lines.Select(l => Task.Run(() => ConfirmAsync(l, part))));
        Assert.Equal("bank.entry.taken", Refusal(Assert.Single(both, c => c.Lines == 0)));
    }

    [Fact]
    public async Task The_office_confirms_payments_and_books_nothing()
    {
        var staff = await World.StaffAsync();
        await ImportAsync((12, $"PSE {PaymentReference.Of(_one.Id)}", "", 400_000), (12, "COMISION", "", -9_000));
        var work = await WorkAsync();
        var done = (await BankDesk.ConfirmAsync([.. work.Lines.Select(l => new LineMatch(l.Id, l.Proposal.Parts))], staff, default)).Value;
        Assert.Equal((1, "forbidden"), (done.Lines, Refusal(done)));
        var line = work.Lines.Single(l => l.Amount > 0);
        Assert.Equal("forbidden", (await BankDesk.TakeBackAsync(line.Id, "x", staff, default)).Error!.Code);
        Assert.False(staff.Can(Permissions.BankReconcile));
    }
}
