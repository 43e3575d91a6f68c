using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Pqrs;

namespace Portal.Data.Notices;

/// <summary>Notices to the building or part of its people, whom they reach (<see cref="NoticeDelivery"/>), and who has read them.</summary>
public sealed class NoticeService(PortalStore store, BuildingClock clock)
{
    public const int LongestBody = 5000;

    /// <summary>Apartments that are named one by one.</summary>
    public const int MostUnits = 100;

    private const int MostReaders = 500;

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
            NoticePhase.Current => notices.Where(n =>
                n.PublishAt <= now && (n.ExpiresAt == null || n.ExpiresAt > now) && !db.Notices.Any(c => c.CorrectsId == n.Id)),
            NoticePhase.Expired => notices.Where(n =>
                n.PublishAt <= now && (n.ExpiresAt != null && n.ExpiresAt <= now || db.Notices.Any(c => c.CorrectsId == n.Id))),
            _ => notices,
        };
        var ordered = (query.Sort, query.Descending) switch
        {
            ("title", false) => notices.OrderBy(n => n.Title).ThenBy(n => n.Id),
            ("title", true) => notices.OrderByDescending(n => n.Title).ThenBy(n => n.Id),
            ("from", false) => notices.OrderBy(n => n.PublishAt).ThenBy(n => n.Id),
            _ => notices.OrderByDescending(n => n.PublishAt).ThenByDescending(n => n.Id),
        };
        return await WithFilesAsync(db, await Rows(db, ordered, user).PageAsync(query, ct), ct);
    }

    /// <summary>One notice, as a list has it; null out of reach.</summary>
    public async Task<NoticeRow?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesView) && !user.Can(Permissions.NoticesEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var one = Reachable(db, user, clock.Now).AsNoTracking().Where(n => n.Id == id).OrderBy(n => n.Id);
        return (await WithFilesAsync(db, await Rows(db, one, user).PageAsync(new ListQuery(), ct), ct)).Rows.FirstOrDefault();
    }

    /// <summary>A file of a notice, for those whom the notice is for; null out of reach.</summary>
    public async Task<NoticeFileContent?> FileAsync(long fileId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesView) && !user.Can(Permissions.NoticesEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var reach = Reachable(db, user, clock.Now).Select(n => n.Id);
        return await db.NoticeFiles.AsNoTracking().Where(f => f.Id == fileId && reach.Contains(f.NoticeId))
            .Select(f => new NoticeFileContent(f.FileName, f.ContentType, f.Content)).SingleOrDefaultAsync(ct);
    }

    private static async Task<Page<NoticeRow>> WithFilesAsync(PortalDb db, Page<NoticeRow> page, CancellationToken ct)
    {
        var ids = page.Rows.Select(r => r.Id).ToList();
        if (ids.Count == 0) return page;
        var files = (await FilesAsync(db, ids, ct)).ToLookup(f => f.Notice, f => f.File);
        return page with { Rows = [.. page.Rows.Select(r => r with { Files = [.. files[r.Id]] })] };
    }

    private static async Task<List<(long Notice, NoticeFileRow File)>> FilesAsync(PortalDb db, List<long> notices, CancellationToken ct) =>
        (await db.NoticeFiles.AsNoTracking().Where(f => notices.Contains(f.NoticeId)).OrderBy(f => f.Id)
            .Select(f => new { f.NoticeId, File = new NoticeFileRow(f.Id, f.FileName, f.ContentType, f.Size) }).ToListAsync(ct))
        .ConvertAll(f => (f.NoticeId, f.File));

    private static IQueryable<NoticeRow> Rows(PortalDb db, IQueryable<Notice> ordered, CurrentUser user) =>
        ordered
            .Select(n => new NoticeRow(
                n.Id, n.Title, n.Body, new NoticeAudience(n.Towers, n.Roles, n.Apartments, n.Residents), n.Urgent, n.PublishAt, n.ExpiresAt,
                db.Profiles.Where(p => p.UserId == n.WrittenBy).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(), n.Version,
                n.DeliveredAt != null, db.Notices.Any(c => c.CorrectsId == n.Id), n.RemindedOn,
                db.NoticeRecipients.Count(r => r.NoticeId == n.Id),
                db.NoticeRecipients.Count(r =>
                    r.NoticeId == n.Id && db.NoticeReads.Any(x => x.NoticeId == n.Id && x.UserId == r.UserId)),
                db.NoticeReads.Any(r => r.NoticeId == n.Id && r.UserId == user.Id)));

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

    /// <summary>A notice as its form has it; null out of reach, and where it was corrected.</summary>
    public async Task<NoticeEdit?> EditAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.Notices.AsNoTracking().SingleOrDefaultAsync(n => n.Id == id && !db.Notices.Any(c => c.CorrectsId == n.Id), ct) is not { } n)
            return null;
        var files = await FilesAsync(db, [id], ct);
        return new NoticeEdit(await NowAsync(db, n, ct), n.Version, await IsOutAsync(db, n, ct), files.ConvertAll(f => f.File));
    }

    /// <summary>Whom an audience is, by tower, and whom it would not reach; null where the person may not write notices.</summary>
    /// <returns>Refusals: <c>notice.unit</c> for a name that is no apartment's.</returns>
    public async Task<Result<NoticeReach>?> ReachAsync(NoticeInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var to = await AudienceAsync(db, input, ct);
        return to.Ok ? await NoticePeople.CountAsync(db, to.Value, input.Urgent, clock.Today, ct) : Result<NoticeReach>.Refused(to);
    }

    /// <summary>
    /// Writes a new notice, or changes one. One that has reached somebody stays, and what is written is its correction: a new version that
    /// takes its place and is delivered anew. Needs <see cref="Permissions.NoticesEdit"/>.
    /// </summary>
    /// <returns>The id of what was written. Refusals: <c>stale</c> where it was corrected meanwhile, <c>notice.unit</c>,
    /// <c>notice.ends_early</c> and what is missing.</returns>
    public async Task<Result<long>> SaveAsync(long? id, NoticeInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return Error.Forbidden;
        var errors = Check(input);
        var (added, wrong) = PqrsFiles.Check(input.Files.Added);
        errors.AddRange(wrong);
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var notice = id is null
                    ? new Notice { WrittenBy = user.AccountId }
                    : await db.Notices.Where(n => n.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (notice is null) return Error.NotFound;
                if (await db.Notices.AnyAsync(n => n.CorrectsId == id && id != null, token)) return Error.Stale;
                // One person's beginning and the other's end may not go together.
                var merged = id is null ? input : Edits.Merge(input, await NowAsync(db, notice, token), one => Check(one).Count == 0);
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                var to = await AudienceAsync(db, given, token);
                if (!to.Ok) return Result<long>.Refused(to);
                var kept = id is null
                    ? []
                    : await db.NoticeFiles.Where(f => f.NoticeId == id).OrderBy(f => f.Id).ToListAsync(token);
                var removed = kept.Where(f => input.Files.Removed.Contains(f.Id)).ToList();
                kept.RemoveAll(removed.Contains);
                if (kept.Count + added.Count > PqrsFiles.MostPerMessage)
                    return new Error("pqrs.files.many", "Files", kept.Count + added.Count, PqrsFiles.MostPerMessage);
                if (id is not null && await IsOutAsync(db, notice, token))
                {
                    notice = new Notice { WrittenBy = user.AccountId, CorrectsId = id, Version = notice.Version + 1 };
                    db.NoticeFiles.AddRange(kept.Select(f => f.With(notice)));
                }
                else
                {
                    db.NoticeFiles.RemoveRange(removed);
                }

                db.NoticeFiles.AddRange(added.Select(f => new NoticeFile
                {
                    Notice = notice, FileName = f.FileName, ContentType = f.ContentType, Size = f.Size, Content = f.Content,
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(f.Content)),
                }));
                (notice.Title, notice.Body, notice.Urgent, notice.PublishAt, notice.ExpiresAt) = (
                    given.Title.Trim(), given.Body.Trim(), given.Urgent, given.PublishAt, given.ExpiresAt);
                (notice.Towers, notice.Roles, notice.Apartments, notice.Residents) = (
                    to.Value.Towers, to.Value.Roles, to.Value.Apartments, to.Value.Residents);
                if (notice.Id == 0) db.Notices.Add(notice);
                await db.SaveChangesAsync(token);
                return notice.Id;
            },
            ct
        );
    }

    /// <summary>
    /// Reminds those whom it reached and who have not read it, once a day. Needs <see cref="Permissions.NoticesEdit"/>.
    /// </summary>
    /// <returns>How many. Refusals: <c>not_found</c>, <c>notice.not_up</c>, <c>notice.reminded</c>.</returns>
    public async Task<Result<int>> RemindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return Error.Forbidden;
        return await store.WriteAsync<int>(user, async (db, token) =>
        {
            if (await db.Notices.Where(n => n.Id == id).ForUpdate().SingleOrDefaultAsync(token) is not { } notice) return Error.NotFound;
            if (notice.PublishAt > clock.Now || notice.ExpiresAt <= clock.Now || await db.Notices.AnyAsync(n => n.CorrectsId == id, token))
                return new Error("notice.not_up");
            if (notice.RemindedOn == clock.Today) return new Error("notice.reminded");
            notice.RemindedOn = clock.Today;
            return await NoticeDelivery.RemindAsync(db, notice, clock.Today, token);
        }, ct);
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

    /// <summary>
    /// Those whom it reached: who has not read it yet first, then the latest who have. Needs <see cref="Permissions.NoticesEdit"/>.
    /// </summary>
    public async Task<IReadOnlyList<NoticeReader>> ReadersAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesEdit)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db
            .NoticeRecipients.AsNoTracking()
            .Where(r => r.NoticeId == id)
            .Select(r => new
            {
                r.Id,
                Name = db.Profiles.Where(p => p.UserId == r.UserId).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault()
                    ?? r.User!.UserName!,
                At = db.NoticeReads.Where(x => x.NoticeId == id && x.UserId == r.UserId).Select(x => (DateTime?)x.ReadAt).FirstOrDefault(),
            })
            .OrderByDescending(r => r.At == null)
            .ThenByDescending(r => r.At)
            .ThenBy(r => r.Id)
            .Take(MostReaders)
            .Select(r => new NoticeReader(r.Name, r.At))
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

    internal static NoticeAudience ToOf(Notice notice) => new(notice.Towers, notice.Roles, notice.Apartments, notice.Residents);

    /// <summary>Those that are up now and for this person as they are today, whether or not they have reached them yet.</summary>
    internal static IQueryable<Notice> Reachable(PortalDb db, CurrentUser user, DateTime now)
    {
        if (user.Can(Permissions.NoticesEdit)) return db.Notices;
        var (owned, lived) = (user.OwnedApartmentIds, user.ApartmentIds.Except(user.OwnedApartmentIds).ToList());
        var role = $",{user.RoleId},";
        return db.Notices.Where(n =>
            n.PublishAt <= now
            && (n.ExpiresAt == null || n.ExpiresAt > now)
            && !db.Notices.Any(c => c.CorrectsId == n.Id && c.PublishAt <= now)
            && (n.Roles == "" || ("," + n.Roles + ",").Contains(role))
            && (n.Towers == "" && n.Apartments == "" && n.Residents == NoticeResidents.All
                || db.Apartments.Any(a =>
                    (n.Residents != NoticeResidents.Tenants && owned.Contains(a.Id) || n.Residents != NoticeResidents.Owners && lived.Contains(a.Id))
                    && (n.Towers == "" || ("," + n.Towers + ",").Contains("," + a.TowerId + ","))
                    && (n.Apartments == "" || ("," + n.Apartments + ",").Contains("," + a.Id + ","))))
        );
    }

    /// <summary>It is delivered, or on its way: somebody has it.</summary>
    private static async Task<bool> IsOutAsync(PortalDb db, Notice notice, CancellationToken ct) =>
        notice.DeliveredAt is not null || await db.NoticeRecipients.AnyAsync(r => r.NoticeId == notice.Id, ct);

    private static async Task<Result<NoticeAudience>> AudienceAsync(PortalDb db, NoticeInput input, CancellationToken ct)
    {
        var names = input.Units.Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        List<long> ids = [];
        foreach (var name in names.Take(MostUnits))
        {
            var found = await db.Apartments.Where(a => a.Tower!.Name + " " + a.ApartmentNumber == name).OrderBy(a => a.Id).Select(a => (long?)a.Id)
                .FirstOrDefaultAsync(ct);
            if (found is not { } id) return new Error("notice.unit", nameof(NoticeInput.Units), name);
            ids.Add(id);
        }

        return new NoticeAudience(
            NoticeAudience.Write(NoticeAudience.Read(input.Towers)), NoticeAudience.Write(NoticeAudience.Read(input.Roles)),
            NoticeAudience.Write(ids), input.Residents);
    }

    private static async Task<NoticeInput> NowAsync(PortalDb db, Notice notice, CancellationToken ct)
    {
        var ids = NoticeAudience.Read(notice.Apartments);
        var units = ids.Count == 0
            ? []
            : await db.Apartments.Where(a => ids.Contains(a.Id)).OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber).ThenBy(a => a.Id)
                .Select(a => UnitName.Of(a)).ToListAsync(ct);
        return new NoticeInput(
            notice.Title, notice.Body, notice.Towers, notice.Roles, string.Join(", ", units), notice.Residents, notice.Urgent, notice.PublishAt,
            notice.ExpiresAt);
    }

    private static List<Error> Check(NoticeInput input)
    {
        var errors = new List<Error>();
        if (string.IsNullOrWhiteSpace(input.Title)) errors.Add(Error.Required(nameof(NoticeInput.Title)));
        else if (input.Title.Trim().Length > 200) errors.Add(Error.TooLong(nameof(NoticeInput.Title), 200));
        if (string.IsNullOrWhiteSpace(input.Body)) errors.Add(Error.Required(nameof(NoticeInput.Body)));
        else if (input.Body.Trim().Length > LongestBody) errors.Add(Error.TooLong(nameof(NoticeInput.Body), LongestBody));
        if (input.Units.Count(c => c is ',' or ';' or '\n') >= MostUnits)
            errors.Add(new Error("notice.too_many_units", nameof(NoticeInput.Units), MostUnits));
        if (input.ExpiresAt <= input.PublishAt) errors.Add(new Error("notice.ends_early", nameof(NoticeInput.ExpiresAt)));
        return errors;
    }
}
