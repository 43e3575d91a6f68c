using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Gate;

internal static class GateRegistration
{
    public static IServiceCollection AddGateData(this IServiceCollection services) => services
        .AddScoped<GateService>()
        .AddScoped<GateLookup>()
        .AddScoped<VisitService>()
        .AddScoped<NoteService>()
        .AddScoped<GuardService>()
        .AddScoped<PackageService>()
        .AddScoped<VisitorRetention>()
        .AddSingleton<IJobHandler, ForgottenExits>()
        .AddSingleton<IJobHandler, ExpiredVisits>();
}
