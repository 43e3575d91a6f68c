using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Privacy;

internal sealed class PrivacyArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<DataRequestService>()
        .AddScoped<DataRequestDesk>()
        .AddScoped<PersonalDataService>()
        .AddScoped<DataPolicyService>()
        .AddScoped<RetentionService>()
        .AddNightlyJob<RetentionJob>(RetentionJob.JobKind, RetentionJob.At)
        .AddScoped<ErasureService>()
        .AddSingleton<ErasureList>()
        .AddSingleton<ErasureReplay>()
        .AddScoped<IJobHandler, ErasureJob>()
        .AddDailyJob<DataRequestAlarms>(DataRequestAlarms.JobKind, DataRequestAlarms.At);
}
