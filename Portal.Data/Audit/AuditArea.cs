using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Audit;

internal sealed class AuditArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<LiveFeed>()
        .AddScoped<AuditService>();
}
