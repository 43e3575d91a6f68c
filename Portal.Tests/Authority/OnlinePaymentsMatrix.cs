using Portal.Data;
using Portal.Data.OnlinePayments;

namespace Portal.Tests.Authority;

/// <summary>Payments over the gateway: who owns the apartment begins and follows them, the office looks and decides.</summary>
public sealed class OnlinePaymentsMatrix : AreaMatrix
{
    private const long Begun = 1_401, Review = 1_402;
    private const string Code = "00000000000000000000000000001401";

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var now = DateTime.UtcNow;
        foreach (var id in new[] { Begun, Review })
        {
            var payment = OnlinePayment.Start("none", AuthorityWorld.Apartment, AuthorityWorld.OwnerRow(Who.Owner), 1_000, null, now)
                .With(p => p.Id, id).With(p => p.Code, $"{id:D32}");
            if (id == Review) payment.Hear(new ProviderReport(payment.Code, OnlineState.Approved, 900, "COP", "1", now), now);
            db.OnlinePayments.Add(payment);
        }

        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries
    {
        get
        {
            Who[] readers = [.. Office, Who.Owner];
            return
            [
                Method<OnlineService>(
                    nameof(OnlineService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Any(r => r.Id == Begun)),
                    readers),
                Method<OnlineService>(nameof(OnlineService.FindAsync), (s, u, _) => Of(s.FindAsync(Code, u, default)), readers),
                Method<OnlineService>(
                    nameof(OnlineService.OpenOwnAsync), (s, u, _) => Of(s.OpenOwnAsync(u, default), l => l.Any(r => r.Id == Review)),
                    Who.Owner),
                Method<OnlineService>(nameof(OnlineService.FiguresAsync), (s, u, _) => Of(s.FiguresAsync(u, default)), Office),
                // There is no gateway here: who may is told so, and nobody else gets as far.
                Method<OnlineDesk>(
                    nameof(OnlineDesk.StartAsync),
                    (s, u, _) => OffAsync(s.StartAsync(AuthorityWorld.Apartment, 1_000, "x", new Uri("http://x/"), u, default)), Who.Owner),
                Method<OnlineDesk>(nameof(OnlineDesk.RefreshAsync), (s, u, _) => OffAsync(s.RefreshAsync(Code, u, default)), readers),
                Method<OnlineDesk>(nameof(OnlineDesk.AcceptAsync), (s, u, _) => Of(s.AcceptAsync(Review, u, default)), Office),
                Method<OnlineDesk>(nameof(OnlineDesk.RefundAsync), (s, u, _) => OffAsync(s.RefundAsync(Review, u, default)), Who.Admin),
                Open<OnlineDesk>(nameof(OnlineDesk.ReceiveAsync), "It is the gateway that calls it, known by its signature."),
                Page("/payments/pay", Residents),
                Page("/payments/online", Office),
                Page("/payments/online/{Code}", $"/payments/online/{Code}", readers),
                Page("/sandbox/pay/{Id}", "/sandbox/pay/none"),
                Endpoint(HttpMethod.Post, "/payments/online/events", "/payments/online/events"),
            ];
        }
    }

    private static async Task<object?> OffAsync<T>(Task<T> call) where T : Result => await call is { Error.Code: "online.off" } ? true : await call;
}
