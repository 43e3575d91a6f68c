using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Demo;
using Portal.Data.Facilities;
using Portal.Data.Home;
using Portal.Data.MySql;
using Portal.Data.Payments;
using Portal.Data.Schema;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Demo;

public sealed class DemoSeedTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task The_demo_is_believable_to_the_last_peso_and_is_seeded_once()
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddPortalData(
                options => options.UseMySql(Database.ConnectionString, mysql => mysql.EnableRetryOnFailure()),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        var store = services.GetRequiredService<PortalStore>();
        var clock = services.GetRequiredService<BuildingClock>();
        var seed = new DemoSeed(store, clock);

        Assert.True(
            await seed.RunAsync(DemoSeed.StandardSize, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default)
        );
        Assert.False(await seed.RunAsync(DemoSeed.StandardSize, new Lazy<string>("-"), new Progress<string>(), default));

        await using var db = await store.OpenAsync(CurrentUser.System, default);
        if (await ModelCheck.DifferencesAsync(db, Database.ConnectionString, extras: true) is { Count: > 0 } differences)
            Assert.Fail(string.Join(Environment.NewLine, differences));
        Assert.Equal(DemoSeed.StandardSize, await db.Apartments.CountAsync());
        Assert.Equal(100m, await db.Apartments.SumAsync(a => a.Coefficient));

        var applied = await db
            .PaymentApplications.Where(a => !a.Reversed)
            .GroupBy(a => a.ChargeId)
            .Select(g => new { g.Key, Sum = g.Sum(a => a.Amount) })
            .ToDictionaryAsync(g => g.Key, g => g.Sum);
        foreach (var charge in await db.Charges.AsNoTracking().ToListAsync())
        {
            Assert.Equal(charge.Paid, applied.GetValueOrDefault(charge.Id));
            Assert.Equal(charge.Paid == charge.Amount, charge.Status == ChargeState.Paid);
        }

        var overlaps = await db.Reservations.CountAsync(r =>
            r.StatusId != ReservationState.Cancelled
            && !r.Facility!.Shared
            && db.Reservations.Any(o =>
                o.Id > r.Id
                && o.FacilityId == r.FacilityId
                && o.StatusId != ReservationState.Cancelled
                && o.StartDate < r.EndDate
                && r.StartDate < o.EndDate
            )
        );
        Assert.Equal(0, overlaps);

        var receipts = await db.Payments.Where(p => p.ReceiptNumber != null).Select(p => p.ReceiptNumber!).ToListAsync();
        foreach (var year in receipts.GroupBy(r => r[..8]))
        {
            Assert.Equal(Enumerable.Range(1, year.Count()).Select(i => $"{year.Key}{i:000000}"), year.Order());
        }

        var home = services.CreateScope().ServiceProvider.GetRequiredService<HomeService>();
        var office = (await home.OfficeAsync(CurrentUser.System, default)).Value;
        Assert.Equal((3, 248), (office.Towers, office.Apartments));
        Assert.Equal(2, office.Overdue.Count);
        Assert.Equal(14, office.Cases.Count);
        Assert.Equal(7, office.Pending.Count);
        Assert.Equal(1, office.Overstays.Count);
        Assert.Equal(12, office.Collection.Months.Count);
        Assert.Equal(
            await db.Charges.Where(c => c.Status == ChargeState.Open && c.DueOn < clock.Today).SumAsync(c => c.Amount - c.Paid),
            office.Arrears.Total
        );
        Assert.Equal(6, office.Today.Count);
        var guard = (await home.GuardAsync(CurrentUser.System, default)).Value;
        Assert.Equal(9, guard.Inside.Count);

        Assert.Equal(7, await db.Payments.CountAsync(p => p.StatusId == PaymentState.Pending));
        Assert.Equal(3_842_000m, await db.Payments.Where(p => p.StatusId == PaymentState.Pending).SumAsync(p => p.Amount));
    }
}
