using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Pets;

internal sealed class PetsArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<PetService>();
}
