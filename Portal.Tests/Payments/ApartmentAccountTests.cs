using Portal.Data;
using Portal.Data.Collection;
using Portal.Data.Home;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Payments;

public sealed class ApartmentAccountTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task An_account_tells_what_is_overdue_what_is_not_yet_due_and_what_waits()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 510_000, issued: new(2026, 10, 1), due: new(2026, 10, 15));
        await world.ChargeAsync(home, 12_016, ChargeKind.Interest, new(2026, 10, 31), new(2026, 10, 31));
        await world.ChargeAsync(home, 510_000);
        await world.ChargeAsync(home, 100_000, ChargeKind.Booking, new(2026, 11, 12), PaymentWorld.Today);
        await world.ReportedAsync(home, 1_100_000);

        var account = (await world.Accounts.FindAsync(home.Id, home.User, default))!;

        Assert.Equal((1_132_016m, 522_016m, 610_000m, 1_100_000m), (account.Owed, account.Overdue, account.NotYetDue, account.Waiting));
        Assert.Equal(ChargeKind.Interest, account.Open[0].Kind);
        Assert.Equal(32_016m, account.ToReport);
    }

    [Fact]
    public async Task Overdue_is_what_was_due_before_today_wherever_it_is_asked()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 1, due: PaymentWorld.Today.AddDays(1));
        await world.ChargeAsync(home, 20, due: PaymentWorld.Today);
        await world.ChargeAsync(home, 300, due: PaymentWorld.Today.AddDays(-1));
        await world.ChargeAsync(home, 4_000, due: PaymentWorld.Today.AddDays(-31));
        await world.ChargeAsync(home, 50_000, due: PaymentWorld.Today.AddDays(-61));
        await world.ChargeAsync(home, 600_000, due: PaymentWorld.Today.AddDays(-91));
        var staff = await world.StaffAsync();
        var account = (await world.Accounts.FindAsync(home.Id, home.User, default))!;
        var first = (await world.Get<HomeService>().OwnerAsync(home.Id, home.User, default)).Value;
        var debtors = await world.Get<DebtorService>().ListAsync(new ListQuery(Size: 100), staff, default);
        var row = debtors.Rows.Single(r => r.ApartmentId == home.Id);

        Assert.Equal((654_300m, 654_300m, 654_300m), (account.Overdue, first.Money!.Overdue, row.Owed));
        Assert.Equal(new DebtAges(300, 4_000, 50_000, 600_000, 0, 0), row.Ages);
    }

    [Fact]
    public async Task The_totals_of_debtors_are_of_all_that_is_found_and_not_of_a_page()
    {
        await using var world = new PaymentWorld(Database);
        var (a, b) = (await world.HomeAsync("Xiomara", "Zuluaga"), await world.HomeAsync("Xiomara", "Zuluaga"));
        await world.ChargeAsync(a, 100, due: PaymentWorld.Today.AddDays(-1));
        await world.ChargeAsync(a, 2_000, due: PaymentWorld.Today.AddDays(-100));
        await world.ChargeAsync(b, 30_000, due: PaymentWorld.Today.AddDays(-40));
        var (service, staff) = (world.Get<DebtorService>(), await world.StaffAsync());
        var page = new ListQuery("Xiomara Zuluaga", Size: 1);
        Assert.Single((await service.ListAsync(page, staff, default)).Rows);
        Assert.Equal(new DebtorTotals(2, 32_100, 0, new DebtAges(100, 30_000, 0, 2_000, 0, 0)), await service.TotalsAsync(page, staff, default));
        var old = page with { Filters = new Dictionary<string, string> { ["age"] = "91" } };
        Assert.Equal(new DebtorTotals(1, 2_100, 0, new DebtAges(100, 0, 0, 2_000, 0, 0)), await service.TotalsAsync(old, staff, default));
        Assert.Equal(0, (await service.TotalsAsync(new ListQuery("nobody at all"), staff, default))!.Apartments);
        Assert.Null(await service.TotalsAsync(page, a.User, default));
    }

    [Fact]
    public async Task A_statement_ends_with_what_is_owed_less_the_credit()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 100_000, issued: new(2026, 8, 1));
        await world.ChargeAsync(home, 100_000, issued: new(2026, 9, 1));
        await world.ChargeAsync(home, 100_000, issued: new(2026, 11, 1));
        var voided = await world.PaidAsync(home, 40_000);
        await world.PaidAsync(home, 120_000);
        await world.Desk.VoidAsync(voided.Id, "error", CurrentUser.System, default);

        var statement = (await world.Accounts.StatementAsync(home.Id, new(2026, 9, 1), PaymentWorld.Today, home.User, default))!;

        Assert.Equal((100_000m, 180_000m, "Andrea Ruiz"), (statement.Opening, statement.Closing, statement.Owner));
        Assert.Equal(statement.Account.Owed - statement.Account.Credit, statement.Closing);
        Assert.Equal([200_000m, 300_000m, 300_000m, 180_000m, 180_000m], statement.Movements.Select(m => m.Balance));
        Assert.Equal(PaymentState.Cancelled, statement.Movements[2].State);
        var note = statement.Movements[4].Note!;
        Assert.Equal(("NA-2026-000001", voided.Receipt), (note.Number, note.VoidedReceipt));
    }

    [Fact]
    public async Task Arrears_are_counted_by_how_long_ago_they_fell_due()
    {
        await using var world = new PaymentWorld(Database);
        var before = await world.Accounts.AgeingAsync(CurrentUser.System, default);
        var (a, b) = (await world.HomeAsync(), await world.HomeAsync());
        await world.ChargeAsync(a, 1, due: PaymentWorld.Today);
        await world.ChargeAsync(a, 10, due: PaymentWorld.Today.AddDays(-1));
        await world.ChargeAsync(b, 20, due: PaymentWorld.Today.AddDays(-30));
        await world.ChargeAsync(a, 300, due: PaymentWorld.Today.AddDays(-31));
        await world.ChargeAsync(a, 4_000, due: PaymentWorld.Today.AddDays(-90));
        await world.ChargeAsync(a, 50_000, due: PaymentWorld.Today.AddDays(-91));

        var ageing = await world.Accounts.AgeingAsync(CurrentUser.System, default);

        Assert.All(before, bucket => Assert.Equal(0, bucket.Owed));
        Assert.Equal([30m, 300m, 4_000m, 50_000m], ageing.Select(bucket => bucket.Owed));
        Assert.Equal([2, 1, 1, 1], ageing.Select(bucket => bucket.Apartments));
    }

    [Fact]
    public async Task Months_compare_what_was_billed_with_what_came_in()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        await world.ChargeAsync(home, 500, issued: new(2026, 10, 1));
        await world.ChargeAsync(home, 700, issued: new(2026, 11, 1));
        await world.PaidAsync(home, 600);

        var months = await world.Accounts.MonthsAsync(12, CurrentUser.System, default);

        Assert.Equal((12, new DateOnly(2025, 12, 1)), (months.Count, months[0].Month));
        Assert.Equal([(500m, 0m), (700m, 600m)], months.TakeLast(2).Select(m => (m.Billed, m.Collected)));
    }
}
