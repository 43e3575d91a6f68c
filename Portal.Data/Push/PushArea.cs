using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Data.Push;

internal sealed class PushArea : DataArea
{
    public override void Register(IServiceCollection services)
    {
        services.AddDataProtection();
        services.TryAddSingleton(new PushOptions());
        services.AddSingleton<PushKeys>().AddScoped<PushService>();
    }
}
