using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Api;

/// <summary>
/// Brings one message to one receiver. What fails is tried again after 10 s, 1 min, 5 min, 30 min, 2 h and so on, for three days; then the
/// message is given up. A receiver that does not answer, or says that it cannot now, rests for some minutes: its other messages wait so
/// long. One that refuses a message is asked about the others all the same.
/// </summary>
public sealed class WebhookJob(
    PortalStore store, WebhookClient client, WebhookSecrets secrets, CurrentUserSource accounts, SettingsService settings,
    BuildingClock clock, TimeProvider time)
    : JobHandler<long>(JobKind)
{
    public static readonly JobKind<long> JobKind = new("webhook");

    /// <summary>The pauses after each attempt; after the last the message is given up. Together about three days.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(20),
    ];

    /// <summary>The longest that a receiver rests for one message of its.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    /// <summary>What a column of whole seconds may have made of a moment.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    /// <summary>The event by which open pages hear of an attempt.</summary>
    internal const string Tried = "webhook_tried";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Beside mail and payments, which a receiver that hangs must not hold up.</summary>
    public override JobLane Lane => JobLane.Partners;

    public override async Task RunAsync(long id, CancellationToken ct)
    {
        WebhookDelivery? delivery;
        await using (var db = await store.OpenAsync(CurrentUser.System, ct))
            delivery = await db.WebhookDeliveries.AsNoTracking().Include(d => d.Webhook).SingleOrDefaultAsync(d => d.Id == id, ct);
        if (delivery is not { State: DeliveryState.Waiting, Webhook: { } webhook }) return;
        var now = time.GetUtcNow().UtcDateTime;

        // Somebody had it sent meanwhile: a later job of it comes.
        if (delivery.NextAt > now + Rounding) return;

        // A person waits for what they try out: that rests for nobody.
        var trial = delivery.Event == WebhookEvents.Ping;
        if (!trial && (webhook.Active ? await AgainstAsync(webhook, delivery, ct) : WebhookProblem.Off) is { } against)
        {
            await WriteAsync(id, (db, d, token) => LeaveAsync(db, d, against, token), ct);
            return;
        }

        if (!trial && webhook.RestsUntil > now + Rounding)
        {
            await WriteAsync(id, (db, d, token) => AgainAsync(db, d, webhook.RestsUntil.Value, token), ct);
            return;
        }

        var answer = secrets.Read(webhook.Secret) is { } secret
            ? await client.SendAsync(
                webhook.Address, secret, delivery.MessageId.Trim(), now,
                Body(delivery, (await settings.GetAsync(ct)).PublicAddress), ct)
            : new WebhookAnswer(null, WebhookProblem.Secret, null, TimeSpan.Zero);
        await WriteAsync(id, (db, d, token) => DecideAsync(db, d, answer, trial, token), ct);
    }

    /// <summary>What is sent: what happened, when, and where it can be read with a key. Nothing of a person.</summary>
    /// <param name="portal">The portal's address; empty: the link is without it.</param>
    internal static string Body(WebhookDelivery delivery, string portal)
    {
        var link = WebhookEvents.Find(delivery.Event)?.Link is { } pattern && delivery.RecordId is { } record
            ? $"{portal.TrimEnd('/')}/api/v1/{string.Format(CultureInfo.InvariantCulture, pattern, record)}"
            : null;
        return JsonSerializer.Serialize(
            new
            {
                Type = delivery.Event,
                Timestamp = delivery.HappenedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                Data = new { Id = delivery.RecordId, Link = link },
            },
            Json);
    }

    /// <summary>Who set it up must be there, must still be allowed to, and see what it tells of.</summary>
    /// <returns>One of <see cref="WebhookProblem"/>; null where nothing stands against it.</returns>
    private async Task<string?> AgainstAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken ct) =>
        await accounts.LoadAsync(webhook.UserId, ct) is not { IsActive: true } account || !account.User.Can(Permissions.ApiManage)
            ? WebhookProblem.OwnerGone
            : WebhookEvents.Find(delivery.Event)?.IsFor(account.User) == true ? null : WebhookProblem.OwnerMayNot;

    /// <summary>
    /// Nothing is sent. Where nobody switched it off, those who look after webhooks hear of it, once a day: the other program waits for
    /// what does not come.
    /// </summary>
    private async Task LeaveAsync(PortalDb db, WebhookDelivery delivery, string because, CancellationToken ct)
    {
        delivery.Leave(because);
        var webhook = delivery.Webhook!;
        if (because == WebhookProblem.Off) return;
        var keepers = await db.Users.Where(u => u.UserStatusId == UserState.Active
            && db.RolePermissions.Any(r => r.RoleId == u.RoleId && r.Permission!.Name == Permissions.ApiManage))
            .Select(u => u.Id).ToListAsync(ct);
        await new NotificationDraft(
            "urgent.webhook_owner", RecipientType.Owner, "Webhook sin permiso",
            $"Quien creó el webhook «{webhook.Name}» ya no puede ver lo que avisa: no se envía.", $"/api/webhooks/{webhook.Id}",
            [new(Text: webhook.Name)])
            .AddAsync(db, keepers, ct, FormattableString.Invariant($"webhook:{webhook.Id}:{clock.Today:yyyyMMdd}"));
        await db.WriteEventAsync(Tried, "webhooks", webhook.Id, new { delivery = delivery.Id, problem = because }, ct);
    }

    private async Task DecideAsync(PortalDb db, WebhookDelivery delivery, WebhookAnswer answer, bool trial, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var webhook = delivery.Webhook!;
        delivery.Tried(answer, now);
        if (answer.Ok) webhook.Arrived();
        else if (trial) delivery.GiveUp();
        else if (answer.Status == 410) await OffAsync(db, delivery, Webhook.OffGone, ct);
        else if (delivery.Attempts > Pauses.Count + 1)
        {
            // It had been given up, and somebody had it sent once more.
            delivery.GiveUp();
        }
        else if (delivery.Attempts > Pauses.Count)
        {
            delivery.GiveUp();
            if (webhook.GaveUp()) await OffAsync(db, delivery, Webhook.OffFailing, ct);
        }
        else
        {
            var next = now + Pauses[delivery.Attempts - 1];
            if (answer.Status is null or 429 or >= 500) webhook.Rest(next < now + LongestRest ? next : now + LongestRest);
            await AgainAsync(db, delivery, next, ct);
        }

        // A delivery that went well disturbs no open page; of a trial somebody waits for the end.
        if (!answer.Ok || trial)
            await db.WriteEventAsync(
                Tried, "webhooks", webhook.Id, new { delivery = delivery.Id, delivery.Attempts, status = answer.Status, answer.Problem },
                ct);
    }

    private static async Task OffAsync(PortalDb db, WebhookDelivery delivery, string because, CancellationToken ct)
    {
        delivery.GiveUp();
        var webhook = delivery.Webhook!;
        if (!webhook.Active) return;
        webhook.SwitchOff(because);
        await new NotificationDraft(
            "urgent.webhook_off", RecipientType.Owner, "Webhook apagado",
            $"El receptor «{webhook.Name}» no respondió y no se le avisa más.", $"/api/webhooks/{webhook.Id}", [new(Text: webhook.Name)])
            .AddAsync(db, [webhook.UserId], ct);
    }

    /// <summary>To one receiver one message after the other: a slow one waits for itself alone.</summary>
    internal static string SerialKey(long webhook) => FormattableString.Invariant($"webhook:{webhook}");

    internal static Task AgainAsync(PortalDb db, WebhookDelivery delivery, DateTime at, CancellationToken ct)
    {
        delivery.TryAgain(at);
        return JobQueue.AddAsync(
            db, JobKind, delivery.Id, at, $"webhook:{delivery.Id}:{Guid.NewGuid():N}", ct, SerialKey(delivery.WebhookId));
    }

    private async Task WriteAsync(long id, Func<PortalDb, WebhookDelivery, CancellationToken, Task> work, CancellationToken ct)
    {
        var written = await store.WriteAsync(CurrentUser.System, async (db, token) =>
        {
            var webhook = await db.WebhookDeliveries.Where(d => d.Id == id).Select(d => d.WebhookId).SingleOrDefaultAsync(token);
            if (await db.Webhooks.Where(w => w.Id == webhook).ForUpdate().SingleOrDefaultAsync(token) is null) return Result.Done;
            if (await db.WebhookDeliveries.SingleOrDefaultAsync(d => d.Id == id && d.State == DeliveryState.Waiting, token) is { } delivery)
                await work(db, delivery, token);
            return Result.Done;
        }, ct);
        if (!written.Ok) throw new InvalidOperationException($"What came of a webhook could not be written down: {written.Error!.Code}.");
    }
}
