using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.People;

internal sealed class PeopleArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<PeopleService>();
}
