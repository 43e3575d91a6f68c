using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Documents;
using Portal.Data.Gate;
using Portal.Data.Notices;
using Portal.Data.Notifications;
using Portal.Data.Payments;
using Portal.Data.Surveys;

namespace Portal.Data.Home;

/// <summary>From when somebody looks back: their last visit, or some days.</summary>
public enum AwayFrom { LastVisit, Week, Month }

/// <summary>Something that happened while a person was away.</summary>
/// <param name="Amount">Of a charge, in pesos.</param>
/// <param name="At">UTC.</param>
/// <param name="Href">A local address that shows it.</param>
public sealed record AwayItem(string Title, string? Detail, decimal? Amount, DateTime At, string Href);

/// <summary>Of one kind: the latest of them, and how many there are in all.</summary>
/// <param name="Kind">A word of <c>away.kind.*</c>: notice, document, survey, charge, visit.</param>
/// <param name="Href">Where all of them are.</param>
public sealed record AwayGroup(string Kind, IReadOnlyList<AwayItem> Items, int Total, string Href);

/// <summary>What changed for a person while they were away.</summary>
/// <param name="Since">UTC.</param>
/// <param name="First">They were never here before: it looks back a week.</param>
/// <param name="Told">Lines of their own bell: answers, payments, bookings, packages, and what the office is to do.</param>
public sealed record Away(DateTime Since, bool First, IReadOnlyList<AwayGroup> Groups, IReadOnlyList<NotificationRow> Told, int ToldTotal)
{
    public int Total => Groups.Sum(g => g.Total) + ToldTotal;
}

/// <summary>
/// What changed since a person was here last, out of what is there: notices, documents, surveys, charges, visits, and their own bell. Each as
/// far as its own room shows it to them.
/// </summary>
public sealed class AwayService(PortalStore store, BuildingClock clock)
{
    /// <summary>Of each kind; the rest is in its room.</summary>
    public const int Most = 8;

