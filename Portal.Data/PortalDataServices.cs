using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Home;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Data.Pets;
using Portal.Data.Pqrs;
using Portal.Data.Surveys;

namespace Portal.Data;

public static class PortalDataServices
{
    /// <summary>Registers the data layer: the context, and each area with its services and jobs.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="database">Chooses the provider and the connection.</param>
    /// <param name="zone">The building's time zone.</param>
    public static IServiceCollection AddPortalData(
        this IServiceCollection services, Action<DbContextOptionsBuilder> database, TimeZoneInfo zone)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DatabaseWatch>();
        services.AddPooledDbContextFactory<PortalDb>((provider, options) =>
        {
            database(options);
            options.AddInterceptors(UnitName.InQueries, provider.GetRequiredService<DatabaseWatch>());
        });
        services.AddSingleton<PortalStore>();
        services.AddSingleton(provider => new BuildingClock(provider.GetRequiredService<TimeProvider>(), zone));
        return services
            .AddAccessData()
            .AddAuditData()
            .AddBuildingData()
            .AddFacilitiesData()
            .AddGateData()
            .AddHomeData()
            .AddIdentityData()
            .AddNotificationsData()
            .AddOperationsData()
            .AddParkingData()
            .AddPaymentsData()
            .AddPeopleData()
            .AddPetsData()
            .AddPqrsData()
            .AddSurveysData();
    }

    /// <summary>What goes on in the background of a portal: the live feed's reader and the job queue.</summary>
    public static IServiceCollection AddPortalDataBackground(this IServiceCollection services)
    {
        services.AddHostedService<LiveFeedReader>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService<DailyWork>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        return services;
    }
}
