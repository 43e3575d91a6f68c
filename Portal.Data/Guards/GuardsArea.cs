using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Guards;

internal sealed class GuardsArea : DataArea
{
    public override void Register(IServiceCollection services) => services.AddScoped<GuardService>();
}
