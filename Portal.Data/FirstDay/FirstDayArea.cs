using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.FirstDay;

internal sealed class FirstDayArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<BuildingImporter>()
        .AddScoped<BuildingGenerator>()
        .AddSingleton<SetUpGuide>();
}
