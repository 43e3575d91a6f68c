using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Expenses;
using Portal.Data.Ledger;
using Portal.Tests.Ledger;
using Portal.Tests.Server;

namespace Portal.Tests.Expenses;

/// <summary>An invoice's way from draft to paid, what is refused on it, and what the books say at each step.</summary>
public sealed class ExpenseDeskTests(TestDatabase database) : LedgerTest(database)
{
    private ExpenseWorld _buys = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _buys = new ExpenseWorld(World, Admin);
    }

    [Fact]
    public async Task An_invoice_is_a_cost_when_it_is_approved_and_leaves_the_bank_when_it_is_paid()
    {
        var id = await _buys.SentAsync(320_000, Of.Energy, new(2026, 11, 3));
        Assert.Equal((0m, 0m), (await BalanceAsync(Of.Energy), await BalanceAsync(Of.Suppliers)));

        Assert.Equal("EG-2026-000001", (await _buys.Desk.ApproveAsync(id, 320_000, Admin, default)).Value);
        Assert.Equal((320_000m, -320_000m, 0m), await SumsAsync());
        Assert.Equal(320_000, await BalanceAsync(Of.Energy, new(2026, 11, 3)));

        await _buys.PayAsync(id, 120_000);
        Assert.Equal((320_000m, -200_000m, -120_000m), await SumsAsync());
        Assert.Equal((ExpenseState.Approved, 200_000m), await StateAsync(id));
        await _buys.PayAsync(id, 200_000);
        Assert.Equal((320_000m, 0m, -320_000m), await SumsAsync());
        Assert.Equal((ExpenseState.Paid, 0m), await StateAsync(id));

        var view = await _buys.FindAsync(id);
        Assert.Equal(
            [ExpenseStepKind.Made, ExpenseStepKind.Sent, ExpenseStepKind.Approved, ExpenseStepKind.Paid, ExpenseStepKind.Paid],
            view.Steps.Select(s => s.Kind));
        Assert.Equal(3, view.Entries.Count);
        var voucher = (await _buys.Expenses.VoucherAsync(view.Payments[1].Id, Admin, default))!;
        Assert.Equal(
            ("EG-2026-000001-2", 200_000m, 120_000m, "Carolina Mejía"),
            (voucher.Number, voucher.Amount, voucher.PaidBefore, voucher.ApprovedBy));
        Assert.Equal([("2335", 200_000m, 0m), ("1110", 0m, 200_000m)], voucher.Lines.Select(l => (l.Code, l.Debit, l.Credit)));
        await AgreesAsync();
    }

    [Fact]
    public async Task What_is_missing_is_said_at_once_and_the_same_invoice_is_told_with_who_entered_it()
    {
        var none = await _buys.Desk.CreateAsync(new(null, null, " - ", null, null, null, null), [], Admin, default);
        Assert.Equal(7, none.Errors.Count(e => e.Code == "required"));
        var input = await _buys.InputAsync(320_000, invoice: "FE 12-3");
        Assert.Equal("expense.account", (await CreateAsync(input with { AccountId = Of.Bank })).Error!.Code);
        Assert.Equal("expense.account", (await CreateAsync(input with { AccountId = Of.ReserveCosts })).Error!.Code);
        Assert.Equal("payment.amount_whole", (await CreateAsync(input with { Amount = 10.5m })).Error!.Code);
        Assert.Equal("expense.future", (await CreateAsync(input with { InvoicedOn = Today.AddDays(1) })).Error!.Code);
        Assert.Equal("expense.due", (await CreateAsync(input with { DueOn = Today.AddDays(-1) })).Error!.Code);

        var first = await CreateAsync(input);
        var twin = (await CreateAsync(input with { Invoice = "fe-123", Amount = 1 })).Error!;
        Assert.Equal(("expense.twin", "Carolina Mejía", 320_000m), (twin.Code, twin.Values[0], twin.Values[2]));
        Assert.True((await CreateAsync(input with { SupplierId = await _buys.SupplierAsync(ExpenseWorld.OtherNit) })).Ok);

        // Voided, the number is free again.
        Assert.True((await _buys.Desk.VoidAsync(first.Value, "Era de otro mes", Admin, default)).Ok);
        Assert.True((await CreateAsync(input)).Ok);
    }

    [Fact]
    public async Task Two_who_enter_one_invoice_at_once_leave_one_and_the_second_hears_of_the_first()
    {
        var input = await _buys.InputAsync(320_000, invoice: "FE-1");
        var all = await AtOnceAsync(3, () => CreateAsync(input));
        Assert.Single(all, r => r.Ok);
        Assert.All(all.Where(r => !r.Ok), r => Assert.Equal(("expense.twin", "Carolina Mejía"), (r.Error!.Code, r.Error.Values[0])));
    }

    [Fact]
    public async Task What_comes_back_has_a_reason_is_mended_and_sent_again()
    {
        var id = await _buys.SentAsync(320_000);
        var clerk = await _buys.ClerkAsync();
        var view = await _buys.FindAsync(id);
        Assert.Equal("expense.not_open", (await _buys.Desk.UpdateAsync(id, view.Input, clerk, default)).Error!.Code);
        Assert.Equal("required", (await _buys.Desk.ReturnAsync(id, " ", Admin, default)).Error!.Code);
        Assert.True((await _buys.Desk.ReturnAsync(id, "El valor es otro", Admin, default)).Ok);
        Assert.Equal(
            ("expense.already_returned", "Carolina Mejía"), Told((await _buys.Desk.ApproveAsync(id, 320_000, Admin, default)).Error!));

        Assert.True((await _buys.Desk.UpdateAsync(id, view.Input with { Amount = 300_000, Read = view.Input }, clerk, default)).Ok);
        Assert.True((await _buys.Desk.SendAsync(id, clerk, default)).Ok);
        // Whoever still sees the first sum approves nothing.
        Assert.Equal("expense.changed", (await _buys.Desk.ApproveAsync(id, 320_000, Admin, default)).Error!.Code);
        Assert.True((await _buys.Desk.ApproveAsync(id, 300_000, Admin, default)).Ok);
        Assert.Contains((await _buys.FindAsync(id)).Steps, s => s is { Kind: ExpenseStepKind.Returned, Reason: "El valor es otro" });
    }

    [Fact]
    public async Task Above_the_limit_another_approves_than_who_made_changed_or_sent_it()
    {
        var made = (await CreateAsync(await _buys.InputAsync(500_001))).Value;
        Assert.True((await _buys.Desk.SendAsync(made, Admin, default)).Ok);
        var own = (await _buys.Desk.ApproveAsync(made, 500_001, Admin, default)).Error!;
        Assert.Equal(("expense.own", 500_000m), (own.Code, own.Values[0]));
        Assert.True((await _buys.FindAsync(made)).NeedsOther);
        Assert.True((await _buys.Desk.ApproveAsync(made, 500_001, await World.AdminAsync(), default)).Ok);

        var small = (await CreateAsync(await _buys.InputAsync(500_000))).Value;
        Assert.True((await _buys.Desk.SendAsync(small, Admin, default)).Ok);
        Assert.True((await _buys.Desk.ApproveAsync(small, 500_000, Admin, default)).Ok);

        // Who only changed the sum of what another made does not approve it either.
        var changed = await _buys.SentAsync(900_000);
        Assert.True((await _buys.Desk.ReturnAsync(changed, "Revisar", Admin, default)).Ok);
        var input = (await _buys.FindAsync(changed)).Input;
        Assert.True((await _buys.Desk.UpdateAsync(changed, input with { Amount = 950_000 }, Admin, default)).Ok);
        Assert.True((await _buys.Desk.SendAsync(changed, await _buys.ClerkAsync(), default)).Ok);
        Assert.Equal("expense.own", (await _buys.Desk.ApproveAsync(changed, 950_000, Admin, default)).Error!.Code);
    }

    [Fact]
    public async Task Of_two_who_approve_at_once_the_second_hears_who_was_first()
    {
        var id = await _buys.SentAsync(320_000);
        var other = await World.AdminAsync();
        var all = await Task.WhenAll(
            Task.Run(() => _buys.Desk.ApproveAsync(id, 320_000, Admin, default)),
            Task.Run(() => _buys.Desk.ApproveAsync(id, 320_000, other, default)));
        Assert.Equal("EG-2026-000001", Assert.Single(all, r => r.Ok).Value);
        Assert.Equal(("expense.already_approved", "Carolina Mejía"), Told(Assert.Single(all, r => !r.Ok).Error!));
        Assert.Equal((320_000m, -320_000m, 0m), await SumsAsync());
        await AgreesAsync();
    }

    [Fact]
    public async Task Of_two_who_pay_at_once_the_second_hears_who_was_first_and_nothing_is_paid_twice()
    {
        var id = await _buys.ApprovedAsync(320_000);
        var half = await AtOnceAsync(2, () => _buys.Desk.PayAsync(id, new(160_000, Today, 2, null), 320_000, Admin, default));
        Assert.Single(half, r => r.Ok);
        Assert.Equal(("expense.paid_meanwhile", "Carolina Mejía"), Told(Assert.Single(half, r => !r.Ok).Error!));
        var rest = await AtOnceAsync(2, () => _buys.Desk.PayAsync(id, new(160_000, Today, 2, null), 160_000, Admin, default));
        Assert.Equal(("expense.already_paid", "Carolina Mejía"), Told(Assert.Single(rest, r => !r.Ok).Error!));
        Assert.Equal((320_000m, 0m, -320_000m), await SumsAsync());
        await AgreesAsync();
    }

    [Fact]
    public async Task No_more_is_paid_than_is_left_nor_before_the_invoice_nor_out_of_what_the_bank_must_keep()
    {
        var sent = await _buys.SentAsync(320_000);
        Assert.Equal("expense.not_approved", await PayErrorAsync(sent, 1, 320_000));
        var id = await _buys.ApprovedAsync(320_000, on: new(2026, 11, 10));
        Assert.Equal("expense.over", await PayErrorAsync(id, 320_001, 320_000));
        Assert.Equal("payment.amount", await PayErrorAsync(id, 0, 320_000));
        Assert.Equal("expense.paid_before", await PayErrorAsync(id, 1, 320_000, new(2026, 11, 9)));
        Assert.Equal("payment.future", await PayErrorAsync(id, 1, 320_000, Today.AddDays(1)));

        await PostAsync(Today, Of.Bank, Of.Result, 1_000_000);
        await RuleAsync(minimum: 900_000, limit: null);
        Assert.Equal("ledger.minimum", await PayErrorAsync(id, 100_001, 320_000));
        await RuleAsync(minimum: null, limit: 150_000);
        await _buys.PayAsync(id, 100_000);
        Assert.Equal("ledger.limit", await PayErrorAsync(id, 50_001, 220_000));
        await _buys.PayAsync(id, 50_000);

        // Cash is another account, with no limit of its own.
        var cash = await _buys.Desk.PayAsync(id, new(20_000, Today, 1, null), 170_000, Admin, default);
        Assert.True(cash.Ok, cash.Error?.Code);
        Assert.Equal(-20_000, await BalanceAsync(Of.Cash));
        await AgreesAsync();
    }

    [Fact]
    public async Task What_is_taken_back_is_taken_back_by_opposite_entries_and_a_payment_first()
    {
        var id = await _buys.ApprovedAsync(320_000, on: new(2026, 11, 3));
        var payment = await _buys.PayAsync(id, 320_000);
        Assert.Equal("expense.void.paid", (await _buys.Desk.VoidAsync(id, "Duplicada", Admin, default)).Error!.Code);
        Assert.Equal("required", (await _buys.Desk.VoidPaymentAsync(payment, null, Admin, default)).Error!.Code);
        var voided = await AtOnceAsync(2, () => _buys.Desk.VoidPaymentAsync(payment, "Rechazado por el banco", Admin, default));
        Assert.Single(voided, r => r.Ok);
        Assert.Equal("expense.payment.already_voided", Assert.Single(voided, r => !r.Ok).Error!.Code);
        Assert.Equal((320_000m, -320_000m, 0m), await SumsAsync());
        Assert.Equal((ExpenseState.Approved, 320_000m), await StateAsync(id));

        Assert.True((await _buys.Desk.VoidAsync(id, "Duplicada", Admin, default)).Ok);
        Assert.Equal((0m, 0m, 0m), await SumsAsync());
        // On the day it was taken back: what stood before stands.
        Assert.Equal(320_000, await BalanceAsync(Of.Energy, Today.AddDays(-1)));
        Assert.Equal(
            ("expense.already_voided", "Carolina Mejía"), Told((await _buys.Desk.VoidAsync(id, "Otra vez", Admin, default)).Error!));
        Assert.Equal(2, await World.ReadAsync(db => db.JournalEntries.CountAsync(e => e.ReversesId != null)));

        // Its number stays with it: the next is the next.
        await _buys.ApprovedAsync(10_000);
        Assert.Equal(
            ["EG-2026-000001", "EG-2026-000002"],
            await World.ReadAsync(db => db.Expenses.OrderBy(e => e.Id).Select(e => e.Number).ToListAsync()));
        await AgreesAsync();
    }

    [Fact]
    public async Task What_is_approved_late_for_a_closed_month_lands_in_the_open_one_and_is_not_paid_in_the_closed()
    {
        await PostAsync(new(2026, 10, 5), Of.Bank, Of.Result, 1_000_000);
        await CloseAsync(new(2026, 10, 1));
        var id = await _buys.ApprovedAsync(320_000, on: new(2026, 10, 20));
        Assert.Equal((0m, 320_000m), (await BalanceAsync(Of.Energy, new(2026, 10, 31)), await BalanceAsync(Of.Energy)));
        Assert.Equal("ledger.month.closed", await PayErrorAsync(id, 320_000, 320_000, new(2026, 10, 25)));
        await AgreesAsync();
    }

    [Fact]
    public async Task What_is_owed_to_suppliers_is_out_of_reach_by_hand_and_so_is_a_cost_that_is_closed()
    {
        var hand = await Desk.PostAsync(new(Today, "x", [new(Of.Energy, 100, 0), new(Of.Suppliers, 0, 100)]), Admin, default);
        Assert.Equal("ledger.account.suppliers", hand.Error!.Code);
        var id = await _buys.SentAsync(320_000);
        Assert.True((await Accounts.UpdateAsync(Of.Energy, new("5140", "Energía", AccountStatus.Frozen, null, null), Admin, default)).Ok);
        Assert.Equal("expense.account", (await _buys.Desk.ApproveAsync(id, 320_000, Admin, default)).Error!.Code);
        Assert.Equal(0, await World.ReadAsync(db => db.JournalEntries.CountAsync()));
        Assert.Equal(0, await World.ReadAsync(db => db.Sequences.CountAsync(s => s.Name == Expense.Series)));

        // What was owed before the books is an invoice against the result of earlier years.
        await _buys.ApprovedAsync(70_000, Of.Result);
        Assert.Equal((70_000m, -70_000m), (await BalanceAsync(Of.Result), await BalanceAsync(Of.Suppliers)));
        await AgreesAsync();
    }

    [Fact]
    public async Task The_invoice_hangs_on_it_as_photograph_or_pdf_and_stays_once_it_was_sent()
    {
        var pdf = new ExpenseUpload("factura.pdf", "%PDF-1.4 x"u8.ToArray());
        var wrong = await _buys.Desk.CreateAsync(
            await _buys.InputAsync(1_000), [new("factura.pdf", "hola"u8.ToArray())], Admin, default);
        Assert.Equal("pqrs.files.kind", wrong.Error!.Code);
        var id = (await _buys.Desk.CreateAsync(await _buys.InputAsync(1_000), [pdf, pdf], Admin, default)).Value;
        Assert.Equal(
            "pqrs.files.many", (await _buys.Desk.AddFilesAsync(id, [pdf, pdf, pdf, pdf], Admin, default)).Error!.Code);
        var files = (await _buys.FindAsync(id)).Files;
        Assert.True((await _buys.Desk.RemoveFileAsync(files[0].Id, Admin, default)).Ok);
        Assert.True((await _buys.Desk.SendAsync(id, Admin, default)).Ok);
        Assert.Equal("expense.not_open", (await _buys.Desk.RemoveFileAsync(files[1].Id, Admin, default)).Error!.Code);
        Assert.Equal("application/pdf", (await _buys.Expenses.FileAsync(files[1].Id, Admin, default))!.ContentType);
    }

    [Fact]
    public async Task What_waits_for_a_person_comes_first_and_is_counted()
    {
        await _buys.ApprovedAsync(100_000, on: new(2026, 10, 1));
        var paid = await _buys.ApprovedAsync(50_000);
        await _buys.PayAsync(paid, 50_000);
        var sent = await _buys.SentAsync(30_000);
        var list = await _buys.Expenses.ListAsync(new ListQuery(), Admin, default);
        Assert.Equal([ExpenseState.Sent, ExpenseState.Approved, ExpenseState.Paid], list.Rows.Select(r => r.State));
        Assert.Equal(sent, list.Rows[0].Id);
        var summary = (await _buys.Expenses.SummaryAsync(Admin, default))!;
        Assert.Equal((1, 30_000m), (summary.ToApprove!.Count, summary.ToApprove.Sum));
        Assert.Equal((1, 1, 100_000m), (summary.ToPay!.Count, summary.Overdue!.Count, summary.Owed));
        Assert.Null((await _buys.Expenses.SummaryAsync(await _buys.ClerkAsync(), default))!.ToApprove);

        var found = await _buys.Expenses.ListAsync(
            new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "paid,sent", ["from"] = "2026-11-01" }), Admin, default);
        Assert.Equal(2, found.Total);
        Assert.Equal(1, (await _buys.Expenses.ListAsync(new ListQuery("eg 2"), Admin, default)).Total);
    }

    [Fact]
    public async Task A_supplier_has_one_nit_and_two_who_change_it_both_hold()
    {
        var id = await _buys.SupplierAsync();
        var read = ExpenseWorld.Supplier(ExpenseWorld.Nit);
        var again = read with { Name = "Otro", TaxId = "999.000.117-" + read.TaxId![^1] };
        var taken = await _buys.Suppliers.CreateAsync(again, Admin, default);
        Assert.Equal(("supplier.taken", read.Name), (taken.Error!.Code, taken.Error.Values[0]));
        Assert.Equal("supplier.tax_id", (await _buys.Suppliers.CreateAsync(read with { TaxId = "77" }, Admin, default)).Error!.Code);

        Assert.True((await _buys.Suppliers.UpdateAsync(id, read with { Phone = "601", Read = read }, Admin, default)).Ok);
        Assert.True((await _buys.Suppliers.UpdateAsync(id, read with { Bank = "Banco", Read = read }, Admin, default)).Ok);
        var both = await _buys.Suppliers.UpdateAsync(id, read with { Phone = "602", Read = read }, Admin, default);
        Assert.Equal(("edit.changed", "601"), (both.Error!.Code, both.Error.Values[0]));
        var row = Assert.Single((await _buys.Suppliers.ListAsync(new ListQuery("117"), Admin, default)).Rows);
        Assert.Equal(("601", "Banco"), (row.Phone, row.Bank));
    }

    private static (string, object?) Told(Error error) => (error.Code, error.Values[0]);

    private Task<Result<long>> CreateAsync(ExpenseInput input) => _buys.Desk.CreateAsync(input, [], Admin, default);

    private async Task<string?> PayErrorAsync(long id, decimal amount, decimal seen, DateOnly? on = null) =>
        (await _buys.Desk.PayAsync(id, new(amount, on ?? Today, 2, null), seen, Admin, default)).Error?.Code;

    private async Task<(decimal, decimal, decimal)> SumsAsync() =>
        (await BalanceAsync(Of.Energy), await BalanceAsync(Of.Suppliers), await BalanceAsync(Of.Bank));

    private async Task<(ExpenseState, decimal)> StateAsync(long id)
    {
        var view = await _buys.FindAsync(id);
        return (view.State, view.Left);
    }

    private async Task RuleAsync(decimal? minimum, decimal? limit) =>
        Assert.True((await Accounts.UpdateAsync(Of.Bank, new("1110", "Banco", AccountStatus.Active, minimum, limit), Admin, default)).Ok);

    private async Task AgreesAsync()
    {
        var proof = await ProofAsync();
        Assert.Empty(proof.Faults);
        Assert.Equal(proof.OwedToSuppliers, proof.Suppliers);
        await ProveAsync();
        Assert.Equal(0, await World.ReadAsync(db => db.LedgerState.Select(s => s.ProofFailures).SingleAsync()));
    }

    private static Task<T[]> AtOnceAsync<T>(int count, Func<Task<T>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(work)));
}
