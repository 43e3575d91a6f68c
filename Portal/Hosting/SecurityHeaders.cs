using Microsoft.AspNetCore.StaticAssets;
using Portal.Areas.Gate;

namespace Portal.Hosting;

public static class SecurityHeaders
{
    // Inline styles: charts and MudBlazor's popovers and snackbars set widths and positions in style attributes. Scripts come from here
    // alone. base-uri is not 'none': Blazor's pages say their own <base>, which the policy would take away with everybody else's.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>A year, and for names below this one.</summary>
    private const string Transport = "max-age=31536000; includeSubDomains";

    /// <summary>
    /// What a browser is told on every answer: no scripts from elsewhere, no framing, no guessing of types, no address given away, and
    /// over HTTPS that there is nothing else. What says nothing of its keeping is not kept.
    /// </summary>
    public static IServiceCollection AddFrontDoor(this IServiceCollection services) => services.AddTransient<IStartupFilter, FrontDoor>();

    /// <summary>Once more behind what clears an answer to write an error in its place.</summary>
    public static void UseSecurityHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        Set(http);
        return next(http);
    });

    private static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    /// <summary>
    /// Before routing, which answers icons and style sheets itself: who the request comes from, by whom and over what, and what every
    /// answer says.
    /// </summary>
    private sealed class FrontDoor(IHostEnvironment environment) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseForwardedHeaders();
            app.Use((http, rest) =>
            {
                Set(http);
                http.Response.OnStarting(() => AtLast(http));
                return rest(http);
            });
            app.UseHostCookies(GateRequest.Cookie);
            next(app);
        };

        private Task AtLast(HttpContext http)
        {
            var headers = http.Response.Headers;
            if (http.Request.IsHttps && !environment.IsDevelopment()) headers.StrictTransportSecurity = Transport;
            if (headers.CacheControl.Count == 0 && http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }
}
