using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Hosting.Identity;

namespace Portal.Areas.Notifications;

/// <summary>Turns mails off without signing in: the press of a mail program (RFC 8058), or of the page that a link opens.</summary>
public sealed class NotificationEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app) =>
        // Before the page of the same address, which only asks: what looks at links by itself turns nothing off.
        app.MapPost(UnsubscribeLinks.Path, UnsubscribeAsync).AllowAnonymous().DisableAntiforgery().WithOrder(-1);

    private static async Task<IResult> UnsubscribeAsync(
        string? t, HttpContext http, UnsubscribeLinks links, CurrentUserSource accounts, NotificationChoices choices, CancellationToken ct)
    {
        if (links.Read(t) is not { } asked) return Results.Json(new { code = "gone" }, statusCode: StatusCodes.Status400BadRequest);
        // Who is no longer here gets no mail either.
        if (await accounts.FindAsync(asked.UserId, ct) is { } account)
        {
            var done = await choices.UnsubscribeAsync(asked.What, account.User with { IpAddress = http.Address() }, ct);
            if (!done.Ok)
                return Results.Json(new { code = done.Error!.Code }, statusCode: done.Error.IsOutage ? 503 : StatusCodes.Status400BadRequest);
        }

        var pressed = http.Request.HasFormContentType && (await http.Request.ReadFormAsync(ct))["List-Unsubscribe"] == "One-Click";
        return pressed
            ? Results.Json(new { code = "done" })
            : Results.LocalRedirect($"{UnsubscribeLinks.Path}?done=1&t={Uri.EscapeDataString(t!)}");
    }
}
