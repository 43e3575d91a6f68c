using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Portal.Data;
using Portal.Data.Access;
using Portal.Hosting;
using Scalar.AspNetCore;

namespace Portal.Areas.Api;

/// <summary>How an operation says what it is: for the front, which asks for the key, and for the document.</summary>
internal static class ApiOperations
{
    /// <summary>Reads.</summary>
    /// <param name="one">It is about one record, which may not be there.</param>
    /// <param name="rules">What is asked has rules beyond its form: a period that is too long.</param>
    public static void As(
        this RouteHandlerBuilder operation, string name, string tag, string summary, IReadOnlyList<string> scopes, object example,
        bool one = false, bool rules = false) =>
        Describe(operation, name, tag, summary, new ApiOperation(scopes, 200, example) { OfOne = one, HasRules = rules })
            .Produces(200, example.GetType(), "application/json");

    /// <summary>Makes a record, once for each <c>Idempotency-Key</c>.</summary>
    /// <param name="needsKey">It is refused without one.</param>
    public static void Makes(
        this RouteHandlerBuilder operation, string name, string tag, string summary, IReadOnlyList<string> scopes, object asks,
        bool needsKey = false) =>
        Describe(
                operation, name, tag, summary,
                new ApiOperation(scopes, 201, new ApiMade(731), asks) { NeedsIdempotencyKey = needsKey, OfOne = true })
            .Produces(201, typeof(ApiMade), "application/json");

    /// <summary>Changes a record.</summary>
    /// <param name="match">It wants <c>If-Match</c>.</param>
    public static void Does(
        this RouteHandlerBuilder operation, string name, string tag, string summary, IReadOnlyList<string> scopes, object asks,
        bool match = false) =>
        Describe(operation, name, tag, summary, new ApiOperation(scopes, 204, "", asks) { OfOne = true, NeedsMatch = match }).Produces(204);

    private static RouteHandlerBuilder Describe(
        RouteHandlerBuilder operation, string name, string tag, string summary, ApiOperation said) =>
        operation.WithName(name).WithTags(tag).WithSummary(summary).WithMetadata(said);
}

/// <summary>The OpenAPI document of the API, and the page that shows it: for people with <see cref="Permissions.ApiManage"/>.</summary>
internal static class ApiDocument
{
    private const string Name = "v1", Scheme = "key", DocsPath = "/api/docs";

    private static readonly Dictionary<int, string> Problems = new()
    {
        [400] = "The request cannot be read, or a header is missing.",
        [401] = "There is no key, or it opens nothing: unknown, revoked, expired, suspended, or its owner may no longer have keys.",
        [403] = "The key may not do this, or not from this address.",
        [404] = "It is not there, or out of the key's reach: the answer is the same.",
        [405] = "That verb is none of this address's.",
        [409] = "What it is about is no longer so, or somebody was first.",
        [412] = "Somebody changed it since its ETag was read.",
        [413] = "What was sent is too large.",
        [415] = "What was sent is not JSON: Content-Type: application/json.",
        [422] = "What was sent does not satisfy the rules; all reasons at once.",
        [428] = "If-Match is missing.",
        [429] = "Too many requests: Retry-After says when to come back.",
        [500] = "It failed, and was noted. Nothing was done; it may be tried again with the same Idempotency-Key.",
        [503] = "The building's data cannot be reached: nothing is wrong with what was asked.",
    };

