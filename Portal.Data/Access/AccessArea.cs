using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Access;

internal sealed class AccessArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<AccessService>()
        .AddSingleton<ModuleStates>()
        .AddScoped<ModuleService>();
}
