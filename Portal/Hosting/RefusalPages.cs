using Microsoft.AspNetCore.Diagnostics;
using Portal.Components.Layout;

namespace Portal.Hosting;

/// <summary>Pages that answer in place of another (403, 404).</summary>
internal static class RefusalPages
{
    /// <summary>
    /// Loads the shell before such a page is drawn. The framework sends it as far as it is drawn without waiting for anything, and what had to
    /// be fetched first would leave it blank until its circuit stands.
    /// </summary>
    public static void UseShellForRefusals(this WebApplication app) => app.Use(async (http, next) =>
    {
        // Not after an outage: what tells of it must not ask the database.
        var refused = http.Response.StatusCode is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound
            && http.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (refused && http.User.Identity?.IsAuthenticated == true)
            await http.RequestServices.GetRequiredService<ShellState>().LoadAsync(http.User, http.RequestAborted);
        await next(http);
    });
}
