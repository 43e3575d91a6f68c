using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Notifications;

/// <summary>Whether a kind of notification (<see cref="NotificationKinds"/>) also comes by mail.</summary>
public sealed record KindChoice(string Kind, bool ByMail);

/// <summary>What a person gets by mail; nobody chooses for another. The bell has everything.</summary>
public sealed class NotificationChoices(PortalStore store)
{
    /// <summary>The kinds that can reach the person, each with his choice or with what the portal does by itself.</summary>
    public async Task<IReadOnlyList<KindChoice>> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return [];
        await using var db = await store.OpenAsync(user, ct);
        var chosen = await db.NotificationChoices.AsNoTracking().Where(c => c.UserId == user.Id).ToDictionaryAsync(c => c.Kind, c => c.ByMail, ct);
        return [.. Kinds(user).Select(kind => new KindChoice(kind, chosen.GetValueOrDefault(kind, NotificationKinds.MailedByItself(kind))))];
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
