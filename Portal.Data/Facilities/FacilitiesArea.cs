using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;
using Portal.Data.Pictures;

namespace Portal.Data.Facilities;

internal sealed class FacilitiesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddSingleton<FacilityChoices>()
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
        .AddScoped<IJobHandler, ReservationNotifier>()
        .AddScoped<IJobHandler, HoldExpiry>()
        .AddFrequentJob<ReservationUpkeep>(ReservationUpkeep.JobKind, TimeSpan.FromMinutes(15))
        .AddDailyJob<ReservationReminders>(ReservationReminders.JobKind, ReservationReminders.At);
}
