using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Pqrs;

internal sealed class PqrsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<PqrsChoices>()
        .AddScoped<PqrsService>()
        .AddScoped<PqrsFilingService>()
        .AddScoped<PqrsPetitionerService>()
        .AddScoped<PqrsHandlingService>()
        .AddScoped<PqrsAnonymousService>()
        .AddScoped<PqrsMergeService>()
        .AddScoped<PqrsReportService>()
        .AddScoped<PqrsAnswerService>()
        .AddScoped<PqrsFilterService>()
        .AddScoped<PqrsPresenceService>()
        .AddDailyJob<PqrsAlarmJob>(PqrsAlarmJob.JobKind, PqrsAlarmJob.At);
}
