using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Facilities;

public static class FacilitiesRegistration
{
    public static IServiceCollection AddFacilitiesData(this IServiceCollection services) => services
        .AddScoped<FacilityService>()
        .AddScoped<BlackoutService>()
        .AddScoped<BookingService>()
        .AddScoped<ReservationService>()
        .AddScoped<ReservationLists>();
}
