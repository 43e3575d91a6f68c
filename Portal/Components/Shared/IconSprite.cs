using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Portal.Components.Shared;

/// <summary>
/// All of <see cref="Glyphs"/> in one picture that a browser fetches once and keeps: pages name the icon they want of it.
/// </summary>
public static class IconSprite
{
    private const string Path = "/icons.svg";
    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(Write());
    private static readonly byte[] Compressed = Compress(Whole);

    /// <summary>Changes with the pictures, so that it can be kept for ever.</summary>
    public static string Source { get; } = Path + "?v=" + Convert.ToHexStringLower(SHA256.HashData(Whole)[..4]);

    /// <summary>Where one icon is.</summary>
    public static string Address(Glyph glyph) => Source + "#" + glyph;

    /// <summary>
    /// Answered before anything asks who it is for or looks at the database: the page that tells of an outage has icons too.
    /// </summary>
    public static void MapIcons(this WebApplication app) => app.MapGet(Path, SendAsync).AllowAnonymous().ShortCircuit();

    private static Task SendAsync(HttpContext http)
    {
        var brotli = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        var headers = http.Response.Headers;
        headers.ContentType = "image/svg+xml";
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (brotli) headers.ContentEncoding = "br";
        var body = brotli ? Compressed : Whole;
        headers.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }

    private static string Write()
    {
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\">");
        foreach (var glyph in Enum.GetValues<Glyph>())
        {
            svg.Append($"<symbol id=\"{glyph}\" viewBox=\"0 0 24 24\"><path d=\"{Glyphs.Path(glyph)}\"/></symbol>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static byte[] Compress(byte[] whole)
    {
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(whole.Length)];
        BrotliEncoder.TryCompress(whole, room, out var length, quality: 11, window: 22);
        return room[..length];
    }
}
