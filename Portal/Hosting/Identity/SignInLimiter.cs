using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// Slows down who guesses passwords, codes or the set-up token, by address. Only failures count: a whole building may sign in from behind
/// one address. The
/// pages ask it themselves, so that the refusal stands in the form, in the person's language, with nothing typed lost.
/// </summary>
public sealed class SignInLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _failures;
    private readonly PartitionedRateLimiter<IPAddress> _atOnce;
    private readonly TimeSpan _refill;

    public SignInLimiter(IOptions<AccountOptions> options)
    {
        var most = Math.Max(1, options.Value.FailuresAtOnce);
        _refill = TimeSpan.FromMinutes(1) / Math.Max(1, options.Value.FailuresPerMinute);
        _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetTokenBucketLimiter(
                address,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = most,
                    TokensPerPeriod = 1,
                    ReplenishmentPeriod = _refill,
                    QueueLimit = 0,
                    AutoReplenishment = true,
                }
            )
        );

        // Without this, a thousand guesses sent together would all begin before the first has failed.
        _atOnce = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetConcurrencyLimiter(
                address,
                _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = 4,
                    QueueLimit = 60,
                    QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                }
            )
        );
    }

    /// <summary>
    /// Runs an attempt when this address may make one; otherwise answers 429 with <c>Retry-After</c> and gives the wait instead.
    /// </summary>
    /// <returns>How long to wait, or null when the attempt was made.</returns>
    public async Task<TimeSpan?> TryAsync(HttpContext http, Func<Task<bool>> attempt)
    {
        var address = Partition(http.Connection.RemoteIpAddress);
        using var place = await _atOnce.AcquireAsync(address, 1, http.RequestAborted);

        // Asking the bucket for nothing succeeds as soon as the smallest part of a token is back; whole ones are what counts.
        var spent = _failures.GetStatistics(address) is { CurrentAvailablePermits: < 1 };
        if (!place.IsAcquired || spent)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers.RetryAfter = Math.Ceiling(_refill.TotalSeconds)
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
            return _refill;
        }

        if (!await attempt()) _failures.AttemptAcquire(address).Dispose();
        return null;
    }

    public void Dispose()
    {
        _failures.Dispose();
        _atOnce.Dispose();
    }

    /// <summary>One subscriber of IPv6 has a whole /64 of addresses.</summary>
    internal static IPAddress Partition(IPAddress? address)
    {
        address = RequestAddress.Plain(address) ?? IPAddress.None;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
