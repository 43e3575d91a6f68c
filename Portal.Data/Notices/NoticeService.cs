using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Notices;

/// <summary>Notices to the building, a tower or a role, and who has read them.</summary>
public sealed class NoticeService(PortalStore store, BuildingClock clock)
{
    public const int LongestBody = 5000;

    /// <summary>
    /// Newest first. Who may edit sees all (filter <c>phase</c>: scheduled, current, expired); anybody else those that are up now and meant
    /// for them.
    /// </summary>
    public async Task<Page<NoticeRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesView) && !user.Can(Permissions.NoticesEdit)) return Page<NoticeRow>.Empty;
        var now = clock.Now;
        await using var db = await store.OpenAsync(user, ct);
        var notices = Reachable(db, user, now).AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text) notices = notices.Where(n => n.Title.Contains(text) || n.Body.Contains(text));
        notices = query.Filter<NoticePhase>("phase") switch
        {
            NoticePhase.Scheduled => notices.Where(n => n.PublishAt > now),
            NoticePhase.Current => notices.Where(n => n.PublishAt <= now && (n.ExpiresAt == null || n.ExpiresAt > now)),
            NoticePhase.Expired => notices.Where(n => n.ExpiresAt != null && n.ExpiresAt <= now && n.PublishAt <= now),
            _ => notices,
        };
        var ordered = (query.Sort, query.Descending) switch
        {
            ("title", false) => notices.OrderBy(n => n.Title).ThenBy(n => n.Id),
            ("title", true) => notices.OrderByDescending(n => n.Title).ThenBy(n => n.Id),
            ("from", false) => notices.OrderBy(n => n.PublishAt).ThenBy(n => n.Id),
            _ => notices.OrderByDescending(n => n.PublishAt).ThenByDescending(n => n.Id),
        };
        return await ordered
            .Select(n => new NoticeRow(
                n.Id, n.Title, n.Body, n.TowerId, n.Tower == null ? null : n.Tower.Name, n.RoleId, n.Role == null ? null : n.Role.Name,
                n.PublishAt, n.ExpiresAt,
                db.Profiles.Where(p => p.UserId == n.WrittenBy).Select(p => p.FullName).FirstOrDefault(),
                db.NoticeReads.Count(r => r.NoticeId == n.Id), db.NoticeReads.Any(r => r.NoticeId == n.Id && r.UserId == user.Id)))
            .PageAsync(query, ct);
    }

    /// <summary>The person has these before their eyes; those that are not for them are left alone.</summary>
    public async Task<Result> ReadAsync(IReadOnlyCollection<long> ids, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0 || (!user.Can(Permissions.NoticesView) && !user.Can(Permissions.NoticesEdit))) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                // Two pages of one person may open at the same moment: the second finds the row and is content.
                foreach (var id in await Reachable(db, user, clock.Now).Where(n => ids.Contains(n.Id)).Select(n => n.Id).ToListAsync(token))
                {
                    await db.Database.ExecuteSqlAsync(
                        $"INSERT INTO notice_reads (notice_id, user_id, read_at) VALUES ({id}, {user.Id}, {clock.UtcNow}) ON DUPLICATE KEY UPDATE id = id",
                        token
                    );
                }

                return Result.Done;
            },
            ct
        );
    }

    /// <summary>Writes a new notice, or changes one. Needs <see cref="Permissions.NoticesEdit"/>.</summary>
    /// <returns>Its id.</returns>
    public async Task<Result<long>> SaveAsync(long? id, NoticeInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return Error.Forbidden;
        var errors = Check(input);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var notice = id is null
                    ? new Notice { WrittenBy = user.AccountId }
                    : await db.Notices.Where(n => n.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (notice is null) return Error.NotFound;
                // One person's beginning and the other's end may not go together.
                var merged = id is null ? input : Edits.Merge(input, Now(notice), one => Check(one).Count == 0);
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                (notice.Title, notice.Body, notice.TowerId, notice.RoleId, notice.PublishAt, notice.ExpiresAt) = (
                    given.Title.Trim(), given.Body.Trim(), given.TowerId, given.RoleId, given.PublishAt, given.ExpiresAt);
                if (id is null) db.Notices.Add(notice);
                await db.SaveChangesAsync(token);
                return notice.Id;
            },
            ct
        );
    }

    public async Task<Result> DeleteAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.Notices.SingleOrDefaultAsync(n => n.Id == id, token) is not { } notice) return Error.NotFound;
            db.Notices.Remove(notice);
            return Result.Done;
        }, ct);
    }

    /// <summary>Who has read it, latest first. Needs <see cref="Permissions.NoticesEdit"/>.</summary>
    public async Task<IReadOnlyList<NoticeReader>> ReadersAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db
            .NoticeReads.AsNoTracking()
            .Where(r => r.NoticeId == id)
            .OrderByDescending(r => r.ReadAt)
            .ThenByDescending(r => r.Id)
            .Take(500)
            .Select(r => new NoticeReader(
                db.Profiles.Where(p => p.UserId == r.UserId).Select(p => p.FullName).FirstOrDefault()
                    ?? r.User!.UserName!,
                r.ReadAt
            ))
            .ToListAsync(ct);
    }

    /// <summary>Null where the person may not write notices.</summary>
    public async Task<NoticeAudiences?> AudiencesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var towers = await db
            .Towers.AsNoTracking()
            .OrderBy(t => t.Name)
            .ThenBy(t => t.Id)
            .Select(t => new { t.Id, t.Name })
            .ToListAsync(ct);
        var roles = await db.Roles.AsNoTracking().OrderBy(r => r.Id).Select(r => new { r.Id, r.Name }).ToListAsync(ct);
        return new NoticeAudiences([.. towers.Select(t => (t.Id, t.Name))], [.. roles.Select(r => (r.Id, r.Name ?? ""))]);
    }

    private static IQueryable<Notice> Reachable(PortalDb db, CurrentUser user, DateTime now)
    {
        if (user.Can(Permissions.NoticesEdit)) return db.Notices;
        var (apartments, role) = (user.ApartmentIds, user.RoleId);
        return db.Notices.Where(n =>
            n.PublishAt <= now
            && (n.ExpiresAt == null || n.ExpiresAt > now)
            && (n.RoleId == null || n.RoleId == role)
            && (n.TowerId == null || db.Apartments.Any(a => a.TowerId == n.TowerId && apartments.Contains(a.Id)))
        );
    }

    private static NoticeInput Now(Notice notice) =>
        new(notice.Title, notice.Body, notice.TowerId, notice.RoleId, notice.PublishAt, notice.ExpiresAt);

    private static List<Error> Check(NoticeInput input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Title)) errors.Add(Error.Required(nameof(NoticeInput.Title)));
        else if (input.Title.Trim().Length > 200) errors.Add(Error.TooLong(nameof(NoticeInput.Title), 200));
        if (string.IsNullOrWhiteSpace(input.Body)) errors.Add(Error.Required(nameof(NoticeInput.Body)));
        else if (input.Body.Trim().Length > LongestBody) errors.Add(Error.TooLong(nameof(NoticeInput.Body), LongestBody));
        if (input.ExpiresAt <= input.PublishAt) errors.Add(new Error("notice.ends_early", nameof(NoticeInput.ExpiresAt)));
        return errors;
    }
}
