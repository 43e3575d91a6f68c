using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Guards;

/// <summary>
/// Each morning at seven: tells who manages guards of an insurance that ends within thirty days, within seven, and on its last day or when
/// it is over; each once. With another date it begins anew. A day on which no portal ran is made up for on the next.
/// </summary>
public sealed class GuardCovers(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("guard_covers");

    internal static readonly TimeOnly At = new(7, 0);

    /// <summary>What the bell says of it.</summary>
    public const string Month = "guard.cover_month", Week = "guard.cover_week", Over = "guard.cover_over";

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var done = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                await TellAsync(db, token);
                return Result.Done;
            },
            ct);
        if (!done.Ok) throw new InvalidOperationException($"The warnings of insurances were refused: {done.Error!.Code}.");
    }

    /// <summary>What is told of an insurance that ends on a day; null while it is far.</summary>
    internal static string? Step(DateOnly ends, DateOnly today) => (ends.DayNumber - today.DayNumber) switch
    {
        <= 0 => Over,
        <= 7 => Week,
        <= GuardService.SoonDays => Month,
        _ => null,
    };

    private async Task TellAsync(PortalDb db, CancellationToken ct)
    {
        var today = clock.Today;
        var until = today.AddDays(GuardService.SoonDays);
        var guards = await db.Guards.AsNoTracking().Where(g => g.ArlExpiresOn <= until || g.EpsExpiresOn <= until)
            .OrderBy(g => g.Id).Select(g => new { g.Id, g.Name, g.ArlExpiresOn, g.EpsExpiresOn }).ToListAsync(ct);
        if (guards.Count == 0) return;
        var managers = await db.UsersWith(Permissions.GuardsEdit).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);
        List<(NotificationDraft Draft, long Account, string Key)> told = [];
        foreach (var guard in guards)
        {
            foreach (var (cover, ends) in new[] { ("ARL", guard.ArlExpiresOn), ("EPS", guard.EpsExpiresOn) })
            {
                if (ends is not { } last || Step(last, today) is not { } step) continue;
                var draft = new NotificationDraft(
                    step, RecipientType.User, $"{cover}: {guard.Name}", $"{last:yyyy-MM-dd}", "/guards",
                    [new(Text: guard.Name), new(Text: cover), new(Day: last)]);
                told.AddRange(managers.Select(m => (draft, m, $"guard-cover:{guard.Id}:{cover}:{last:yyyyMMdd}:{step}:{m}")));
            }
        }

        await NotificationDraft.AddManyAsync(db, told, ct);
    }
}
