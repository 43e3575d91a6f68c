using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Identity;
using Portal.Data.Schema;

namespace Portal.Bench;

/// <summary>The demo building in a database of its own, and the data layer over it.</summary>
internal sealed class TestBed : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestBed(string connectionString, ServiceProvider services, int server) =>
        (ConnectionString, _services, ServerProcess) = (connectionString, services, server);

    public string ConnectionString { get; }

    /// <summary>Id of the database server's process.</summary>
    public int ServerProcess { get; }

    public IServiceProvider Services => _services;

    public PortalStore Store => _services.GetRequiredService<PortalStore>();

    public BuildingClock Clock => _services.GetRequiredService<BuildingClock>();

    public static async Task<TestBed> PrepareAsync(string connectionString, int apartments, int server)
    {
        await new Migrator(connectionString, NullLogger<Migrator>.Instance).ApplyAsync();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddPortalData(
                options => options.UseDatabase(connectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        var bed = new TestBed(connectionString, services, server);
        var hash = new Lazy<string>(() => services.GetRequiredService<PasswordWork>().HashPassword(new User(), DemoSeed.Password));
        await new DemoSeed(bed.Store, bed.Clock).RunAsync(apartments, hash, new Progress<string>(), CancellationToken.None);
        return bed;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
