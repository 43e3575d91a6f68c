using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Operations;

internal sealed class OperationsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<SettingsService>()
        .AddScoped<OperationsService>()
        .AddScoped<MonitorService>()
        .AddScoped<DocumentVerification>()
        .AddNightlyJob<DailyFigures>(DailyFigures.JobKind)
        .AddDailyJob<TableSizes>(TableSizes.JobKind)
        .AddNightlyJob<Integrity>(Integrity.JobKind, Integrity.At);
}
