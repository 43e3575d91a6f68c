using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Notifications;

/// <summary>Whether a kind of notification (<see cref="NotificationKinds"/>) also comes by mail, and how soon.</summary>
public sealed record KindChoice(string Kind, bool ByMail, MailRhythm Rhythm = MailRhythm.AtOnce);

/// <param name="Kinds">Those that can reach the person.</param>
/// <param name="Address">Where they go; null where none was given.</param>
/// <param name="Refused">The latest mail to this address was refused for good.</param>
/// <param name="Hour">Of the building's clock, at which digests come.</param>
/// <param name="Weekday">On which the weekly one comes.</param>
public sealed record MailChoices(IReadOnlyList<KindChoice> Kinds, string? Address, bool Refused, int Hour, DayOfWeek Weekday);

/// <summary>What a person gets by mail; nobody chooses for another. The bell has everything.</summary>
public sealed class NotificationChoices(PortalStore store)
{
    private const int Looked = 20;

    /// <summary>Each kind with the person's choice or with what the portal does by itself; null for nobody.</summary>
    public async Task<MailChoices?> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return null;
        await using var db = await store.OpenAsync(user, ct);
        var chosen = await db
            .NotificationChoices.AsNoTracking()
            .Where(c => c.UserId == user.Id)
            .ToDictionaryAsync(c => c.Kind, ct);
        var time = await db.DigestTimes.AsNoTracking().SingleOrDefaultAsync(t => t.UserId == user.Id, ct) ?? new DigestTime();
        var profile = await db
            .Profiles.AsNoTracking()
            .Where(p => p.UserId == user.Id && p.Email != "")
            .OrderBy(p => p.Id)
            .Select(p => new { p.Email, p.UpdatedAt })
            .FirstOrDefaultAsync(ct);
        var latest = await db
            .Notifications.AsNoTracking()
            .Where(n => n.RecipientId == user.Id)
            .OrderByDescending(n => n.Id)
            .Take(Looked)
            .Select(n => new
            {
                n.MailedAt,
                Refused = db
                    .AuditLog.Where(e => e.TableName == "notifications" && e.RecordId == n.Id && e.Action == MailJob.Refused)
                    .Max(e => (DateTime?)e.CreatedAt),
            })
            .ToListAsync(ct);
        var refused = latest.Find(n => n.MailedAt is not null || n.Refused is not null)?.Refused;

        // An address that was written anew since then has not been tried yet.
        return new MailChoices(
            [.. Kinds(user).Select(kind => chosen.TryGetValue(kind, out var choice)
                ? new KindChoice(kind, choice.ByMail, choice.Rhythm)
                : new KindChoice(kind, NotificationKinds.MailedByItself(kind)))],
            profile?.Email, refused is { } at && !(profile?.UpdatedAt > at), time.Hour, time.Weekday);
    }

    /// <summary>Chooses for one kind.</summary>
    public async Task<Result> ChooseAsync(string kind, bool byMail, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        if (!Kinds(user).Contains(kind)) return Error.NotFound;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var choice = await db.NotificationChoices.SingleOrDefaultAsync(c => c.UserId == user.Id && c.Kind == kind, token);
            if (choice is null) db.NotificationChoices.Add(new NotificationChoice { UserId = user.Id, Kind = kind, ByMail = byMail });
            else choice.ByMail = byMail;
            return Result.Done;
        }, ct);
    }

    /// <summary>How soon one kind comes by mail; it is then wanted.</summary>
    public async Task<Result> RhythmAsync(string kind, MailRhythm rhythm, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        if (!Kinds(user).Contains(kind) || !Enum.IsDefined(rhythm)) return Error.NotFound;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var choice = await db.NotificationChoices.SingleOrDefaultAsync(c => c.UserId == user.Id && c.Kind == kind, token);
            if (choice is null) db.NotificationChoices.Add(new NotificationChoice { UserId = user.Id, Kind = kind, ByMail = true, Rhythm = rhythm });
            else (choice.ByMail, choice.Rhythm) = (true, rhythm);
            return Result.Done;
        }, ct);
    }

    /// <summary>When one's digests come.</summary>
    /// <param name="hour">Of the building's clock, 0 to 23.</param>
    /// <param name="weekday">Of the weekly one.</param>
    public async Task<Result> TimeAsync(int hour, DayOfWeek weekday, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        if (hour is < 0 or > 23 || !Enum.IsDefined(weekday)) return new Error("gone");
        return await store.WriteAsync(user, async (db, token) =>
        {
            var time = await db.DigestTimes.SingleOrDefaultAsync(t => t.UserId == user.Id, token);
            if (time is null) db.DigestTimes.Add(new DigestTime { UserId = user.Id, Hour = hour, Weekday = weekday });
            else (time.Hour, time.Weekday) = (hour, weekday);
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// Turns a kind off, as a link in a mail asks it, or all that comes in a digest (<c>daily</c>, <c>weekly</c>). What is urgent stays.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c> for what is no kind, <c>mail.urgent</c>.</returns>
    public async Task<Result> UnsubscribeAsync(string what, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        if (what == NotificationKinds.Urgent) return new Error("mail.urgent");
        MailRhythm? digest = what switch { Daily => MailRhythm.Daily, Weekly => MailRhythm.Weekly, _ => null };
        if (digest is null && !NotificationKinds.OfResidents.Contains(what) && what != NotificationKinds.Work) return Error.NotFound;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var mine = await db.NotificationChoices.Where(c => c.UserId == user.Id).ToListAsync(token);
            foreach (var choice in mine.Where(c => digest is null ? c.Kind == what : c.Rhythm == digest)) choice.ByMail = false;
            if (digest is null && !mine.Exists(c => c.Kind == what))
                db.NotificationChoices.Add(new NotificationChoice { UserId = user.Id, Kind = what, ByMail = false });
            return Result.Done;
        }, ct);
    }

    /// <summary>What a digest's link turns off.</summary>
    public const string Daily = "daily", Weekly = "weekly";

    internal static IEnumerable<string> Kinds(CurrentUser user)
    {
        var works = user.Can(Permissions.PqrsHandle) || user.Can(Permissions.ReservationsManage);
        return (user.OwnerIds.Count > 0 ? NotificationKinds.OfResidents : []).Concat(works ? [NotificationKinds.Work] : []);
    }
}
