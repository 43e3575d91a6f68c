using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Operations;

namespace Portal.Data.Assemblies;

internal sealed class AssembliesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<AssemblyService>()
        .AddScoped<AssemblyDesk>()
        .AddScoped<AssemblyRegister>()
        .AddScoped<AssemblyVoting>()
        .AddScoped<AssemblyActs>()
        .AddScoped<AssemblyWall>()
        .AddScoped<IJobHandler, AssemblyCall>();
}
