using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Assemblies;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Assemblies;

/// <summary>
/// A building whose units weigh what the test says, each with an owner of its own, and an assembly in it that meets today. The two
/// apartments of the authority's world are 101 and 102 of Torre A.
/// </summary>
internal sealed class AssemblyBuilding(AuthorityWorld world)
{
    private readonly Dictionary<string, CurrentUser> _owners = [];
    private readonly Dictionary<string, long> _units = [];

    public AssemblyService Service => world.Get<AssemblyService>();

    public AssemblyDesk Desk => world.Get<AssemblyDesk>();

    public AssemblyRegister Register => world.Get<AssemblyRegister>();

    public AssemblyVoting Voting => world.Get<AssemblyVoting>();

    public AssemblyActs Acts => world.Get<AssemblyActs>();

    public AssemblyCall Call => (AssemblyCall)world.Get<IEnumerable<IJobHandler>>().Single(j => j.Kind == AssemblyCall.JobKind.Name);

    public CurrentUser Staff => world.As(Who.Staff);

    public CurrentUser Guard => world.As(Who.Guard);

    public long Id { get; private set; }

    public long Unit(string number) => _units[number];

    public CurrentUser Owner(string number) => _owners[number];

    public IReadOnlyDictionary<string, long> Units => _units;

    /// <summary>The eight of the worked examples: B has 102 and 402.</summary>
    public static readonly (string Number, decimal Coefficient)[] Eight =
    [
        ("101", 18.5m), ("102", 15.25m), ("201", 14.75m), ("202", 12.5m), ("301", 11.25m), ("302", 10.75m), ("401", 9.5m), ("402", 7.5m),
    ];

    public async Task BuildAsync(params (string Number, decimal Coefficient)[] units)
    {
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            var tower = await db.Towers.SingleAsync(t => t.Id == AuthorityWorld.Tower);
            foreach (var (number, coefficient) in units)
            {
                var known = await db.Apartments.SingleOrDefaultAsync(a => a.ApartmentNumber == number);
                if (known is not null)
                {
                    known.Coefficient = coefficient;
                    _units[number] = known.Id;
                    continue;
                }

                var id = 5_000L + _units.Count;
                var account = db.AddAccount($"o{number}", Roles.Owner, "Dueño", $"{number}", $"o{number}@correo.example", id: id);
                db.AddUnit(tower, number, db.AddOwner(account, id: id), new DateOnly(2024, 1, 1), id, id).Coefficient = coefficient;
                _units[number] = id;
            }

            await db.SaveChangesAsync();
            if (units.Any(u => u.Number == "402") && units.Any(u => u.Number == "102"))
            {
                var row = AuthorityWorld.OwnerRow(Who.Neighbour);
                var of402 = await db.Apartments.SingleAsync(a => a.ApartmentNumber == "402");
                of402.OwnerId = row;
                await db.Occupancies.Where(o => o.ApartmentId == of402.Id).ExecuteUpdateAsync(s => s.SetProperty(o => o.OwnerId, row));
                await db.SaveChangesAsync();
            }
        }

        var source = world.Get<CurrentUserSource>();
        source.Forget();
        foreach (var (number, id) in _units)
        {
            await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
            var account = await db.Apartments.Where(a => a.Id == id).Select(a => a.Owner!.UserId).SingleAsync();
            _owners[number] = (await source.LoadAsync(account, default))!.User with { IpAddress = "192.0.2.7" };
        }
    }

    public static ItemDraft Item(
        string title, VoteThreshold threshold = VoteThreshold.Majority, VoteBasis basis = VoteBasis.Coefficient, decimal? amount = null) =>
        new(title, null, threshold, basis, threshold == VoteThreshold.Qualified ? "Ley 675, art. 46" : "Ley 675, art. 45", amount);

    public AssemblyDraft Draft(params ItemDraft[] items) => new(
        AssemblyKind.Extraordinary, AssemblyMode.InPerson, AssemblyCaller.Administrator, "Asamblea extraordinaria", "Salón social",
        world.Clock.Now.AddSeconds(20), null, items);

    /// <summary>Called, told, and open.</summary>
    public async Task<AssemblyView> OpenAsync(AssemblyDraft draft)
    {
        Id = (await Desk.SaveAsync(null, draft, Staff, default)).Value;
        Assert.Empty((await Desk.ConveneAsync(Id, Staff, default)).Errors);
        await Call.RunAsync(Id, default);
        Assert.Empty((await Desk.OpenAsync(Id, Staff, default)).Errors);
        return await ViewAsync();
    }

    public async Task<AssemblyView> ViewAsync() => (await Service.FindAsync(Id, Staff, default))!;

    public async Task<DeskView> DeskAsync() => (await Register.DeskAsync(Id, Staff, default))!;

    /// <summary>Who owns a unit comes in.</summary>
    public Task<Result<int>> ArriveAsync(string number) =>
        Register.ArriveAsync(Id, $"u{Owner(number).Id}", ArrivalWay.List, Staff, default);

    public Task<Result> LeaveAsync(params string[] numbers) =>
        Register.LeaveAsync(Id, [.. numbers.Select(Unit)], Staff, default);

    /// <summary>One gives the other a proxy.</summary>
    public async Task<Result<long>> ProxyAsync(string from, string to, string document)
    {
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            var profile = await db.Profiles.SingleAsync(p => p.UserId == Owner(to).Id);
            profile.DocumentNumber = document;
            await db.SaveChangesAsync();
        }

        return await Register.GiveProxyAsync(Id, new ProxyInput(Unit(from), Owner(to).Name, document, null), Owner(from), default);
    }

    public async Task<long> VoteAsync(int position, int minutes = 5)
    {
        var item = (await ViewAsync()).Items.Single(i => i.Position == position);
        var vote = await Voting.OpenAsync(item.Id, TimeSpan.FromMinutes(minutes), Staff, default);
        Assert.Empty(vote.Errors);
        return vote.Value;
    }

    /// <summary>Whoever owns the first casts for all of them.</summary>
    public Task<Result<long>> CastAsync(long vote, BallotChoice choice, params string[] numbers) => Voting.CastAsync(
        vote, numbers.ToDictionary(Unit, _ => choice), Guid.NewGuid(), Owner(numbers[0]), default);

    public async Task<Outcome> CloseAsync(long vote)
    {
        Assert.Empty((await Voting.CloseAsync(vote, Staff, default)).Errors);
        return (await ViewAsync()).Items.Single(i => i.Vote?.Id == vote).Outcome!;
    }
}
