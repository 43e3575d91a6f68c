using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Audit;

internal sealed class AuditArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<LiveFeed>()
        .AddScoped<AuditService>()
        .AddScoped<ComplianceService>()
        .AddScoped<AuditChain>()
        .AddNightlyJob<AuditArchive>(AuditArchive.JobKind, AuditArchive.At)
        .AddNightlyJob<AuditSealJob>(AuditSealJob.JobKind, AuditSealJob.At)
        .AddScoped<IJobHandler, AuditCheckJob>();
}
