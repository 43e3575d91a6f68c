using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Building;

internal static class BuildingRegistration
{
    public static IServiceCollection AddBuildingData(this IServiceCollection services) => services
        .AddScoped<BuildingService>()
        .AddScoped<BuildingDesk>()
        .AddScoped<OccupancyService>()
        .AddSingleton<BuildingFaceSource>();
}
