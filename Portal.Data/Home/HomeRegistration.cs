using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Home;

internal static class HomeRegistration
{
    public static IServiceCollection AddHomeData(this IServiceCollection services) => services
        .AddSingleton<ArrearsByAge>()
        .AddScoped<HomeService>()
        .AddScoped<SearchService>();
}
