using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Parking;

internal sealed class ParkingArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<ParkingService>()
        .AddScoped<ParkingPlans>()
        .AddScoped<VehicleService>()
        .AddFrequentJob<ParkingAlarms>(ParkingAlarms.JobKind, TimeSpan.FromMinutes(15));
}
