using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Assemblies;

namespace Portal.Tests.Authority;

/// <summary>
/// Assemblies: the office calls them and runs their votes, the guard registers at the door, owners attend. The tenant, who owns nothing, is
/// let in nowhere: they would hold a proxy first.
/// </summary>
public sealed class AssembliesMatrix : AreaMatrix
{
    private const long Planned = 1_501, Running = 1_502, Done = 1_503, Idle = 1_504;
    private const long Asked = 1_511, Other = 1_512, Said = 1_513, Told = 1_514;
    private const long Vote = 1_521, Counted = 1_522;
    private const long Receipt = 1_531, Proxy = 1_541;

    private static readonly string Token = new('7', 32);

    private static readonly Who[] Owners = [Who.Owner, Who.Neighbour], Door = [.. Office, Who.Guard];
    private static readonly Who[] Readers = [.. Office, .. Owners, Who.Guard];

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        var now = world.Clock.UtcNow;
        foreach (var unit in await db.Apartments.ToListAsync()) unit.Coefficient = 50;
        Assembly Of(long id, int state)
        {
            var draft = new AssemblyDraft(
                AssemblyKind.Ordinary, AssemblyMode.InPerson, AssemblyCaller.Administrator, "Asamblea", "Salón",
                state == 0 ? world.Clock.Now.AddDays(30) : world.Clock.Now, null, []);
            var assembly = Assembly.Draft($"AS-2026-00{id}", draft).With(a => a.Id, id);
            if (id == Running) assembly.With(a => a.ProjectorToken, Token);
            if (state > 0) Assert.True(assembly.Convene(now).Ok);
            if (state > 1) Assert.True(assembly.Open(100, now).Ok);
            if (state > 2) Assert.True(assembly.Close(now).Ok);
            db.Assemblies.Add(assembly);
            return assembly;
        }

        Of(Planned, 0);
        Of(Idle, 1);
        Of(Running, 2);
        var done = Of(Done, 2);
        Assert.True(done.Minute("A", "B", null, 1).Ok);
        Assert.True(done.Close(now).Ok);
        AssemblyItem Item(long id, long assembly, int position, VoteThreshold threshold = VoteThreshold.Majority)
        {
            var item = AssemblyItem.Of(assembly, position, new ItemDraft("¿Pintar?", null, threshold, VoteBasis.Coefficient, null, null))
                .With(i => i.Id, id);
            db.AssemblyItems.Add(item);
            return item;
        }

        Item(1_510, Planned, 1);
        var asked = Item(Asked, Running, 1);
        Item(Other, Done, 1);
        Item(Said, Running, 2, VoteThreshold.Informative);
        Item(Told, Idle, 1);
        await db.SaveChangesAsync();
        foreach (var (assembly, offset) in new[] { (Running, 0L), (Done, 10L) })
        {
            foreach (var who in Owners)
            {
                var unit = who == Who.Owner ? AuthorityWorld.Apartment : AuthorityWorld.OtherApartment;
                db.AssemblyUnits.Add(new AssemblyUnit
                {
                    AssemblyId = assembly, ApartmentId = unit, Unit = $"Torre A {unit}", OwnerId = AuthorityWorld.OwnerRow(who), Coefficient = 50,
                });
                db.AssemblyAttendance.Add(new AssemblyAttendance
                {
                    Id = 1_550 + offset + (long)who, AssemblyId = assembly, ApartmentId = unit, Arrives = true, UserId = AuthorityWorld.Id(who),
                    Person = who.ToString(), Way = ArrivalWay.List,
                });
            }
        }

