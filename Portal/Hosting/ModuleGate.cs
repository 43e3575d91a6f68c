using Portal.Data.Access;

namespace Portal.Hosting;

/// <summary>Addresses of a module that is switched off answer as if they were not there.</summary>
public static class ModuleGate
{
    private static readonly (PathString Path, string Module)[] Addresses = 
        [("/maintenance", Modules.Maintenance), ("/programmes", Modules.Programmes)];

    /// <summary>Whose address it is; null for what is always there.</summary>
    public static string? ModuleOf(PathString path) => Array.Find(Addresses, one => path.StartsWithSegments(one.Path)).Module;

    public static void UseModules(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (ModuleOf(http.Request.Path) is not { } module
            || await http.RequestServices.GetRequiredService<ModuleStates>().IsOnAsync(module, http.RequestAborted))
            await next(http);
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    });
}
