namespace Portal.Data.Demo;

/// <summary>Payments over the gateway that became none: one that the bank refused, and one of which less arrived, for the office to see.</summary>
internal static class DemoOnline
{
    public static async Task WriteAsync(DemoPlan plan, CancellationToken ct)
    {
        var home = plan.Apartment("A 803");
        var (before, yesterday) = (plan.Today.AddDays(-2), plan.Today.AddDays(-1));
        var rows = plan.Writer.Into(
            "online_payments", "id", "code", "provider", "provider_id", "apartment_id", "owner_id", "started_by", "amount", "received",
            "state", "reason", "expires_at", "asked_at", "finished_at", "created_at");
        await rows.AddAsync(
            ct, 1, "3f0c6a5be1d24c7f9a80000000000001", "sandbox", "sbx_3f0c6a5b", home.Id, home.Owner!.OwnerId, home.Owner.UserId,
            250_000m, null, "declined", null, plan.Instant(before, 20, 41), plan.Instant(before, 20, 13), plan.Instant(before, 20, 13),
            plan.Instant(before, 20, 11));
        await rows.AddAsync(
            ct, 2, "8b17d2e94a3c4f10bb60000000000002", "sandbox", "sbx_8b17d2e9", home.Id, home.Owner!.OwnerId, home.Owner.UserId,
            486_000m, 485_000m, "review", "amount", plan.Instant(yesterday, 18, 35), plan.Instant(yesterday, 18, 7), null,
            plan.Instant(yesterday, 18, 5));
        await rows.FlushAsync(ct);
        var events = plan.Writer.Into(
            "online_events", "provider", "event_id", "online_payment_id", "kind", "amount", "outcome", "happened_at", "created_at");
        await events.AddAsync(
            ct, "sandbox", "evt_demo_1", 1, "declined", 250_000m, "applied", plan.Instant(before, 20, 13), plan.Instant(before, 20, 13));
        await events.AddAsync(
            ct, "sandbox", "evt_demo_2", 2, "approved", 485_000m, "review", plan.Instant(yesterday, 18, 7), plan.Instant(yesterday, 18, 7));
        await events.FlushAsync(ct);
    }
}
