using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Parking;

internal sealed class ParkingArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<ParkingService>();
}
