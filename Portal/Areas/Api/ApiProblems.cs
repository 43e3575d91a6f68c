using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Localization;
using Portal.Areas.Facilities;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Facilities.Rules;
using Portal.Resources;

namespace Portal.Areas.Api;

/// <summary>One reason of a refusal.</summary>
/// <param name="Code">The same in every language: <c>reservation.not_open</c>.</param>
/// <param name="Field">What it is about, as it is called in the request; null: about the whole.</param>
/// <param name="Detail">For people, in the language of <c>Accept-Language</c> (Spanish or English).</param>
public sealed record ApiReason(string Code, string? Field, string Detail);

/// <summary>A refusal (RFC 9457, <c>application/problem+json</c>).</summary>
/// <param name="Type"><c>urn:vallhalla:problem:</c> and the code.</param>
/// <param name="Code">The first reason's code.</param>
/// <param name="Errors">All reasons at once.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<ApiReason> Errors)
{
    public const string ContentType = "application/problem+json";

    /// <summary>The service's refusals in the words of its area.</summary>
    public static ApiProblem Of(HttpContext http, int status, IReadOnlyList<Error> errors)
    {
        var services = http.RequestServices;
        var shared = services.GetRequiredService<IStringLocalizer<SharedWords>>();
        var own = services.GetRequiredService<IStringLocalizer<ApiWords>>();
        List<ApiReason> reasons = [.. errors.Select(error =>
            new ApiReason(error.Code, Field(error.Field), Explain(error, services, shared, own)))];
        return new ApiProblem(
            "urn:vallhalla:problem:" + reasons[0].Code, own["problem." + status.ToString(CultureInfo.InvariantCulture)], status,
            reasons[0].Detail,
            reasons[0].Code, reasons);
    }

    /// <summary>Which status a refusal has.</summary>
    public static int StatusOf(Error error) => error switch
    {
        { IsOutage: true } => StatusCodes.Status503ServiceUnavailable,
        { Code: "not_found", Field: null } => StatusCodes.Status404NotFound,
        { Code: "forbidden" } => StatusCodes.Status403Forbidden,
        { Code: "stale" or "booking.taken" or "booking.room" or "pqrs.not_active" or "pqrs.merged" or "api.repeated" } =>
            StatusCodes.Status409Conflict,
        { IsEdit: true } => StatusCodes.Status409Conflict,
        _ when error.Code.StartsWith("reservation.", StringComparison.Ordinal) => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static string? Field(string? field) => string.IsNullOrEmpty(field) ? null : char.ToLowerInvariant(field[0]) + field[1..];

    private static string Explain(
        Error error, IServiceProvider services, IStringLocalizer<SharedWords> shared, IStringLocalizer<ApiWords> own)
    {
        if (error.Values is [Refusal refusal, ..])
        {
            var told = services.GetRequiredService<RefusalWords>().Explain(refusal, own["facility"], null);
            return string.Join(". ", new[] { told.Title, told.Rule, told.Remedy }.Where(part => part.Length > 0)
                .Select(part => part.TrimEnd('.'))) + ".";
        }

        IStringLocalizer area = error.Code.Split('.')[0] switch
        {
            "payment" => services.GetRequiredService<IStringLocalizer<PaymentsWords>>(),
            "pqrs" => services.GetRequiredService<IStringLocalizer<PqrsWords>>(),
            "reservation" or "booking" => services.GetRequiredService<IStringLocalizer<FacilitiesWords>>(),
            "gate" => services.GetRequiredService<IStringLocalizer<GateWords>>(),
            "pass" => services.GetRequiredService<IStringLocalizer<PassWords>>(),
            _ => own,
        };
        return error.Explain(shared, area);
    }
}

/// <summary>Answers with a refusal.</summary>
internal static class ApiRefusals
{
    public static IResult Refuse(this HttpContext http, Result refused) => new Answer(ApiProblem.StatusOf(refused.Error!), refused.Errors);

    public static IResult Refuse(this HttpContext http, int status, Error error) => new Answer(status, [error]);

    public static Task WriteProblemAsync(this HttpContext http, int status, params Error[] errors) =>
        new Answer(status, errors).ExecuteAsync(http);

    private sealed class Answer(int status, IReadOnlyList<Error> errors) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.ContentLanguage = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

            // Where nobody knows whether it was done, nothing invites to do it again.
            if (status == StatusCodes.Status503ServiceUnavailable && errors[0].Code != "database.unknown")
                httpContext.Response.Headers.RetryAfter = "5";
            return httpContext.Response.WriteAsJsonAsync(
                ApiProblem.Of(httpContext, status, errors), (System.Text.Json.JsonSerializerOptions?)null, ApiProblem.ContentType,
                httpContext.RequestAborted);
        }
    }
}
