using Portal.Data;
using Portal.Data.Fines;

namespace Portal.Tests.Authority;

/// <summary>Fines: the office sees them, the administrator takes their steps, the owner of the apartment answers and challenges.</summary>
public sealed class FinesMatrix : AreaMatrix
{
    private const long Asked = 1_301, Told = 1_302;

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        foreach (var id in new[] { Asked, Told })
        {
            var fine = Fine.Request(
                new FineInput(AuthorityWorld.Apartment, world.Clock.Today, "Art. 42", "Noise"), AuthorityWorld.OwnerRow(Who.Owner),
                $"MU-2026-00{id}", world.Clock.Today, 10, null);
            db.Fines.Add(fine.With(f => f.Id, id));
            if (id == Asked) continue;
            var today = world.Clock.Today;
            Assert.True(fine.Hear("x", today, null).Ok);
            Assert.True(fine.Decide(Decision(world), 1_000, today, null).Ok);
            Assert.True(fine.Notify(today, "x", today, null).Ok);
        }

        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries
    {
        get
        {
            Who[] admin = [Who.Admin], adminAndOwner = [Who.Admin, Who.Owner], readers = [.. Office, Who.Owner];
            return
            [
                Method<FineService>(
                    nameof(FineService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Any(r => r.Id == Asked)),
                    readers),
                Method<FineService>(nameof(FineService.FindAsync), (s, u, _) => Of(s.FindAsync(Asked, u, default)), readers),
                Method<FineDesk>(
                    nameof(FineDesk.RequestAsync),
                    (s, u, w) => Of(s.RequestAsync(new(AuthorityWorld.Apartment, w.Clock.Today, "x", "x"), u, default)), admin),
                Method<FineDesk>(nameof(FineDesk.HearAsync), (s, u, _) => Of(s.HearAsync(Asked, "x", u, default)), adminAndOwner),
                Method<FineDesk>(
                    nameof(FineDesk.DecideAsync), (s, u, w) => Of(s.DecideAsync(Asked, 1, Decision(w), u, default)), admin),
                Method<FineDesk>(
                    nameof(FineDesk.NotifyAsync), (s, u, w) => Of(s.NotifyAsync(Asked, w.Clock.Today, "x", u, default)), admin),
                Method<FineDesk>(nameof(FineDesk.ChallengeAsync), (s, u, _) => Of(s.ChallengeAsync(Told, "x", u, default)), adminAndOwner),
                Method<FineDesk>(
                    nameof(FineDesk.SettleAsync), (s, u, w) => Of(s.SettleAsync(Told, true, Decision(w), u, default)), admin),
                Method<FineDesk>(nameof(FineDesk.ChargeAsync), (s, u, _) => Of(s.ChargeAsync(Told, u, default)), admin),
                Method<FineDesk>(nameof(FineDesk.DropAsync), (s, u, _) => Of(s.DropAsync(Asked, "x", u, default)), admin),
                Method<FineDesk>(nameof(FineDesk.AnnulAsync), (s, u, w) => Of(s.AnnulAsync(Told, Decision(w), u, default)), admin),
                Page("/fines", [.. Office, .. Residents]),
                Page("/fines/{Id:long}", $"/fines/{Asked}", readers),
            ];
        }
    }

    private static FineDecision Decision(AuthorityWorld world) => new(world.Clock.Today, FineBody.Council, "1");
}
