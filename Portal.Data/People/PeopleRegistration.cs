using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.People;

internal static class PeopleRegistration
{
    public static IServiceCollection AddPeopleData(this IServiceCollection services) => services
        .AddScoped<PeopleService>();
}
