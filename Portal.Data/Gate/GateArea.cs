using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Gate;

internal sealed class GateArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<GateService>()
        .AddScoped<GateLookup>()
        .AddScoped<VisitService>()
        .AddScoped<NoteService>()
        .AddScoped<VisitorRetention>()
        .AddScoped<VisitReports>()
        .AddSingleton<VisitLooks>()
        .AddScoped<GateEvents>()
        .AddScoped<TerminalService>()
        .AddScoped<TerminalState>()
        .AddScoped<PinService>()
        .AddScoped<ConflictService>()
        .AddScoped<HandoverService>()
        .AddScoped<IncidentService>()
        .AddSingleton<GateKey>()
        .AddSingleton<GateCodes>()
        .AddSingleton<GateSnapshots>()
        .AddNightlyJob<ForgottenExits>(ForgottenExits.JobKind, new TimeOnly(4, 0))
        .AddScoped<ExpiredVisits>().AddScoped<IJobHandler>(provider => provider.GetRequiredService<ExpiredVisits>());
}
