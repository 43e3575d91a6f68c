using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Pqrs;

internal sealed class PqrsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<PqrsChoices>()
        .AddScoped<PqrsService>()
        .AddScoped<PqrsFilingService>()
        .AddScoped<PqrsPetitionerService>()
        .AddScoped<PqrsHandlingService>();
}
