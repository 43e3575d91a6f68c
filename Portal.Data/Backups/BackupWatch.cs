using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Backups;

/// <summary>
/// Every quarter of an hour: tells who makes backups, in the bell and by mail, what is wrong with them; each
/// thing once for each last good set, of drills once for each.
/// </summary>
public sealed class BackupWatch(PortalStore store, BackupOptions options, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("backup_watch");

    /// <summary>What the bell says of it.</summary>
    public const string Old = "urgent.backup_old", Small = "urgent.backup_small", Away = "urgent.backup_away",
        Behind = "urgent.backup_behind", Gap = "urgent.backup_gap", DrillFailed = "urgent.backup_drill_failed",
        DrillOld = "urgent.backup_drill_old";

    internal static readonly TimeSpan Every = TimeSpan.FromMinutes(15);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        // That none is made is said each night by its job, and by the page.
        if (!options.On) return;
        var done = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                var state = await BackupState.ReadAsync(db, options, clock.UtcNow, token);
                foreach (var alarm in state.Alarms(clock.UtcNow))
                {
                    // A portal that did not run at night makes up for it now.
                    if (alarm != BackupAlarm.Old || !state.Working) await TellAsync(db, alarm, state, token);
                }

                return Result.Done;
            },
            ct);
        if (!done.Ok) throw new InvalidOperationException($"The alarms of backups were refused: {done.Error!.Code}.");
    }

    private async Task TellAsync(PortalDb db, BackupAlarm alarm, BackupState state, CancellationToken ct)
    {
        var type = alarm switch
        {
            BackupAlarm.Old => Old,
            BackupAlarm.Small => Small,
            BackupAlarm.Behind => Behind,
            BackupAlarm.Gap => Gap,
            BackupAlarm.DrillFailed => DrillFailed,
            BackupAlarm.DrillOld => DrillOld,
            _ => Away,
        };
        var (at, once) = alarm switch
        {
            BackupAlarm.DrillFailed => (state.Drill!.FinishedAt, $"drill:{state.Drill.Id}"),
            BackupAlarm.DrillOld => (state.GoodDrill?.FinishedAt ?? state.Since, $"drill:{state.GoodDrill?.Id ?? 0}"),
            BackupAlarm.Behind => (state.Stream?.ReachedAt ?? state.Since, $"backup:{state.Last?.Id ?? 0}"),
            _ => (state.Last?.FinishedAt ?? state.Since, $"backup:{state.Last?.Id ?? 0}"),
        };
        var day = DateOnly.FromDateTime(clock.ToWall(at));
        var draft = new NotificationDraft(
            type, RecipientType.User, type, $"{day:yyyy-MM-dd}", "/operations/backups", [new(Day: day)]);
        var people = await db.UsersWith(Permissions.OperationsBackup).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);
        await draft.AddAsync(db, people, ct, once);
    }
}
