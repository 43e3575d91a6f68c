using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Pets;

internal sealed class PetsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<PetService>()
        .AddScoped<PetPhotos>()
        .AddScoped<PetCensus>()
        .AddDailyJob<PetReminders>(PetReminders.JobKind, new TimeOnly(9, 0));
}
