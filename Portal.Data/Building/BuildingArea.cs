using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Building;

internal sealed class BuildingArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<BuildingChoices>()
        .AddScoped<BuildingService>()
        .AddScoped<BuildingDesk>()
        .AddScoped<OccupancyService>()
        .AddSingleton<PublicBuildingSource>();
}
