using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Passes;

namespace Portal.Tests.Authority;

/// <summary>Passes, what the gate asks an apartment, and who is not admitted. The passes are the owner's; a tenant has their own.</summary>
public sealed class PassesMatrix : AreaMatrix
{
    public const long Single = 701, Weekly = 702, Party = 703, Guest = 711, Asked = 721, Place = 731, Booking = 732;

    private const long Stay = 741, Before = 742, BuildingsBlock = 751, OwnBlock = 752;

    public const string Token = "0123456789abcdef0123456789abcdef", Key = "5c1c76a5-6a2e-4a7e-9b41-0f5a8d1c2e3f";

    private static readonly Who[] Home = [Who.Owner, Who.Tenant];

    private static readonly Who[] AtTheGate = [.. Office, Who.Guard];

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var (now, host) = (world.Clock.Now, AuthorityWorld.OwnerRow(Who.Owner));
        var visit = new Announcement(
            VisitorKind.Guest, AuthorityWorld.Apartment, "Laura Gómez", "52000001", 2, "KJH 482", null, now.AddHours(-1), now.AddHours(3));
        var single = Pass.Single(host, visit, "482913", Token).With(p => p.Id, Single);
        db.Passes.Add(single);
        var expected = Visitor.Announce(host, visit, "482913").With(v => v.Id, Stay);
        expected.With(single);
        db.Visitors.Add(expected);
        var today = DateOnly.FromDateTime(now);
        var weekly = Pass.Recurring(
            host,
            new NewRecurring(
                AuthorityWorld.Apartment, "Nubia Torres", VisitorKind.Domestic, null, null, PassRules.EveryDay, new(0, 0), new(23, 59), today,
                today.AddDays(30), true),
            "113355", PassCodes.Token()).With(p => p.Id, Weekly);
        db.Passes.Add(weekly);
        var before = Visitor.Announce(host, visit with { Name = "Nubia Torres" }, "113355").With(v => v.Id, Before);
        before.With(weekly);
        before.Come(now, null, new EntryNote(Guid.NewGuid().ToString(), false, false, VisitAuthority.Pass));
        db.Visitors.Add(before);
        var party = Pass.Event(
            host, new NewEvent(AuthorityWorld.Apartment, "Cumpleaños", now, now.AddHours(5), []), 20, null, PassCodes.Token())
            .With(p => p.Id, Party);
        party.Invite(new GuestLine("Paola Tamayo"), "118402", PassCodes.Token()).With(g => g.Id, Guest);
        db.Passes.Add(party);
        db.GateApprovals.Add(
            GateApproval.Ask(
                new NewApproval(Key, AuthorityWorld.Apartment, "Daniel Peña", VisitorKind.Guest), AuthorityWorld.Id(Who.Guard),
                world.Clock.UtcNow).With(a => a.Id, Asked));
        db.GateBlocks.Add(
            GateBlock.Of(new NewBlock(null, BlockEffect.Watch, "Somebody", "900", null, "Noise", null), AuthorityWorld.Id(Who.Admin))
                .With(b => b.Id, BuildingsBlock));
        db.GateBlocks.Add(
            GateBlock.Of(
                new NewBlock(AuthorityWorld.Apartment, BlockEffect.Block, "Carlos Pardo", "79100", null, "Private", null),
                AuthorityWorld.Id(Who.Owner)).With(b => b.Id, OwnBlock));
        db.Facilities.Add(new Facility { Id = Place, Name = "Salón", Capacity = 60 });
        db.Reservations.Add(
            Reservation.Book(
                new Facility { Id = Place }, AuthorityWorld.Apartment, host,
                new BookingInput(Place, now.Date.AddDays(2).AddHours(15), now.Date.AddDays(2).AddHours(22), 1), new BookingPrice(0, 0, null, 0),
                "R-2026-900731", null).With(r => r.Id, Booking).With(r => r.StatusId, ReservationState.Confirmed));
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<PassService>(
                nameof(PassService.InviteAsync),
                (s, user, world) => Of(
                    s.InviteAsync(
                        new Announcement(
                            VisitorKind.Guest, AuthorityWorld.Apartment, "Somebody", null, 1, null, null, world.Clock.Now,
                            world.Clock.Now.AddHours(2)),
                        user, default)),
                Home),
            Method<PassService>(
                nameof(PassService.RecurAsync),
                (s, user, world) => Of(
                    s.RecurAsync(
                        new NewRecurring(
                            AuthorityWorld.Apartment, "Somebody", VisitorKind.Domestic, null, null, PassRules.EveryDay, new(8, 0), new(17, 0),
                            world.Clock.Today, world.Clock.Today.AddDays(9), true),
                        user, default)),
                Home),
            Method<PassService>(
                nameof(PassService.CelebrateAsync),
                (s, user, world) => Of(
                    s.CelebrateAsync(
                        new NewEvent(
                            AuthorityWorld.Apartment, "Party", world.Clock.Now, world.Clock.Now.AddHours(3), [new GuestLine("Ana")]),
                        user, default)),
                Home),
            Method<PassService>(
                nameof(PassService.AddGuestsAsync), (s, user, _) => Of(s.AddGuestsAsync(Party, [new GuestLine("Ana")], user, default)),
                Who.Owner),
            Method<PassService>(
                nameof(PassService.VehicleAsync),
                (s, user, world) => Of(
                    s.VehicleAsync(
                        new NewVehicle(AuthorityWorld.Apartment, "FRS 904", null, world.Clock.Now, world.Clock.Now.AddDays(9)), user, default)),
                Home),
            Method<PassService>(
                nameof(PassService.DeliveryAsync),
                (s, user, world) => Of(
                    s.DeliveryAsync(
                        new NewDelivery(AuthorityWorld.Apartment, "Rappi", world.Clock.Now, world.Clock.Now.AddHours(2), true), user, default)),
                Home),
            Method<PassService>(nameof(PassService.BookingsAsync), (s, user, _) => Of(s.BookingsAsync(user, default)), Who.Owner),
            Method<OwnPasses>(nameof(OwnPasses.ListAsync), (s, user, _) => Of(s.ListAsync(new ListQuery(), user, default)), Who.Owner),
            Method<OwnPasses>(nameof(OwnPasses.FindAsync), (s, user, _) => Of(s.FindAsync(Single, user, default)), Who.Owner),
            Method<OwnPasses>(
                nameof(OwnPasses.GuestsAsync), (s, user, _) => Of(s.GuestsAsync(Party, new ListQuery(), user, default)), Who.Owner),
            Method<OwnPasses>(
                nameof(OwnPasses.CameAsync), (s, user, _) => Of(s.CameAsync(Weekly, new ListQuery(), user, default)), Who.Owner),
            Method<OwnPasses>(nameof(OwnPasses.KnownAsync), (s, user, _) => Of(s.KnownAsync(user, default)), Who.Owner),
            Method<OwnPasses>(nameof(OwnPasses.RevokeAsync), (s, user, _) => Of(s.RevokeAsync(Single, user, default)), Who.Owner),
            Method<OwnPasses>(
                nameof(OwnPasses.RevokeGuestAsync), (s, user, _) => Of(s.RevokeGuestAsync(Party, Guest, user, default)), Who.Owner),
            Method<OwnPasses>(nameof(OwnPasses.PauseAsync), (s, user, _) => Of(s.PauseAsync(Weekly, user, default)), Who.Owner),
            Method<OwnPasses>(nameof(OwnPasses.ResumeAsync), (s, user, _) => Of(s.ResumeAsync(Weekly, user, default)), Who.Owner),
            Method<GateApprovalService>(
                nameof(GateApprovalService.AskAsync),
                (s, user, _) => Of(
                    s.AskAsync(
                        new NewApproval(Guid.NewGuid().ToString(), AuthorityWorld.Apartment, "Somebody", VisitorKind.Guest), user, default)),
                AtTheGate),
            Method<GateApprovalService>(nameof(GateApprovalService.StateAsync), (s, user, _) => Of(s.StateAsync(Key, user, default)), AtTheGate),
            Method<GateApprovalService>(
                nameof(GateApprovalService.AnswerAsync), (s, user, _) => Of(s.AnswerAsync(Asked, ApprovalAnswer.Yes, user, default)), Home),
            Method<GateApprovalService>(nameof(GateApprovalService.FindAsync), (s, user, _) => Of(s.FindAsync(Asked, user, default)), Home),
            Method<GateApprovalService>(nameof(GateApprovalService.WaitingAsync), (s, user, _) => Of(s.WaitingAsync(user, default)), Home),
            Method<GateBlockService>(
                nameof(GateBlockService.ListAsync), (s, user, _) => Of(s.ListAsync(AuthorityWorld.Apartment, new ListQuery(), user, default)),
                Home),
            Method<GateBlockService>(
                nameof(GateBlockService.AddAsync),
                (s, user, _) => Of(s.AddAsync(new NewBlock(null, BlockEffect.Block, null, "12345", null, "Why", null), user, default)), Office),
            Method<GateBlockService>(nameof(GateBlockService.LiftAsync), (s, user, _) => Of(s.LiftAsync(OwnBlock, user, default)), Home),
            Method<GateRuleService>(
                nameof(GateRuleService.OwnAsync),
                (s, user, _) => Of(s.OwnAsync(user, default), all => all.Any(a => a.Id == AuthorityWorld.Apartment)), Home),
            Method<GateRuleService>(
                nameof(GateRuleService.FindAsync), (s, user, _) => Of(s.FindAsync(AuthorityWorld.Apartment, user, default)), Office),
            Method<GateRuleService>(
                nameof(GateRuleService.SetRuleAsync), (s, user, _) => Of(s.SetRuleAsync(AuthorityWorld.Apartment, GateRule.Deny, user, default)),
                Home),
            Method<GateRuleService>(
                nameof(GateRuleService.SetIntercomAsync), (s, user, _) => Of(s.SetIntercomAsync(AuthorityWorld.Apartment, "41", user, default)),
                Office),
            Page("/visits", [Who.Admin, .. Residents]),
            Page("/visits/blocks", [Who.Admin, .. Residents]),
            Page("/visits/{Id:long}", $"/visits/{Single}", Who.Owner),
            Page("/p/{Token}", $"/p/{Token}", Everybody),
            Page("/approve/{Id:long}", $"/approve/{Asked}", Home),
            Page("/gate/blocks", Office),
            // Nobody without an enrolled device, whatever they may do: see TerminalTests.
            Endpoint(
                HttpMethod.Post, "/gate/approvals", "/gate/approvals", new StringContent("{}", System.Text.Encoding.UTF8, "application/json")),
            Endpoint(HttpMethod.Get, "/gate/approvals/{key}", $"/gate/approvals/{Key}"),
        ];
}
