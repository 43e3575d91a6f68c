using System.Security.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Portal.Areas.Documents;

namespace Portal.Hosting;

/// <summary>
/// How much a request may bring. Files come through the circuit, so that what is posted is a form of a few fields: anything larger is
/// refused before it is read.
/// </summary>
public static class RequestSizes
{
    /// <summary>Of a posted form, in bytes.</summary>
    public const int Form = 64 * 1024;

    /// <summary>
    /// Of one message of a circuit, in bytes: what a page prerendered comes back with the first one, a week of bookings, a list of a
    /// hundred rows. Text that a person writes is bounded further by the service that takes it.
    /// </summary>
    public const int CircuitMessage = 512 * 1024;

    public static void AddRequestSizes(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 2 * CircuitMessage;
            kestrel.AddServerHeader = false;

            // Where no proxy does it: nothing older, whatever the system would still take.
            kestrel.ConfigureHttpsDefaults(https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13);
        });
        builder.Services.Configure<FormOptions>(form =>
        {
            (form.ValueLengthLimit, form.KeyLengthLimit, form.ValueCountLimit) = (16 * 1024, 200, 200);
            (form.BufferBodyLengthLimit, form.MultipartBodyLengthLimit) = (Form, Form);
        });
    }

    public static void UseRequestSizes(this WebApplication app) => app.Use((http, next) =>
    {
        // A piece of a file of the library: what Kestrel allows is enough for one.
        // A hundred events of a terminal that was alone for an hour, or a photo of it: the addresses bound them further.
        if (http.Request.Path.StartsWithSegments("/_blazor") || http.Request.Path.StartsWithSegments(DocumentEndpoints.Uploads)
            || http.Request.Path.StartsWithSegments("/gate/events") || http.Request.Path.StartsWithSegments("/gate/incidents")) return next(http);
        if (http.Request.ContentLength > Form)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = Form;
        return next(http);
    });
}
