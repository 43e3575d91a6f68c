using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Notifications;

/// <summary>
/// One line of a bell. Its words are made from <paramref name="Type"/> and <paramref name="Data"/> in the reader's language; where it has
/// none, title and message stand.
/// </summary>
/// <param name="At">UTC.</param>
/// <param name="Data">What the words speak of: see <see cref="NotificationPart.Read"/>.</param>
public sealed record NotificationRow(
    long Id, string Title, string Message, string? Type, bool Read, string? Link, DateTime At, string? Data)
{
    internal static NotificationRow Of(Notification n, DateTime now) =>
        new(n.Id, n.Title, n.Message, n.Type, n.Read == true, n.Link, n.CreatedAt ?? now, n.Data);
}

/// <summary>A person's own bell; nobody reads another's.</summary>
public sealed class NotificationService(PortalStore store, BuildingClock clock)
{
    /// <summary>The person's own, newest first. The filter <c>read</c> (<c>no</c>, <c>yes</c>) narrows.</summary>
    public async Task<Page<NotificationRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Page<NotificationRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var mine = db.Notifications.AsNoTracking().Where(n => n.RecipientId == user.Id);
        if (query.Search?.Trim() is { Length: > 0 } text) mine = mine.Where(n => n.Title.Contains(text) || n.Message.Contains(text));
        mine = query.Filter("read") switch { "no" => mine.Where(n => n.Read != true), "yes" => mine.Where(n => n.Read == true), _ => mine };
        var now = clock.UtcNow;
        return await mine.OrderByDescending(n => n.CreatedAt)
            .ThenByDescending(n => n.Id)
            .Select(n => new NotificationRow(n.Id, n.Title, n.Message, n.Type, n.Read == true, n.Link, n.CreatedAt ?? now, n.Data))
            .PageAsync(query, ct);
    }

    public async Task<Result> ReadAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Notifications.SingleOrDefaultAsync(n => n.Id == id && n.RecipientId == user.Id, token) is not { } mine)
                    return Error.NotFound;
                mine.Read = true;
                return Result.Done;
            },
            ct
        );
    }

    /// <summary>Marks all of the person's own as read.</summary>
    public async Task<Result> ReadAllAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                foreach (var mine in await db.Notifications.Where(n => n.RecipientId == user.Id && n.Read != true).ToListAsync(token))
                    mine.Read = true;
                return Result.Done;
            },
            ct
        );
    }
}
