using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Home;
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
                options => options.UseDatabase(Database.ConnectionString),
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
        await DemoPromises.BooksAsync(db);
        await DemoPromises.NothingIsFromTheFutureAsync(db, clock);
        await DemoPromises.NumbersAreWithoutGapsAsync(db);
        await using var scope = services.CreateAsyncScope();
        await DemoPromises.FiguresAsync(db, scope.ServiceProvider.GetRequiredService<HomeService>(), clock);
    }
}
