using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;

namespace Portal.Data.Gate;

/// <summary>Closes at night the visits of the day before whose exit nobody logged, and marks them so.</summary>
public sealed class ForgottenExits(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("forgotten_exits");

    /// <summary>Who came late in the evening may well stay the night: only visits that began before this hour of that day.</summary>
    private static readonly TimeOnly Latest = new(20, 0);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var now = clock.Now;
        var closed = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                var forgotten = await db
                    .Visitors.Where(v =>
                        v.State == VisitorState.Inside && (v.VisitDate < day || (v.VisitDate == day && v.EnterTime < Latest))
                    )
                    .ToListAsync(token);
                foreach (var visit in forgotten) visit.CloseForgotten(now);
                return Result.Done;
            },
            ct
        );
        if (!closed.Ok) throw new InvalidOperationException($"Forgotten exits were refused: {closed.Error!.Code}.");
    }
}
