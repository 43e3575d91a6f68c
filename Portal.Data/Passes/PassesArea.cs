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
        .AddScoped<ExpiredPasses>().AddScoped<IJobHandler>(provider => provider.GetRequiredService<ExpiredPasses>());
}
