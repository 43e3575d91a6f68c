using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Gate;

/// <summary>What there is to settle, with the two visits it is about. Times are the building's wall clock.</summary>
/// <param name="Words">What a host wrote of a wrong entry.</param>
/// <param name="Terminal">Where it was logged.</param>
public sealed record ConflictRow(
    long Id, ConflictKind Kind, DateTime Opened, ConflictVisit? Visit, ConflictVisit? Other, string? Words, string? Terminal, string? Guard,
    Settlement? Settlement, DateTime? Settled, string? SettledBy, string? Note);

/// <summary>A visit as it stands in the log.</summary>
public sealed record ConflictVisit(
    long Id, string Name, string? Unit, string? Plate, VisitorState State, DateTime? Entered, DateTime? Left, bool AutoClosed, bool Offline,
    bool TimeDoubt);

/// <summary>A visit that came to somebody, as its host may see it.</summary>
/// <param name="Reported">The host has said that it was a mistake.</param>
/// <param name="MayReport">It is not too late to say so.</param>
public sealed record HostEntry(
    long Id, string Name, VisitorKind Kind, string Unit, DateTime Entered, DateTime? Left, int People, bool Reported, bool MayReport);

/// <summary>What terminals told that cannot be right, and what hosts say was wrong: settled by the office, one by one.</summary>
public sealed class ConflictService(PortalStore store, BuildingClock clock)
{
    /// <summary>So long after an entry its host may say that it was not theirs.</summary>
    public static readonly TimeSpan ReportTime = TimeSpan.FromHours(24);

    private const int LongestWords = 500;

    /// <summary>
    /// Open ones first, the latest in front. Needs <see cref="Permissions.GateManage"/>. Filters: <c>state</c> (open, settled),
    /// <c>kind</c>.
    /// </summary>
    public async Task<Page<ConflictRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Page<ConflictRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var conflicts = db.GateConflicts.AsNoTracking();
        if (query.Filter<ConflictKind>("kind") is { } kind) conflicts = conflicts.Where(c => c.Kind == kind);
        conflicts = query.Filter("state") switch
        {
            "open" => conflicts.Where(c => c.SettledAt == null),
            "settled" => conflicts.Where(c => c.SettledAt != null),
            _ => conflicts,
        };
        if (query.Search?.Trim() is { Length: > 0 } text)
            conflicts = conflicts.Where(c => c.Visitor!.Name.Contains(text) || c.Visitor.LicensePlate!.Contains(text));
        var ordered = (query.Sort, query.Descending) switch
        {
            ("opened", false) => conflicts.OrderBy(c => c.OpenedAt).ThenBy(c => c.Id),
            ("opened", true) => conflicts.OrderByDescending(c => c.OpenedAt).ThenByDescending(c => c.Id),
            _ => conflicts.OrderBy(c => c.SettledAt != null).ThenByDescending(c => c.OpenedAt).ThenByDescending(c => c.Id),
        };
        var page = await ordered
            .Select(c => new
            {
                Conflict = c,
                Terminal = db.GateEvents.Where(e => e.EventKey == c.EventKey).Select(e => e.Terminal!.Name).FirstOrDefault(),
                Guard = db.GateEvents.Where(e => e.EventKey == c.EventKey)
                    .Select(e => db.Profiles.Where(p => p.UserId == e.GuardId).Select(p => p.FullName).FirstOrDefault()).FirstOrDefault(),
                SettledBy = db.Profiles.Where(p => p.UserId == c.SettledBy).Select(p => p.FullName).FirstOrDefault(),
            })
            .PageAsync(query, ct);
        var ids = page.Rows.SelectMany(r => new[] { r.Conflict.VisitorId, r.Conflict.OtherVisitorId }).OfType<long>().Distinct().ToList();
        var visits = (await db.Visitors.AsNoTracking().Where(v => ids.Contains(v.Id))
            .Select(v => new { Visit = v, Unit = Building.UnitName.Of(v.Apartment) }).ToListAsync(ct)).ToDictionary(v => v.Visit.Id, v =>
                Seen(v.Visit, v.Unit));
        return new Page<ConflictRow>(
            [
                .. page.Rows.Select(r => new ConflictRow(
                    r.Conflict.Id, r.Conflict.Kind, clock.ToWall(r.Conflict.OpenedAt), Find(r.Conflict.VisitorId),
                        Find(r.Conflict.OtherVisitorId),
                    r.Conflict.Words, r.Terminal, r.Guard, r.Conflict.Settlement,
                    r.Conflict.SettledAt is { } at ? clock.ToWall(at) : null, r.SettledBy, r.Conflict.Note)),
            ],
            page.Total);

