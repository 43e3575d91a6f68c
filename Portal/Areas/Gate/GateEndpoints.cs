using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Gate;
using Portal.Data.Guards;
using Portal.Data.Identity;
using Portal.Data.Packages;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Gate;

/// <summary>
/// What the terminal of the gate asks and tells. Its page is files without data; all it knows comes from here, and only for a device that
/// the
/// office has enrolled.
/// </summary>
public sealed class GateEndpoints : WebArea
{
    private const int LongestBody = 512 * 1024, MostCodes = 5;

    /// <summary>Codes of terminals that are tried.</summary>
    private static readonly AddressLimit Enrolments = new("enrolments", 10, TimeSpan.FromSeconds(6));

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new WallClock() },
    };

    public override void Register(IServiceCollection services) => services.AddSingleton<UnknownCodes>();

    public override void Map(IEndpointRouteBuilder app)
    {
        // Whoever is not signed in, or whose device is not enrolled, is answered with JSON, never with a page to sign in.
        var gate = app.MapGroup("/gate").AllowAnonymous().DisableAntiforgery();
        gate.MapPost("/enrol", EnrolAsync);
        gate.MapGet("/state", StateAsync);
        gate.MapPost("/pin", PinAsync);
        gate.MapPost("/leave", LeaveAsync);
        gate.MapGet("/snapshot", SnapshotAsync);
        gate.MapGet("/ask", AskAsync);
        gate.MapPost("/events", EventsAsync);
        gate.MapGet("/parcels", ParcelsAsync);
        gate.MapGet("/handover", HandoverAsync);
        gate.MapPost("/handover/sign", SignAsync);
        gate.MapPost("/handover/take", TakeAsync);
        gate.MapPost("/incidents/{incident}/photos/{photo}", KeepPhotoAsync);
        app.MapGet("/gate/incidents/photos/{id:long}", PhotoAsync).RequireAuthorization(Permissions.GateIncidents);
    }

    private sealed record Signature(string? Key, string? Pin);

    private sealed record Enrolment(string? Code);

    private sealed record PinInput(long Guard, string? Pin);

    private static Task<IResult> EnrolAsync(
        HttpContext http, TerminalService terminals, GateKey key, AddressLimiter limiter, Me me) =>
        // The device has no token yet; the code is what proves it.
        GateRequest.GuardedAsync(
            http,
            async () =>
            {
                if (!limiter.Spend(Enrolments, http)) return GateRequest.Refuse(StatusCodes.Status429TooManyRequests, "wait");
                if (await ReadAsync<Enrolment>(http) is not { Code: { Length: > 0 and <= 100 } code })
                    return GateRequest.Refuse(StatusCodes.Status400BadRequest, "code");
                // First, for without it the device could believe nothing.
                var pinned = Convert.ToBase64String(key.Public);
                var enrolled = await terminals.EnrolAsync(code, await me.GetAsync(http.RequestAborted), http.RequestAborted);
                if (!enrolled.Ok)
                    return enrolled.Error!.IsOutage ? GateRequest.Refuse(enrolled.Error)
                        : GateRequest.Refuse(StatusCodes.Status400BadRequest, "code");
                GateRequest.Keep(http, enrolled.Value.Secret);
                return Results.Json(new { enrolled.Value.Terminal, Key = pinned }, Json);
            });

    private static Task<IResult> StateAsync(
        HttpContext http, TerminalService terminals, TerminalState states, GateSnapshots snapshots, PinService pins,
            IAntiforgery antiforgery,
        BuildingClock clock) =>
        GateRequest.ForDeviceAsync(http, async caller =>
        {
            var ct = http.RequestAborted;
            var waiting = int.TryParse(http.Request.Query["waiting"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n
                : (int?)null;
            await terminals.SeenAsync(caller.Terminal.Id, waiting, ct);
            var version = (await snapshots.NowAsync(ct)).Version;
            var told = await states.ReadAsync(caller.User, ct);
            var now = clock.UtcNow;
            return Results.Json(
                new
                {
                    Now = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), Wall = clock.Now,
                    Zone = (int)clock.Zone.GetUtcOffset(now).TotalMinutes, caller.Terminal, told.Guard,
                    Csrf = antiforgery.GetAndStoreTokens(http).RequestToken, Version = version, Guards = await pins.GuardsAsync(ct),
                    Changed = http.Request.Query["have"] != version, told.Approvals, told.Unread,
                },
                Json);
        });

    private static Task<IResult> PinAsync(HttpContext http, PinService pins, SessionCookies cookies, AddressLimiter limiter) =>
        GateRequest.ForDeviceAsync(http, async caller =>
        {
            if (await ReadAsync<PinInput>(http) is not { } input) return GateRequest.Refuse(StatusCodes.Status400BadRequest, "pin");
            var tried = await pins.TryAsync(input.Guard, input.Pin, caller.Terminal, http.Address(), http.RequestAborted);
            if (!tried.Ok) return GateRequest.Refuse(tried.Error!);
            if (tried.Value.Until is { } until)
            {
                var at = until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                return Results.Json(new { error = "locked", until = at }, statusCode: StatusCodes.Status400BadRequest);
            }

            if (tried.Value.Guard is not { } guard)
                return Results.Json(new { error = "pin", left = tried.Value.Left }, statusCode: StatusCodes.Status400BadRequest);
            await cookies.BeginAsync(http, guard.Id, remember: false, SignInMethods.Pin);
            return Results.Json(new { Guard = guard }, Json);
        });

    private static Task<IResult> LeaveAsync(HttpContext http, SessionService sessions) =>
        GateRequest.ForDeviceAsync(http, async caller =>
        {
            await sessions.LeaveAsync(caller.User, http.RequestAborted);
            await SessionCookies.EndAsync(http);
            return Results.Json(new { }, Json);
        });

    private static Task<IResult> SnapshotAsync(HttpContext http, GateSnapshots snapshots) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            var have = http.Request.Query["have"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Take(32).ToHashSet();
            var signed = snapshots.Sign(await snapshots.NowAsync(http.RequestAborted), caller.Terminal.Id, have);
            return Compressed(http, signed);
        });

    private static Task<IResult> AskAsync(HttpContext http, string? q, GateLookup lookup, UnknownCodes unknown) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            var typed = q ?? "";
            var found = await lookup.AskAsync(typed, caller.User, http.RequestAborted);
            var misses = unknown.Count(caller.Terminal.Id, typed, found);
            return Results.Json(Answer.Of(found, misses >= MostCodes), Json);
        });

    private static Task<IResult> EventsAsync(HttpContext http, GateEvents events, GateSnapshots snapshots) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            using var body = await BodyAsync(http);
            if (body is null || body.RootElement.ValueKind != JsonValueKind.Object
                || !body.RootElement.TryGetProperty("events", out var given)
                || given.ValueKind != JsonValueKind.Array || given.GetArrayLength() is 0 or > GateEvents.Most)
                return GateRequest.Refuse(StatusCodes.Status400BadRequest, "events");
            var taken = await events.TakeAsync(caller.Terminal.Id, [.. given.EnumerateArray()], caller.User, http.RequestAborted);
            return taken.Ok
                ? Results.Json(
                    new { Results = taken.Value, At = GateSnapshots.Milliseconds(await snapshots.MomentAsync(http.RequestAborted)) }, Json)
                : taken.Error!.Code == "not_found" ? GateRequest.Refuse(StatusCodes.Status403Forbidden, "terminal")
                : GateRequest.Refuse(taken.Error);
        });

    private static Task<IResult> ParcelsAsync(HttpContext http, PackageService packages, BuildingClock clock) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            var waiting = new Dictionary<string, string> { ["state"] = "waiting" };
            var page = await packages.ListAsync(new ListQuery(Size: 100, Filters: waiting), caller.User, http.RequestAborted);
            return Results.Json(
                page.Rows.Select(p => new { p.Id, p.Unit, p.Carrier, p.Description, At = clock.ToWall(p.ReceivedAt) }), Json);
        });

    private static Task<IResult> HandoverAsync(HttpContext http, HandoverService handovers) =>
        GateRequest.ForGuardAsync(http, async caller =>
            Results.Json(await handovers.SummaryAsync(caller.Terminal.Id, caller.User, http.RequestAborted), Json));

    private static Task<IResult> SignAsync(HttpContext http, HandoverService handovers) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            if (await ReadAsync<Signature>(http) is not { } input) return GateRequest.Refuse(StatusCodes.Status400BadRequest, "pin");
            return Signed(
                await handovers.SignAsync(input.Key, input.Pin, caller.Terminal, http.Address(), caller.User, http.RequestAborted));
        });

    /// <summary>The session becomes that of the one who comes, in the same answer: there is no moment without a guard.</summary>
    private static Task<IResult> TakeAsync(HttpContext http, HandoverService handovers, SessionCookies cookies) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            if (await ReadAsync<HandoverTaking>(http) is not { } input) return GateRequest.Refuse(StatusCodes.Status400BadRequest, "pin");
            var taken = await handovers.TakeAsync(input, caller.Terminal, http.Address(), caller.User, http.RequestAborted);
            if (taken is { Ok: true, Value.Guard: { } guard }) await cookies.BeginAsync(http, guard.Id, remember: false, SignInMethods.Pin);
            return Signed(taken);
        });

    private static IResult Signed(Result<HandoverSigned> signed)
    {
        if (!signed.Ok)
        {
            return signed.Error is { Code: "handover.notes", Values: [var left, ..] }
                ? Results.Json(new { error = "handover.notes", left }, statusCode: StatusCodes.Status400BadRequest)
                : GateRequest.Refuse(signed.Error!);
        }

        var (guard, at, tries, until) = signed.Value;
        if (guard is not null) return Results.Json(new { Guard = guard, At = at }, Json);
        if (until is not { } locked)
            return Results.Json(new { error = "pin", left = tries }, statusCode: StatusCodes.Status400BadRequest);
        var text = locked.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return Results.Json(new { error = "locked", until = text }, statusCode: StatusCodes.Status400BadRequest);
    }

    private static Task<IResult> KeepPhotoAsync(string incident, string photo, HttpContext http, IncidentService incidents) =>
        GateRequest.ForGuardAsync(http, async caller =>
        {
            if (await PhotoBodyAsync(http) is not { } content) return GateRequest.Refuse(StatusCodes.Status413PayloadTooLarge, "incident.photo");
            var kept = await incidents.KeepPhotoAsync(incident, photo, content, caller.User, http.RequestAborted);
            return kept.Ok ? Results.Json(new { }, Json) : GateRequest.Refuse(kept.Error!);
        });

    private static async Task<byte[]?> PhotoBodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > IncidentService.LargestPhoto) return null;
        using var content = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(piece, http.RequestAborted)) > 0;)
        {
            if (content.Length + read > IncidentService.LargestPhoto) return null;
            content.Write(piece, 0, read);
        }

        return content.ToArray();
    }

    private static async Task<IResult> PhotoAsync(long id, string? small, HttpContext http, Me me, IncidentService incidents, CancellationToken ct)
    {
        if (await incidents.PhotoAsync(id, small == "1", await me.GetAsync(ct), ct) is not { } photo) return Results.NotFound();
        return PrivateFile.Uploaded(http, $"{photo.Name}-{id}", photo.ContentType, photo.Content);
    }

    private static async Task<T?> ReadAsync<T>(HttpContext http) where T : class
    {
        using var body = await BodyAsync(http);
        try
        {
            return body?.Deserialize<T>(Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<JsonDocument?> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > LongestBody) return null;
        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, new JsonDocumentOptions { MaxDepth = 16 }, http.RequestAborted);
        }
        catch (Exception unread) when (unread is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A snapshot shrinks to an eighth; nothing secret stands beside what others chose in it.</summary>
    private static IResult Compressed(HttpContext http, SignedSnapshot signed)
    {
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip",
            StringComparison.OrdinalIgnoreCase)) return Results.Json(signed, Json);
        http.Response.Headers.ContentEncoding = "gzip";
        http.Response.Headers.Vary = "Accept-Encoding";
        return Results.Stream(
            async output =>
            {
                await using var gzip = new GZipStream(output, CompressionLevel.Fastest);
                await JsonSerializer.SerializeAsync(gzip, signed, Json);
            },
            "application/json");
    }

    /// <summary>The building's wall clock has no zone.</summary>
    private sealed class WallClock : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTime.Parse(reader.GetString()!, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
    }

    private sealed record Answer(
        VerdictKind Kind, bool AskName, long? Visit, long? Pass, long? Guest, AnswerUnit? Unit, AnswerVisitor? Visitor, DateTime? From,
        DateTime? Until, DateOnly? Last, DateTime? Since, IReadOnlyList<AnswerChoice>? Choices, AnswerBooking? Booking, bool Watch,
            string? Phone)
    {
        public static Answer Of(Verdict v, bool askName) => new(
            v.Kind, askName && v.Kind == VerdictKind.Unknown, v.VisitId, v.PassId, v.GuestId,
            v.Unit is { Length: > 0 } unit ? new AnswerUnit(v.ApartmentId, unit, v.Host, unit[(unit.LastIndexOf(' ') + 1)..]) : null,
            v.Visitor is null && v.Plate is null
                ? null
                : new AnswerVisitor(v.Visitor, v.Identification, v.VisitorKind, v.People, v.Plate, v.Company),
            v.From, v.Until, v.LastVisit, v.Since,
            v.Choices is null ? null : [.. v.Choices.Select(c => new AnswerChoice(c.Title, c.Detail, c.State, c.Typed))],
            v.Booking is { } b ? new AnswerBooking(b.Id, b.Number, b.Facility, b.Stand, b.CheckedInAt, v.People) : null, v.Watch, v.HostPhone);
    }

    private sealed record AnswerUnit(long? Id, string Name, string? Host, string Dial);

    private sealed record AnswerVisitor(string? Name, string? Identification, VisitorKind Kind, int People, string? Plate, string? Company);

    private sealed record AnswerChoice(string Title, string Detail, ChoiceState State, string Ask);

    private sealed record AnswerBooking(long Id, string? Number, string Facility, GateStand Stand, DateTime? CheckedIn, int People);
}

/// <summary>How many codes in a row a terminal has asked that are nobody's.</summary>
internal sealed class UnknownCodes
{
    private readonly ConcurrentDictionary<long, int> _inARow = new();

    public int Count(long terminal, string typed, Verdict found)
    {
        if (found.Kind != VerdictKind.Unknown) return _inARow[terminal] = 0;
        return GateLookup.IsCode(typed)
            ? _inARow.AddOrUpdate(terminal, 1, (_, before) => before + 1)
            : _inARow.GetValueOrDefault(terminal);
    }
}
