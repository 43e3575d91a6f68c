using System.Threading.RateLimiting;
using Portal.Data.Identity;

namespace Portal.Hosting;

/// <summary>
/// Papers and tables are made for the asking, and the asking is easy: of each person so many are made at once, and the next ones wait for
/// their turn. Nobody's exports keep the others from their pages.
/// </summary>
public static class HeavyRequests
{
    public const int AtOnce = 2;

    /// <summary>Of one person; more are told to come back.</summary>
    public const int Waiting = 20;

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    private static readonly string[] Ends = ["/export", ".pdf", ".csv", ".zip"];

    /// <summary>Behind who it is: places are counted by account.</summary>
    public static void UseHeavyRequests(this WebApplication app)
    {
        var lanes = Lanes();
        app.Lifetime.ApplicationStopped.Register(lanes.Dispose);
        app.Use(async (http, next) =>
        {
            if (http.User.AccountId() is not { } account || !Array.Exists(Ends, end => EndsIn(http.Request.Path, end)))
            {
                await next(http);
                return;
            }

            using var place = await lanes.AcquireAsync(account, 1, http.RequestAborted);
            if (place.IsAcquired) await next(http);
            else AddressLimiter.Refuse(http, Later);
        });
    }

    public static PartitionedRateLimiter<long> Lanes() => PartitionedRateLimiter.Create<long, long>(account =>
        RateLimitPartition.GetConcurrencyLimiter(account, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    private static bool EndsIn(PathString path, string end) => path.Value?.TrimEnd('/').EndsWith(end, StringComparison.OrdinalIgnoreCase) == true;
}
