namespace Portal.Hosting;

/// <summary>Browsers say where a request comes from that changes something; what says nothing is no browser.</summary>
internal static class SameOrigin
{
    public static bool Is(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none")) return false;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
