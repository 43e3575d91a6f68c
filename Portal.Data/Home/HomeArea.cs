using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Home;

internal sealed class HomeArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<ArrearsByAge>()
        .AddScoped<HomeService>()
        .AddScoped<AwayService>()
        .AddScoped<SearchService>();
}
