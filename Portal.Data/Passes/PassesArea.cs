using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Passes;

internal sealed class PassesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<PassService>()
        .AddScoped<OwnPasses>()
        .AddScoped<PublicPasses>()
        .AddScoped<GateBlockService>()
        .AddScoped<GateApprovalService>()
        .AddScoped<GateRuleService>()
        .AddNightlyJob<ExpiredPasses>(ExpiredPasses.JobKind, new TimeOnly(4, 40));
}
