using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Operations;

namespace Portal.Data.Api;

/// <summary>A webhook as a list shows it. Times are the building's wall clock.</summary>
/// <param name="OffBecause">Why the portal switched it off; null where a person did, or it is on.</param>
/// <param name="Waiting">Messages that still wait.</param>
/// <param name="Last">When its receiver last took a message.</param>
/// <param name="OwnerGone">Who set it up is not active, or may have no webhooks any more.</param>
/// <param name="OwnerMay">What their role may do now.</param>
public sealed record WebhookRow(
    long Id, string Name, string Owner, string Address, IReadOnlyList<string> Events, bool Active, string? OffBecause, int Waiting,
    DateTime? Last, DateTime? Made, bool OwnerGone, IReadOnlyList<string> OwnerMay)
{
    /// <summary>Of these nothing is sent: who set it up may not see them any more.</summary>
    public IReadOnlyList<string> Unseen =>
        OwnerGone ? Events : [.. Events.Where(e => WebhookEvents.Find(e)?.Needs.Any(OwnerMay.Contains) != true)];
}

/// <param name="Events">Of <see cref="WebhookEvents"/>.</param>
public sealed record WebhookInput(string? Name, string? Address, IReadOnlyCollection<string> Events);

/// <summary>A webhook that was set up, with the secret it signs with: in clear this once.</summary>
public sealed record MadeWebhook(long Id, string Name, string Secret);

/// <summary>A message and what came of it. Times are the building's wall clock.</summary>
public sealed record DeliveryRow(
    long Id, string MessageId, string Event, long? RecordId, DateTime Happened, DeliveryState State, int Attempts, DateTime? Tried,
    DateTime? Next, int? StatusCode, int? TookMs, string? Problem, string? Answer);

/// <summary>Who is told of what happens, and what came of it. Everything needs <see cref="Permissions.ApiManage"/>.</summary>
public sealed class WebhookService(PortalStore store, WebhookSecrets secrets, WebhookClient client, BuildingClock clock)
{
    private const int LongestAddress = 500, MostWebhooks = 50, RemovedAtOnce = 500;

    /// <summary>What a person can be told of, that is what they may see.</summary>
    public static IReadOnlyList<WebhookEvent> EventsFor(CurrentUser user) => [.. WebhookEvents.All.Where(e => e.IsFor(user))];

