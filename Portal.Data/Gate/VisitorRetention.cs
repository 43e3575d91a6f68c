using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Packages;
using Portal.Data.Parking;
using Portal.Data.Passes;
using Portal.Data.Pqrs;

namespace Portal.Data.Gate;

/// <param name="Visits">How many would be deleted today.</param>
/// <param name="Before">Those that ended before this day.</param>
public sealed record RetentionPreview(int Visits, DateOnly Before);

/// <summary>What is kept as long as visits are.</summary>
public enum KeptKind
{
    Visits,
    Passes,

    /// <summary>Questions of the gate to an apartment.</summary>
    Approvals,

    /// <summary>Lines of the lists of who is not let in that were lifted or ended.</summary>
    Blocks,

    /// <summary>What terminals told: the line stays, and loses its content.</summary>
    Events,

    /// <summary>What bells say of visits.</summary>
    Notifications,

    /// <summary>Whom somebody looked for in the history of visits: the line stays, and loses its values.</summary>
    Looks,

    /// <summary>Signatures of who took a parcel: the parcel stays.</summary>
    Signatures,
}

/// <param name="Count">How many would go tonight.</param>
/// <param name="Oldest">Of those that would go, the day of the oldest; null where there are none.</param>
public sealed record KeptLine(KeptKind Kind, int Count, DateOnly? Oldest);

/// <summary>What the nights' jobs would delete, by kind, and what they keep though its time is over.</summary>
/// <param name="Days">For how many days it is kept.</param>
/// <param name="Before">What ended before this day goes.</param>
/// <param name="Held">Visits past their time that stay because a case about them is open.</param>
/// <param name="Inside">Visits past their time that stay because nobody logged that they went.</param>
/// <param name="Last">When something was deleted last (UTC); null: never, or it is no longer known.</param>
public sealed record RetentionDue(int Days, DateOnly Before, IReadOnlyList<KeptLine> Lines, int Held, int Inside, DateTime? Last);

/// <summary>For how long the record of a visit is kept (Ley 1581 of 2012, art. 4): what will go, and what must stay for a case.</summary>
public sealed class VisitorRetention(PortalStore store, BuildingClock clock)
{
    /// <summary>What a number of days would delete today. Null without <see cref="Permissions.SettingsEdit"/>.</summary>
    public async Task<RetentionPreview?> PreviewAsync(int days, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit) || days < 1) return null;
        var before = clock.Today.AddDays(-Math.Min(days, 36_500));
        await using var db = await store.OpenAsync(user, ct);
        return new RetentionPreview(await Expired(db, db.Visitors.AsNoTracking(), before).CountAsync(ct), before);
    }

    /// <summary>What tonight would delete, by kind. Null without <see cref="Permissions.SettingsEdit"/>.</summary>
    public async Task<RetentionDue?> DueAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.SettingsEdit)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var days = (await BuildingSettings.ReadAsync(db, ct)).VisitorRetentionDays;
        var before = clock.Today.AddDays(-days);
        var (midnight, instant) = (before.ToDateTime(TimeOnly.MinValue), clock.Beginning(before));
        var visits = Expired(db, db.Visitors.AsNoTracking(), before);
        List<KeptLine> lines =
        [
            new(KeptKind.Visits, await visits.CountAsync(ct), await visits.MinAsync(v => (DateOnly?)v.VisitDate, ct)),
            Line(KeptKind.Passes, await CountAsync(ExpiredPasses.Passes(db, midnight).Select(p => (DateTime?)p.EndsAt), ct), utc: false),
            Line(KeptKind.Approvals, await CountAsync(ExpiredPasses.Approvals(db, instant).Select(a => (DateTime?)a.AskedAt), ct)),
            Line(KeptKind.Blocks, await CountAsync(ExpiredPasses.Blocks(db, before, instant).Select(b => b.CreatedAt), ct)),
            Line(KeptKind.Events, await CountAsync(ExpiredVisits.Events(db, visits, midnight).Select(e => (DateTime?)e.At), ct), utc: false),
            Line(KeptKind.Notifications, await CountAsync(ExpiredVisits.Notifications(db, instant).Select(n => n.CreatedAt), ct)),
            Line(KeptKind.Looks, await CountAsync(ExpiredVisits.Looks(db, instant).Select(e => e.CreatedAt), ct)),
            Line(KeptKind.Signatures, await CountAsync(ExpiredVisits.Signatures(db, instant).Select(p => p.CollectedAt), ct)),
        ];
        var past = db.Visitors.Where(v => v.VisitDate < before);
        var open = Open(db);
        return new RetentionDue(
            days, before, lines, await past.CountAsync(v => v.State != VisitorState.Inside && open.Any(c => c.Id == v.PqrsId), ct),
            await past.CountAsync(v => v.State == VisitorState.Inside, ct),
            await db.AuditLog.Where(e => e.Action == ExpiredVisits.Event || e.Action == ExpiredPasses.Event)
                .OrderByDescending(e => e.Id).Select(e => e.CreatedAt).FirstOrDefaultAsync(ct));

        KeptLine Line(KeptKind kind, (int Count, DateTime? Oldest) found, bool utc = true) => new(
            kind, found.Count, found.Oldest is { } oldest ? DateOnly.FromDateTime(utc ? clock.ToWall(oldest) : oldest) : null);
    }

    private static async Task<(int Count, DateTime? Oldest)> CountAsync(IQueryable<DateTime?> moments, CancellationToken ct) =>
        (await moments.CountAsync(ct), await moments.MinAsync(ct));

    /// <summary>
    /// Keeps the record of a visit for as long as a case is open, or no longer. Needs <see cref="Permissions.PqrsHandle"/> and
    /// <see cref="Permissions.GateView"/>.
    /// </summary>
    /// <param name="caseNumber">Empty: for no case.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>retention.case</c> where there is no open case of this number.</returns>
    public Task<Result> KeepForAsync(long visitId, string? caseNumber, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!user.Can(Permissions.PqrsHandle) || !user.Can(Permissions.GateView)) return Error.Forbidden;
                if (await db.Visitors.SingleOrDefaultAsync(v => v.Id == visitId, token) is not { } visit) return Error.NotFound;
                var number = caseNumber?.Trim();
                if (string.IsNullOrEmpty(number))
                {
                    visit.KeepFor(null);
                    return Result.Done;
                }

                var found = await Open(db).Where(c => c.Number == number).Select(c => (long?)c.Id).SingleOrDefaultAsync(token);
                if (found is null) return new Error("retention.case", "CaseNumber");
                visit.KeepFor(found);
                return Result.Done;
            },
            ct
        );

    /// <summary>
    /// Visits that ended before a day, or whose window did without anybody coming. Who is inside stays, and so does what an open case or an
    /// open incident is about.
    /// </summary>
    internal static IQueryable<Visitor> Expired(PortalDb db, IQueryable<Visitor> visits, DateOnly before)
    {
        var midnight = before.ToDateTime(TimeOnly.MinValue);
        var open = Open(db);
        return visits.Where(v =>
            v.VisitDate < before
            && (v.ExitDate == null || v.ExitDate < before)
            && (v.ExpectedUntil == null || v.ExpectedUntil < midnight)
            && v.State != VisitorState.Inside
            && (v.PqrsId == null || !open.Any(c => c.Id == v.PqrsId))
            && !db.GateIncidentVisits.Any(i => i.VisitorId == v.Id && i.Incident!.ClosedAt == null)
        );
    }

    private static IQueryable<PqrsCase> Open(PortalDb db) =>
        db.Pqrs.Where(c => c.StatusId != PqrsState.Resolved && c.StatusId != PqrsState.Closed);
}

