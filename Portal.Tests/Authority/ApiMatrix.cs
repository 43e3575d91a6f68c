using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Api;

namespace Portal.Tests.Authority;

/// <summary>
/// Keys and webhooks are the administrator's. The operations let nobody through who is signed in: they want a key, and a cookie is none.
/// </summary>
public sealed class ApiMatrix : AreaMatrix
{
    private const string Events = WebhookEvents.CaseFiled;

    /// <summary>Every operation, by its pattern.</summary>
    private static readonly (string Method, string Pattern)[] Operations =
    [
        ("GET", "towers"), ("GET", "apartments"), ("GET", "apartments/{id:long}"), ("GET", "apartments/{id:long}/people"),
        ("GET", "apartments/{id:long}/account"), ("GET", "apartments/{id:long}/statement"), ("GET", "notices"),
        ("GET", "notices/{id:long}"),
        ("GET", "payment-methods"), ("GET", "payments"), ("GET", "payments/{id:long}"), ("POST", "payments"), ("GET", "case-categories"),
        ("GET", "cases"), ("GET", "cases/{id:long}"), ("POST", "cases"), ("POST", "cases/{id:long}/answer"), ("GET", "facilities"),
        ("GET", "facilities/{id:long}/availability"), ("GET", "reservations"), ("GET", "reservations/{id:long}"), ("POST", "reservations"),
        ("POST", "reservations/{id:long}/cancel"), ("GET", "visits"), ("POST", "visits"),
    ];

    private long _key, _webhook, _delivery;

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var admin = CurrentUser.System with
        {
            Id = AuthorityWorld.Id(Who.Admin), Name = "Admin",
            Permissions = new HashSet<string> { Permissions.ApiManage, Permissions.PqrsView },
        };
        await db.SaveChangesAsync();
        _key = (await world.Get<ApiKeyService>().MakeAsync(new("Contabilidad", [Permissions.PqrsView]), admin, default)).Value.Id;
        _webhook = (await world.Get<WebhookService>().MakeAsync(new("Contabilidad", "https://example.com/in", [Events]), admin, default))
            .Value.Id;
        Assert.True((await world.Get<WebhookService>().PingAsync(_webhook, admin, default)).Ok);
        _delivery = (await world.Get<WebhookService>().DeliveriesAsync(_webhook, new(), admin, default)).Rows[0].Id;
    }

    public override IEnumerable<Entry> Entries =>
    [
        Method<ApiKeyService>(nameof(ApiKeyService.ListAsync), (s, user, _) =>
            Of(s.ListAsync(new(), user, default), p => p.Rows.Any(r => r.Id == _key)), Who.Admin),
        Method<ApiKeyService>(
            nameof(ApiKeyService.MakeAsync), (s, user, _) => Of(s.MakeAsync(new("Otra", [Permissions.PqrsView]), user, default)),
            Who.Admin),
        Method<ApiKeyService>(nameof(ApiKeyService.RevokeAsync), (s, user, _) => Of(s.RevokeAsync(_key, user, default)), Who.Admin),
        Method<ApiKeyService>(nameof(ApiKeyService.ResumeAsync), (s, user, _) => Of(s.ResumeAsync(_key, user, default)), Who.Admin),
        Method<WebhookService>(nameof(WebhookService.ListAsync), (s, user, _) =>
            Of(s.ListAsync(new(), user, default), p => p.Rows.Any(r => r.Id == _webhook)), Who.Admin),
        Method<WebhookService>(nameof(WebhookService.FindAsync), (s, user, _) => Of(s.FindAsync(_webhook, user, default)), Who.Admin),
        Method<WebhookService>(
            nameof(WebhookService.MakeAsync),
            (s, user, _) => Of(s.MakeAsync(new("Otro", "https://example.com/out", [Events]), user, default)), Who.Admin),
        Method<WebhookService>(nameof(WebhookService.SwitchAsync), (s, user, _) =>
            Of(s.SwitchAsync(_webhook, false, user, default)), Who.Admin),
        Method<WebhookService>(nameof(WebhookService.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(_webhook, user, default)), Who.Admin),
        Method<WebhookService>(nameof(WebhookService.PingAsync), (s, user, _) => Of(s.PingAsync(_webhook, user, default)), Who.Admin),
        Method<WebhookService>(
            nameof(WebhookService.DeliveriesAsync),
            (s, user, _) => Of(s.DeliveriesAsync(_webhook, new(), user, default), p => p.Rows.Count > 0), Who.Admin),
        Method<WebhookService>(nameof(WebhookService.RedeliverAsync), (s, user, _) =>
            Of(s.RedeliverAsync(_delivery, user, default)), Who.Admin),
        Page("/api/keys", Who.Admin),
        Page("/api/webhooks", Who.Admin),
        new WebEntry("PAGE /api/webhooks/{Id:long}", () =>
            new HttpRequestMessage(HttpMethod.Get, $"/api/webhooks/{_webhook}"), [Who.Admin]),
        Endpoint(HttpMethod.Get, "/api/v1/openapi.json", "/api/v1/openapi.json", Who.Admin),
        Endpoint(HttpMethod.Get, "/api/docs", "/api/docs", Who.Admin),
        Endpoint(HttpMethod.Get, "/api/docs/scalar.js", "/api/docs/scalar.js", Who.Admin),
        .. Operations.Select(o => Endpoint(new HttpMethod(o.Method), $"/api/v1/{o.Pattern}",
            $"/api/v1/{o.Pattern.Replace("{id:long}", "1", StringComparison.Ordinal)}")),
    ];
}
