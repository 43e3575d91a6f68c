using Portal.Data.Bank;
using Portal.Data.Payments;
using Portal.Tests.Ledger;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Bank;

/// <summary>A month is closed when bank, what is on its way, and books leave nothing over; and is kept as it was.</summary>
public sealed class ReconciliationTests(TestDatabase database) : BankTest(database)
{
    private PaymentWorld.Home _home = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _home = await World.HomeAsync();
        // What was there before the first line of the bank.
        await PostAsync(new(2026, 10, 31), Of.Bank, Of.Result, 3_000_000);
        await ImportAsync(
            (8, $"PSE {PaymentReference.Of(_home.Id)}", "", 288_437), (18, "CONSIGNACION", "", 100_000), (19, "COMISION", "", -12_000));
    }

    [Fact]
    public async Task It_is_refused_until_every_line_is_in_the_books_and_nothing_is_left()
    {
        World.On(new(2026, 12, 2));
        Assert.Equal("bank.balance.missing", Code(await Reconciler.CloseAsync(Account, November, Admin, default)));
        Assert.True((await Reconciler.SetBalanceAsync(Account, November, 3_376_437, Admin, default)).Ok);
        Assert.Equal("bank.open", Code(await Reconciler.CloseAsync(Account, November, Admin, default)));
        Assert.Equal((376_437m, 376_437m), ((await WorkAsync()).Standing.Difference, (await WorkAsync()).Standing.OpenSum));

        IsDone(await ConfirmAsync(await LineAsync(288_437)));
        Assert.True((await BankDesk.LeaveAsync((await LineAsync(100_000)).Id, Admin, default)).Ok);
        IsDone(await ConfirmAsync(await LineAsync(-12_000)));
        // Paid by the books on the 30th, by the bank in December.
        await PostAsync(new(2026, 11, 30), Of.Guards, Of.Bank, 1_500_000);
        var standing = (await WorkAsync()).Standing;
        Assert.Equal((3_376_437m, 1_500_000m, 1_876_437m, 0m), (standing.Bank!.Value, standing.InTransit, standing.Books, standing.Difference));

        Assert.True((await Reconciler.SetBalanceAsync(Account, November, 3_376_436, Admin, default)).Ok);
        var refused = await Reconciler.CloseAsync(Account, November, Admin, default);
        Assert.Equal(("bank.difference", -1m), (Code(refused), refused.Error!.Values[0]));
        Assert.True((await Reconciler.SetBalanceAsync(Account, November, 3_376_437, Admin, default)).Ok);
        Assert.True((await Reconciler.CloseAsync(Account, November, Admin, default)).Ok);
        var closed = (await WorkAsync()).Closed!;
        Assert.Equal((3_376_437m, 1_500_000m, 1_876_437m, "Carolina Mejía"), (closed.Bank, closed.InTransit, closed.Books, closed.By));
        Assert.Equal("bank.closed", Code(await Reconciler.CloseAsync(Account, November, Admin, default)));
        Assert.Equal("bank.closed", Code(await Reconciler.SetBalanceAsync(Account, November, 1, Admin, default)));
    }

    [Fact]
    public async Task A_closed_month_keeps_its_lines_and_opens_again_only_with_a_reason()
    {
        await CloseNovemberAsync();
        var line = (await Bank.LinesAsync(Account, new(), Admin, default)).Rows[0];
        Assert.Equal("bank.closed", Code(await BankDesk.TakeBackAsync(line.Id, "x", Admin, default)));
        var late = await Importer.ImportAsync(Account, "n.csv", File((9, "OTRA", "", 5_000)), Format, false, Admin, default);
        Assert.Equal("bank.import.closed", Code(late));
        Assert.True((await Importer.ImportAsync(Account, "n.csv", File((19, "COMISION", "", -12_000)), Format, false, Admin, default)).Ok);

        Assert.Equal("required", Code(await Reconciler.ReopenAsync(Account, November, "", Admin, default)));
        Assert.True((await Reconciler.ReopenAsync(Account, November, "Faltó una línea", Admin, default)).Ok);
        Assert.Equal("bank.not_closed", Code(await Reconciler.ReopenAsync(Account, November, "otra vez", Admin, default)));
        var work = await WorkAsync();
        Assert.Null(work.Closed);
        Assert.Equal(("Faltó una línea", "Carolina Mejía"), (Assert.Single(work.Before).Reason, work.Before[0].ReopenedBy));
        Assert.True((await BankDesk.TakeBackAsync(line.Id, "No era", Admin, default)).Ok);
    }

    [Fact]
    public async Task A_month_that_runs_is_not_closed_and_the_next_one_is_due()
    {
        Assert.True((await Reconciler.SetBalanceAsync(Account, November, 1, Admin, default)).Ok);
        Assert.Equal("bank.running", Code(await Reconciler.CloseAsync(Account, November, Admin, default)));
        Assert.Equal((November, 3, 376_437m), Row(await AccountAsync()));
        await CloseNovemberAsync();
        Assert.Equal((new DateOnly(2026, 12, 1), 0, 0m), Row(await AccountAsync()));
        Assert.Equal(100_000, (await AccountAsync()).Unidentified);
    }

    [Fact]
    public async Task A_line_that_is_booked_in_the_next_month_is_on_its_way_in_its_own()
    {
        World.On(new(2026, 12, 2));
        await CloseAsync(new(2026, 10, 1));
        await CloseAsync(November);
        IsDone(await ConfirmAsync(await LineAsync(288_437)));
        var standing = (await WorkAsync()).Standing;
        Assert.Equal((288_437m, 3_000_000m), (standing.InTransit, standing.Books));
        Assert.True(Assert.Single(standing.Transit).Later);
    }

    private async Task CloseNovemberAsync()
    {
        World.On(new(2026, 12, 2));
        IsDone(await ConfirmAsync(await LineAsync(288_437)));
        Assert.True((await BankDesk.LeaveAsync((await LineAsync(100_000)).Id, Admin, default)).Ok);
        IsDone(await ConfirmAsync(await LineAsync(-12_000)));
        Assert.True((await Reconciler.SetBalanceAsync(Account, November, 3_376_437, Admin, default)).Ok);
        var closed = await Reconciler.CloseAsync(Account, November, Admin, default);
        Assert.True(closed.Ok, closed.Error?.Code);
    }

    private async Task<BankAccountRow> AccountAsync() => (await Bank.AccountsAsync(Admin, default)).Single(a => a.Id == Account);

    private static (DateOnly, int, decimal) Row(BankAccountRow row) => (row.Due!.Value, row.Open, row.OpenSum);

    private static string Code(Data.Result result) => result.Error!.Code;
}
