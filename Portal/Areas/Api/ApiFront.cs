using System.Text;
using Portal.Data;
using Portal.Data.Api;
using Portal.Data.Database;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Api;

/// <summary>
/// Before everything below <c>/api/v1</c>: only with a key, never with a cookie; what is not an operation is not there, and whatever goes
/// wrong is answered with a problem, never with a page.
/// </summary>
public static class ApiFront
{
    public const string Root = "/api/v1";

    /// <summary>Keys that open nothing: some at once, then one every six seconds from one network.</summary>
    private static readonly AddressLimit WrongKeys = new("api_keys", 10, TimeSpan.FromSeconds(6));

    private const int LongestIdempotencyKey = 200;

    /// <summary>Takes away what must not count, before anything looks at it. Before the languages.</summary>
    public static void UseApiWithoutCookies(this WebApplication app) => app.Use((http, next) =>
    {
        if (Is(http)) http.Request.Headers.Remove("Cookie");
        return next(http);
    });

    /// <summary>After the languages, before the sign-in of people.</summary>
    public static void UseApi(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!Is(http))
        {
            await next(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (await EnterAsync(http)) await next(http);
            if (!http.Response.HasStarted && http.Response.StatusCode >= 400 && http.Response.ContentType is null) await ExplainAsync(http);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await http.WriteProblemAsync(bad.StatusCode, new Error(bad.StatusCode == 413 ? "api.too_large" : "api.unreadable"));
        }
        catch (Exception failed) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            if (Outages.Of(failed) is { } outage)
            {
                await http.WriteProblemAsync(StatusCodes.Status503ServiceUnavailable, new Error(outage.Code()));
                return;
            }

            app.Logger.LogError(failed, "An operation of the API failed: {Method} {Path}", http.Request.Method,
                http.Request.Path.ToUriComponent());
            await http.WriteProblemAsync(StatusCodes.Status500InternalServerError, new Error("api.failed"));
        }
    });

    /// <summary>The document of the API is for people, with their cookie; everything else there is the API.</summary>
    private static bool Is(HttpContext http) =>
        http.Request.Path.StartsWithSegments(Root) && http.GetEndpoint()?.Metadata.GetMetadata<ApiPage>() is null;

    private static async Task<bool> EnterAsync(HttpContext http)
    {
        var (ct, services) = (http.RequestAborted, http.RequestServices);
        var said = http.Request.Headers.Authorization.ToString();
        if (!said.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            await NoKeyAsync(http, new Error("api.no_key"));
            return false;
        }

        var (secret, limiter) = (said["Bearer ".Length..].Trim(), services.GetRequiredService<AddressLimiter>());

        // Before anything is asked of the database: who has guessed too often asks nothing more of it.
        if (limiter.IsSpent(WrongKeys, http) && !await services.GetRequiredService<ApiKeyHashes>().HoldAsync(secret, ct))
        {
            await TooManyAsync(http);
            return false;
        }

        var door = services.GetRequiredService<ApiDoor>();
        var entrance = await door.EnterAsync(secret, http.Connection.RemoteIpAddress, ct);
        if (entrance.Refused == ApiRefusal.TooOften)
        {
            AddressLimiter.Refuse(http, entrance.Wait);
            await http.WriteProblemAsync(StatusCodes.Status429TooManyRequests, new Error("api.too_often", null, entrance.Limit));
            return false;
        }

        if (entrance.User is not { } user)
        {
            // Who has a key that waits for its owner guesses nothing, and is told what it waits for.
            if (entrance.Refused != ApiRefusal.Suspended && !limiter.Spend(WrongKeys, http))
            {
                await TooManyAsync(http);
                return false;
            }

            await door.NoteAsync(entrance, http.Address(), ct);
            if (entrance.Refused == ApiRefusal.Address)
                await http.WriteProblemAsync(StatusCodes.Status403Forbidden, new Error("api.address"));
            else
                await NoKeyAsync(http, new Error("api." + entrance.Refused!.Value.ToString().ToLowerInvariant()));
            return false;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<ApiOperation>() is not { } operation)
        {
            // Not there, or not by this verb, or not in this form: the framework's own endpoints for that say it in their names alone.
            var (status, code) = http.GetEndpoint() switch
            {
                null => (StatusCodes.Status404NotFound, "not_found"),
                { DisplayName: { } name } when name.StartsWith("415", StringComparison.Ordinal) =>
                    (StatusCodes.Status415UnsupportedMediaType, "api.json"),
                _ => (StatusCodes.Status405MethodNotAllowed, "api.method"),
            };
            await http.WriteProblemAsync(status, new Error(code));
            return false;
        }

        if (!operation.AnyOf.Any(user.Can) && operation.AnyOf.Count > 0)
        {
            await http.WriteProblemAsync(StatusCodes.Status403Forbidden, new Error("api.scope", null, string.Join(" | ", operation.AnyOf)));
            return false;
        }

        var key = http.Request.Headers["Idempotency-Key"].ToString().Trim();
        if (operation.NeedsIdempotencyKey == true && key.Length == 0)
        {
            await http.WriteProblemAsync(StatusCodes.Status400BadRequest, new Error("api.key_missing"));
            return false;
        }

        if (key.Length > LongestIdempotencyKey)
        {
            await http.WriteProblemAsync(StatusCodes.Status400BadRequest, new Error("api.key_long", null, LongestIdempotencyKey));
            return false;
        }

        var once = operation.NeedsIdempotencyKey is not null && key.Length > 0 ? key : null;
        services.GetRequiredService<ApiCall>().Begin(entrance, once is null ? "" : await AskedAsync(http, ct), once);
        return true;
    }

    private static Task TooManyAsync(HttpContext http)
    {
        AddressLimiter.Refuse(http, WrongKeys.Each);
        return http.WriteProblemAsync(StatusCodes.Status429TooManyRequests, new Error("api.wrong_keys"));
    }

    private static Task NoKeyAsync(HttpContext http, Error error)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"api\"";
        return http.WriteProblemAsync(StatusCodes.Status401Unauthorized, error);
    }

    /// <summary>What could not be bound to an operation, and all else that the framework refuses without a word.</summary>
    private static Task ExplainAsync(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => http.WriteProblemAsync(404, new Error("not_found")),
        StatusCodes.Status415UnsupportedMediaType => http.WriteProblemAsync(415, new Error("api.json")),
        StatusCodes.Status413PayloadTooLarge => http.WriteProblemAsync(413, new Error("api.too_large")),
        StatusCodes.Status400BadRequest => http.WriteProblemAsync(400, new Error("api.unreadable")),
        var other => http.WriteProblemAsync(other, new Error("api.failed")),
    };

    private static async Task<string> AskedAsync(HttpContext http, CancellationToken ct)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(ct);
        http.Request.Body.Position = 0;
        return $"{http.Request.Method} {http.Request.Path} {body}";
    }
}

/// <summary>Marks what is below the API's address for people: its document.</summary>
internal sealed record ApiPage;