    /// <summary>Without a sign for so long, what comes then is another visit.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    /// <summary>The person is here now. After a pause of half an hour it is another visit, and what they see counts from the one before.</summary>
    public async Task<Result> HereAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return Error.Forbidden;
        var (now, pause) = (clock.UtcNow, clock.UtcNow - Pause);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                await db.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO portal_visits (user_id, seen_at) VALUES ({user.Id}, {now})
                    ON DUPLICATE KEY UPDATE since_at = IF(seen_at < {pause}, seen_at, since_at), seen_at = {now}
                    """,
                    token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>Null for nobody.</summary>
    public async Task<Away?> SinceAsync(AwayFrom from, CurrentUser user, CancellationToken ct)
    {
        if (user.Id == 0) return null;
        await using var db = await store.OpenAsync(user, ct);
        var now = clock.UtcNow;
        var last = from == AwayFrom.LastVisit
            ? await db.PortalVisits.AsNoTracking().Where(v => v.UserId == user.Id)
                .Select(v => v.SeenAt < now - Pause ? v.SeenAt : v.SinceAt).SingleOrDefaultAsync(ct)
            : null;
        var since = last ?? now.AddDays(from == AwayFrom.Month ? -30 : -7);
        List<AwayGroup?> groups =
        [
            await NoticesAsync(db, since, user, ct), await DocumentsAsync(db, since, user, ct), await SurveysAsync(db, since, user, ct),
            await ChargesAsync(db, since, user, ct), await VisitsAsync(db, since, user, ct),
        ];
        // A notice and a survey stand by themselves already.
        var told = db.Notifications.AsNoTracking().Where(n => n.RecipientId == user.Id && n.CreatedAt > since
            && (n.Type == null || !n.Type.StartsWith("notice.") && n.Type != NoticeDelivery.Urgent));
        return new Away(
            since, from == AwayFrom.LastVisit && last is null, [.. groups.OfType<AwayGroup>()],
            await told.OrderByDescending(n => n.CreatedAt).ThenByDescending(n => n.Id).Take(Most)
                .Select(n => new NotificationRow(n.Id, n.Title, n.Message, n.Type, n.Read == true, n.Link, n.CreatedAt ?? now, n.Data)).ToListAsync(ct),
            await told.CountAsync(ct));
    }

    private async Task<AwayGroup?> NoticesAsync(PortalDb db, DateTime since, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.NoticesView) && !user.Can(Permissions.NoticesEdit)) return null;
        var (from, now) = (clock.ToWall(since), clock.Now);
        var notices = NoticeService.Reachable(db, user, now).AsNoTracking().Where(n => n.PublishAt > from && n.PublishAt <= now);
        var items = await notices.OrderByDescending(n => n.PublishAt).ThenByDescending(n => n.Id).Take(Most)
            .Select(n => new { n.Title, n.Body, n.PublishAt }).ToListAsync(ct);
        return await GroupAsync(
            "notice", items.ConvertAll(n => new AwayItem(n.Title, n.Body, null, clock.ToUtc(n.PublishAt), "/notices")), notices, "/notices", ct);
    }

    private static async Task<AwayGroup?> DocumentsAsync(PortalDb db, DateTime since, CurrentUser user, CancellationToken ct)
    {
        var reach = DocumentService.VisibleTo(db, user).Select(d => d.Id);
        var versions = db.DocumentVersions.AsNoTracking().Where(v => v.CreatedAt > since && reach.Contains(v.DocumentId));
        var items = await versions.OrderByDescending(v => v.CreatedAt).ThenByDescending(v => v.Id).Take(Most)
            .Select(v => new { v.Document!.Title, v.DocumentId, v.Note, At = v.CreatedAt!.Value }).ToListAsync(ct);
        return await GroupAsync(
            "document", items.ConvertAll(v => new AwayItem(v.Title, v.Note, null, v.At, $"/documents/{v.DocumentId}")), versions, "/documents", ct);
    }

    private static async Task<AwayGroup?> SurveysAsync(PortalDb db, DateTime since, CurrentUser user, CancellationToken ct)
    {
        var surveys = SurveyService.VisibleTo(db, user).Where(s => s.OpenedAt > since);
        var items = await surveys.OrderByDescending(s => s.OpenedAt).ThenByDescending(s => s.Id).Take(Most)
            .Select(s => new { s.Id, s.Title, s.Description, At = s.OpenedAt!.Value }).ToListAsync(ct);
        return await GroupAsync(
            "survey", items.ConvertAll(s => new AwayItem(s.Title, s.Description, null, s.At, $"/surveys/{s.Id}")), surveys, "/surveys", ct);
    }

    /// <summary>Of one's own apartments; who works here bills hundreds of them at once.</summary>
    private async Task<AwayGroup?> ChargesAsync(PortalDb db, DateTime since, CurrentUser user, CancellationToken ct)
    {
        if (user.Can(Permissions.PaymentsView)) return null;
        var now = clock.UtcNow;
        var charges = db.Charges.AsNoTracking().VisibleTo(user).Where(c => c.CreatedAt > since && c.CreatedAt <= now);
        var items = await charges.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Take(Most)
            .Select(c => new { c.Concept, c.ApartmentId, c.Amount, Unit = c.Apartment!.Tower!.Name + " " + c.Apartment.ApartmentNumber, At = c.CreatedAt!.Value })
            .ToListAsync(ct);
        return await GroupAsync(
            "charge", items.ConvertAll(c => new AwayItem(c.Concept, c.Unit, c.Amount, c.At, $"/account/{c.ApartmentId}")), charges, "/payments", ct);
    }

    /// <summary>Who came to see a resident. The gate sees everybody come in.</summary>
    private async Task<AwayGroup?> VisitsAsync(PortalDb db, DateTime since, CurrentUser user, CancellationToken ct)
    {
        if (user.Can(Permissions.GateView)) return null;
        var wall = clock.ToWall(since);
        var (day, hour) = (DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall));
        var visits = db.Visitors.AsNoTracking().VisibleTo(user)
            .Where(v => v.EnterTime != null && (v.VisitDate > day || v.VisitDate == day && v.EnterTime > hour));
        var items = await visits.OrderByDescending(v => v.VisitDate).ThenByDescending(v => v.EnterTime).ThenByDescending(v => v.Id).Take(Most)
            .Select(v => new { v.Name, v.Purpose, v.VisitDate, v.EnterTime }).ToListAsync(ct);
        return await GroupAsync(
            "visit",
            items.ConvertAll(v => new AwayItem(v.Name, v.Purpose, null, clock.ToUtc(v.VisitDate.ToDateTime(v.EnterTime!.Value)), "/visits")), visits,
            "/visits", ct);
    }

    private static async Task<AwayGroup?> GroupAsync<T>(
        string kind, List<AwayItem> items, IQueryable<T> all, string href, CancellationToken ct) =>
        items.Count == 0 ? null : new AwayGroup(kind, items, items.Count < Most ? items.Count : await all.CountAsync(ct), href);
}