        db.AssemblyVotes.Add(AssemblyVote.Open(asked, 100, TimeSpan.FromHours(1), now).With(v => v.Id, Vote));
        await db.SaveChangesAsync();
        db.AssemblyReceipts.Add(new AssemblyReceipt
        {
            Id = Receipt, VoteId = Vote, Submission = Guid.NewGuid().ToString(), Code = "2222-3333", Voter = "Owner",
            CastBy = AuthorityWorld.Id(Who.Owner),
        });
        await db.SaveChangesAsync();
        db.AssemblyProxies.Add(AssemblyProxy.Give(
            Idle, new ProxyInput(AuthorityWorld.Apartment, "X", "1020304", null), "Owner", null, true, null).With(p => p.Id, Proxy));
    }

    public override IEnumerable<Entry> Entries
    {
        get
        {
            var item = new ItemDraft("x", null, VoteThreshold.Majority, VoteBasis.Unit, null, null);
            Dictionary<long, BallotChoice> choice = new() { [AuthorityWorld.Apartment] = BallotChoice.Yes };
            Who[] owner = [Who.Owner], doorAndOwner = [.. Door, Who.Owner];
            AssemblyDraft Draft(AuthorityWorld w) => new(
                AssemblyKind.Ordinary, AssemblyMode.InPerson, AssemblyCaller.Administrator, "x", "x", w.Clock.Now.AddDays(30), null, [item]);
            return
            [
                Method<AssemblyService>(
                    nameof(AssemblyService.ListAsync), (s, u, _) => Of(s.ListAsync(new(), u, default), p => p.Rows.Any(r => r.Id == Running)),
                    Readers),
                Method<AssemblyService>(nameof(AssemblyService.FindAsync), (s, u, _) => Of(s.FindAsync(Running, u, default)), Readers),
                Method<AssemblyService>(
                    nameof(AssemblyService.PhoneAsync), (s, u, _) => Of(s.PhoneAsync(Running, u, default)), Owners),
                Method<AssemblyService>(
                    nameof(AssemblyService.ProxiesAsync), (s, u, _) => Of(s.ProxiesAsync(Idle, u, default), p => p.Any(x => x.Id == Proxy)),
                    doorAndOwner),
                Method<AssemblyService>(
                    nameof(AssemblyService.ReceiptAsync), (s, u, _) => Of(s.ReceiptAsync(Receipt, u, default)), [.. Office, Who.Owner]),
                Method<AssemblyDesk>(nameof(AssemblyDesk.DraftAsync), (s, u, _) => Of(s.DraftAsync(Planned, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.SaveAsync), (s, u, w) => Of(s.SaveAsync(null, Draft(w), u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.ConveneAsync), (s, u, _) => Of(s.ConveneAsync(Planned, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.OpenAsync), (s, u, _) => Of(s.OpenAsync(Idle, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.AddItemAsync), (s, u, _) => Of(s.AddItemAsync(Running, item, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.PresentAsync), (s, u, _) => Of(s.PresentAsync(Running, Said, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.AdjournAsync), (s, u, _) => Of(s.AdjournAsync(Running, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.CancelAsync), (s, u, _) => Of(s.CancelAsync(Idle, u, default)), Office),
                Method<AssemblyDesk>(nameof(AssemblyDesk.CloseAsync), (s, u, _) => Of(s.CloseAsync(Running, u, default)), Office),
                Method<AssemblyRegister>(nameof(AssemblyRegister.DeskAsync), (s, u, _) => Of(s.DeskAsync(Running, u, default)), Door),
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.SearchAsync), (s, u, _) => Of(s.SearchAsync(Running, "101", u, default), c => c.Count > 0), Door),
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.UnitsAsync), (s, u, _) => Of(s.UnitsAsync("101", u, default), f => f.Count > 0), Door),
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.ArriveAsync),
                    (s, u, _) => Of(s.ArriveAsync(Running, $"u{AuthorityWorld.Id(Who.Owner)}", ArrivalWay.Guard, u, default)), Door),
                // It meets in one place: who may register from afar hears that, and the office owns nothing.
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.JoinAsync), (s, u, _) => Of(s.JoinAsync(Running, u, default)),
                    [Who.Admin, .. Residents]),
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.LeaveAsync), (s, u, _) => Of(s.LeaveAsync(Running, [AuthorityWorld.Apartment], u, default)), Door),
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.GiveProxyAsync),
                    (s, u, _) => Of(s.GiveProxyAsync(Idle, new(AuthorityWorld.Apartment, "Y", "5060708", null), u, default)), doorAndOwner),
                Method<AssemblyRegister>(
                    nameof(AssemblyRegister.RevokeProxyAsync), (s, u, _) => Of(s.RevokeProxyAsync(Proxy, u, default)), doorAndOwner),
                Method<AssemblyVoting>(
                    nameof(AssemblyVoting.OpenAsync), (s, u, _) => Of(s.OpenAsync(Asked, TimeSpan.FromMinutes(5), u, default)), Office),
                Method<AssemblyVoting>(
                    nameof(AssemblyVoting.CastAsync), (s, u, _) => Of(s.CastAsync(Vote, choice, Guid.NewGuid(), u, default)), owner),
                Method<AssemblyVoting>(
                    nameof(AssemblyVoting.CastAtDeskAsync), (s, u, _) => Of(s.CastAtDeskAsync(Vote, choice, Guid.NewGuid(), u, default)),
                    Office),
                Method<AssemblyVoting>(
                    nameof(AssemblyVoting.ExtendAsync), (s, u, _) => Of(s.ExtendAsync(Vote, TimeSpan.FromMinutes(5), u, default)), Office),
                Method<AssemblyVoting>(nameof(AssemblyVoting.CloseAsync), (s, u, _) => Of(s.CloseAsync(Vote, u, default)), Office),
                Method<AssemblyVoting>(nameof(AssemblyVoting.AnnulAsync), (s, u, _) => Of(s.AnnulAsync(Vote, "x", u, default)), Office),
                Method<AssemblyActs>(
                    nameof(AssemblyActs.MinuteAsync), (s, u, _) => Of(s.MinuteAsync(Running, "A", "B", "C", 1, u, default)), Office),
                Method<AssemblyActs>(nameof(AssemblyActs.PublishAsync), (s, u, _) => Of(s.PublishAsync(Done, u, default)), Office),
                Method<AssemblyActs>(nameof(AssemblyActs.FindAsync), (s, u, _) => Of(s.FindAsync(Done, u, default)), Office),
                Method<AssemblyActs>(
                    nameof(AssemblyActs.RecountAsync), async (s, u, _) => await s.RecountAsync(Done, u, default) is not null, Office),
                Page("/assemblies", [.. Office, .. Residents, Who.Guard]),
                Page("/assemblies/new", Office),
                Page("/assemblies/{Id:long}/edit", $"/assemblies/{Planned}/edit", Office),
                Page("/assemblies/{Id:long}", $"/assemblies/{Running}", Readers),
                Page("/assemblies/{Id:long}/mine", $"/assemblies/{Running}/mine", Owners),
                Page("/assemblies/receipts/{Id:long}", $"/assemblies/receipts/{Receipt}", [.. Office, Who.Owner]),
                Page("/wall/{Token}", $"/wall/{Token}", Everybody),
                Endpoint(HttpMethod.Get, "/assemblies/{id:long}/act.pdf", $"/assemblies/{Done}/act.pdf", Office),
                Endpoint(HttpMethod.Get, "/assemblies/{id:long}/results.pdf", $"/assemblies/{Done}/results.pdf", Office),
                Endpoint(HttpMethod.Get, "/assemblies/{id:long}/recount.csv", $"/assemblies/{Done}/recount.csv", Office),
                Endpoint(
                    HttpMethod.Get, "/assemblies/receipts/{id:long}/receipt.pdf", $"/assemblies/receipts/{Receipt}/receipt.pdf",
                    [.. Office, Who.Owner]),
            ];
        }
    }
}
