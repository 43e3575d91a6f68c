using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Push;

/// <summary>Puts what is written into bells onto the devices of those who want it there, in the same write.</summary>
internal static class PushQueue
{
    /// <param name="lines">Saved.</param>
    public static async Task AddAsync(PortalDb db, IReadOnlyCollection<Notification> lines, CancellationToken ct)
    {
        var people = lines.Select(l => l.RecipientId).Distinct().ToList();
        var devices = (await PushService.Reachable(db).AsNoTracking().Where(d => people.Contains(d.UserId))
            .Select(d => new { d.Id, d.UserId }).ToListAsync(ct)).ToLookup(d => d.UserId, d => d.Id);
        if (devices.Count == 0) return;
        var unwanted = (await db.NotificationChoices.AsNoTracking().Where(c => people.Contains(c.UserId) && c.ByPush == false)
            .Select(c => new { c.UserId, c.Kind }).ToListAsync(ct)).Select(c => (c.UserId, c.Kind)).ToHashSet();
        var now = db.Clock.GetUtcNow().UtcDateTime;
        var batch = new SqlBatch();
        foreach (var line in lines)
        {
            if (unwanted.Contains((line.RecipientId, NotificationKinds.Of(line.RecipientType, line.Type)))) continue;
            var kind = PushLife.Of(line.Type).Prompt ? PromptPushJob.JobKind : PushJob.JobKind;
            foreach (var device in devices[line.RecipientId]) batch.Then(Insert(kind, line.Id, device, now));
        }

        await batch.RunAsync(db, ct);
    }

    public static FormattableString Insert(JobKind<PushWork> kind, long line, long device, DateTime now) =>
        JobQueue.Insert(kind, new PushWork(line, device), now, $"push:{line}:{device}");
}

/// <summary>How long a message is of use, and whether somebody waits for it.</summary>
/// <param name="Lasts">Its maker's server keeps it so long for a device that is off (TTL, RFC 8030).</param>
/// <param name="Prompt">It goes before the others and wakes a device that saves its battery.</param>
public sealed record PushLife(TimeSpan Lasts, bool Prompt)
{
    /// <summary>Somebody stands at the gate: after this the guard proposes the intercom (design of the gate, section 5).</summary>
    private static readonly PushLife Asking = new(TimeSpan.FromSeconds(55), true);

    private static readonly PushLife Usual = new(TimeSpan.FromDays(1), false);

    private static readonly PushLife Entry = new(TimeSpan.FromHours(1), true);

    public static PushLife Of(string? type) => type switch
    {
        Passes.GateApprovalService.Asks => Asking,
        PushService.Trial => Asking,
        { } entry when entry.StartsWith("visit.", StringComparison.Ordinal) => Entry,
        _ => Usual,
    };
}
