using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Operations;

namespace Portal.Data;

public static class PortalDataServices
{
    /// <summary>The key of the <see cref="PortalStore"/> that may change and remove lines of the audit log (<see cref="AccountRights"/>).
    /// </summary>
    public const string Keeper = "keeper";

    /// <summary>Registers the data layer: the context, and each area with its services and jobs (<see cref="DataArea"/>).</summary>
    /// <param name="services">Where to.</param>
    /// <param name="database">Chooses the provider and the connection.</param>
    /// <param name="zone">The building's time zone.</param>
    /// <param name="keeper">The same database as the account that retention, the archive and the seals work with (<see cref="Keeper"/>);
    /// null, or null for what it gives: the portal's own.</param>
    public static IServiceCollection AddPortalData(
        this IServiceCollection services, Action<DbContextOptionsBuilder> database, TimeZoneInfo zone,
        Func<Action<DbContextOptionsBuilder>?>? keeper = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DatabaseWatch>();
        services.TryAddSingleton<StatementFigures>();
        services.TryAddSingleton<PortalVitals>();
        services.AddPooledDbContextFactory<PortalDb>((provider, options) =>
        {
            Intercept(provider, options);
            database(options);
        });
        services.AddSingleton<PortalStore>();
        services.AddKeyedSingleton<PortalStore>(
            Keeper,
            (provider, _) => keeper?.Invoke() is { } own ? StoreOn(provider, own) : provider.GetRequiredService<PortalStore>());
        services.AddSingleton(provider => new BuildingClock(provider.GetRequiredService<TimeProvider>(), zone));
        foreach (var area in DataArea.All) area.Register(services);
        return services;
    }

    /// <summary>A store of another account, or of another database: a restored one.</summary>
    internal static PortalStore StoreOn(IServiceProvider provider, Action<DbContextOptionsBuilder> database)
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        options.UseApplicationServiceProvider(provider);
        Intercept(provider, options);
        database(options);
        return ActivatorUtilities.CreateInstance<PortalStore>(provider, new PooledDbContextFactory<PortalDb>(options.Options));
    }

    // The watch first: what is known to be away is not opened, and whatever comes after it opens.
    private static void Intercept(IServiceProvider provider, DbContextOptionsBuilder options) =>
        options.AddInterceptors(provider.GetRequiredService<DatabaseWatch>(), UnitName.InQueries, RowLocks.InQueries,
            new StatementWatch(provider.GetRequiredService<StatementFigures>()));

    /// <summary>What goes on in the background of a portal: the live feed's reader and the job queue.</summary>
    public static IServiceCollection AddPortalDataBackground(this IServiceCollection services)
    {
        services.AddHostedService<LiveFeedReader>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService<DailyWork>();
        services.AddHostedService<Backups.LogArchiver>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        return services;
    }
}
