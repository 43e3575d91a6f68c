using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data;

/// <summary>
/// An area of the data layer says here what it registers: its services, its jobs and when they come back. Found by looking at the assembly,
/// as the tables (<c>IEntityTypeConfiguration</c>) are: nothing has to know an area by its name.
/// </summary>
internal abstract class DataArea
{
    public abstract void Register(IServiceCollection services);

    /// <summary>In the order of their names, the same on every start.</summary>
    public static IEnumerable<DataArea> All => OneOfEach.Of<DataArea>();
}