        ConflictVisit? Find(long? id) => id is { } one ? visits.GetValueOrDefault(one) : null;
    }

    /// <summary>How many wait. Nothing without <see cref="Permissions.GateManage"/>.</summary>
    public async Task<int> OpenAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return 0;
        await using var db = await store.OpenAsync(user, ct);
        return await db.GateConflicts.CountAsync(c => c.SettledAt == null, ct);
    }

    /// <summary>Says what it was. Needs <see cref="Permissions.GateManage"/>. The visits stay as they were logged.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>stale</c> where somebody else settled it meanwhile,
    /// <c>too_long</c>.</returns>
    public async Task<Result> SettleAsync(long id, Settlement how, string? note, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.GateManage)) return Error.Forbidden;
        if (!Enum.IsDefined(how)) return Error.NotFound;
        if (note?.Trim().Length > LongestWords) return Error.TooLong("Note", LongestWords);
        return await store.WriteAsync(
            user,
            async (db, token) =>
                await db.GateConflicts.Where(c => c.Id == id).ForUpdate().SingleOrDefaultAsync(token) is { } conflict
                    ? conflict.Settle(how, note.TrimToNull(), user.AccountId, clock.UtcNow)
                    : Error.NotFound,
            ct
        );
    }

    /// <summary>An entry that its host was told of; null where it was not to them.</summary>
    public async Task<HostEntry?> EntryAsync(long visit, CurrentUser user, CancellationToken ct)
    {
        var mine = user.OwnerIds;
        if (!user.Can(Permissions.GateAnnounceOwn) || mine.Count == 0) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.Visitors.AsNoTracking()
            .Where(v => v.Id == visit && mine.Contains(v.HostId ?? 0) && v.EnterTime != null)
            .Select(v => new
            {
                Visit = v, Unit = Building.UnitName.Of(v.Apartment), Reported = db.GateConflicts.Any(c => c.VisitorId == v.Id
                    && c.Kind == ConflictKind.WrongEntry),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var v = found.Visit;
        return new HostEntry(
            v.Id, v.Name, v.Kind, found.Unit ?? "", v.Entered!.Value, v.WentOut, v.People, found.Reported,
            !found.Reported && clock.Now - v.Entered <= ReportTime);
    }

    /// <summary>
    /// The host says that somebody who was let in to them was not their visit: once, within <see cref="ReportTime"/>. The office hears of
    /// it.
    /// </summary>
    /// <param name="words">In the host's own words, or nothing.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>gate.report_late</c>, <c>gate.reported</c>, <c>too_long</c>.</returns>
    public async Task<Result> ReportAsync(long visit, string? words, CurrentUser user, CancellationToken ct)
    {
        var mine = user.OwnerIds;
        if (!user.Can(Permissions.GateAnnounceOwn) || mine.Count == 0) return Error.NotFound;
        if (words?.Trim().Length > LongestWords) return Error.TooLong("Words", LongestWords);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var found = await db.Visitors.Where(v => v.Id == visit && mine.Contains(v.HostId
                    ?? 0)).ForUpdate().SingleOrDefaultAsync(token);
                if (found?.Entered is not { } entered) return Error.NotFound;
                if (clock.Now - entered > ReportTime) return new Error("gate.report_late");
                if (await db.GateConflicts.AnyAsync(c => c.VisitorId == visit && c.Kind == ConflictKind.WrongEntry, token))
                    return new Error("gate.reported");
                db.GateConflicts.Add(GateConflict.Wrong(found, words.TrimToNull(), user.AccountId, clock.UtcNow));
                await db.SaveChangesAsync(token);
                await GateNotices.OfficeAsync(db, ConflictKind.WrongEntry, found, token);
                return Result.Done;
            },
            ct
        );
    }

    private static ConflictVisit Seen(Visitor v, string? unit) =>
        new(v.Id, v.Name, unit, v.LicensePlate, v.State, v.Entered, v.WentOut, v.AutoClosed, v.Offline, v.TimeDoubt);
}