    public async Task<Page<WebhookRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Page<WebhookRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var webhooks = db.Webhooks.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } text) webhooks = webhooks.Where(w => w.Name.Contains(text) || w.Address.Contains(text));
        var page = await Rows(db, webhooks.By(w => w.Name, query.Descending).Then(w => w.Id, query.Descending)).PageAsync(query, ct);
        return page with { Rows = [.. page.Rows.Select(Walled)] };
    }

    /// <returns>Null where there is none.</returns>
    public async Task<WebhookRow?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await Rows(db, db.Webhooks.AsNoTracking().Where(w => w.Id == id))
            .SingleOrDefaultAsync(ct) is { } found ? Walled(found) : null;
    }

    /// <summary>Sets one up; its secret is given this once. Needs a fresh sign-in: what happens in the building goes out there.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>webhook.address</c>, <c>webhook.events</c>, <c>webhook.too_many</c>,
    /// <c>fresh.needed</c>.</returns>
    public async Task<Result<MadeWebhook>> MakeAsync(WebhookInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage) || user.AccountId is not { } id) return Error.Forbidden;
        List<Error> errors = [];
        ApiKeyService.CheckName(input.Name, errors);
        var address = input.Address?.Trim();
        if (string.IsNullOrEmpty(address)) errors.Add(Error.Required(nameof(input.Address)));
        else if (address.Length > LongestAddress) errors.Add(Error.TooLong(nameof(input.Address), LongestAddress));
        else if (!client.MayBe(address)) errors.Add(new Error("webhook.address", nameof(input.Address)));
        if (input.Events.Count == 0) errors.Add(Error.Required(nameof(input.Events)));
        else if (input.Events.Except(EventsFor(user).Select(e => e.Name))
            .Any()) errors.Add(new Error("webhook.events", nameof(input.Events)));
        if (errors.Count > 0) return errors;
        return await store.WriteAsync<MadeWebhook>(user, async (db, token) =>
        {
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            if (await db.Webhooks.CountAsync(token) >= MostWebhooks) return new Error("webhook.too_many", null, MostWebhooks);
            var secret = WebhookSignature.NewSecret();
            var made = Webhook.Make(
                input.Name!.Trim(), id, address!, input.Events.Distinct().Order(StringComparer.Ordinal), secrets.Hide(secret));
            db.Webhooks.Add(made);
            await db.SaveChangesAsync(token);
            await ApiKeyService.TellAsync(
                db, id, "urgent.webhook", "Webhook creado", $"Se creó el webhook «{made.Name}» a tu nombre.", token, made.Name);
            return new MadeWebhook(made.Id, made.Name, secret);
        }, ct);
    }

    /// <summary>On or off. Off, nothing is written for it; what waits is left.</summary>
    public Task<Result> SwitchAsync(long id, bool on, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(id, user, (_, webhook, _) =>
        {
            webhook.Switch(on);
            return Task.FromResult(Result.Done);
        }, ct);

    /// <summary>
    /// Takes it away, with what is known of its messages: first it is switched off, then its messages go some hundred at a time, so that no
    /// save that writes one waits for thousands. Where it ends in between, it is off and may be taken away again.
    /// </summary>
    public async Task<Result> RemoveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (await SwitchAsync(id, false, user, ct) is { Ok: false } refused) return refused;
        await using (var db = await store.OpenAsync(user, ct))
        {
            while (await db.Database.ExecuteSqlAsync(
                $"DELETE FROM webhook_deliveries WHERE webhook_id = {id} ORDER BY id LIMIT {RemovedAtOnce}", ct) == RemovedAtOnce)
            {
                // The next ones.
            }
        }

        return await ChangeAsync(id, user, (db, webhook, _) =>
        {
            db.Webhooks.Remove(webhook);
            return Task.FromResult(Result.Done);
        }, ct);
    }

    /// <summary>Sends a message about nothing, also to one that is off, so that people see whether it arrives. It is tried once.</summary>
    public Task<Result> PingAsync(long id, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(id, user, async (db, webhook, token) =>
        {
            var now = db.Clock.GetUtcNow().UtcDateTime;
            var ping = WebhookDelivery.Of(webhook, WebhookEvents.Ping, now);
            db.WebhookDeliveries.Add(ping);
            await db.SaveChangesAsync(token);
            await db.WriteAskedAsync(webhook, ping, token);
            await JobQueue.AddAsync(db, WebhookJob.JobKind, ping.Id, now, $"webhook:{ping.Id}:0", token, WebhookJob.SerialKey(id));
            return Result.Done;
        }, ct);

    /// <summary>The messages of one, the latest first. Searched by event, and by the message's number. Filter: <c>state</c>.</summary>
    public async Task<Page<DeliveryRow>> DeliveriesAsync(long id, ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Page<DeliveryRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var deliveries = db.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == id);
        if (query.Search?.Trim() is { Length: > 0 } text) deliveries = deliveries.Where(d => d.Event.Contains(text) || d.MessageId == text);
        if (query.Filter<DeliveryState>("state") is { } state) deliveries = deliveries.Where(d => d.State == state);
        var page = await deliveries.OrderByDescending(d => d.Id).Select(d => new DeliveryRow(
            d.Id, d.MessageId, d.Event, d.RecordId, d.HappenedAt, d.State, d.Attempts, d.TriedAt, d.NextAt, d.StatusCode, d.TookMs,
            d.Problem,
            d.Answer)).PageAsync(query, ct);
        return page with
        {
            Rows =
            [
                .. page.Rows.Select(d => d with
                {
                    MessageId = d.MessageId.Trim(), Happened = clock.ToWall(d.Happened), Tried = Wall(d.Tried), Next = Wall(d.Next),
                }),
            ],
        };
    }

    /// <summary>Sends a message again, under the number it had. What still waits is tried now.</summary>
    public async Task<Result> RedeliverAsync(long deliveryId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var of = await db.WebhookDeliveries.Where(d => d.Id == deliveryId).Select(d => (long?)d.WebhookId).SingleOrDefaultAsync(token);
            if (of is null || await db.Webhooks.Where(w => w.Id == of).ForUpdate().SingleOrDefaultAsync(token) is not { } webhook)
                return Error.NotFound;
            if (!webhook.Active) return new Error("webhook.off");
            var delivery = await db.WebhookDeliveries.SingleAsync(d => d.Id == deliveryId, token);
            webhook.Wake();
            await WebhookJob.AgainAsync(db, delivery, db.Clock.GetUtcNow().UtcDateTime, token);
            await db.WriteAskedAsync(webhook, delivery, token);
            return Result.Done;
        }, ct);
    }

    private async Task<Result> ChangeAsync(
        long id, CurrentUser user, Func<PortalDb, Webhook, CancellationToken, Task<Result>> change, CancellationToken ct)
    {
        if (!user.Can(Permissions.ApiManage)) return Error.Forbidden;
        return await store.WriteAsync(user, async (db, token) =>
            await db.Webhooks.Where(w => w.Id == id).ForUpdate().SingleOrDefaultAsync(token) is { } webhook
                ? await change(db, webhook, token)
                : Error.NotFound, ct);
    }

    private static IQueryable<WebhookRow> Rows(PortalDb db, IQueryable<Webhook> webhooks) => webhooks.Select(w => new WebhookRow(
        w.Id, w.Name, db.Profiles.Where(p => p.UserId == w.UserId).Select(p => p.FullName).FirstOrDefault() ?? w.User!.UserName!, w.Address,
        w.Events.Split(',', StringSplitOptions.RemoveEmptyEntries), w.Active, w.OffBecause,
        db.WebhookDeliveries.Count(d => d.WebhookId == w.Id && d.State == DeliveryState.Waiting),
        db.WebhookDeliveries.Where(d => d.WebhookId == w.Id && d.State == DeliveryState.Delivered).Max(d => d.TriedAt), w.CreatedAt,
        w.User!.UserStatusId != UserState.Active
            || !db.RolePermissions.Any(r => r.RoleId == w.User.RoleId && r.Permission!.Name == Permissions.ApiManage),
        db.RolePermissions.Where(r => r.RoleId == w.User.RoleId).Select(r => r.Permission!.Name).ToList()));

    private WebhookRow Walled(WebhookRow row) => row with { Last = Wall(row.Last), Made = Wall(row.Made) };

    private DateTime? Wall(DateTime? utc) => utc is { } at ? clock.ToWall(at) : null;
}
