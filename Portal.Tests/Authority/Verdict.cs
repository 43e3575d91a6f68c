using System.Collections;
using System.Net;
using Portal.Data;

namespace Portal.Tests.Authority;

/// <summary>Whether an answer means that the person was let through.</summary>
internal static class Verdict
{
    /// <summary>
    /// Refused is: null, false, an empty list or page, or a refusal with <c>not_found</c> or <c>forbidden</c>. Any other refusal came from
    /// a rule behind the authority, and
    /// the person was let through to it.
    /// </summary>
    public static bool LetThrough(object? answer) =>
        answer switch
        {
            null => false,
            bool seen => seen,
            Result { Ok: false } refused => refused.Errors.All(e => e.Code is not ("not_found" or "forbidden")),
            Result done => done.GetType().GetProperty("Value")?.GetValue(done) is not ICollection { Count: 0 },
            ICollection list => list.Count > 0,
            IEnumerable list => list.Cast<object?>().Any(),
            _ => answer.GetType().GetProperty("Total") is not { } total
                || total.PropertyType != typeof(int)
                || (int)total.GetValue(answer)! > 0,
        };

    /// <summary>
    /// Let through is: an answer, or being sent on within the portal. Refused is: 401, 403, 404, or the way to the door. A 5xx is neither
    /// and fails the test; a
    /// 400 came from behind the authority.
    /// </summary>
    public static bool LetThrough(HttpResponseMessage response)
    {
        // "Not now" is an answer to whoever asks: this machine may be busy with other tests.
        if (response is { StatusCode: HttpStatusCode.ServiceUnavailable, RequestMessage.RequestUri.AbsolutePath: "/health/ready" }) return true;
        if ((int)response.StatusCode >= 500)
            throw new InvalidOperationException($"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}.");
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound) return false;
        return response.Headers.Location is not { } to || !to.ToString().Contains("/sign-in?return=", StringComparison.Ordinal);
    }
}
