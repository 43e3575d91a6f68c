using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Packs;

internal sealed class PacksArea : DataArea
{
    public override void Register(IServiceCollection services) =>
        services.AddSingleton<PackKey>().AddSingleton<PackMaker>().AddSingleton<PackIntake>();
}
