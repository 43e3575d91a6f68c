using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Audit;

internal sealed class AuditArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<LiveFeed>()
        .AddScoped<AuditService>()
        .AddScoped<ComplianceService>()
        .AddNightlyJob<AuditArchive>(AuditArchive.JobKind, AuditArchive.At);
}
