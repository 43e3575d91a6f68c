using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Notifications;

/// <summary>Whether a kind of notification (<see cref="NotificationKinds"/>) also comes by mail.</summary>
public sealed record KindChoice(string Kind, bool ByMail);

/// <param name="Kinds">Those that can reach the person.</param>
/// <param name="Address">Where they go; null where none was given.</param>
/// <param name="Refused">The latest mail to this address was refused for good.</param>
public sealed record MailChoices(IReadOnlyList<KindChoice> Kinds, string? Address, bool Refused);

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
            .ToDictionaryAsync(c => c.Kind, c => c.ByMail, ct);
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
            [.. Kinds(user).Select(kind => new KindChoice(kind, chosen.GetValueOrDefault(kind, NotificationKinds.MailedByItself(kind))))],
            profile?.Email, refused is { } at && !(profile?.UpdatedAt > at));
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

    private static IEnumerable<string> Kinds(CurrentUser user)
    {
        var works = user.Can(Permissions.PqrsHandle) || user.Can(Permissions.ReservationsManage);
        return (user.OwnerIds.Count > 0 ? NotificationKinds.OfResidents : []).Concat(works ? [NotificationKinds.Work] : []);
    }
}
