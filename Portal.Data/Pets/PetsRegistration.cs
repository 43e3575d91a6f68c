using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Pets;

internal static class PetsRegistration
{
    public static IServiceCollection AddPetsData(this IServiceCollection services) => services
        .AddScoped<PetService>();
}
