using Microsoft.AspNetCore.Diagnostics;
using Portal.Components.Layout;
using Portal.Data.Database;

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
        if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null && http.User.Identity?.IsAuthenticated == true)
        {
            try
            {
                await http.RequestServices.GetRequiredService<ShellState>().LoadAsync(http.User, http.RequestAborted);
            }
            catch (Exception exception) when (Outages.Of(exception) is not null)
            {
                // The page says so itself.
            }
        }

        await next(http);
    });
}
