using Microsoft.EntityFrameworkCore;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Pqrs;

/// <summary>
/// On business days at seven: warns whoever has a case, or all who handle cases, of a last day that comes near; tells the administrators
/// too of one that has passed. A case that waits for its petitioner is never late; when they have been silent for a month, closing it is
/// proposed. Run again it finds what was told.
/// </summary>
public sealed class PqrsAlarmJob(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("pqrs_alarms");

    /// <summary>When people are awake to read it.</summary>
    internal static readonly TimeOnly At = new(7, 0);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var today = clock.Today;
        if (!BusinessDays.IsBusinessDay(today)) return;
        var done = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                await WarnAsync(db, today, token);
                var gone = clock.UtcNow.AddDays(-1);
                await db.PqrsPresence.Where(p => p.SeenAt < gone).ExecuteDeleteAsync(token);
                return Result.Done;
            },
            ct);
        if (!done.Ok) throw new InvalidOperationException($"The warnings of PQRS were refused: {done.Error!.Code}.");
    }

    private sealed record Near(
        long Id, string? Number, string Title, PqrsState State, PqrsKind? Kind, DateOnly? Due, long? Assignee, DateOnly? AskedOn);

    private static async Task WarnAsync(PortalDb db, DateOnly today, CancellationToken ct)
    {
        var until = BusinessDays.Deadline(today, PqrsClock.WarningDays, []);
        var longAgo = today.AddMonths(-1);
        var near = await db.Pqrs.AsNoTracking().Active()
            .Where(p => p.StatusId == PqrsState.WaitingForPetitioner
                ? p.Pauses.Any(h => h.EndedOn == null && h.StartedOn <= longAgo)
                : p.DueOn <= until)
            .OrderBy(p => p.Id)
            .Select(p => new Near(
                p.Id, p.Number, p.Title, p.StatusId, p.Kind, p.DueOn, p.AssignedTo,
                p.Pauses.Where(h => h.EndedOn == null).Max(h => (DateOnly?)h.StartedOn)))
            .ToListAsync(ct);
        var alarms = new List<(Near Case, PqrsAlarm Alarm)>();
        foreach (var one in near)
        {
            // The pause begins the day after the question.
            var (day, step) = one.State == PqrsState.WaitingForPetitioner
                ? (PqrsTerms.AnswerBy(one.AskedOn!.Value.AddDays(-1)), (PqrsAlarmStep?)PqrsAlarmStep.Silent)
                : (one.Due!.Value, PqrsTerms.StepOn(today, one.Due.Value, one.Kind));
            if (step is { } what && (what != PqrsAlarmStep.Silent || day < today))
                alarms.Add((one, new PqrsAlarm { PqrsId = one.Id, DueOn = day, Step = what }));
        }

        if (alarms.Count == 0) return;
        var ids = alarms.ConvertAll(a => a.Alarm.PqrsId);
        var told = (await db.PqrsAlarms.AsNoTracking().Where(a => ids.Contains(a.PqrsId))
            .Select(a => new { a.PqrsId, a.DueOn, a.Step }).ToListAsync(ct)).ToHashSet();
        alarms.RemoveAll(a => told.Contains(new { a.Alarm.PqrsId, a.Alarm.DueOn, a.Alarm.Step }));
        if (alarms.Count == 0) return;

        db.PqrsAlarms.AddRange(alarms.Select(a => a.Alarm));
        var handlers = await PqrsService.Handlers(db).Select(u => u.Id).ToListAsync(ct);
        var administrators = await db.Users
            .Where(u => u.RoleId == Access.Roles.Admin && u.UserStatusId == UserState.Active).Select(u => u.Id).ToListAsync(ct);
        await NotificationDraft.AddManyAsync(
            db,
            [
                .. alarms.SelectMany(a => Recipients(a.Case, a.Alarm.Step).Select(account =>
                    (Draft(a.Case, a.Alarm), account, $"pqrs-alarm:{a.Case.Id}:{a.Alarm.DueOn:yyyyMMdd}:{a.Alarm.Step}:{account}"))),
            ],
            ct);

        // Whoever may no longer handle cases is not asked to.
        IEnumerable<long> Recipients(Near one, PqrsAlarmStep step) =>
            (one.Assignee is { } who && handlers.Contains(who) ? [who] : handlers)
            .Concat(step is PqrsAlarmStep.Overdue or PqrsAlarmStep.Granted ? administrators : []).Distinct().Order();
    }

    private static NotificationDraft Draft(Near one, PqrsAlarm alarm)
    {
        var number = one.Number ?? PqrsService.NumberOf(one.Id);
        var day = alarm.Step == PqrsAlarmStep.Granted ? PqrsTerms.CopiesBy(alarm.DueOn) : alarm.DueOn;
        var type = alarm.Step switch
        {
            PqrsAlarmStep.ThreeLeft => "pqrs.due_soon",
            PqrsAlarmStep.OneLeft => "pqrs.due_tomorrow",
            PqrsAlarmStep.LastDay => "pqrs.due_today",
            PqrsAlarmStep.Granted => "pqrs.granted",
            PqrsAlarmStep.Silent => "pqrs.silent",
            _ => "pqrs.expired",
        };
        return new NotificationDraft(
            type, RecipientType.User, number, one.Title, $"/pqrs/{one.Id}", [new(Text: number), new(Text: one.Title), new(Day: day)]);
    }
}
