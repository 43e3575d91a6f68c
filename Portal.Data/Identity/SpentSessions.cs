using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Identity;

/// <summary>
/// Clears at night the sessions that nobody used for three months (the longest lasts one), and the failed sign-ins of the day before. Who
/// signed in from where stays in the audit log.
/// </summary>
public sealed class SpentSessions(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("spent_sessions");

    private const int Batch = 1000;

    private static readonly TimeSpan SessionsKept = TimeSpan.FromDays(90);
    private static readonly TimeSpan FailuresKept = TimeSpan.FromDays(1);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var now = clock.UtcNow;
        var (sessions, failures) = (now - SessionsKept, now - FailuresKept);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        while (await SessionsAsync() == Batch || await FailuresAsync() == Batch)
        {
            // In pieces: people sign in meanwhile.
        }

        Task<int> SessionsAsync() =>
            db.Database.ExecuteSqlAsync($"DELETE FROM sessions WHERE seen_at < {sessions} ORDER BY seen_at LIMIT {Batch}", ct);

        Task<int> FailuresAsync() => db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM sign_in_failures WHERE last_at < {failures} AND (wait_until IS NULL OR wait_until < {now})
            ORDER BY last_at LIMIT {Batch}
            """,
            ct);
    }
}
