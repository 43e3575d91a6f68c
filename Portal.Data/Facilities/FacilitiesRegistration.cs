using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;
using Portal.Data.Pictures;

namespace Portal.Data.Facilities;

public static class FacilitiesRegistration
{
    public static IServiceCollection AddFacilitiesData(this IServiceCollection services) => services
        .AddScoped<FacilityService>()
        .AddScoped<FacilityKinds>()
        .AddSingleton<PictureDrawing>()
        .AddScoped<FacilityPhotos>()
        .AddScoped<BlackoutService>()
        .AddScoped<BookingService>()
        .AddScoped<ReservationService>()
        .AddScoped<ReservationChanges>()
        .AddScoped<WaitingList>()
        .AddScoped<CheckInService>()
        .AddScoped<SeriesService>()
        .AddScoped<ConfirmationService>()
        .AddScoped<CalendarFeedService>()
        .AddScoped<Occupancy.OccupancyService>()
        .AddScoped<ReservationLists>()
        .AddScoped<OwnReservations>()
        .AddScoped<IJobHandler>(s => s.GetRequiredService<WaitingList>())
        .AddScoped<IJobHandler, PhotoScaling>()
        .AddScoped<IJobHandler, ReservationTelling>()
        .AddScoped<IJobHandler, HoldExpiry>()
        .AddScoped<IJobHandler, ReservationUpkeep>()
        .AddScoped<IJobHandler, ReservationReminders>();
}
