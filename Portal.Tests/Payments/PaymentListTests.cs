using Portal.Data;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Payments;

public sealed class PaymentListTests(TestDatabase database) : DatabaseTest(database)
{
    [Theory]
    [InlineData("ruiz", "1 2")]
    [InlineData("Óspina 0093", "3")]
    [InlineData("B 1204", "3 4")]
    [InlineData("RC-2026-000001", "1")]
    [InlineData("0093 118", "3")]
    [InlineData("nobody", "")]
    [InlineData("%", "")]
    public async Task The_search_looks_where_people_expect(string typed, string found)
    {
        await using var world = new PaymentWorld(Database);
        Assert.Equal(found, await FoundAsync(world, new(typed)));
    }

    [Theory]
    [InlineData("state=pending", "2 3")]
    [InlineData("state=paid,rejected", "1 4")]
    [InlineData("min=20000&max=30000", "2 3")]
    [InlineData("from=2026-11-20", "1 2 3 4")]
    [InlineData("to=2026-11-19", "")]
    [InlineData("kind=fee", "1")]
    [InlineData("kind=fine", "")]
    [InlineData("method=2", "1 2 3 4")]
    [InlineData("method=1", "")]
    [InlineData("state=nonsense&min=abc&from=yesterday", "1 2 3 4")]
    public async Task Filters_narrow_and_unreadable_ones_do_not(string filters, string found)
    {
        await using var world = new PaymentWorld(Database);
        Assert.Equal(
            found,
            await FoundAsync(world, new(Filters: filters.Split('&').Select(f => f.Split('=')).ToDictionary(f => f[0], f => f[1])))
        );
    }

    [Theory]
    [InlineData("amount", false, "1 2 3 4")]
    [InlineData("amount", true, "4 3 2 1")]
    [InlineData("payer", true, "3 4 1 2")]
    [InlineData("receipt", false, null)]
    [InlineData("apartment", false, null)]
    [InlineData("method", true, null)]
    [InlineData("state", false, null)]
    [InlineData("date", false, null)]
    [InlineData("confirmed", true, null)]
    [InlineData("nonsense", false, null)]
    public async Task Every_column_sorts(string sort, bool descending, string? order)
    {
        await using var world = new PaymentWorld(Database);
        var ids = await SeedAsync(world);
        var rows = (await world.Payments.ListAsync(new(Sort: sort, Descending: descending), CurrentUser.System, default)).Page.Rows;
        Assert.Equal(4, rows.Count);
        if (order is "1 2 3 4" or "4 3 2 1") Assert.Equal(order, string.Join(' ', rows.Select(r => ids.IndexOf(r.Id) + 1)));
        if (sort == "payer") Assert.Equal(["Camilo Ospina", "Camilo Ospina", "Andrea Ruiz", "Andrea Ruiz"], rows.Select(r => r.Payer));
    }

    [Fact]
    public async Task The_sums_are_those_of_every_page_and_a_page_is_never_larger_than_a_hundred()
    {
        await using var world = new PaymentWorld(Database);
        await SeedAsync(world);

        var page = await world.Payments.ListAsync(new(Page: 99, Size: 3, Sort: "amount"), CurrentUser.System, default);

        Assert.Equal((4, 10_000m, 50_000m), (page.Page.Total, page.Confirmed, page.Pending));
        Assert.Equal(40_000, Assert.Single(page.Page.Rows).Amount);
        var all = new List<PaymentRow>();
        await foreach (var row in world.Payments.ExportAsync(new(Size: 2), CurrentUser.System, default)) all.Add(row);
        Assert.Equal(4, all.Count);
    }

    [Fact]
    public async Task A_payment_that_waits_shows_where_its_money_would_go()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 10_000);
        await world.ChargeAsync(home, 500, ChargeKind.Interest);
        await world.ReportedAsync(home, 8_000);

        var row = Assert.Single((await world.Payments.ListAsync(new(), home.User, default)).Page.Rows);

        Assert.Equal([(ChargeKind.Interest, 500m), (ChargeKind.Fee, 7_500m)], row.AppliedTo.Select(a => (a.Kind, a.Amount)));
    }

    /// <summary>
    /// 1: Ruiz, confirmed, 10 000 to a fee. 2: Ruiz, pending, 20 000. 3: Ospina, pending, 30 000, "0093 118". 4: Ospina, rejected, 40 000.
    /// </summary>
    private static async Task<List<long>> SeedAsync(PaymentWorld world)
    {
        var (ruiz, ospina) = (await world.HomeAsync(), await world.HomeAsync("Camilo", "Ospina"));
        await world.ChargeAsync(ruiz, 50_000);
        List<long> ids =
        [
            (await world.PaidAsync(ruiz, 10_000)).Id,
            await world.ReportedAsync(ruiz, 20_000),
            await world.ReportedAsync(ospina, 30_000, "0093 118"),
            await world.ReportedAsync(ospina, 40_000),
        ];
        Assert.True((await world.Desk.RejectAsync(ids[3], "ilegible", CurrentUser.System, default)).Ok);
        return ids;
    }

    private static async Task<string> FoundAsync(PaymentWorld world, ListQuery query)
    {
        var ids = await SeedAsync(world);
        var page = await world.Payments.ListAsync(query, CurrentUser.System, default);
        Assert.Equal(page.Page.Total, page.Page.Rows.Count);
        return string.Join(' ', page.Page.Rows.Select(r => ids.IndexOf(r.Id) + 1).Order());
    }
}
