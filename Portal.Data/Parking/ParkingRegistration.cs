using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Parking;

internal static class ParkingRegistration
{
    public static IServiceCollection AddParkingData(this IServiceCollection services) => services
        .AddScoped<ParkingService>();
}
