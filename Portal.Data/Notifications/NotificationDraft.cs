using Microsoft.EntityFrameworkCore;
using Portal.Data.Operations;
using Portal.Data.Push;

namespace Portal.Data.Notifications;

/// <summary>Something that people are told, in the bell and, whoever wants it so, by mail and on their devices.</summary>
/// <param name="Type">Names the words, as <c>reservation.confirmed</c>.</param>
/// <param name="To">As what they are told: residents about their own things, the office about its work.</param>
/// <param name="Title">In the building's language, for who reads the row without the portal's words.</param>
/// <param name="Message">As <paramref name="Title"/>.</param>
/// <param name="Link">A local address that shows what it is about.</param>
/// <param name="About">What the words speak of, in the order of their holes.</param>
internal sealed record NotificationDraft(
    string Type, RecipientType To, string Title, string Message, string Link, IReadOnlyList<NotificationPart> About)
{
    /// <summary>
    /// Writes a line into each bell and, in the same write, the mail of those who want it. Saves what is pending: the mail's job names the
    /// line's row.
    /// </summary>
    /// <param name="accounts">Whom it tells.</param>
    /// <param name="key">What is told, where that may be asked for twice: who was told already is left out.</param>
    public async Task AddAsync(PortalDb db, IEnumerable<long> accounts, CancellationToken ct, string? key = null)
    {
        var lines = accounts.Distinct().Order().Select(account => new Notification
        {
            RecipientId = account, RecipientType = To, Type = Type, Title = Title, Message = Message, Link = Link,
            Data = NotificationPart.Write(About), UniqueKey = key is null ? null : $"{key}:{Type}:{account}",
        }).ToList();
        if (key is not null)
        {
            var keys = lines.ConvertAll(l => l.UniqueKey);
            var told = await db.Notifications.Where(n => keys.Contains(n.UniqueKey)).Select(n => n.UniqueKey).ToListAsync(ct);
            lines.RemoveAll(l => told.Contains(l.UniqueKey));
        }

        if (lines.Count == 0) return;
        var atOnce = await ShareOutAsync(db, NotificationKinds.Of(To, Type), lines, ct);
        db.Notifications.AddRange(lines);
        await db.SaveChangesAsync(ct);
        foreach (var line in atOnce)
        {
            await JobQueue.AddAsync(db, MailJob.JobKind, line.Id, db.Clock.GetUtcNow().UtcDateTime, $"mail:{line.Id}", ct);
        }

        await PushQueue.AddAsync(db, lines, ct);
    }

    /// <summary>
    /// As <see cref="AddAsync"/>, for many people of whom each is told something of their own: a few trips for all of them.
    /// </summary>
    /// <param name="all">What, to which account, and by which key it is known that it was told.</param>
    public static async Task AddManyAsync(
        PortalDb db, IReadOnlyCollection<(NotificationDraft Draft, long Account, string Key)> all, CancellationToken ct)
    {
        var keys = all.Select(one => one.Key).ToList();
        var told = (await db.Notifications.Where(n => keys.Contains(n.UniqueKey!)).Select(n => n.UniqueKey!).ToListAsync(ct)).ToHashSet();
        var lines = all.Where(one => !told.Contains(one.Key)).Select(one => new Notification
        {
            RecipientId = one.Account, RecipientType = one.Draft.To, Type = one.Draft.Type, Title = one.Draft.Title,
            Message = one.Draft.Message, Link = one.Draft.Link, Data = NotificationPart.Write(one.Draft.About), UniqueKey = one.Key,
        }).ToList();
        if (lines.Count == 0) return;
        List<Notification> atOnce = [];
        foreach (var kind in lines.GroupBy(l => NotificationKinds.Of(l.RecipientType, l.Type)))
            atOnce.AddRange(await ShareOutAsync(db, kind.Key, [.. kind], ct));
        db.Notifications.AddRange(lines);
        await db.SaveChangesAsync(ct);

        var now = db.Clock.GetUtcNow().UtcDateTime;
        var batch = new SqlBatch();
        foreach (var line in atOnce) batch.Then(JobQueue.Insert(MailJob.JobKind, line.Id, now, $"mail:{line.Id}"));
        await batch.RunAsync(db, ct);
        await PushQueue.AddAsync(db, lines, ct);
    }

    /// <summary>Lines of people who want the kind by mail: those of a digest are marked for it, the others are given back, to go at once.</summary>
    private static async Task<List<Notification>> ShareOutAsync(PortalDb db, string kind, List<Notification> lines, CancellationToken ct)
    {
        var people = lines.Select(l => l.RecipientId).Distinct().ToList();
        var wanting = (await Wanting(db, kind).Where(id => people.Contains(id)).ToListAsync(ct)).ToHashSet();
        var later = kind == NotificationKinds.Urgent || wanting.Count == 0
            ? []
            : await db.NotificationChoices.Where(c => people.Contains(c.UserId) && c.Kind == kind && c.Rhythm != MailRhythm.AtOnce)
                .ToDictionaryAsync(c => c.UserId, c => c.Rhythm, ct);
        List<Notification> atOnce = [];
        foreach (var line in lines.Where(l => wanting.Contains(l.RecipientId)))
        {
            if (later.TryGetValue(line.RecipientId, out var rhythm)) line.Rhythm = rhythm;
            else atOnce.Add(line);
        }

        return atOnce;
    }

    /// <summary>
    /// The accounts that get a kind by mail: in use, with an address, and by their own choice or because the portal does so by itself.
    /// </summary>
    public static IQueryable<long> Wanting(PortalDb db, string kind)
    {
        var byItself = NotificationKinds.MailedByItself(kind);
        return db
            .Users.Where(u =>
                u.UserStatusId == Identity.UserState.Active
                && db.Profiles.Any(p => p.UserId == u.Id && p.Email != null && p.Email != "")
                && (
                    db.NotificationChoices.Any(c => c.UserId == u.Id && c.Kind == kind && c.ByMail)
                    || (byItself && !db.NotificationChoices.Any(c => c.UserId == u.Id && c.Kind == kind))
                )
            )
            .Select(u => u.Id);
    }
}
