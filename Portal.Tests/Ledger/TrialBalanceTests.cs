using Portal.Data;
using Portal.Data.Ledger;
using Portal.Data.Payments;
using Portal.Tests.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Ledger;

/// <summary>What the balance of a day says, and what stands behind each of its accounts.</summary>
public sealed class TrialBalanceTests(TestDatabase database) : LedgerTest(database)
{
    [Fact]
    public async Task The_balance_of_a_day_is_the_month_before_and_the_month_through_the_day()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 400_000, ChargeKind.Fee, new(2026, 10, 1), new(2026, 10, 15));
        await World.ChargeAsync(home, 500_000, ChargeKind.Fee, new(2026, 11, 1), new(2026, 11, 30));
        await PayAsync(home, 450_000, new(2026, 11, 10));
        await PostAsync(new(2026, 11, 12), Of.Energy, Of.Bank, 90_000);

        Assert.Equal((400_000m, 500_000m, 450_000m, 450_000m), Figures(await RowAsync(Of.Fees)));
        Assert.Equal((400_000m, 500_000m, 0m, 900_000m), Figures(await RowAsync(Of.Fees, new(2026, 11, 9))));
        Assert.Equal((0m, 450_000m, 90_000m, 360_000m), Figures(await RowAsync(Of.Bank)));
        Assert.Equal((0m, 400_000m, 0m, 400_000m), Figures(await RowAsync(Of.Fees, new(2026, 10, 31))));
        await AgreesAsync(Today);
        await AgreesAsync(new(2026, 10, 31));
    }

    /// <summary>Months closed or not, before, between and after: the same figures.</summary>
    [Fact]
    public async Task Closing_months_changes_no_figure_of_any_day()
    {
        var home = await World.HomeAsync();
        foreach (var month in new[] { 8, 9, 10, 11 })
        {
            await World.ChargeAsync(home, 100_000 + month, ChargeKind.Fee, new(2026, month, 1), new(2026, month, 15));
            await PayAsync(home, 60_000 + month, new(2026, month, 14));
            await PostAsync(new(2026, month, 20), Of.Guards, Of.Unidentified, 30_000 + month);
        }

        DateOnly[] days =
            [new(2026, 7, 31), new(2026, 8, 14), new(2026, 8, 31), new(2026, 9, 15), new(2026, 10, 1), new(2026, 11, 13), Today];
        var before = await AllAsync(days);
        await CloseAsync(new(2026, 8, 1));
        Assert.Equal(before, await AllAsync(days));
        await CloseAsync(new(2026, 9, 30));
        await CloseAsync(new(2026, 10, 12));
        Assert.Equal(before, await AllAsync(days));
        Assert.True((await Closing.ReopenAsync(new(2026, 10, 1), "Faltó una factura", Admin, default)).Ok);
        Assert.Equal(before, await AllAsync(days));
        foreach (var day in days) await AgreesAsync(day);
    }

    [Fact]
    public async Task Behind_what_apartments_owe_stands_what_is_overdue_and_how_many_they_are()
    {
        var (one, two) = (await World.HomeAsync(), await World.HomeAsync("Luis", "Gómez"));
        await World.ChargeAsync(one, 400_000, ChargeKind.Fee, new(2026, 10, 1), new(2026, 10, 15));
        await World.ChargeAsync(one, 500_000, ChargeKind.Fee, new(2026, 11, 1), new(2026, 11, 30));
        await World.ChargeAsync(two, 210_000, ChargeKind.ExtraFee, new(2026, 11, 1), new(2026, 12, 31));
        await World.ChargeAsync(two, 30_000, ChargeKind.Fine, new(2026, 11, 1), new(2026, 11, 30));

        var view = (await Books.AccountAsync(Of.Fees, Today, Admin, default))!;
        Assert.Equal(new ReceivableParts(400_000, 500_000, 210_000, 2), view.Parts);
        Assert.Equal(view.Parts!.Total, view.Account.Closing);
        Assert.Equal((2, 2), (view.Latest.Count, view.Movements));
        Assert.Null((await Books.AccountAsync(Of.Fees, new(2026, 11, 19), Admin, default))!.Parts);
        Assert.Null((await Books.AccountAsync(Of.Bank, Today, Admin, default))!.Parts);
    }

    [Fact]
    public async Task An_accounts_movements_are_found_by_day_act_text_and_apartment_and_come_as_a_file()
    {
        var (one, two) = (await World.HomeAsync(), await World.HomeAsync("Luis", "Gómez"));
        await World.ChargeAsync(one, 400_000, ChargeKind.Fee, new(2026, 10, 1), new(2026, 10, 15));
        await World.ChargeAsync(two, 210_000, ChargeKind.ExtraFee, new(2026, 11, 1), new(2026, 12, 31));
        await PayAsync(one, 100_000, new(2026, 11, 10));

        var all = await Books.MovementsAsync(Of.Fees, new ListQuery(), Admin, default);
        Assert.Equal([-100_000m, 210_000m, 400_000m], all.Rows.Select(r => r.Amount));
        Assert.Equal((JournalAct.Payment, $"B {one.Number}"), (all.Rows[0].Act, all.Rows[0].Unit));
        Assert.Equal([210_000m], await AmountsAsync(new ListQuery($"B {two.Number}")));
        Assert.Equal([-100_000m], await AmountsAsync(new ListQuery("RC-2026-000001")));
        Assert.Equal([-100_000m], await AmountsAsync(Filtered("act", "payment")));
        Assert.Equal([400_000m], await AmountsAsync(Filtered("to", "2026-10-31")));

        var exported = new List<decimal>();
        await foreach (var row in Books.ExportAsync(Of.Fees, new ListQuery(Sort: "date"), Admin, default)) exported.Add(row.Amount);
        Assert.Equal([400_000m, 210_000m, -100_000m], exported);
    }

    private static ListQuery Filtered(string name, string value) => new(Filters: new Dictionary<string, string> { [name] = value });

    private async Task<List<decimal>> AmountsAsync(ListQuery query) =>
        [.. (await Books.MovementsAsync(Of.Fees, query, Admin, default)).Rows.Select(r => r.Amount)];

    private static (decimal, decimal, decimal, decimal) Figures(TrialRow row) => (row.Opening, row.Debit, row.Credit, row.Closing);

    private async Task<List<(DateOnly, string, decimal, decimal, decimal)>> AllAsync(DateOnly[] days)
    {
        var all = new List<(DateOnly, string, decimal, decimal, decimal)>();
        foreach (var day in days)
        {
            var balance = (await Books.BalanceAsync(day, Admin, default))!;
            all.AddRange(balance.Rows.Select(r => (day, r.Code, r.Opening, r.Debit, r.Credit)));
        }

        return all;
    }

    private async Task AgreesAsync(DateOnly day)
    {
        var rows = (await Books.BalanceAsync(day, Admin, default))!.Rows;
        Assert.Equal((0m, 0m, 0m), (rows.Sum(r => r.Opening), rows.Sum(r => r.Debit - r.Credit), rows.Sum(r => r.Closing)));
    }
}
