using Bunit;
using Microsoft.EntityFrameworkCore;
using Portal.Areas.Payments;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Tests.Server;

namespace Portal.Tests.Payments;

/// <summary>A resident tells of a payment, with its real services on a real server; only the browser is missing.</summary>
public sealed class ReportPaymentPageTests(TestDatabase database) : PageContext(database)
{
    [Fact]
    public async Task A_resident_names_only_what_is_due()
    {
        var home = await World.HomeAsync();
        await World.ChargeAsync(home, 400_000, due: new(2026, 10, 15));
        await World.ChargeAsync(home, 3_824, ChargeKind.Interest, due: new(2026, 10, 31));
        var november = await World.ChargeAsync(home, 400_000, due: new(2026, 11, 15));
        await World.ChargeAsync(home, 210_000, ChargeKind.ExtraFee, due: new(2026, 12, 31));
        SignIn(home.User);

        var page = Render<ReportPayment>();

        // The order of the law, and the two fees that are due: neither the interest nor what falls due later.
        Assert.Equal(3, page.WaitForElements("#f-namedchargeid option", 3).Count);
        await page.InvokeAsync(() => page.Find("#f-amount").Change("400000"));
        await page.InvokeAsync(() => page.Find("#f-methodid").Change("2"));
        await page.InvokeAsync(() => page.Find("#f-reference").Change("8841"));
        await page.InvokeAsync(() => page.Find("#f-namedchargeid").Change($"{november}"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForElement(".report-done");
        Assert.Equal(november, await World.ReadAsync(db => db.Payments.Select(p => p.NamedChargeId).SingleAsync()));
    }
}
