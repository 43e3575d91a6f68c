using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Data.Audit;
using Portal.Data.Mail;
using Portal.Data.Operations;

namespace Portal.Data.Notifications;

/// <summary>What a digest says, in its reader's language; the web side has the words.</summary>
/// <param name="lines">The oldest first; one at least.</param>
public delegate MailWords DigestWriter(IReadOnlyList<NotificationRow> lines, MailRhythm rhythm, MailReader reader, BuildingSettings building);

/// <summary>
/// Makes the digests whose hour has come: of each person what waits since the one before, once for each rhythm and day. A portal that was
/// away makes up for it: the hour that was missed counts until the next.
/// </summary>
public sealed class DigestMaking(PortalStore store, BuildingClock clock) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("digests");

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        List<(long User, MailRhythm Rhythm)> waiting;
        Dictionary<long, DigestTime> times;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
        {
            waiting = (await db.Notifications.Where(n => n.Rhythm != null && n.DigestId == null)
                .Select(n => new { n.RecipientId, n.Rhythm }).Distinct().ToListAsync(ct))
                .ConvertAll(n => (n.RecipientId, n.Rhythm!.Value));
            var people = waiting.Select(w => w.User).Distinct().ToList();
            times = await db.DigestTimes.AsNoTracking().Where(t => people.Contains(t.UserId)).ToDictionaryAsync(t => t.UserId, ct);
        }

        foreach (var (user, rhythm) in waiting.Order())
        {
            var at = times.GetValueOrDefault(user) ?? new DigestTime();
            var slot = DigestTime.Slot(rhythm, at.Hour, at.Weekday, clock.Now);
            var made = await store.WriteAsync(CurrentUser.System, (db, token) => MakeAsync(db, user, rhythm, slot, token), ct);
            // Another portal made the same one at the same moment: it is there.
            if (!made.Ok && made.Error!.IsOutage) throw new InvalidOperationException("The digests could not be made: it is tried again.");
        }
    }

    private async Task<Result> MakeAsync(PortalDb db, long user, MailRhythm rhythm, DateTime slot, CancellationToken ct)
    {
        var (day, until) = (DateOnly.FromDateTime(slot), clock.ToUtc(slot));
        if (await db.MailDigests.AnyAsync(d => d.UserId == user && d.Rhythm == rhythm && d.Day == day, ct)) return Result.Done;
        var lines = db.Notifications.Where(n => n.RecipientId == user && n.Rhythm == rhythm && n.DigestId == null && n.CreatedAt <= until);
        if (!await lines.AnyAsync(ct)) return Result.Done;
        var digest = new MailDigest { UserId = user, Rhythm = rhythm, Day = day };
        db.MailDigests.Add(digest);
        await db.SaveChangesAsync(ct);
        await lines.ExecuteUpdateAsync(set => set.SetProperty(n => n.DigestId, digest.Id), ct);
        await JobQueue.AddAsync(db, DigestMail.JobKind, digest.Id, clock.UtcNow, $"digest:{digest.Id}", ct);
        return Result.Done;
    }
}

/// <summary>
/// Sends one digest, once: what of it is still unread and still wanted. As <see cref="MailJob"/>, it is tried again for two days, and what is
/// refused for good is noted in the audit log and left.
/// </summary>
public sealed class DigestMail(
    PortalStore store, SettingsService settings, Mailer mailer, DigestWriter writer, ILogger<DigestMail> logger) : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("digest_mail");

    public override int MostAttempts => 56;

    public override JobLane Lane => JobLane.Outside;

    /// <param name="id">The id of the digest.</param>
    public override async Task RunAsync(long id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } found) return;
        if (!mailer.Options.On) throw new WorkLeftException(MailJob.Off);
        if (!Mailbox.CanBeReached(found.Address))
        {
            await RefusedAsync(id, "address", ct);
            return;
        }

        var (options, building) = (mailer.Options, await settings.GetAsync(ct));
        var made = found.Digest.CreatedAt ?? DateTime.UnixEpoch;
        var name = $"digest.{id}.{made.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}@{options.From.Split('@')[1]}";
        try
        {
            await mailer.SendAsync(
                MailJob.Message(
                    options.FromName.Length > 0 ? options.FromName : building.Name, options.From, found.Address,
                    writer(found.Lines, found.Digest.Rhythm, found.Reader, building), found.Reader.Language, name, made),
                ct);
        }
        catch (MailException refused) when (refused.ForGood)
        {
            await RefusedAsync(id, refused.Code!, ct);
            return;
        }

        // It is sent: a portal that stops takes the time to note it.
        var noted = await store.WriteAsync(
            CurrentUser.System,
            async (db, token) =>
            {
                var now = db.Clock.GetUtcNow().UtcDateTime;
                await db.MailDigests.Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.MailedAt, now), token);
                var sent = found.Lines.Select(l => l.Id).ToList();
                await db.Notifications.Where(n => sent.Contains(n.Id)).ExecuteUpdateAsync(set => set.SetProperty(n => n.MailedAt, now), token);
                return Result.Done;
            },
            CancellationToken.None);
        if (!noted.Ok) throw new InvalidOperationException($"What became of a digest could not be noted: {noted.Error!.Code}.");
    }

    private sealed record Ready(MailDigest Digest, IReadOnlyList<NotificationRow> Lines, MailReader Reader, string Address);

    /// <summary>Nothing where it was sent, or nothing of it is left to be said.</summary>
    private async Task<Ready?> FindAsync(long id, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        if (await db.MailDigests.AsNoTracking().SingleOrDefaultAsync(d => d.Id == id && d.MailedAt == null, ct) is not { } digest) return null;
        var lines = await db.Notifications.AsNoTracking().Where(n => n.DigestId == id && n.MailedAt == null && n.Read != true)
            .OrderBy(n => n.CreatedAt).ThenBy(n => n.Id).ToListAsync(ct);
        foreach (var kind in lines.Select(KindOf).Distinct().ToList())
        {
            if (!await NotificationDraft.Wanting(db, kind).AnyAsync(u => u == digest.UserId, ct)) lines.RemoveAll(l => KindOf(l) == kind);
        }

        if (lines.Count == 0) return null;
        var person = await db.Profiles.AsNoTracking().Where(p => p.UserId == digest.UserId && p.Email != null && p.Email != "").OrderBy(p => p.Id)
            .Select(p => new { p.FirstName, p.Email, p.User!.Language }).FirstAsync(ct);
        var now = db.Clock.GetUtcNow().UtcDateTime;
        return new Ready(
            digest, lines.ConvertAll(l => NotificationRow.Of(l, now)),
            new MailReader(person.FirstName, person.Language == "en" ? "en" : "es", digest.UserId), person.Email!);
    }

    private static string KindOf(Notification line) => NotificationKinds.Of(line.RecipientType, line.Type);

    private async Task RefusedAsync(long id, string code, CancellationToken ct)
    {
        logger.LogWarning("Digest {Id} is refused for good ({Code}); what it says stays in the bell", id, code);
        var noted = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            await db.WriteEventAsync(MailJob.Refused, "mail_digests", id, new { Code = code }, token);
            return Result.Done;
        }, ct);
        if (!noted.Ok) throw new InvalidOperationException($"What became of a digest could not be noted: {noted.Error!.Code}.");
    }
}
