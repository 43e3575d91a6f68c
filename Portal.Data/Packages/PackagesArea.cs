using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Packages;

internal sealed class PackagesArea : DataArea
{
    public override void Register(IServiceCollection services) => services.AddScoped<PackageService>();
}
