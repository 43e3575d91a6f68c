using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Expenses;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Ledger;

/// <summary>A building's November, from what was there before to the closed month: through the services, to the peso.</summary>
public sealed class BooksOfAMonthTests(TestDatabase database) : LedgerTest(database)
{
    private static readonly DateOnly October = new(2025, 10, 1), November = new(2025, 11, 1), End = new(2025, 11, 30);

    private PaymentWorld.Home[] _homes = [];

    [Fact]
    public async Task From_the_opening_balances_to_the_closed_month()
    {
        World.On(November);
        await BuildAsync();

        // October: 302 owes a fee and its interest, 101 has paid ahead. What that earned is the result of before.
        await World.ChargeAsync(_homes[5], 400_000, ChargeKind.Fee, October, new(2025, 10, 15));
        await PayAsync(_homes[0], 50_000, new(2025, 10, 31));
        Assert.True((await World.Get<InterestDesk>().PostAsync(October, 3_824, Admin, default)).Ok);
        var opened = await Desk.OpenAsync(
            new HandEntry(
                new(2025, 10, 31), "Saldos al 31 de octubre",
                [
                    new(Of.Bank, 2_950_000, 0), new(Of.FundBank, 500_000, 0), new(Of.FeeIncome, 400_000, 0),
                    new(Of.InterestIncome, 3_824, 0), new(Of.Reserve, 0, 500_000),
                ]),
            Admin, default);
        Assert.True(opened.Ok, opened.Error?.Code);
        Assert.Equal(
            [
                ("1110", 3_000_000m), ("1120", 500_000m), ("1305", 400_000m), ("1315", 3_824m), ("2805", -50_000m), ("3305", -500_000m),
                ("3605", -3_353_824m),
            ],
            await BalancesAsync(new(2025, 10, 31)));
        await CloseAsync(October);

        Assert.True((await World.Get<BillingDesk>().PostAsync(new(November, [1], 2_500_000), Admin, default)).Ok);
        World.On(End);
        (int Home, int Amount, int Day)[] paid = [(0, 288_437, 8), (2, 445_833, 9), (1, 356_250, 12), (3, 300_000, 14), (4, 447_917, 20)];
        foreach (var (home, amount, day) in paid) await PayAsync(_homes[home], amount, new(2025, 11, day));
        await PostAsync(new(2025, 11, 18), Of.Bank, Of.Unidentified, 100_000);
        var expenses = new ExpenseWorld(World, Admin);
        await expenses.PayAsync(await expenses.ApprovedAsync(1_500_000, Of.Guards, new(2025, 11, 25)), 1_500_000, new(2025, 11, 25));
        await expenses.ApprovedAsync(320_000, Of.Energy, new(2025, 11, 27));
        Assert.True((await Desk.BankCostAsync(new MoneyMove(End, 12_000), Admin, default)).Ok);
        Assert.True((await Desk.ContributeAsync(new MoneyMove(End, 25_000), Admin, default)).Ok);
        Assert.True((await World.Get<InterestDesk>().PostAsync(November, 7_336 + 4_107 + 1_337 + 8, Admin, default)).Ok);

        (string, decimal)[] closing =
        [
            ("1110", 3_401_437m), ("1120", 525_000m), ("1305", 995_119m), ("1315", 16_612m), ("2335", -320_000m), ("2805", -22_292m),
            ("2815", -100_000m), ("3305", -525_000m), ("3605", -3_353_824m), ("4170", -2_500_000m), ("4175", 40_105m), ("4210", -14_157m),
            ("5135", 1_500_000m), ("5140", 320_000m), ("5305", 12_000m), ("5395", 25_000m),
        ];
        Assert.Equal(closing, await BalancesAsync(End));
        Assert.Equal(6_835_273, closing.Sum(b => Math.Max(b.Item2, 0)));
        Assert.Equal(617_052, -closing.Where(b => b.Item1[0] is '4' or '5').Sum(b => b.Item2));

        World.On(new(2025, 12, 1));
        await CloseAsync(November);
        Assert.Equal(closing, await BalancesAsync(End));
        await ProveAsync();
        Assert.True((await ProofAsync()).Agrees);
    }

    private async Task<List<(string, decimal)>> BalancesAsync(DateOnly day) =>
        [.. (await Books.BalanceAsync(day, Admin, default))!.Rows.Where(r => r.Closing != 0).Select(r => (r.Code, r.Closing))];

    private async Task BuildAsync()
    {
        List<PaymentWorld.Home> homes = [];
        foreach (var coefficient in new[] { "14.25", "14.25", "17.833333", "17.833333", "17.916667", "17.916667" })
        {
            homes.Add(await World.HomeAsync("Dueño", $"{homes.Count}"));
            await Database.ExecuteAsync($"UPDATE apartments SET coefficient = {coefficient} WHERE id = {homes[^1].Id}");
        }

        _homes = [.. homes];
        await Database.ExecuteAsync("""
            UPDATE concepts SET basis = 'coefficient', amount = 2500000, discount_percent = 5, discount_day = 10 WHERE id = 1;
            INSERT INTO settings (name, value) VALUES ('interest_since', '2025-10-01');
            INSERT INTO interest_rates (month, certified, resolution) VALUES ('2025-10-01', 16.24, 'R. 1'), ('2025-11-01', 16.66, 'R. 2');
            """);
    }
}
