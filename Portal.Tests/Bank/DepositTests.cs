using Microsoft.EntityFrameworkCore;
using Portal.Data.Bank;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Bank;

/// <summary>Money that nobody knows is in the books as nobody's, until it is assigned with the day the bank had it.</summary>
public sealed class DepositTests(TestDatabase database) : BankTest(database)
{
    private PaymentWorld.Home _home = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _home = await World.HomeAsync();
        await World.ChargeAsync(_home, 400_000, ChargeKind.Fee, new(2026, 10, 1), new(2026, 10, 15));
        await ImportAsync((12, "CONSIGNACION CHAPINERO", "", 100_000));
    }

    [Fact]
    public async Task It_is_posted_against_2815_and_assigned_without_being_received_again()
    {
        var deposit = await LeaveAsync();
        Assert.Equal((100_000m, -100_000m), (await BalanceAsync(Of.Bank), await BalanceAsync(Of.Unidentified)));
        Assert.Equal((8, 100_000m), (deposit.Days, deposit.Left));
        await BooksAgreeAsync();

        var receipts = await BankDesk.AssignAsync(deposit.Id, [new MatchPart(100_000, ApartmentId: _home.Id)], Admin, default);
        var payment = await PaymentAsync(Assert.Single(receipts.Value));
        Assert.Equal((new DateOnly(2026, 11, 12), deposit.Id), (payment.PaymentDate, payment.DepositId!.Value));
        Assert.Equal((100_000m, 0m, 300_000m), (await BalanceAsync(Of.Bank), await BalanceAsync(Of.Unidentified), await BalanceAsync(Of.Fees)));
        Assert.Empty((await Bank.DepositsAsync(new(), Admin, default)).Rows);
        Assert.Empty((await WorkAsync()).Standing.Transit);
        await BooksAgreeAsync();
        await ProveAsync();
        Assert.Equal(0, (await World.ReadAsync(db => db.LedgerState.SingleAsync())).ProofFailures);
    }

    [Fact]
    public async Task It_is_assigned_in_parts_to_several_and_a_reported_payment_takes_its_share()
    {
        var other = await World.HomeAsync("Jorge", "Peña");
        var reported = await ReportAsync(other, 30_000, "Chapinero", 18);
        var deposit = await LeaveAsync();
        Assert.Equal(
            "bank.deposit.over",
            (await BankDesk.AssignAsync(deposit.Id, [new MatchPart(100_001, ApartmentId: _home.Id)], Admin, default)).Error!.Code);
        Assert.True((await BankDesk.AssignAsync(
            deposit.Id, [new MatchPart(60_000, ApartmentId: _home.Id), new MatchPart(30_000, PaymentId: reported)], Admin, default)).Ok);
        Assert.Equal(10_000, Assert.Single((await Bank.DepositsAsync(new(), Admin, default)).Rows).Left);
        await BooksAgreeAsync();
        Assert.True((await BankDesk.AssignAsync(deposit.Id, [new MatchPart(10_000, ApartmentId: _home.Id)], Admin, default)).Ok);
        var again = await BankDesk.AssignAsync(deposit.Id, [new MatchPart(10_000, ApartmentId: _home.Id)], Admin, default);
        Assert.Equal(("bank.deposit.assigned", "Carolina Mejía"), (again.Error!.Code, again.Error.Values[0]));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task Two_who_assign_it_at_once_give_it_once()
    {
        var deposit = await LeaveAsync();
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            () => BankDesk.AssignAsync(deposit.Id, [new MatchPart(100_000, ApartmentId: _home.Id)], Admin, default))));
        Assert.Equal("bank.deposit.assigned", Assert.Single(both, r => !r.Ok).Error!.Code);
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task A_void_gives_it_back_to_nobody()
    {
        var deposit = await LeaveAsync();
        var receipt = (await BankDesk.AssignAsync(deposit.Id, [new MatchPart(100_000, ApartmentId: _home.Id)], Admin, default)).Value[0];
        Assert.Equal("bank.deposit.given", (await BankDesk.TakeBackAsync(await LineIdAsync(), "x", Admin, default)).Error!.Code);
        Assert.True((await World.Desk.VoidAsync((await PaymentAsync(receipt)).Id, "No era suya", Admin, default)).Ok);
        Assert.Equal((100_000m, -100_000m), (await BalanceAsync(Of.Bank), await BalanceAsync(Of.Unidentified)));
        Assert.Equal(100_000, Assert.Single((await Bank.DepositsAsync(new(), Admin, default)).Rows).Left);
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task Taken_back_it_leaves_the_books_and_the_line_is_free()
    {
        await LeaveAsync();
        Assert.Equal("bank.line.done", (await BankDesk.LeaveAsync(await LineIdAsync(), Admin, default)).Error!.Code);
        Assert.True((await BankDesk.TakeBackAsync(await LineIdAsync(), "Es de la nuestra", Admin, default)).Ok);
        Assert.Equal((0m, 0m), (await BalanceAsync(Of.Bank), await BalanceAsync(Of.Unidentified)));
        IsDone(await ConfirmAsync(await LineAsync(100_000), new MatchPart(100_000, ApartmentId: _home.Id)));
        await BooksAgreeAsync();
    }

    [Fact]
    public async Task The_proof_finds_what_2815_holds_and_no_deposit_says()
    {
        var deposit = await LeaveAsync();
        await Database.ExecuteAsync($"UPDATE unidentified_deposits SET amount = amount + 1 WHERE id = {deposit.Id}");
        var proof = await ProofAsync();
        Assert.Equal((LedgerFault.Unidentified, 100_000m, 100_001m), (Assert.Single(proof.Faults.Keys), proof.Unidentified, proof.DepositsLeft));
    }

    private async Task<UnidentifiedRow> LeaveAsync()
    {
        var left = await BankDesk.LeaveAsync(await LineIdAsync(), Admin, default);
        Assert.True(left.Ok, left.Error?.Code);
        return Assert.Single((await Bank.DepositsAsync(new(), Admin, default)).Rows);
    }

    private Task<long> LineIdAsync() => World.ReadAsync(db => db.BankLines.Select(l => l.Id).SingleAsync());
}