/// <summary>
/// Deletes at night the visits whose time is over, a few hundred in each transaction. What the audit log says of them goes with them: its
/// lines stay, who did what and when, and lose the values. This is the only place that changes a line of the log; it adds one that tells
/// how many visits were deleted.
/// </summary>
public sealed class ExpiredVisits([FromKeyedServices(PortalDataServices.Keeper)] PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("expired_visits");

    /// <summary>The line of the log.</summary>
    public const string Event = "visitors_deleted";

    /// <summary>Visits in one transaction: the gate goes on writing meanwhile.</summary>
    public const int Batch = 500;

    /// <summary>Kept with each batch, so that a night that is broken off and begun again still tells all.</summary>
    private const string Counter = "visits_deleting";

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        while (await Done(store.WriteAsync<int>(CurrentUser.System, DeleteAsync, ct)) == Batch)
        {
            // In pieces.
        }

        var forgotten = await store.WriteAsync(CurrentUser.System, ForgetTheRestAsync, ct);
        if (!forgotten.Ok) throw new InvalidOperationException("What terminals told of expired visits was not cleared.");
        await Done(store.WriteAsync<int>(CurrentUser.System, TellAsync, ct));
    }

    private static async Task<int> Done(Task<Result<int>> write) =>
        await write is { Ok: true } done ? done.Value : throw new InvalidOperationException("The deletion of expired visits was refused.");

    /// <returns>How many were found.</returns>
    private async Task<Result<int>> DeleteAsync(PortalDb db, CancellationToken ct)
    {
        // From the table, not from what is remembered: what is deleted does not come back.
        var settings = await BuildingSettings.ReadAsync(db, ct);
        var before = clock.Today.AddDays(-settings.VisitorRetentionDays);
        var found = await VisitorRetention
            .Expired(db, db.Visitors.AsNoTracking(), before)
            .OrderBy(v => v.Id)
            .Select(v => v.Id)
            .Take(Batch)
            .ToListAsync(ct);
        if (found.Count == 0) return 0;

        var settled = await db.GateConflicts.Where(c => c.VisitorId != null && found.Contains(c.VisitorId.Value))
            .Select(c => new { c.Id, Visit = c.VisitorId!.Value }).ToListAsync(ct);

        // Asked again as it is deleted: meanwhile one may have been kept for a case.
        var deleted = await VisitorRetention.Expired(db, db.Visitors.Where(v => found.Contains(v.Id)), before).ExecuteDeleteAsync(ct);
        var kept = await db.Visitors.Where(v => found.Contains(v.Id)).Select(v => v.Id).ToListAsync(ct);
        var gone = found.Except(kept).ToList();
        await AuditRedaction.RunAsync(db, "visitors", gone, ct);
        await ForgetAsync(db, gone, [.. settled.Where(c => gone.Contains(c.Visit)).Select(c => c.Id)], ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO daily_figures (day, name, value) VALUES ({clock.Today}, {Counter}, {deleted})
            ON DUPLICATE KEY UPDATE value = value + {deleted}
            """,
            ct
        );
        return found.Count;
    }

    /// <summary>What terminals told of visits that are gone, and what hosts and office wrote of them; the conflicts went with their
    /// visits.</summary>
    private static async Task ForgetAsync(PortalDb db, List<long> visits, List<long> conflicts, CancellationToken ct)
    {
        await db.GateEvents.Where(e => e.VisitorId != null && visits.Contains(e.VisitorId.Value))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Body, (string?)null), ct);
        if (conflicts.Count > 0) await AuditRedaction.RunAsync(db, "gate_conflicts", conflicts, ct);
    }

    /// <summary>What terminals told of visits that are gone, or that became none.</summary>
    internal static IQueryable<GateEvent> Events(PortalDb db, DateTime midnight) =>
        db.GateEvents.Where(e => e.At < midnight && e.Body != null
            && (e.VisitorId == null || !db.Visitors.Any(v => v.Id == e.VisitorId)));

    /// <summary>And of those that go with their visits.</summary>
    internal static IQueryable<GateEvent> Events(PortalDb db, IQueryable<Visitor> going, DateTime midnight) =>
        db.GateEvents.Where(e => e.Body != null
            && ((e.At < midnight && (e.VisitorId == null || !db.Visitors.Any(v => v.Id == e.VisitorId)))
                || going.Any(v => v.Id == e.VisitorId)));

    /// <summary>What bells say of visits: all of them name somebody.</summary>
    internal static IQueryable<Notification> Notifications(PortalDb db, DateTime since)
    {
        string[] kinds =
        [
            GateNotices.Entered, GateNotices.EnteredRevoked, GateNotices.Conflict, GateApprovalService.Asks,
            ParkingAlarms.Ending, ParkingAlarms.HostOver, ParkingAlarms.OfficeOver,
        ];
        return db.Notifications.Where(n => kinds.Contains(n.Type!) && n.CreatedAt < since);
    }

    /// <summary>Whom somebody looked for.</summary>
    internal static IQueryable<AuditEntry> Looks(PortalDb db, DateTime since) =>
        db.AuditLog.Where(e => e.TableName == VisitLooks.Table && e.CreatedAt < since && e.NewValue != AuditRedaction.Marker);

    /// <summary>Signatures of who took a parcel.</summary>
    internal static IQueryable<Package> Signatures(PortalDb db, DateTime since) =>
        db.Packages.Where(p => p.Signature != null && p.CollectedAt < since);

    /// <summary>What was told and became no visit, what bells say of visits, whom somebody looked for, signatures.</summary>
    private async Task<Result> ForgetTheRestAsync(PortalDb db, CancellationToken ct)
    {
        var settings = await BuildingSettings.ReadAsync(db, ct);
        var before = clock.Today.AddDays(-settings.VisitorRetentionDays);
        await Events(db, before.ToDateTime(TimeOnly.MinValue))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.Body, (string?)null), ct);
        var since = clock.Beginning(before);
        await AuditRedaction.RunAsync(db, VisitLooks.Table, since, ct);
        while (await Signatures(db, since).OrderBy(p => p.Id).Select(p => p.Id).Take(Batch).ToListAsync(ct) is { Count: > 0 } signed)
        {
            await db.Packages.Where(p => signed.Contains(p.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Signature, (string?)null), ct);
        }

        while (await Notifications(db, since).OrderBy(n => n.Id).Select(n => n.Id).Take(Batch).ToListAsync(ct) is { Count: > 0 } told)
        {
            await db.Notifications.Where(n => told.Contains(n.Id)).ExecuteDeleteAsync(ct);
            await AuditRedaction.RunAsync(db, "notifications", told, ct);
        }

        return Result.Done;
    }

    private static async Task<Result<int>> TellAsync(PortalDb db, CancellationToken ct)
    {
        var figures = await db.DailyFigures.Where(f => f.Name == Counter).ToListAsync(ct);
        var visits = (int)figures.Sum(f => f.Value);
        if (visits > 0) await db.WriteEventAsync(Event, "visitors", null, new { visits }, ct);
        db.DailyFigures.RemoveRange(figures);
        return visits;
    }
}
