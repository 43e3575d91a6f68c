using System.Globalization;
using Microsoft.Net.Http.Headers;
using Portal.Data.Access;
using Portal.Hosting.Identity;

namespace Portal.Areas.Facilities;

/// <summary>The files of one booking. The services decide what is in reach; out of reach is not found.</summary>
internal static class BookingFiles
{
    private const string Any = Permissions.ReservationsManage + "|" + Permissions.ReservationsBookOwn;

    public static void MapBookingFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/reservations/{id:long}/confirmation.pdf", ConfirmationAsync).RequireAuthorization(Any);

    private static async Task<IResult> ConfirmationAsync(long id, HttpContext http, BookingPapers papers, Me me, CancellationToken ct)
    {
        if (await papers.ConfirmationAsync(id, http.Request.Host.Value ?? "", CultureInfo.CurrentUICulture, await me.GetAsync(ct), ct) is not { } paper) return Results.NotFound();
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(paper.Name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        return Results.Bytes(paper.Pdf, "application/pdf");
    }
}
