using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Audit;

internal static class AuditRegistration
{
    public static IServiceCollection AddAuditData(this IServiceCollection services) => services
        .AddSingleton<LiveFeed>()
        .AddScoped<AuditService>();
}
