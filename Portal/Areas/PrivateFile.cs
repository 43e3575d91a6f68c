using Microsoft.Net.Http.Headers;
using Portal.Data.Pqrs;

namespace Portal.Areas;

/// <summary>Files that are one person's or the office's: they stay in no cache on the way, and nothing in them can run.</summary>
internal static class PrivateFile
{
    /// <summary>For a body that is written afterwards.</summary>
    public static void Headers(HttpContext http, string name, bool inline)
    {
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <summary>A paper of the portal's own, shown in the browser.</summary>
    public static IResult Pdf(HttpContext http, byte[] pdf, string name)
    {
        Headers(http, name, inline: true);
        return Results.Bytes(pdf, "application/pdf");
    }

    /// <summary>
    /// For the body of a file of the library, written afterwards: pictures and PDFs open in the browser, and nothing in them runs;
    /// anything else is only saved. The browser's own reader of PDFs does not open in a sandbox: it has one of its own.
    /// </summary>
    public static void Stored(HttpContext http, string name, string contentType)
    {
        var pdf = contentType == "application/pdf";
        Headers(http, name, inline: pdf || PqrsFiles.IsPicture(contentType));
        if (!pdf) http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
    }

    /// <summary>What somebody uploaded: pictures and PDFs open in the browser, anything else is only saved.</summary>
    public static IResult Uploaded(HttpContext http, string name, string contentType, byte[] content)
    {
        var picture = PqrsFiles.IsPicture(contentType);
        Headers(http, name, inline: picture || contentType == "application/pdf");
        if (picture) http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return Results.Bytes(content, contentType);
    }
}
