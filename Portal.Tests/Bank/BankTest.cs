using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Bank;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Bank;

/// <summary>A building with books and a bank, at Friday 20 November 2026.</summary>
public abstract class BankTest(TestDatabase database) : LedgerTest(database)
{
    private protected const int Account = Of.Bank;

    private protected static readonly DateOnly November = new(2026, 11, 1);

    private protected static readonly BankFormat Format =
        new(';', BankFormat.Utf8, 1, 1, 2, 3, 4, null, null, null, "dd/MM/yyyy", true);

    private protected BankService Bank => World.Get<BankService>();
    private protected BankImporter Importer => World.Get<BankImporter>();
    private protected BankDesk BankDesk => World.Get<BankDesk>();
    private protected BankReconciler Reconciler => World.Get<BankReconciler>();

    /// <summary>A file with a line of each: day, text, reference, amount.</summary>
    private protected static byte[] File(params (int Day, string Text, string Reference, decimal Amount)[] lines) =>
        Encoding.UTF8.GetBytes("Fecha;Descripción;Referencia;Valor\n" + string.Concat(lines.Select(l =>
            FormattableString.Invariant($"{l.Day:00}/11/2026;{l.Text};{l.Reference};{l.Amount:0.00}\n").Replace('.', ','))));

    private protected async Task<Imported> ImportAsync(params (int Day, string Text, string Reference, decimal Amount)[] lines)
    {
        var done = await Importer.ImportAsync(Account, "noviembre.csv", File(lines), Format, false, Admin, default);
        Assert.True(done.Ok, done.Error?.Code);
        return done.Value;
    }

    private protected async Task<BankWork> WorkAsync(int account = Account) => (await Bank.WorkAsync(account, November, Admin, default))!;

    /// <summary>The only line of this amount that is not in the books.</summary>
    private protected async Task<OpenLine> LineAsync(decimal amount) => Assert.Single((await WorkAsync()).Lines, l => l.Amount == amount);

    /// <summary>Confirms what is proposed for a line.</summary>
    private protected async Task<Confirmed> ConfirmAsync(OpenLine line, params MatchPart[] parts)
    {
        var match = new LineMatch(line.Id, parts.Length > 0 ? parts : line.Proposal.Parts);
        var done = await BankDesk.ConfirmAsync([match], Admin, default);
        Assert.True(done.Ok, done.Error?.Code);
        return done.Value;
    }

    private protected static void IsDone(Confirmed confirmed) =>
        Assert.Equal((1, ""), (confirmed.Lines, string.Join(",", confirmed.Refused.Select(r => r.Error.Code))));

    private protected static string Refusal(Confirmed confirmed) => Assert.Single(confirmed.Refused).Error.Code;

    private protected Task<Payment> PaymentAsync(string receipt) =>
        World.ReadAsync(db => db.Payments.AsNoTracking().SingleAsync(p => p.ReceiptNumber == receipt));

    private protected async Task BooksAgreeAsync()
    {
        var proof = await ProofAsync();
        Assert.True(proof.Agrees, string.Join(", ", proof.Faults));
    }

    private protected Task<long> ReportAsync(PaymentWorld.Home home, decimal amount, string reference, int day) =>
        World.Desk.ReportAsync(
            PaymentWorld.Input(home, amount, reference) with { Date = new(2026, 11, day), Time = null }, home.User, default)
            .ContinueWith(t => t.Result.Value, TaskScheduler.Default);
}
