using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.People;

internal sealed class PeopleArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .ConfigureDbContext<PortalDb>(options => options.AddInterceptors(FullNames.InQueries))
        .AddScoped<PeopleService>();
}
