using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Portal.Data.Identity;

namespace Portal.Hosting.Identity;

/// <summary>
/// Slows down who guesses passwords, codes or the set-up token over many accounts from one network. Only failures count: a whole building
/// may sign in from behind one address. A network that failed too often is not shut out: its strange devices go one after the other, with a
/// pause. How long one account must be waited for is told by <see cref="SignInService"/>. The pages ask it themselves, so that the refusal
/// stands in the form, in the person's language, with nothing typed lost.
/// </summary>
public sealed class SignInLimiter(AddressLimiter addresses, TimeProvider time, IOptions<AccountOptions> options) : IDisposable
{
    /// <summary>Between two attempts of a network that failed too often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly AddressLimit _failures = new(
        "sign-in", Math.Max(1, options.Value.FailuresAtOnce), TimeSpan.FromMinutes(1) / Math.Max(1, options.Value.FailuresPerMinute));

    // Without this, a thousand guesses sent together would all begin before the first has failed.
    private readonly PartitionedRateLimiter<IPAddress> _lanes = Lanes(places: 4, waiting: 60);
    private readonly PartitionedRateLimiter<IPAddress> _slow = Lanes(places: 1, waiting: 10);

    /// <summary>
    /// Runs an attempt when this network may make one; otherwise answers 429 with <c>Retry-After</c> and gives the wait instead.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="attempt">False where it failed in a way that a guess does.</param>
    /// <param name="known">Whether the browser is known for the account that is tried: such a one waits behind no stranger. Asked only
    /// where somebody would wait.</param>
    /// <returns>How long to wait, or null when the attempt was made.</returns>
    public async Task<TimeSpan?> TryAsync(HttpContext http, Func<Task<bool>> attempt, Func<Task<bool>>? known = null)
    {
        var network = AddressGroup.Of(http.Connection.RemoteIpAddress);
        var spent = addresses.IsSpent(_failures, http);
        var lane = spent ? _slow : _lanes;
        using var first = lane.AttemptAcquire(network);
        if ((spent || !first.IsAcquired) && known is not null && await known())
        {
            await attempt();
            return null;
        }

        using var place = first.IsAcquired ? first : await lane.AcquireAsync(network, 1, http.RequestAborted);
        if (!place.IsAcquired)
        {
            var wait = Pause * 10;
            AddressLimiter.Refuse(http, wait);
            return wait;
        }

        if (spent) await Task.Delay(Pause, time, http.RequestAborted);
        if (!await attempt()) addresses.Spend(_failures, http);
        return null;
    }

    public void Dispose()
    {
        _lanes.Dispose();
        _slow.Dispose();
    }

    private static PartitionedRateLimiter<IPAddress> Lanes(int places, int waiting) =>
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(network =>
            RateLimitPartition.GetConcurrencyLimiter(network, _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = places, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));
}
