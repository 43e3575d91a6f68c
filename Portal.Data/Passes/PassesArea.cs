using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Passes;

internal sealed class PassesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<PassService>()
        .AddScoped<OwnPasses>()
        .AddScoped<PublicPasses>()
        .AddScoped<GateBlockService>()
        .AddScoped<GateApprovalService>()
        .AddScoped<GateRuleService>();
}
