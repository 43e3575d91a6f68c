using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Tests.Documents;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>A receipt says for ever what it said when it was issued. What comes later stands on notes.</summary>
public sealed class ReceiptTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task Voiding_an_earlier_payment_changes_no_byte_of_a_later_receipt_and_the_note_says_what_happened()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var fee = await world.ChargeAsync(home, 100_000);
        var a = await world.PaidAsync(home, 100_000);
        var fine = await world.ChargeAsync(home, 20_000, ChargeKind.Fine);
        var b = await world.PaidAsync(home, 90_000);
        var papers = world.Papers();
        var (before, page) = ((await papers.ReceiptAsync(b.Id, "host", home.User, default))!.Value.Pdf, await VerifiedAsync(world, b));

        Assert.True((await world.Desk.VoidAsync(a.Id, "Cheque devuelto", await world.AdminAsync(), default)).Ok);

        var after = (await papers.ReceiptAsync(b.Id, "host", home.User, default))!.Value.Pdf;
        Assert.Equal(Pdf.Text(before), Pdf.Text(after));
        Assert.Equal(before, after);
        Assert.Contains("70.000", Pdf.Text(after));
        Assert.Equal(page, await VerifiedAsync(world, b));
        var payment = (await world.Payments.FindAsync(b.Id, home.User, default))!;
        Assert.Equal((20_000m, 70_000m), (payment.Lines.Single().Amount, payment.Credit));
        var later = Assert.Single(payment.Later);
        Assert.Equal((70_000m, "NA-2026-000001", PaymentWorld.Today), (later.Line.Amount, later.Note!, later.On!.Value));

        // The money: the fee owes what the credit could not cover, and nothing was made or lost.
        Assert.Equal((ChargeState.Open, 70_000m), await FindAsync(world, fee));
        Assert.Equal((ChargeState.Paid, 20_000m), await FindAsync(world, fine));
        await BalancesAsync(world, home, owed: 30_000, credit: 0);

        // The note is reached from both payments and from the account, and stands on the statement.
        var note = Assert.Single(payment.Notes);
        Assert.Equal(note, Assert.Single((await world.Payments.FindAsync(a.Id, home.User, default))!.Notes));
        Assert.Equal(note, Assert.Single((await world.Accounts.FindAsync(home.Id, home.User, default))!.Notes));
        Assert.Equal((a.Receipt, 70_000m, NoteCause.Void), (note.VoidedReceipt, note.Applied, note.Cause));
        var text = Assert.Single(Pdf.Pages((await papers.NoteAsync(note.Id, "host", home.User, default))!.Value.Pdf));
        foreach (var said in new[] { "NA-2026-000001", a.Receipt, b.Receipt, "Cheque devuelto", "Fee", "100.000", "70.000", "30.000" })
            Assert.Contains(said, text);
        var statement = Pdf.Text((await papers.StatementAsync(home.Id, null, null, home.User, default))!.Value.Pdf);
        Assert.Contains("NA-2026-000001", statement);
        var code = (await world.ReadAsync(db => db.ApplicationNotes.SingleAsync())).VerificationCode;
        var verified = (await world.Verification.FindNoteAsync(code, default))!;
        Assert.Equal((note.Number, a.Receipt), (verified.Number, verified.VoidedReceipt));

        // The voided receipt says that it is, and otherwise what it said.
        Assert.Contains("ANULADO", Pdf.Text((await papers.ReceiptAsync(a.Id, "host", home.User, default))!.Value.Pdf).ToUpperInvariant());
    }

    [Fact]
    public async Task A_receipt_printed_when_names_and_settings_are_others_is_the_same_paper()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 100_000);
        var paid = await world.PaidAsync(home, 130_000);
        var papers = world.Papers();
        var before = (await papers.ReceiptAsync(paid.Id, "host", home.User, default))!.Value.Pdf;

        await Database.ExecuteAsync(
            """
            UPDATE profile SET first_name = 'Otra', document_number = '999';
            UPDATE towers SET name = 'Z';
            UPDATE charges SET concept = 'Otra cosa';
            INSERT INTO settings (name, value) VALUES ('name', 'Otro edificio'), ('paper', 'a4'), ('application_rule', 'Otra regla');
            """);

        Assert.Equal(before, (await papers.ReceiptAsync(paid.Id, "host", home.User, default))!.Value.Pdf);
    }

    [Fact]
    public async Task Credit_that_meets_a_charge_later_stands_on_a_note_and_not_on_the_receipt()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var first = await world.PaidAsync(home, 50_000);
        var papers = world.Papers();
        var before = (await papers.ReceiptAsync(first.Id, "host", home.User, default))!.Value.Pdf;
        await world.ChargeAsync(home, 60_000);

        var second = await world.PaidAsync(home, 10_000);

        Assert.Equal(before, (await papers.ReceiptAsync(first.Id, "host", home.User, default))!.Value.Pdf);
        var payment = (await world.Payments.FindAsync(first.Id, home.User, default))!;
        Assert.Empty(payment.Lines);
        Assert.Equal((50_000m, NoteCause.Credit), (payment.Later.Single().Line.Amount, payment.Notes.Single().Cause));
        Assert.Equal([10_000m], (await world.Payments.FindAsync(second.Id, home.User, default))!.Lines.Select(l => l.Amount));
        await BalancesAsync(world, home, owed: 0, credit: 0);
    }

    [Fact]
    public async Task Voids_one_after_the_other_each_have_their_note_and_no_money_is_lost()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 100_000);
        var a = await world.PaidAsync(home, 100_000);
        var b = await world.PaidAsync(home, 60_000);
        var c = await world.PaidAsync(home, 60_000);
        var papers = world.Papers();
        var before = (await papers.ReceiptAsync(c.Id, "host", home.User, default))!.Value.Pdf;

        foreach (var (payment, owed, credit) in new[] { (a, 0, 20_000), (b, 40_000, 0), (c, 100_000, 0) })
        {
            Assert.Equal(before, (await papers.ReceiptAsync(c.Id, "host", home.User, default))!.Value.Pdf);
            Assert.True((await world.Desk.VoidAsync(payment.Id, "error", CurrentUser.System, default)).Ok);
            await BalancesAsync(world, home, owed, credit);
        }

        Assert.Equal(
            ["NA-2026-000001", "NA-2026-000002", "NA-2026-000003"],
            await world.ReadAsync(db => db.ApplicationNotes.OrderBy(n => n.Id).Select(n => n.Number).ToListAsync()));
    }

    /// <summary>As a portal without notes left them: no paper was kept, and freed money stands on further lines of its payment.</summary>
    [Fact]
    public async Task Receipts_of_before_say_what_they_said_and_go_on_saying_it()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var (fee, booking) = (await world.ChargeAsync(home, 40_000), await world.ChargeAsync(home, 30_000, ChargeKind.Booking));
        await Database.ExecuteAsync(
            $"""
            INSERT INTO payments
                (id, amount, payment_date, status_id, owner_id, apartment_id, receipt_number, verification_code, confirmed_at)
            VALUES (801, 50000, '2026-11-02', 1, {home.OwnerId}, {home.Id}, 'RC-2026-000801', '7F3K-92QD', '2026-11-02 15:00:00');
            INSERT INTO payment_applications (payment_id, charge_id, line, owed, amount, reversed) VALUES
                (801, {booking}, 1, 30000, 30000, 1), (801, {fee}, 2, 40000, 40000, 0);
            UPDATE charges SET paid = 40000, status = 'paid' WHERE id = {fee};
            UPDATE charges SET status = 'cancelled' WHERE id = {booking};
            """);
        var papers = world.Papers();
        var before = (await papers.ReceiptAsync(801, "host", home.User, default))!.Value.Pdf;
        Assert.Contains("Booking", Pdf.Text(before));
        Assert.DoesNotContain("Fee", Pdf.Text(before));
        var payment = (await world.Payments.FindAsync(801, home.User, default))!;
        Assert.Equal((30_000m, 40_000m), (payment.Lines.Single().Amount, payment.Later.Single().Line.Amount));
        Assert.Equal(40_000m, payment.Standing.Single().Amount);

        // The 10 000 left to its credit meet the next charge: on a note.
        await world.ChargeAsync(home, 25_000);
        await world.PaidAsync(home, 1_000);

        Assert.Equal(before, (await papers.ReceiptAsync(801, "host", home.User, default))!.Value.Pdf);
        Assert.Equal([null, "NA-2026-000001"], (await world.Payments.FindAsync(801, home.User, default))!.Later.Select(l => l.Note));
        await BalancesAsync(world, home, owed: 14_000, credit: 0);
    }

    private static async Task<(ChargeState, decimal)> FindAsync(PaymentWorld world, long charge) =>
        await world.FindChargeAsync(charge) is var c ? (c.Status, c.Paid) : default;

    /// <summary>What charges say was paid is what applications say, and the account is the sum of both sides.</summary>
    private static async Task BalancesAsync(PaymentWorld world, PaymentWorld.Home home, decimal owed, decimal credit)
    {
        var account = (await world.Accounts.FindAsync(home.Id, home.User, default))!;
        Assert.Equal((owed, credit), (account.Owed, account.Credit));
        Assert.Empty(await world.ReadAsync(db => db.Charges
            .Where(c => c.Paid != (db.PaymentApplications.Where(a => a.ChargeId == c.Id && !a.Reversed).Sum(a => (decimal?)a.Amount) ?? 0))
            .ToListAsync()));
        var statement = (await world.Accounts.StatementAsync(home.Id, new(2026, 1, 1), PaymentWorld.Today, home.User, default))!;
        Assert.Equal(owed - credit, statement.Closing);
    }

    private static async Task<string> VerifiedAsync(PaymentWorld world, ConfirmedPayment payment) =>
        (await world.Verification.FindReceiptAsync(payment.VerificationCode, default))!.ToString();
}
