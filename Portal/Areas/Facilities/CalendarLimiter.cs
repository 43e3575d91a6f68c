using System.Net;
using System.Threading.RateLimiting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Facilities;

/// <summary>
/// Slows down who tries out calendar addresses: twenty that are nobody's, then one every three seconds for each network address. Those that
/// are somebody's are free: one
/// calendar service reads the calendars of a whole building.
/// </summary>
public sealed class CalendarLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _misses = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(3), QueueLimit = 0, AutoReplenishment = true,
        }));

    /// <summary>Whether this address has missed too often to be answered.</summary>
    public bool Refuses(IPAddress? address) => _misses.GetStatistics(SignInLimiter.Partition(address)) is { CurrentAvailablePermits: < 1 };

    public void Missed(IPAddress? address) => _misses.AttemptAcquire(SignInLimiter.Partition(address)).Dispose();

    public void Dispose() => _misses.Dispose();
}
