using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Guards;

internal sealed class GuardsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<GuardService>()
        .AddScoped<RosterService>()
        .AddDailyJob<GuardCovers>(GuardCovers.JobKind, GuardCovers.At);
}
