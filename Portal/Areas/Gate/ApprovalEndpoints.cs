using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Passes;
using Portal.Hosting.Identity;

namespace Portal.Areas.Gate;

/// <summary>The terminal asks an apartment, and how it stands. JSON in, JSON out; an error has a body too.</summary>
public sealed class ApprovalEndpoints : WebArea
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/gate/approvals", AskAsync).AllowAnonymous();
        app.MapGet("/gate/approvals/{key}", StateAsync).AllowAnonymous();
    }

    /// <summary>Who may ask, in one place.</summary>
    // MERGE: the terminal's own check (enrolled device, origin, antiforgery) is one call here, before the permission.
    private static async Task<(CurrentUser User, IResult? Refused)> MayAsync(HttpContext http, Me me, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var user = await me.GetAsync(ct);
        return (user, user.Id == 0 ? Refuse("session", StatusCodes.Status401Unauthorized)
            : user.Can(Permissions.GateLog) ? null : Refuse("forbidden", StatusCodes.Status403Forbidden));
    }

    private static async Task<IResult> AskAsync(
        HttpContext http, GateApprovalService approvals, Me me, BuildingClock clock, CancellationToken ct)
    {
        var (user, refused) = await MayAsync(http, me, ct);
        if (refused is not null) return refused;
        Question? asked;
        try
        {
            asked = await http.Request.ReadFromJsonAsync<Question>(Json, ct);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            asked = null;
        }

        if (asked is null) return Refuse("body", StatusCodes.Status400BadRequest);
        var state = await approvals.AskAsync(
            new NewApproval(asked.Key ?? "", asked.Unit, asked.Name ?? "", asked.Vk, asked.People, asked.Company, asked.Plate), user, ct);
        return state.Ok
            ? Results.Json(Answer.Of(state.Value, clock), Json)
            : Refuse(state.Error!.Code, state.Error.IsOutage ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> StateAsync(
        string key, HttpContext http, GateApprovalService approvals, Me me, BuildingClock clock, CancellationToken ct)
    {
        var (user, refused) = await MayAsync(http, me, ct);
        if (refused is not null) return refused;
        return await approvals.StateAsync(key, user, ct) is { } state
            ? Results.Json(Answer.Of(state, clock), Json)
            : Refuse("not_found", StatusCodes.Status404NotFound);
    }

    private static IResult Refuse(string error, int status) => Results.Json(new { error }, Json, statusCode: status);

    private sealed record Question(
        string? Key, long Unit, string? Name, VisitorKind Vk = VisitorKind.Guest, int People = 1, string? Company = null,
        string? Plate = null);

    /// <summary>Times are the wall's, as everywhere at the terminal.</summary>
    private sealed record Answer(
        string Key, [property: JsonPropertyName("answer")] ApprovalAnswer Said, string? By, string Asked, string? At, string Until,
        GateRule Rule, IReadOnlyList<Later> Late)
    {
        public static Answer Of(ApprovalState s, BuildingClock clock) => new(
            s.Key, s.Answer, s.By, Wall(s.Asked, clock), s.At is { } at ? Wall(at, clock) : null, Wall(s.Until, clock), s.Rule,
            [.. s.Late.Select(l => new Later(l.By, l.Answer, Wall(l.At, clock)))]);

        private static string Wall(DateTime utc, BuildingClock clock) =>
            clock.ToWall(utc).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed record Later(string By, ApprovalAnswer Answer, string At);
}
