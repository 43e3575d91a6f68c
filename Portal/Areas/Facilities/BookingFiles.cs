using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Portal.Data.Access;
using Portal.Documents.Calendars;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Facilities;

/// <summary>The files of one booking. The services decide what is in reach; out of reach is not found.</summary>
internal static class BookingFiles
{
    private const string Any = Permissions.ReservationsManage + "|" + Permissions.ReservationsBookOwn;

    public static void MapBookingFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/reservations/{id:long}/confirmation.pdf", ConfirmationAsync).RequireAuthorization(Any);
        app.MapGet("/reservations/{id:long}.ics", EventAsync).RequireAuthorization(Any);
        app.MapGet("/calendar/{secret}.ics", FeedAsync).AllowAnonymous();
    }

    private static async Task<IResult> ConfirmationAsync(long id, HttpContext http, BookingPapers papers, Me me, CancellationToken ct)
    {
        if (
            await papers.ConfirmationAsync(id, http.Request.Host.Value ?? "", CultureInfo.CurrentUICulture, await me.GetAsync(ct), ct)
            is not { } paper
        )
            return Results.NotFound();
        Name(http, "inline", paper.Name);
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Bytes(paper.Pdf, "application/pdf");
    }

    private static async Task<IResult> EventAsync(long id, HttpContext http, BookingPapers papers, Me me, CancellationToken ct)
    {
        if (await papers.EventAsync(id, CultureInfo.CurrentUICulture, await me.GetAsync(ct), ct) is not { } file) return Results.NotFound();
        Name(http, "attachment", file.Name);
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Bytes(file.Ics, BookingCalendar.ContentType);
    }

    private static async Task<IResult> FeedAsync(
        string secret, HttpContext http, BookingPapers papers, AddressLimiter limiter, CancellationToken ct)
    {
        if (limiter.IsSpent(AddressLimit.Calendars, http)) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        if (await papers.FeedAsync(secret, CultureInfo.CurrentUICulture, ct) is not { } ics)
        {
            limiter.Spend(AddressLimit.Calendars, http);
            return Results.NotFound();
        }

        Name(http, "inline", "calendar.ics");

        // Kept by the program itself only, and asked for again each time; most times the answer is that nothing changed. There is no
        // Last-Modified: a hold that runs out or
        // a facility that gets another name changes the calendar without changing a booking.
        http.Response.Headers.CacheControl = "private, no-cache";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(ics))}\"");
        return Results.Bytes(ics, BookingCalendar.ContentType, entityTag: tag);
    }

    private static void Name(HttpContext http, string kind, string name)
    {
        var disposition = new ContentDispositionHeaderValue(kind);
        disposition.SetHttpFileName(name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
    }
}
