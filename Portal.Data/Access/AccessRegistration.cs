using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Access;

internal static class AccessRegistration
{
    public static IServiceCollection AddAccessData(this IServiceCollection services) => services
        .AddScoped<AccessService>();
}
