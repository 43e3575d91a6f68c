using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Payments;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Payments;

public sealed class PaymentReachTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task An_owner_reaches_only_what_is_theirs()
    {
        await using var world = new PaymentWorld(Database);
        var (mine, other) = (await world.HomeAsync(), await world.HomeAsync("Luis", "Quintero"));
        var own = await world.ReportedAsync(mine, 10_000);
        var foreign = await world.ReportedAsync(other, 20_000);

        Assert.Equal([own], (await world.Payments.ListAsync(new(), mine.User, default)).Page.Rows.Select(r => r.Id));
        Assert.Equal(10_000, (await world.Payments.ListAsync(new(), mine.User, default)).Pending);
        Assert.NotNull(await world.Payments.FindAsync(own, mine.User, default));
        Assert.Null(await world.Payments.FindAsync(foreign, mine.User, default));
        Assert.Null(await world.Accounts.FindAsync(other.Id, mine.User, default));
        Assert.Null(await world.Accounts.StatementAsync(other.Id, new(2026, 1, 1), PaymentWorld.Today, mine.User, default));
        Assert.Equal([mine.Id], (await world.Accounts.OwnAsync(mine.User, default)).Select(a => a.ApartmentId));
        Assert.Equal("not_found", (await world.Desk.ReportAsync(PaymentWorld.Input(other, 5), mine.User, default)).Error!.Code);
        Assert.Empty(await world.Payments.FindTwinsAsync(20_000, "R 2", null, null, mine.User, default));
    }

    [Fact]
    public async Task A_tenant_does_not_see_what_the_owner_pays()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var tenant = await world.TenantAsync(home);
        var paid = await world.ReportedAsync(home, 10_000);

        Assert.Null(await world.Payments.FindAsync(paid, tenant, default));
        Assert.Empty((await world.Payments.ListAsync(new(), tenant, default)).Page.Rows);
        Assert.Null(await world.Accounts.FindAsync(home.Id, tenant, default));
        Assert.Empty(await world.Accounts.OwnAsync(tenant, default));
        Assert.Equal("not_found", (await world.Desk.ReportAsync(PaymentWorld.Input(home, 5), tenant, default)).Error!.Code);
    }

    [Fact]
    public async Task A_payment_the_tenant_made_is_theirs_to_see()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var tenant = await world.TenantAsync(home);

        var id = (
            await world.Desk.RecordAsync(
                PaymentWorld.Input(home, 5_000) with
                {
                    PayerId = tenant.OwnerIds[0],
                },
                await world.StaffAsync(),
                default
            )
        ).Value;

        Assert.NotNull(await world.Payments.FindAsync(id, tenant, default));
    }

    [Fact]
    public async Task What_a_role_may_not_do_is_refused_below_the_screen()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var id = await world.ReportedAsync(home, 10_000);
        var guard = await world.WorkerAsync(Roles.Security);
        var staff = await world.StaffAsync();

        foreach (var user in new[] { home.User, guard, CurrentUser.Nobody })
        {
            Assert.Equal("forbidden", (await world.Desk.ConfirmAsync(id, user, default)).Error!.Code);
            Assert.Equal("forbidden", (await world.Desk.RejectAsync(id, "no", user, default)).Error!.Code);
            Assert.Equal("forbidden", (await world.Desk.VoidAsync(id, "no", user, default)).Error!.Code);
            Assert.Equal("forbidden", (await world.Desk.RecordAsync(PaymentWorld.Input(home, 1), user, default)).Error!.Code);
            Assert.Null(await world.Payments.RecordingSheetAsync(home.Id, user, default));
            Assert.Empty(await world.Payments.FindApartmentsAsync("12", user, default));
            Assert.Empty(await world.Accounts.AgeingAsync(user, default));
            Assert.Empty(await world.Accounts.MonthsAsync(12, user, default));
        }

        Assert.Null(await world.Payments.FindAsync(id, guard, default));
        Assert.Empty((await world.Payments.ListAsync(new(), guard, default)).Page.Rows);
        Assert.Equal("forbidden", (await world.Desk.VoidAsync(id, "no", staff, default)).Error!.Code);
        Assert.Equal("forbidden", (await world.Desk.ReportAsync(PaymentWorld.Input(home, 1), staff, default)).Error!.Code);
    }

    [Fact]
    public async Task One_who_may_record_but_not_confirm_leaves_it_pending()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var clerk = (await world.StaffAsync()) with
        {
            Permissions = new HashSet<string> { Permissions.PaymentsView, Permissions.PaymentsRecord },
        };

        var id = (await world.Desk.RecordAsync(PaymentWorld.Input(home, 5_000), clerk, default)).Value;

        Assert.Equal(PaymentState.Pending, (await world.Payments.FindAsync(id, clerk, default))!.State);
    }

    [Fact]
    public async Task Whoever_holds_a_receipt_learns_that_it_is_genuine_and_not_who_paid()
    {
        await using var world = new PaymentWorld(Database);
        var home = await world.HomeAsync();
        var paid = await world.PaidAsync(home, 77_000);

        foreach (
            var typed in new[]
            {
                paid.VerificationCode,
                paid.VerificationCode.ToLowerInvariant(),
                paid.VerificationCode.Replace("-", " ", StringComparison.Ordinal),
            }
        )
        {
            var found = (await world.Verification.FindReceiptAsync(typed, default))!;
            Assert.Equal((paid.Receipt, 77_000m, true, home.Number), (found.Number, found.Amount, found.Valid, found.Apartment));
        }

        Assert.Null(await world.Verification.FindReceiptAsync("2222-2222", default));
        Assert.Null(await world.Verification.FindReceiptAsync("' OR 1=1", default));
        Assert.Null(await world.Verification.FindReceiptAsync(null, default));
    }
}
