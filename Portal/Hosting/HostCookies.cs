using Microsoft.Extensions.Primitives;

namespace Portal.Hosting;

/// <summary>
/// Over HTTPS every cookie of the portal is called <c>__Host-…</c> (those that hold for a part of the addresses: <c>__Secure-…</c>) and
/// sent over HTTPS only. A browser takes such names from this very host alone, so that no neighbour of another name under the same domain,
/// and nobody on a line without TLS, can slip in one of theirs. Everything behind this knows the plain names; over plain HTTP, where
/// browsers refuse the others, they are those that travel.
/// </summary>
public static class HostCookies
{
    public const string Host = "__Host-";
    public const string Secure = "__Secure-";

    /// <param name="asBefore">
    /// Cookies that are taken under their plain name too: of devices that have them from before, and whose secret nobody else knows.
    /// </param>
    public static void UseHostCookies(this IApplicationBuilder app, params string[] asBefore) => app.Use((http, next) =>
    {
        if (!http.Request.IsHttps) return next(http);
        if (http.Request.Headers.Cookie is { Count: > 0 } sent) http.Request.Headers.Cookie = Plain(sent, asBefore);
        http.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
            if (headers.SetCookie is { Count: > 0 } set) headers.SetCookie = set.Select(Named).ToArray();
            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    });

    /// <summary>What a browser sent, by the names that the portal knows; what anybody else may have set is left out.</summary>
    public static StringValues Plain(StringValues sent, params string[] asBefore)
    {
        List<(string Name, string Pair)> known = [];
        foreach (var pair in sent.SelectMany(header => (header ?? "").Split(';', StringSplitOptions.TrimEntries)))
        {
            var name = pair.Split('=', 2)[0];
            if (name.StartsWith(Host, StringComparison.Ordinal)) known.Insert(0, (name[Host.Length..], pair[Host.Length..]));
            else if (name.StartsWith(Secure, StringComparison.Ordinal)) known.Insert(0, (name[Secure.Length..], pair[Secure.Length..]));
            else if (asBefore.Contains(name)) known.Add((name, pair));
        }

        return known.Count == 0 ? StringValues.Empty : string.Join("; ", known.DistinctBy(one => one.Name).Select(one => one.Pair));
    }

    /// <summary>A line of <c>Set-Cookie</c> as it leaves over HTTPS.</summary>
    public static string? Named(string? line)
    {
        if (line is null || line.StartsWith("__", StringComparison.Ordinal)) return line;
        var attributes = line.Split(';', StringSplitOptions.TrimEntries)[1..];
        var whole = attributes.Contains("path=/", StringComparer.OrdinalIgnoreCase)
            && !Array.Exists(attributes, attribute => attribute.StartsWith("domain=", StringComparison.OrdinalIgnoreCase));
        var secure = attributes.Contains("secure", StringComparer.OrdinalIgnoreCase) ? "" : "; secure";
        return (whole ? Host : Secure) + line + secure;
    }
}
