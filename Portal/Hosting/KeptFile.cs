using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Portal.Hosting;

/// <summary>A text that is made at start and that browsers keep for ever: its address changes with what it says.</summary>
public sealed class KeptFile
{
    private readonly string _type;
    private readonly byte[] _whole, _compressed;

    public KeptFile(string path, string type, string text)
    {
        (_type, _whole) = (type, Encoding.UTF8.GetBytes(text));
        _compressed = Compress(_whole);

        // A list of twenty rows names the icons a hundred times: three bytes in four letters.
        Address = path + "?" + Base64Url.EncodeToString(SHA256.HashData(_whole)[..3]);
    }

    public string Address { get; }

    /// <summary>
    /// Answered before anything asks who it is for or looks at the database: the page that tells of an outage has its icons and colours
    /// too.
    /// </summary>
    public static void Map(IEndpointRouteBuilder app, string path, Func<Task<KeptFile>> file) =>
        app.MapGet(path, async http => await (await file()).SendAsync(http)).AllowAnonymous().ShortCircuit();

    private Task SendAsync(HttpContext http)
    {
        var brotli = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        var headers = http.Response.Headers;
        headers.ContentType = _type;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (brotli) headers.ContentEncoding = "br";
        var body = brotli ? _compressed : _whole;
        headers.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }

    private static byte[] Compress(byte[] whole)
    {
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(whole.Length)];
        BrotliEncoder.TryCompress(whole, room, out var length, quality: 11, window: 22);
        return room[..length];
    }
}
