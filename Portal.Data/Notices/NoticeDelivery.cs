using Microsoft.EntityFrameworkCore;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Notices;

/// <summary>
/// Brings notices whose hour has come to their people: into each bell once, and by mail to who wants that, or to all where it is urgent. In
/// batches, each in a write of its own with the note of whom it reached: what a stop interrupts goes on where it was.
/// </summary>
public sealed class NoticeDelivery(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("notices");

    public const string Published = "notice.published", Urgent = "urgent.notice", Reminder = "notice.reminder";

    private const int Batch = 200;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        List<long> due;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            var now = clock.Now;
            due = await db.Notices
                .Where(n => n.DeliveredAt == null && n.PublishAt <= now && (n.ExpiresAt == null || n.ExpiresAt > now)
                    && !db.Notices.Any(c => c.CorrectsId == n.Id))
                .OrderByDescending(n => n.Urgent).ThenBy(n => n.Id).Select(n => n.Id).ToListAsync(ct);
        }

        foreach (var id in due) await DeliverAsync(id, ct);
    }

    /// <summary>Brings one to all whom it has not reached yet.</summary>
    internal async Task DeliverAsync(long id, CancellationToken ct)
    {
        while (true)
        {
            var sent = await store.WriteAsync<int>(CurrentUser.System, (db, token) => BatchAsync(db, id, token), ct);
            if (!sent.Ok) throw new InvalidOperationException($"A notice could not be delivered ({sent.Error!.Code}): it is tried again.");
            if (sent.Value < Batch) return;
        }
    }

    /// <summary>Reminds those whom it reached and who have not read it. Part of a write that has the notice's lock.</summary>
    internal static async Task<int> RemindAsync(PortalDb db, Notice notice, DateOnly today, CancellationToken ct)
    {
        var (last, told) = (0L, 0);
        while (true)
        {
            var next = await db.NoticeRecipients
                .Where(r => r.NoticeId == notice.Id && r.UserId > last && !db.NoticeReads.Any(x => x.NoticeId == notice.Id && x.UserId == r.UserId))
                .OrderBy(r => r.UserId).Select(r => r.UserId).Take(Batch).ToListAsync(ct);
            if (next.Count == 0) return told;
            await TellAsync(db, notice, notice.Urgent ? Urgent : Reminder, next, $"{today:yyyyMMdd}", ct);
            (last, told) = (next[^1], told + next.Count);
        }
    }

    private async Task<Result<int>> BatchAsync(PortalDb db, long id, CancellationToken ct)
    {
        var notice = await db.Notices.Where(n => n.Id == id).ForUpdate().SingleOrDefaultAsync(ct);
        if (notice is null || notice.DeliveredAt is not null) return 0;
        var next = await NoticePeople.NextAsync(db, notice, NoticeService.ToOf(notice), clock.Today, Batch, ct);
        db.NoticeRecipients.AddRange(next.Select(user => new NoticeRecipient { NoticeId = id, UserId = user }));
        await TellAsync(db, notice, notice.Urgent ? Urgent : Published, next, "1", ct);
        if (next.Count < Batch) notice.DeliveredAt = clock.UtcNow;
        return next.Count;
    }

    private static Task TellAsync(PortalDb db, Notice notice, string type, IReadOnlyList<long> people, string time, CancellationToken ct)
    {
        var body = notice.Body.Length <= 300 ? notice.Body : notice.Body[..299] + "…";
        var draft = new NotificationDraft(
            type, RecipientType.Owner, notice.Title, body, "/notices", [new(Text: notice.Title), new(Why: body)]);
        return NotificationDraft.AddManyAsync(db, [.. people.Select(user => (draft, user, $"notice:{notice.Id}:{time}:{user}"))], ct);
    }
}
