using Microsoft.EntityFrameworkCore;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Expenses;
using Portal.Tests.Server;

namespace Portal.Tests.Ledger;

/// <summary>Each way in which the books could come to say something else than the accounts is found, told, and left as it is.</summary>
public sealed class LedgerProofTests(TestDatabase database) : LedgerTest(database)
{
    private const string Entry = "INSERT INTO journal_entries (posted_on, act, source_id, memo) VALUES ('2026-11-02', 'manual', 1, 'x')";

    private const string Line =
        "; INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit) "
        + "SELECT MAX(id), 1, 24, '2026-11-02', 5 FROM journal_entries";

    private const string Charge =
        "INSERT INTO charges (apartment_id, kind, concept, amount, issued_on, due_on, status) "
        + "SELECT id, 'fee', 'x', 7, '2026-11-01', '2026-11-30', 'open' FROM apartments LIMIT 1";

    [Fact]
    public async Task Books_that_agree_say_so_in_figures()
    {
        await StoryAsync();
        var proof = await ProofAsync();
        Assert.Equal((true, 300_000m, 300_000m, 1), (proof.Agrees, proof.Receivables, proof.Owed, proof.Apartments));
        Assert.Equal((320_000m, 320_000m, 1), (proof.Suppliers, proof.OwedToSuppliers, proof.Invoices));
        Assert.Equal((50_000m, 50_000m, 1, 2L), (proof.Credits, proof.CreditOfPayments, proof.CreditApartments, proof.Receipts));
        await ProveAsync();
        Assert.Equal(0, (await StateAsync()).ProofFailures);
        Assert.NotNull((await ProofAsync()).ProvenAt);
    }

    [Theory]
    [InlineData(LedgerFault.Entries, Entry + Line)]
    [InlineData(LedgerFault.Entries, Entry)]
    [InlineData(LedgerFault.Receivables, "UPDATE charges SET amount = amount + 1 WHERE paid < amount")]
    [InlineData(LedgerFault.Receivables, Charge)]
    [InlineData(LedgerFault.Credits, "UPDATE payments SET amount = amount + 1 ORDER BY id DESC LIMIT 1")]
    [InlineData(LedgerFault.Suppliers, "UPDATE expenses SET amount = amount + 1 WHERE status = 'approved'")]
    [InlineData(LedgerFault.Suppliers, "UPDATE expenses SET status = 'sent' WHERE status = 'approved'")]
    [InlineData(LedgerFault.Gateway, "INSERT INTO online_settlements (provider, settlement_id, amount, fee, paid_on) VALUES ('x', '1', 5, 0, '2026-11-02')")]
    [InlineData(LedgerFault.Numbers, "UPDATE expenses SET number = 'EG-2026-000007' WHERE number IS NOT NULL")]
    [InlineData(LedgerFault.Numbers, "UPDATE sequences SET last_number = last_number + 1 WHERE name = 'RC'")]
    [InlineData(LedgerFault.Numbers, "UPDATE payments SET receipt_number = 'RC-2026-000009' ORDER BY id DESC LIMIT 1")]
    [InlineData(LedgerFault.Months, "UPDATE ledger_months SET debit = debit + 1 LIMIT 1")]
    public async Task Each_kind_of_fault_is_found_told_to_operations_and_left_as_it_is(LedgerFault kind, string fault)
    {
        await StoryAsync();
        await CloseAsync(new(2026, 10, 1));
        await Database.ExecuteAsync(fault);

        await ProveAsync();
        var state = await StateAsync();
        Assert.True(state.ProofFailures > 0);
        Assert.Equal(state.ProofFailures, (await World.Get<OperationsService>().StateAsync(Admin, default))!.LedgerFailures);
        var told = await World.ReadAsync(db => db.AuditLog.AsNoTracking().SingleAsync(e => e.Action == "ledger_proof_failed"));
        Assert.Contains($"\"{kind}\"", told.NewValue, StringComparison.Ordinal);
        // Sums of closed months are compared by night; the rest is seen at once.
        Assert.Equal(kind == LedgerFault.Months, (await ProofAsync()).Agrees);

        // Nothing was repaired: the next night says the same.
        await ProveAsync();
        Assert.Equal(state.ProofFailures, (await StateAsync()).ProofFailures);
    }

    [Fact]
    public async Task A_fault_in_a_closed_month_is_found_by_night()
    {
        await StoryAsync();
        await CloseAsync(new(2026, 10, 1));
        await Database.ExecuteAsync(
            """
            INSERT INTO journal_entries (posted_on, act, source_id, memo) VALUES ('2026-10-02', 'manual', 1, 'x');
            INSERT INTO journal_lines (entry_id, line, account_id, posted_on, debit) VALUES (LAST_INSERT_ID(), 1, 24, '2026-10-02', 5)
            """);
        await ProveAsync();
        Assert.Equal(2, (await StateAsync()).ProofFailures);
    }

    [Fact]
    public async Task The_fund_is_shown_beside_its_bank_and_is_no_fault()
    {
        Assert.True((await Desk.TransferAsync(new MoneyMove(Today, 40_000), Admin, default)).Ok);
        var proof = await ProofAsync();
        Assert.Equal((true, 40_000m, 0m), (proof.Agrees, proof.FundBank, proof.Reserve));
    }

    private async Task StoryAsync()
    {
        var (one, two) = (await World.HomeAsync(), await World.HomeAsync("Luis", "Gómez"));
        await World.ChargeAsync(one, 400_000, ChargeKind.Fee, new(2026, 10, 1), new(2026, 10, 15));
        await PayAsync(one, 100_000, new(2026, 10, 12));
        await World.ChargeAsync(two, 150_000, ChargeKind.Fee, new(2026, 11, 1), new(2026, 11, 30));
        await PayAsync(two, 200_000, new(2026, 11, 12));
        await new ExpenseWorld(World, Admin).ApprovedAsync(320_000, Of.Energy, new(2026, 11, 3));
    }

    private Task<LedgerState> StateAsync() => World.ReadAsync(db => db.LedgerState.AsNoTracking().SingleAsync());
}
