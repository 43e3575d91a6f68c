using Portal.Data;

namespace Portal.Areas;

/// <summary>
/// What an area adds to the web beside its pages: services of its screens, and endpoints (files, exports). Found by looking at the
/// assembly, as pages are: nothing has to know an area by its name.
/// </summary>
public abstract class WebArea
{
    public virtual void Register(IServiceCollection services)
    {
    }

    public abstract void Map(IEndpointRouteBuilder app);

    /// <summary>In the order of their names, the same on every start.</summary>
    internal static IEnumerable<WebArea> All => OneOfEach.Of<WebArea>();
}

public static class WebAreas
{
    public static void AddAreas(this IServiceCollection services)
    {
        foreach (var area in WebArea.All) area.Register(services);
    }

    public static void MapAreas(this IEndpointRouteBuilder app)
    {
        foreach (var area in WebArea.All) area.Map(app);
    }
}
