using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Operations;

internal static class OperationsRegistration
{
    public static IServiceCollection AddOperationsData(this IServiceCollection services) => services
        .AddSingleton<SettingsService>()
        .AddScoped<OperationsService>()
        .AddScoped<DocumentVerification>()
        .AddSingleton<IJobHandler, DailyFigures>()
        .AddSingleton<IJobHandler, SpentJobs>();
}
