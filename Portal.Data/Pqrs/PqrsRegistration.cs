using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Pqrs;

internal static class PqrsRegistration
{
    public static IServiceCollection AddPqrsData(this IServiceCollection services) => services
        .AddScoped<PqrsService>()
        .AddScoped<PqrsFilingService>()
        .AddScoped<PqrsPetitionerService>()
        .AddScoped<PqrsHandlingService>();
}
