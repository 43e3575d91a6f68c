using Portal.Data;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Ledger;

/// <summary>The accounts of the chart as the migrations number them.</summary>
internal static class Of
{
    public const int Cash = 1, Bank = 2, FundBank = 3, Fees = 4, Interest = 5, Suppliers = 7, Credits = 8, Unidentified = 10, Reserve = 11,
        Result = 12, FeeIncome = 13, Discounts = 15, InterestIncome = 18, Guards = 23, Energy = 24, BankCosts = 28, ReserveCosts = 29,
        Gateway = 30;
}

/// <summary>A building at Friday 20 November 2026 with books, and somebody who may do everything with them.</summary>
public abstract class LedgerTest(TestDatabase database) : DatabaseTest(database)
{
    private protected static readonly DateOnly Today = PaymentWorld.Today;

    private protected PaymentWorld World { get; private set; } = null!;
    private protected CurrentUser Admin { get; private set; } = null!;

    private protected LedgerService Books => World.Get<LedgerService>();
    private protected LedgerDesk Desk => World.Get<LedgerDesk>();
    private protected LedgerClosing Closing => World.Get<LedgerClosing>();
    private protected LedgerAccounts Accounts => World.Get<LedgerAccounts>();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        World = new PaymentWorld(Database);
        Admin = await World.AdminAsync();
    }

    public override async Task DisposeAsync()
    {
        await World.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected async Task<Posted> PostAsync(DateOnly day, int debit, int credit, decimal amount)
    {
        var posted = await Desk.PostAsync(new HandEntry(day, "A mano", [new(debit, amount, 0), new(credit, 0, amount)]), Admin, default);
        Assert.True(posted.Ok, posted.Error?.Code);
        return posted.Value;
    }

    private protected async Task<TrialRow> RowAsync(int account, DateOnly? day = null) =>
        (await Books.BalanceAsync(day ?? Today, Admin, default))!.Rows.Single(r => r.Id == account);

    private protected async Task<decimal> BalanceAsync(int account, DateOnly? day = null) => (await RowAsync(account, day)).Closing;

    private protected async Task CloseAsync(DateOnly month)
    {
        var closed = await Closing.CloseMonthAsync(month, Admin, default);
        Assert.True(closed.Ok, closed.Error?.Code);
    }

    private protected async Task<LedgerProof> ProofAsync() => (await Books.ProofAsync(Admin, default))!;

    /// <summary>The night's proof.</summary>
    private protected Task ProveAsync() => new LedgerProofJob(World.Store, World.Get<BuildingClock>()).RunAsync(Today, default);

    private protected async Task PayAsync(PaymentWorld.Home home, decimal amount, DateOnly on)
    {
        var input = PaymentWorld.Input(home, amount, null) with { Date = on, Time = null };
        var recorded = await World.Desk.RecordAsync(input, Admin, default);
        Assert.True(recorded.Ok, recorded.Error?.Code);
    }
}
