using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Api;

internal sealed class ApiArea : DataArea
{
    public override void Register(IServiceCollection services)
    {
        services.TryAddSingleton(new WebhookOptions());
        services.AddSingleton<WebhookClient>().AddSingleton<WebhookSecrets>().AddSingleton<ApiKeyHashes>();
        services.AddScoped<ApiKeyService>().AddScoped<WebhookService>().AddScoped<ApiDoor>();
        services.AddScoped<IJobHandler, WebhookJob>();
        services.AddNightlyJob<ApiUpkeep>(ApiUpkeep.JobKind, new TimeOnly(3, 40));
    }
}

/// <summary>Forgets what was asked under an <c>Idempotency-Key</c>, and messages that are done, when nobody asks about them any more.</summary>
public sealed class ApiUpkeep(PortalStore store, TimeProvider time) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("api_upkeep");

    /// <summary>How long a repetition is recognised.</summary>
    public static readonly TimeSpan RequestsKept = TimeSpan.FromDays(7);

    public static readonly TimeSpan DeliveriesKept = TimeSpan.FromDays(30);

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (requests, deliveries) = (now - RequestsKept, now - DeliveriesKept);
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        await db.ApiRequests.Where(r => r.CreatedAt < requests).ExecuteDeleteAsync(ct);
        await db.WebhookDeliveries.Where(d => d.HappenedAt < deliveries && d.State != DeliveryState.Waiting).ExecuteDeleteAsync(ct);
    }
}

internal static class WebhookAudit
{
    /// <summary>A person asked for a message; open pages hear of it.</summary>
    public static Task WriteAskedAsync(this PortalDb db, Webhook webhook, WebhookDelivery delivery, CancellationToken ct) =>
        db.WriteEventAsync("webhook_asked", "webhooks", webhook.Id, new { delivery = delivery.Id, delivery.Event }, ct);
}
