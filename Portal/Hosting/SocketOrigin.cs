namespace Portal.Hosting;

/// <summary>
/// The circuit's socket is for the portal's own pages. A browser sends its cookies along with any page's WebSocket, whoever wrote the page;
/// it also says which site that is, and only this one is let through.
/// </summary>
public static class SocketOrigin
{
    public static void UseSocketOrigin(this WebApplication app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments("/_blazor") || IsOwn(http.Request)) return next(http);
        app.Logger.LogWarning("Refused: a circuit for a page of {Origin}", Uri.EscapeDataString(http.Request.Headers.Origin.ToString()));
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    /// <summary>Programs that are no browsers say no origin, and carry nobody's cookies.</summary>
    internal static bool IsOwn(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0) return true;
        if (origins.Count > 1 || !Uri.TryCreate(origins[0], UriKind.Absolute, out var origin)) return false;
        if (origin.Scheme is not ("http" or "https")) return false;

        // Where a proxy ends TLS and does not tell, the portal sees plain HTTP for a page of https: the other way round is foreign.
        if (request.IsHttps && origin.Scheme != "https") return false;
        var port = request.Host.Port ?? (origin.Scheme == "https" ? 443 : 80);
        return string.Equals(origin.IdnHost, request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) && origin.Port == port;
    }
}