    /// <summary>Names as they travel; numbers are numbers and nothing else.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        return services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = api => api.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().Any();
            options.CreateSchemaReferenceId = type =>
                OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("Api", "", StringComparison.Ordinal);
            options.AddDocumentTransformer(Describe);
            options.AddOperationTransformer(Describe);
        });
    }

    public static void MapApiDocument(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/api/v1/openapi.json").RequireAuthorization(Permissions.ApiManage).WithMetadata(new ApiPage());
        app.MapGet(DocsPath, () => Results.Content(Page, "text/html; charset=utf-8")).RequireAuthorization(Permissions.ApiManage);
        app.MapGet(DocsPath + "/scalar.js", Script).RequireAuthorization(Permissions.ApiManage);
    }

    private static string Version { get; } = typeof(ScalarOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+')[0];

    /// <summary>Scalar's own page begins with a script in the page, which the portal's policy forbids: this one begins with a file.</summary>
    private static string Page { get; } =
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>API · Vallhalla</title><meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body><main id="app"></main><script src="{DocsPath}/scalar.js?v={Version}"></script><script type="module" src="/api-docs.js"></script></body>
        </html>
        """;

    /// <summary>Scalar's program, from its package: nothing comes from elsewhere.</summary>
    private static IResult Script(HttpContext http)
    {
        var stream = typeof(ScalarOptions).Assembly.GetManifestResourceStream("ScalarStaticAssets.scalar.js")
            ?? throw new InvalidOperationException($"The package of Scalar {Version} has no scalar.js.");
        http.Response.Headers.CacheControl = "private, max-age=86400";
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;

        // It is compressed as it lies there.
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            return Results.Stream(new GZipStream(stream, CompressionMode.Decompress), "text/javascript; charset=utf-8");
        http.Response.Headers.ContentEncoding = "gzip";
        return Results.Stream(stream, "text/javascript; charset=utf-8");
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        var json = context.ApplicationServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>()
            .Value.SerializerOptions;
        var zone = context.ApplicationServices.GetRequiredService<BuildingClock>().Zone.Id;
        document.Info = new OpenApiInfo
        {
            Title = "Vallhalla Portal",
            Version = "1",
            Description =
                $"""
                For other programs of the building. Every request carries a key: `Authorization: Bearer vhp_…`. A key acts as who made it, and its
                scopes narrow that: what neither has is refused with 403.

                Amounts are whole pesos. Days are `2026-11-30`; moments have the difference to UTC of the building's zone ({zone}), and a moment
                that is sent without one is the building's own time. Lists give `page` and `size` (100 at most). What makes something takes an
                `Idempotency-Key`: repeated with the same key and body within seven days it is done once, and the answer says `Idempotency-Replayed`.

                Refusals are problems (RFC 9457), whatever goes wrong, also where no operation is (404, 405): `application/problem+json`
                as `Problem` below. `code` is the same in every language, `detail` is in that of `Accept-Language` (`es`, `en`).
                """,
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "vhp_…", Description = "A key from the page of keys.",
        };
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        foreach (var (status, said) in Problems.OrderBy(p => p.Key))
        {
            document.Components.Responses[ResponseOf(status)] = new OpenApiResponse
            {
                Description = said,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ApiProblem.ContentType] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference("Problem", document),
                        Example = JsonSerializer.SerializeToNode(Example(status), json),
                    },
                },
            };
        }

        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().SingleOrDefault() is not { } said) return;
        var json = context.ApplicationServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>()
            .Value.SerializerOptions;
        operation.Description = "Needs one of these scopes: " + string.Join(", ", said.AnyOf.Select(s => $"`{s}`")) + ".";
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-scopes"] = new JsonNodeExtension(new JsonArray([.. said.AnyOf.Select(s => (JsonNode)s)]));
        var responses = operation.Responses ??= [];
        if (responses.TryGetValue(said.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var good)
            && good.Content?.TryGetValue("application/json", out var content) == true)
            content.Example = JsonSerializer.SerializeToNode(said.Example, said.Example.GetType(), json);
        if (said.Asks is { } asks && operation.RequestBody?.Content?.TryGetValue("application/json", out var asked) == true)
            asked.Example = JsonSerializer.SerializeToNode(asks, asks.GetType(), json);
        if (said.NeedsIdempotencyKey is { } needed)
            Header(operation, "Idempotency-Key", needed,
                "A number of your own for this act, 200 characters at most; keep it for repetitions.");
        if (said.NeedsMatch) Header(operation, "If-Match", true, "The ETag of the record as it was read.");

        var schema = await context.GetOrCreateSchemaAsync(typeof(ApiProblem), null, ct);
        context.Document?.AddComponent("Problem", schema);
        foreach (var status in Possible(said).Order())
        {
            responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] =
                new OpenApiResponseReference(ResponseOf(status), context.Document);
        }
    }

    /// <summary>What a status means is said once, among the components.</summary>
    private static string ResponseOf(int status) => FormattableString.Invariant($"Problem{status}");

    private static IEnumerable<int> Possible(ApiOperation said)
    {
        foreach (var always in (int[])[400, 401, 403, 429, 500, 503]) yield return always;
        if (said.OfOne) yield return 404;
        if (said.HasRules) yield return 422;
        if (said.Asks is not null)
            foreach (var sent in (int[])[409, 413, 415, 422]) yield return sent;

        if (said.NeedsMatch)
        {
            yield return 412;
            yield return 428;
        }
    }

    private static ApiProblem Example(int status)
    {
        var code = status switch
        {
            400 => "api.unreadable", 401 => "api.no_key", 403 => "api.scope", 404 => "not_found", 405 => "api.method",
            409 => "reservation.not_open", 412 => "stale", 413 => "api.too_large", 415 => "api.json", 422 => "required",
            428 => "api.match_missing", 429 => "api.too_often", 500 => "api.failed", _ => "database.away",
        };
        return new ApiProblem(
            "urn:vallhalla:problem:" + code, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status,
            Problems[status], code, [new(code, status == 422 ? "amount" : null, Problems[status])]);
    }

    private static void Header(OpenApiOperation operation, string name, bool required, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name, In = ParameterLocation.Header, Required = required, Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
}
