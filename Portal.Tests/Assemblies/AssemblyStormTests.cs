using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Assemblies.AssemblyBuilding;

namespace Portal.Tests.Assemblies;

/// <summary>
/// Many at once, and anything in any order: nobody votes twice, nothing is lost, and a small model agrees with what is kept.
/// </summary>
public sealed class AssemblyStormTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);
    private AssemblyBuilding _building = null!;

    public async Task InitializeAsync()
    {
        _building = new AssemblyBuilding(_world);
        await _world.BeginAsync(new SurveyMatrix());
    }

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Of_all_who_press_at_once_each_unit_is_counted_once_also_while_the_vote_closes()
    {
        await _building.BuildAsync(Eight);
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        string[] all = ["101", "102", "201", "202", "301", "302", "401"];
        foreach (var one in all) await _building.ArriveAsync(one);
        var vote = await _building.VoteAsync(1);
        var pressed = all.SelectMany(one => Enumerable.Range(0, 4).Select(n => Task.Run(() => _building.Voting.CastAsync(
            vote, new Dictionary<long, BallotChoice> { [_building.Unit(one)] = n % 2 == 0 ? BallotChoice.Yes : BallotChoice.No },
            Guid.NewGuid(), _building.Owner(one), default)))).ToList();
        var closing = Task.Run(async () =>
        {
            await Task.Delay(40);
            return await _building.Voting.CloseAsync(vote, _building.Staff, default);
        });
        var results = await Task.WhenAll(pressed);
        Assert.True((await closing).Ok);
        Assert.All(results.Where(r => !r.Ok), r => Assert.Contains(
            r.Error!.Code, new[] { "assembly.voted", "assembly.voted_meanwhile", "assembly.vote_closed" }));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var ballots = await db.AssemblyBallots.AsNoTracking().Where(b => b.VoteId == vote).ToListAsync();
        Assert.Equal(results.Count(r => r.Ok), ballots.Count);
        Assert.Equal(ballots.Count, ballots.Select(b => b.ApartmentId).Distinct().Count());
        var outcome = (await _building.ViewAsync()).Items.Single().Outcome!;
        // What was let in before it closed is in its figures, and nothing was let in afterwards.
        Assert.Equal(ballots.Count, outcome.Voted.Units);
    }

    [Fact]
    public async Task The_same_press_sent_five_times_at_once_gives_one_receipt()
    {
        await _building.BuildAsync(Eight);
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        foreach (var one in new[] { "101", "102", "201", "202" }) await _building.ArriveAsync(one);
        var vote = await _building.VoteAsync(1);
        var press = Guid.NewGuid();
        var choices = new Dictionary<long, BallotChoice>
        {
            [_building.Unit("102")] = BallotChoice.Yes, [_building.Unit("402")] = BallotChoice.No,
        };
        var sent = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() =>
            _building.Voting.CastAsync(vote, choices, press, _building.Owner("102"), default))));
        Assert.All(sent, s => Assert.Empty(s.Errors));
        Assert.Single(sent.Select(s => s.Value).Distinct());
        Assert.Equal(2, (await _building.CloseAsync(vote)).Voted.Units);
    }

    [Fact]
    public async Task A_connection_killed_in_the_middle_of_a_vote_loses_and_doubles_nothing()
    {
        await _building.BuildAsync(Eight);
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        string[] all = ["101", "102", "201", "202", "301", "302", "401"];
        foreach (var one in all) await _building.ArriveAsync(one);
        var vote = await _building.VoteAsync(1);
        using var stop = new CancellationTokenSource();
        var killing = Task.Run(async () =>
        {
            // Not for ever: on a slow machine no press would come through between two of them.
            for (var kills = 0; kills < 40 && !stop.IsCancellationRequested; kills++)
            {
                await KillOthersAsync();
                await Task.Delay(15);
            }
        });
        var presses = all.ToDictionary(one => one, _ => Guid.NewGuid());
        async Task<Result<long>> PressAsync(string one)
        {
            // A phone that hears of an outage sends the same press again.
            for (var attempt = 0; ; attempt++)
            {
                var cast = await _building.Voting.CastAsync(
                    vote, new Dictionary<long, BallotChoice> { [_building.Unit(one)] = BallotChoice.Yes },
                    presses[one], _building.Owner(one), default);
                if (cast.Ok || !cast.Error!.IsOutage || attempt == 200) return cast;
                await Task.Delay(50);
            }
        }

        var cast = await Task.WhenAll(all.Select(one => Task.Run(() => PressAsync(one))));
        await stop.CancelAsync();
        await killing;
        Assert.All(cast, c => Assert.Empty(c.Errors));
        // By a connection of its own: one of the pool may have been hit while nobody used it.
        await using var connection = new MySqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        foreach (var table in new[] { "assembly_ballots", "assembly_receipts" })
        {
            await using var count = new MySqlCommand($"SELECT COUNT(*) FROM {table} WHERE vote_id = {vote}", connection);
            Assert.Equal(all.Length, Convert.ToInt32(await count.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(all.Length, (await _building.CloseAsync(vote)).Yes.Units);
    }

    private async Task KillOthersAsync()
    {
        try
        {
            await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
            var ids = await db.Database.SqlQueryRaw<long>(
                """
                SELECT CAST(id AS SIGNED) AS Value FROM information_schema.processlist
                WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY id LIMIT 2
                """).ToListAsync();
            foreach (var id in ids) await db.Database.ExecuteSqlAsync($"KILL {id}");
        }
        catch (Exception)
        {
            // It was killed itself, or came too late.
        }
    }

    [Fact]
    public async Task Four_hundred_people_vote_at_once_and_all_are_counted()
    {
        const int People = 400;
        await _building.BuildAsync([.. Enumerable.Range(0, People).Select(n => ($"{1000 + n}", 0.25m))]);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            // The two apartments of the authority's world would be a unit too many.
            await db.Occupancies
                .ExecuteUpdateAsync(s => s.SetProperty(o => o.EndedOn, o => o.ApartmentId < 5_000 ? new DateOnly(2025, 1, 1) : null));
            await db.Apartments.Where(a => a.Id < 5_000).ExecuteUpdateAsync(s => s.SetProperty(a => a.Coefficient, 0.000001m));
        }

        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        foreach (var number in _building.Units.Keys) Assert.True((await _building.ArriveAsync(number)).Ok);
        var vote = await _building.VoteAsync(1, 30);
        var numbers = _building.Units.Keys.ToList();
        var before = DateTime.UtcNow;
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) =>
        {
            var choice = (int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) % 3) switch
            {
                0 => BallotChoice.No, 1 => BallotChoice.Abstain, _ => BallotChoice.Yes,
            };
            Assert.Empty((await _building.CastAsync(vote, choice, number)).Errors);
        });
        // How long it took is written down and not asserted: a machine that builds beside it is no measure.
        Console.WriteLine($"{People} ballots in {(DateTime.UtcNow - before).TotalSeconds:0.0} s");
        var outcome = await _building.CloseAsync(vote);
        Assert.Equal((People, 0), (outcome.Voted.Units, outcome.Silent.Units));
        Assert.Equal(100m, outcome.Voted.Coefficient);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_in_an_evening_a_small_model_counts_the_same(int seed)
    {
        var random = new Random(seed);
        var weights = Enumerable.Range(0, 7).Select(_ => (decimal)random.Next(100, 2_000) / 100).ToList();
        weights.Add(100 - weights.Sum());
        if (weights[^1] <= 0)
        {
            weights = [.. weights.Select(_ => 12.5m)];
        }

        string[] numbers = ["101", "102", "201", "202", "301", "302", "401", "402"];
        await _building.BuildAsync([.. numbers.Zip(weights)]);
        await _building.OpenAsync(_building.Draft(Item("A"), Item("B", basis: VoteBasis.Unit), Item("C", VoteThreshold.Qualified)));

        // The model: who carries each unit, who may carry it by proxy, what each said.
        var carriers = new Dictionary<string, string>();
        var proxies = new Dictionary<string, string>();
        var said = new Dictionary<string, BallotChoice>();
        var documents = numbers.ToDictionary(n => n, n => $"90{n}55");
        string PersonOf(string unit) => unit == "402" ? "102" : unit;
        string[] OwnOf(string person) => person == "102" ? ["102", "402"] : [person];
        string[] people = ["101", "102", "201", "202", "301", "302", "401"];
        long? vote = null;
        var item = 0;

        for (var step = 0; step < 70; step++)
        {
            var person = people[random.Next(people.Length)];
            var unit = numbers[random.Next(numbers.Length)];
            switch (random.Next(6))
            {
                case 0 or 1:
                    await _building.ArriveAsync(person);
                    foreach (var own in OwnOf(person))
                    {
                        if (carriers.GetValueOrDefault(own) == person && !proxies.ContainsKey(own)) continue;
                        carriers[own] = person;
                        proxies.Remove(own);
                    }

                    foreach (var (given, holder) in proxies.Where(p => p.Value == person))
                        if (!carriers.ContainsKey(given)) carriers[given] = holder;
                    break;
                case 2:
                    if (carriers.ContainsKey(unit) != (await _building.LeaveAsync(unit)).Ok) Assert.Fail($"step {step}: {unit} leaves");
                    carriers.Remove(unit);
                    break;
                case 3:
                    if (PersonOf(unit) == person) break;
                    var ownerHere = carriers.TryGetValue(unit, out var by) && by == PersonOf(unit);
                    var done = await _building.ProxyAsync(unit, person, documents[person]);
                    Assert.Equal(!ownerHere, done.Ok);
                    if (!done.Ok) break;
                    carriers.Remove(unit);
                    proxies[unit] = person;
                    if (carriers.Any(c => c.Value == person)) carriers[unit] = person;
                    break;
                case 4:
                    if (vote is null) break;
                    var mine = carriers.Where(c => c.Value == person).Select(c => c.Key).ToList();
                    var choice = (BallotChoice)random.Next(3);
                    var cast = mine.Count == 0
                        ? null
                        : await _building.Voting.CastAsync(
                            vote.Value, mine.ToDictionary(_building.Unit, _ => choice), Guid.NewGuid(), _building.Owner(person), default);
                    if (cast is null) break;
                    Assert.Equal(!mine.Any(said.ContainsKey), cast.Ok);
                    if (cast.Ok) foreach (var one in mine) said[one] = choice;
                    break;
                default:
                    if (vote is { } running)
                    {
                        // Who voted was there; where not even they make a quorum, nobody decides.
                        var counted = carriers.Keys.Union(said.Keys).ToList();
                        if (counted.Sum(Weight) * 2 <= 100 || counted.Select(PersonOf).Distinct().Count() < 2)
                        {
                            var lost = await _building.Voting.CloseAsync(running, _building.Staff, default);
                            Assert.Equal("assembly.quorum_lost", lost.Error!.Code);
                            break;
                        }

                        var outcome = await _building.CloseAsync(running);
                        Compare(outcome, item);
                        (vote, item) = (null, item + 1);
                        said.Clear();
                    }
                    else if (item < 3)
                    {
                        var view = await _building.ViewAsync();
                        var opened = await _building.Voting.OpenAsync(
                            view.Items[item].Id, TimeSpan.FromMinutes(5), _building.Staff, default);
                        var there = carriers.Keys.Sum(Weight);
                        var owners = carriers.Keys.Select(PersonOf).Distinct().Count();
                        var quorum = there * 2 > 100 && owners >= 2;
                        Assert.Equal(quorum && (item < 2 || there >= 70), opened.Ok);
                        if (opened.Ok) vote = opened.Value;
                    }

                    break;
            }

            var desk = await _building.DeskAsync();
            Assert.Equal(carriers.Keys.Sum(Weight), desk.Quorum.Coefficient);
            Assert.Equal(carriers.Count, desk.Quorum.Units);
        }

        decimal Weight(string unit) => weights[Array.IndexOf(numbers, unit)];

        void Compare(Outcome outcome, int position)
        {
            decimal Of(BallotChoice choice) => said.Where(s => s.Value == choice).Sum(s => position == 1 ? 1 : Weight(s.Key));
            var represented = carriers.Keys.Union(said.Keys).Sum(u => position == 1 ? 1 : Weight(u));
            Assert.Equal(Of(BallotChoice.Yes), outcome.For);
            Assert.Equal(Of(BallotChoice.No), outcome.No.By(outcome.Basis));
            Assert.Equal(position == 2 ? 100 : represented, outcome.Whole);
            Assert.Equal(
                position == 2 ? Of(BallotChoice.Yes) >= 70 : Of(BallotChoice.Yes) > represented / 2, outcome.Passed);
        }
    }
}
