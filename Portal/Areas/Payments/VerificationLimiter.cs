using System.Net;
using System.Threading.RateLimiting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Payments;

/// <summary>
/// Slows down who tries out codes: twenty at once, then one every three seconds for each address. Of 10¹¹ codes nobody finds one this way.
/// </summary>
public sealed class VerificationLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _lookups = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(3), QueueLimit = 0, AutoReplenishment = true,
        }));

    /// <summary>Whether this address may look up one more code.</summary>
    public bool Allows(IPAddress? address)
    {
        using var lease = _lookups.AttemptAcquire(SignInLimiter.Partition(address));
        return lease.IsAcquired;
    }

    public void Dispose() => _lookups.Dispose();
}
