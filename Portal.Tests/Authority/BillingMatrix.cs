using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Tests.Authority;

/// <summary>What the building charges: the office sees and posts it, the administrator changes its rules; nobody else knows of
/// it.</summary>
public sealed class BillingMatrix : AreaMatrix
{
    private const long Open = 821, Run = 822;
    private const int Water = 824;

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var month = new DateOnly(world.Clock.Today.Year, world.Clock.Today.Month, 1).AddMonths(-2);
        var run = new BillingRun { Id = Run, ConceptId = 1, Period = month, IssuedOn = month, DueOn = month, Charges = 1, Total = 1_000 };
        db.BillingRuns.Add(run);
        db.Concepts.Add(new Concept
        {
            Id = Water, Kind = ChargeKind.Other, Name = "Agua", Basis = ConceptBasis.Meter, Amount = 100, Unit = "m³",
            ReceivableAccountId = 4, IncomeAccountId = 20,
        });
        db.Charges.Add(
            new Charge
            {
                Id = Open,
                ApartmentId = AuthorityWorld.Apartment,
                OwnerId = AuthorityWorld.OwnerRow(Who.Owner),
                Kind = ChargeKind.Other,
                Concept = "Key",
                Amount = 100_000,
                IssuedOn = world.Clock.Today,
                DueOn = world.Clock.Today.AddDays(30),
            }
        );
        db.ChargeAdjustments.Add(new ChargeAdjustment
        {
            Id = 823, ChargeId = Open, Kind = AdjustmentKind.Waiver, Amount = -1, MadeOn = world.Clock.Today, Reason = "x",
        });
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries
    {
        get
        {
            Who[] admin = [Who.Admin];
            return
            [
                Method<BillingService>(
                    nameof(BillingService.MonthAsync), (s, u, w) => Of(s.MonthAsync(w.Clock.Today, u, default), m => m is not null),
                    Office),
                Method<BillingService>(
                    nameof(BillingService.RunsAsync), (s, u, _) => Of(s.RunsAsync(new(), u, default), p => p.Rows.Any(r => r.Id == Run)),
                    Office),
                Method<BillingService>(
                    nameof(BillingService.PreviewAsync),
                    (s, u, w) => Of(s.PreviewAsync(w.Clock.Today, [1], new(), u, default), p => p is not null),
                    Office),
                Method<BillingService>(
                    nameof(BillingService.ExportAsync),
                    (s, u, w) => Of(s.ExportAsync(w.Clock.Today, [1], u, default), rows => rows.Count > 0), Office),
                Method<MeterService>(
                    nameof(MeterService.ConceptsAsync), (s, u, _) => Of(s.ConceptsAsync(u, default), l => l.Any(c => c.Id == Water)), Office),
                Method<MeterService>(
                    nameof(MeterService.SheetAsync), (s, u, w) => Of(s.SheetAsync(Water, w.Clock.Today, new(), u, default)), Office),
                Method<MeterService>(
                    nameof(MeterService.SetAsync),
                    (s, u, w) => Of(s.SetAsync(new(Water, AuthorityWorld.Apartment, w.Clock.Today, 1, null, null), u, default)), admin),
                Page("/billing/meters", Office),
                Method<BillingDesk>(
                    nameof(BillingDesk.PostAsync), (s, u, w) => Of(s.PostAsync(new(w.Clock.Today, [1], -1), u, default)), Office),
                Method<BillingDesk>(
                    nameof(BillingDesk.PostExtraFeeAsync),
                    (s, u, w) => Of(s.PostExtraFeeAsync(
                        new("Lift", "1", 1_000, ConceptBasis.Fixed, 1, w.Clock.Today, 30, true), u, default)),
                    Office),
                Method<BillingDesk>(nameof(BillingDesk.UndoAsync), (s, u, _) => Of(s.UndoAsync(Run, "x", u, default)), Office),
                Method<ChargeDesk>(
                    nameof(ChargeDesk.ChargeAsync),
                    (s, u, w) => Of(s.ChargeAsync(new(AuthorityWorld.Apartment, 8, 1_000, w.Clock.Today.AddDays(1), "x"), u, default)),
                    Office),
                Method<ChargeDesk>(
                    nameof(ChargeDesk.AdjustAsync),
                    (s, u, _) => Of(s.AdjustAsync(new(Open, AdjustmentKind.Waiver, 10, "x", "1"), u, default)), admin),
                Method<ChargeDesk>(nameof(ChargeDesk.TakeBackAsync), (s, u, _) => Of(s.TakeBackAsync(823, "x", u, default)), admin),
                Method<ChargeDesk>(
                    nameof(ChargeDesk.UnitsAsync), (s, u, _) => Of(s.UnitsAsync("1", u, default), found => found.Count > 0), Office),
                Method<ConceptService>(
                    nameof(ConceptService.ListAsync), (s, u, _) => Of(s.ListAsync(u, default), all => all.Count > 0), Office),
                Method<ConceptService>(
                    nameof(ConceptService.AddAsync),
                    (s, u, _) => Of(s.AddAsync(new() { Kind = ChargeKind.Other, Name = "New", DueDay = 1, Active = true }, u, default)),
                    admin),
                Method<ConceptService>(
                    nameof(ConceptService.SaveAsync),
                    (s, u, _) => Of(s.SaveAsync(
                        8, new() { Kind = ChargeKind.Other, Name = "Other", DueDay = 1, Active = true }, u, default)), admin),
                Method<ConceptService>(
                    nameof(ConceptService.OwnFiguresAsync),
                    (s, u, _) => Of(s.OwnFiguresAsync(1, new(), u, default), p => u.Can(Permissions.BillingView)),
                    Office),
                Method<ConceptService>(
                    nameof(ConceptService.SetOwnFigureAsync),
                    (s, u, _) => Of(s.SetOwnFigureAsync(new(7, AuthorityWorld.Apartment, 1_000, false, null), u, default)), admin),
                Method<InterestDesk>(
                    nameof(InterestDesk.PreviewAsync),
                    (s, u, w) => Of(s.PreviewAsync(w.Clock.Today, new(), u, default), p => p is not null), Office),
                Method<InterestDesk>(
                    nameof(InterestDesk.PostAsync), (s, u, w) => Of(s.PostAsync(w.Clock.Today.AddMonths(-1), 0, u, default)), Office),
                Method<RateService>(
                    nameof(RateService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => u.Can(Permissions.BillingView)),
                    Office),
                Method<RateService>(
                    nameof(RateService.SaveAsync), (s, u, w) => Of(s.SaveAsync(new(w.Clock.Today, 16, "R", null), u, default)), admin),
                Method<RefundDesk>(
                    nameof(RefundDesk.RefundAsync),
                    (s, u, w) => Of(s.RefundAsync(new(AuthorityWorld.Apartment, 1, w.Clock.Today, 2, null, "x"), u, default)), admin),
                Page("/billing", Office),
                Page("/billing/interest", Office),
                Page("/billing/concepts", Office),
                Page("/billing/rates", Office),
                Page("/billing/runs", Office),
                Page("/account/{ApartmentId:long}", $"/account/{AuthorityWorld.Apartment}", [.. Office, Who.Owner]),
                Endpoint(HttpMethod.Get, "/billing/export", "/billing/export?format=csv", Office),
            ];
        }
    }
}
