using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Pqrs;

namespace Portal.Data.Privacy;

/// <summary>
/// Every morning: gives up claims whose person has not sent what was missing for two months, and on business days reminds the office of
/// requests whose last day is near or past. Run again it finds what was told.
/// </summary>
public sealed class DataRequestAlarms(PortalStore store, DataRequestService requests, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("data_requests");

    /// <summary>When people are awake to read it.</summary>
    internal static readonly TimeOnly At = new(7, 0);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var today = clock.Today;
        List<long> silent;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            var asked = today.AddMonths(-2);
            silent = await db.DataRequests.Where(r => r.State == DataRequestState.Incomplete && r.AskedOn <= asked)
                .OrderBy(r => r.Id).Select(r => r.Id).ToListAsync(ct);
        }

        // Whoever completes theirs at this moment is refused nothing: each is looked at again under its lock.
        foreach (var id in silent)
        {
            await requests.ActAsync(
                id, null, CurrentUser.System, DataRequestStep.Abandoned, (request, _) => request.Abandon(today),
                (db, request, _, token) => DataRequestDesk.TellAsync(db, request, "privacy.abandoned", null, null, token), ct,
                needsText: false);
        }

        if (!BusinessDays.IsBusinessDay(today)) return;
        var done = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            await RemindAsync(db, today, token);
            return Result.Done;
        }, ct);
        if (!done.Ok) throw new InvalidOperationException($"The reminders of data requests were refused: {done.Error!.Code}.");
    }

    private static async Task RemindAsync(PortalDb db, DateOnly today, CancellationToken ct)
    {
        var until = BusinessDays.Deadline(today, DataRequestTerms.WarningDays, []);
        var near = await db.DataRequests.AsNoTracking().Where(r => r.State == DataRequestState.Open && r.DueOn <= until)
            .OrderBy(r => r.Id).ToListAsync(ct);
        if (near.Count == 0) return;
        var office = await db.UsersWith(Permissions.PrivacyHandle).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);

        // Once when it comes near, once when it is past.
        await NotificationDraft.AddManyAsync(
            db,
            [
                .. near.SelectMany(request => office.Select(account =>
                {
                    var type = request.DueOn < today ? "privacy.overdue" : "privacy.due_soon";
                    return (
                        DataRequestService.Draft(request, type, RecipientType.User, $"/privacy/{request.Id}", request.DueOn), account,
                        $"{type}:{request.Id}:{request.DueOn:yyyyMMdd}:{account}");
                })),
            ],
            ct);
    }
}
