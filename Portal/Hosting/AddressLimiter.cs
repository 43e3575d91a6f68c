using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Portal.Data.Identity;

namespace Portal.Hosting;

/// <summary>How often one network may do something: some at once, then one in each time.</summary>
public sealed record AddressLimit(string What, int AtOnce, TimeSpan Each)
{
    /// <summary>Codes of documents that are looked up. Of 10¹¹ codes nobody finds one this way.</summary>
    public static AddressLimit Lookups { get; } = new("lookups", 20, TimeSpan.FromSeconds(3));

    /// <summary>Petitions without a name: a handful at once, then one every ten minutes.</summary>
    public static AddressLimit Petitions { get; } = new("petitions", 5, TimeSpan.FromMinutes(10));

    /// <summary>
    /// Calendar addresses that are nobody's. Those that are somebody's are free: one calendar service reads a whole building's.
    /// </summary>
    public static AddressLimit Calendars { get; } = new("calendars", 20, TimeSpan.FromSeconds(3));

    /// <summary>Addresses of passes that open nothing. Who looks at a pass that does is never held back.</summary>
    public static AddressLimit Passes { get; } = new("passes", 20, TimeSpan.FromSeconds(3));
}

/// <summary>The one count, by network, of what strangers may not do without end. In this portal's memory.</summary>
public sealed class AddressLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<(AddressLimit Limit, IPAddress Network)> _buckets =
        PartitionedRateLimiter.Create<(AddressLimit Limit, IPAddress Network), (AddressLimit, IPAddress)>(key =>
            RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = key.Limit.AtOnce, TokensPerPeriod = 1, ReplenishmentPeriod = key.Limit.Each, QueueLimit = 0,
                AutoReplenishment = true,
            }));

    /// <summary>Whether the request's network has no more to spend.</summary>
    // Asking the bucket for nothing succeeds as soon as the smallest part of a token is back; whole ones are what counts.
    public bool IsSpent(AddressLimit limit, HttpContext http) =>
        _buckets.GetStatistics(Key(limit, http)) is { CurrentAvailablePermits: < 1 };

    /// <summary>Counts one.</summary>
    /// <returns>False where there was none left.</returns>
    public bool Spend(AddressLimit limit, HttpContext http)
    {
        using var lease = _buckets.AttemptAcquire(Key(limit, http));
        return lease.IsAcquired;
    }

    /// <summary>Answers that it is too early, and when it is not.</summary>
    public static void Refuse(HttpContext http, TimeSpan wait)
    {
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose() => _buckets.Dispose();

    private static (AddressLimit, IPAddress) Key(AddressLimit limit, HttpContext http) =>
        (limit, AddressGroup.Of(http.Connection.RemoteIpAddress));
}
