using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Assemblies;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Assemblies.AssemblyBuilding;

namespace Portal.Tests.Assemblies;

/// <summary>
/// From the call to the act, on a real server: what the law allows is done, and what it does not is refused with its reason.
/// </summary>
public sealed class AssemblyTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);
    private AssemblyBuilding _building = null!;

    private CurrentUser Staff => _building.Staff;

    public async Task InitializeAsync()
    {
        _building = new AssemblyBuilding(_world);
        await _world.BeginAsync(new SurveyMatrix());
        await _building.BuildAsync(Eight);
    }

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task The_evening_of_the_worked_examples_comes_out_to_the_ten_thousandth()
    {
        await _building.OpenAsync(_building.Draft(
            Item("Presupuesto"), Item("Reforma", VoteThreshold.Qualified), Item("Mascotas", basis: VoteBasis.Unit), Item("Piscina")));
        var b = "102";
        Assert.True((await _building.ProxyAsync("201", b, "10203040")).Ok);
        Assert.Equal(3, (await _building.ArriveAsync(b)).Value);
        Assert.Equal(37.50m, (await _building.DeskAsync()).Quorum.Coefficient);
        await _building.ArriveAsync("202");
        var half = (await _building.DeskAsync()).Quorum;
        Assert.Equal((50.00m, false), (half.Coefficient, half.Reached));
        var early = await _building.Voting.OpenAsync((await _building.ViewAsync()).Items[0].Id, TimeSpan.FromMinutes(5), Staff, default);
        Assert.Equal("assembly.no_quorum", early.Error!.Code);
        await _building.ArriveAsync("401");
        Assert.Equal((59.50m, true), ((await _building.DeskAsync()).Quorum is var q ? (q.Coefficient, q.Reached) : default));

        // The budget: abstaining weighs against.
        var budget = await _building.VoteAsync(1);
        Assert.True((await _building.CastAsync(budget, BallotChoice.Yes, "102", "402")).Ok);
        Assert.True((await _building.Voting.CastAsync(
            budget, new Dictionary<long, BallotChoice> { [_building.Unit("201")] = BallotChoice.No },
            Guid.NewGuid(), _building.Owner(b), default)).Ok);
        Assert.True((await _building.CastAsync(budget, BallotChoice.Abstain, "202")).Ok);
        Assert.True((await _building.CastAsync(budget, BallotChoice.Abstain, "401")).Ok);
        var failed = await _building.CloseAsync(budget);
        Assert.Equal((22.75m, 59.50m, false, 38.24m), (failed.For, failed.Whole, failed.Passed, decimal.Round(failed.Percent, 2)));

        // 70 % of all cannot be reached by 59.50: it does not open.
        var reform = (await _building.ViewAsync()).Items[1];
        var far = await _building.Voting.OpenAsync(reform.Id, TimeSpan.FromMinutes(5), Staff, default);
        Assert.Equal("assembly.out_of_reach", far.Error!.Code);

        // 301 comes while a vote runs, and the half grows; the owner of 201 comes, and nothing does.
        var pool = await _building.VoteAsync(4);
        Assert.True((await _building.CastAsync(pool, BallotChoice.Yes, "102", "402")).Ok);
        Assert.True((await _building.CastAsync(pool, BallotChoice.Yes, "202")).Ok);
        Assert.True((await _building.DeskAsync()).Running!.Outcome.Passed);
        await _building.ArriveAsync("301");
        var late = (await _building.DeskAsync());
        Assert.Equal((70.75m, 35.375m, false), (late.Quorum.Coefficient, late.Running!.Outcome.Needed, late.Running.Outcome.Passed));
        Assert.Equal(11.25m, late.LastStep!.Change);
        Assert.Equal(1, (await _building.ArriveAsync("201")).Value);
        Assert.Equal(70.75m, (await _building.DeskAsync()).Quorum.Coefficient);
        Assert.Equal(
            ProxyEnding.OwnerCame, (await _building.Service.ProxiesAsync(_building.Id, Staff, default)).Single().Ending);
        Assert.Equal("assembly.not_carried", (await _building.Voting.CastAsync(
            pool, new Dictionary<long, BallotChoice> { [_building.Unit("201")] = BallotChoice.Yes },
            Guid.NewGuid(), _building.Owner(b), default)).Error!.Code);
        Assert.False((await _building.CloseAsync(pool)).Passed);

        // One vote for each unit, three to three.
        var pets = await _building.VoteAsync(3);
        await _building.CastAsync(pets, BallotChoice.Yes, "102", "402");
        await _building.CastAsync(pets, BallotChoice.Yes, "201");
        foreach (var no in new[] { "202", "301", "401" }) await _building.CastAsync(pets, BallotChoice.No, no);
        var tie = await _building.CloseAsync(pets);
        Assert.Equal((3m, 6m, false), (tie.For, tie.Whole, tie.Passed));

        // Art. 46: all for it passes; annulled and voted anew without 401 it fails.
        var all = await _building.VoteAsync(2);
        await _building.CastAsync(all, BallotChoice.Yes, "102", "402");
        foreach (var yes in new[] { "201", "202", "301", "401" }) await _building.CastAsync(all, BallotChoice.Yes, yes);
        Assert.True((await _building.CloseAsync(all)).Passed);
        Assert.Equal(
            "assembly.voted_already", (await _building.Voting.OpenAsync(reform.Id, TimeSpan.FromMinutes(5), Staff, default)).Error!.Code);
        Assert.True((await _building.Voting.AnnulAsync(all, "Se leyó otro texto", Staff, default)).Ok);
        Assert.Equal("assembly.vote_annulled", (await _building.Voting.AnnulAsync(all, "otra vez", Staff, default)).Error!.Code);
        var again = await _building.VoteAsync(2);
        await _building.CastAsync(again, BallotChoice.Yes, "102", "402");
        foreach (var yes in new[] { "201", "202", "301" }) await _building.CastAsync(again, BallotChoice.Yes, yes);
        await _building.CastAsync(again, BallotChoice.Abstain, "401");
        var fails = await _building.CloseAsync(again);
        Assert.Equal((61.25m, false), (fails.For, fails.Passed));

        // Two leave: nothing is decided any more.
        Assert.True((await _building.LeaveAsync("401", "202")).Ok);
        Assert.Equal(48.75m, (await _building.DeskAsync()).Quorum.Coefficient);
        Assert.True((await _building.Voting.AnnulAsync(pets, "x", Staff, default)).Ok);
        var third = (await _building.ViewAsync()).Items[2].Id;
        Assert.Equal("assembly.no_quorum", (await _building.Voting.OpenAsync(third, TimeSpan.FromMinutes(5), Staff, default)).Error!.Code);

        await RecountAsync();
    }

    /// <summary>A stranger with the file and a spreadsheet finds each figure that the portal keeps.</summary>
    private async Task RecountAsync()
    {
        var lines = (await _building.Acts.RecountAsync(_building.Id, Staff, default))!;
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var votes = await db.AssemblyVotes.AsNoTracking().Where(v => v.AssemblyId == _building.Id && v.Represented != null).ToListAsync();
        Assert.NotEmpty(votes);
        foreach (var vote in votes)
        {
            var counted = lines.Where(l => l.VoteId == vote.Id).ToList();
            Assert.Equal(100m, counted.Sum(l => l.Coefficient));
            Assert.Equal(vote.Represented, counted.Where(l => l.Represented).Sum(l => l.Coefficient));
            Assert.Equal(vote.RepresentedUnits, counted.Count(l => l.Represented));
            Assert.Equal(vote.Yes, counted.Where(l => l.Choice == BallotChoice.Yes).Sum(l => l.Coefficient));
            Assert.Equal(vote.No, counted.Where(l => l.Choice == BallotChoice.No).Sum(l => l.Coefficient));
            Assert.Equal(vote.Abstained, counted.Where(l => l.Choice == BallotChoice.Abstain).Sum(l => l.Coefficient));
            Assert.Equal(vote.Standing == true ? "standing" : "annulled", counted[0].Vote);
        }
    }

    [Fact]
    public async Task A_ballot_is_final_counts_once_and_sent_again_gives_the_same_receipt()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        foreach (var one in new[] { "101", "102", "201", "301" }) await _building.ArriveAsync(one);
        var vote = await _building.VoteAsync(1);
        var press = Guid.NewGuid();
        var choice = new Dictionary<long, BallotChoice> { [_building.Unit("101")] = BallotChoice.Yes };
        var owner = _building.Owner("101");
        var first = await _building.Voting.CastAsync(vote, choice, press, owner, default);
        Assert.Equal(first.Value, (await _building.Voting.CastAsync(vote, choice, press, owner, default)).Value);
        choice[_building.Unit("101")] = BallotChoice.No;
        Assert.Equal("assembly.voted", (await _building.Voting.CastAsync(vote, choice, Guid.NewGuid(), owner, default)).Error!.Code);

        // All or none: with what is not theirs nothing of it is cast.
        var both = new Dictionary<long, BallotChoice>
        {
            [_building.Unit("201")] = BallotChoice.Yes, [_building.Unit("301")] = BallotChoice.Yes,
        };
        Assert.Equal(
            "assembly.not_carried",
            (await _building.Voting.CastAsync(vote, both, Guid.NewGuid(), _building.Owner("201"), default)).Error!.Code);
        Assert.True((await _building.CastAsync(vote, BallotChoice.No, "201")).Ok);

        // Without a phone: the desk, for one person at a time.
        Assert.Equal("assembly.one_at_a_time", (await _building.Voting.CastAtDeskAsync(
            vote,
            new Dictionary<long, BallotChoice> { [_building.Unit("301")] = BallotChoice.Yes, [_building.Unit("102")] = BallotChoice.Yes },
            Guid.NewGuid(), Staff, default)).Error!.Code);
        var desk = await _building.Voting.CastAtDeskAsync(
            vote, new Dictionary<long, BallotChoice> { [_building.Unit("301")] = BallotChoice.Yes }, Guid.NewGuid(), Staff, default);
        Assert.True(desk.Ok);
        var receipt = (await _building.Service.ReceiptAsync(desk.Value, _building.Owner("301"), default))!;
        Assert.Equal((BallotChoice.Yes, 11.25m), (receipt.Lines.Single().Choice, receipt.Lines.Single().Coefficient));
        Assert.Null(await _building.Service.ReceiptAsync(desk.Value, _building.Owner("201"), default));

        await _building.CloseAsync(vote);
        Assert.Equal("assembly.vote_closed", (await _building.CastAsync(vote, BallotChoice.Yes, "102")).Error!.Code);
        Assert.Equal("assembly.vote_closed", (await _building.Voting.CloseAsync(vote, Staff, default)).Error!.Code);
        Assert.Equal(first.Value, (await _building.Voting.CastAsync(
            vote, new Dictionary<long, BallotChoice> { [_building.Unit("101")] = BallotChoice.Yes }, press, owner, default)).Value);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_change_a_ballot_the_attendance_or_the_register()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        foreach (var one in new[] { "101", "102", "201", "301" }) await _building.ArriveAsync(one);
        await _building.CastAsync(await _building.VoteAsync(1), BallotChoice.Yes, "101");
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        foreach (var sql in new[]
        {
            "UPDATE assembly_ballots SET choice = 'no'", "DELETE FROM assembly_ballots", "UPDATE assembly_attendance SET arrives = 0",
            "DELETE FROM assembly_attendance", "UPDATE assembly_units SET coefficient = 1",
        })
        {
            await Assert.ThrowsAsync<MySqlConnector.MySqlException>(() => db.Database.ExecuteSqlRawAsync(sql));
        }
    }

    [Fact]
    public async Task Coefficients_must_add_up_and_stay_as_they_were_when_it_opened()
    {
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            await db.Apartments.Where(a => a.ApartmentNumber == "101").ExecuteUpdateAsync(s => s.SetProperty(a => a.Coefficient, 18.4m));
        }

        var id = (await _building.Desk.SaveAsync(null, _building.Draft(Item("Pintura")), Staff, default)).Value;
        await _building.Desk.ConveneAsync(id, Staff, default);
        var refused = await _building.Desk.OpenAsync(id, Staff, default);
        Assert.Equal("assembly.sum", refused.Error!.Code);
        var point = System.Globalization.CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator;
        Assert.Contains("0" + point + "1000", (string)refused.Error.Values[1]!, StringComparison.Ordinal);

        await _building.BuildAsync(Eight);
        Assert.True((await _building.Desk.OpenAsync(id, Staff, default)).Ok);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            await db.Apartments.Where(a => a.ApartmentNumber == "101").ExecuteUpdateAsync(s => s.SetProperty(a => a.Coefficient, 1m));
        }

        await _building.Register.ArriveAsync(id, $"u{_building.Owner("101").Id}", ArrivalWay.Guard, _building.Guard, default);
        Assert.Equal(18.5m, (await _building.Register.DeskAsync(id, Staff, default))!.Quorum.Coefficient);
    }

    [Fact]
    public async Task Without_a_quorum_it_meets_again_on_the_third_business_day_and_two_owners_decide()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura"), Item("Reforma", VoteThreshold.Qualified)));
        await _building.ArriveAsync("401");
        var first = _building.Id;
        var second = await _building.Desk.AdjournAsync(first, Staff, default);
        Assert.True(second.Ok);
        var view = (await _building.Service.FindAsync(second.Value, Staff, default))!;
        Assert.Equal((2, AssemblyState.Convened, 2), (view.Row.Call, view.Row.State, view.Items.Count));
        Assert.Equal(AssemblyDates.SecondCall(_world.Clock.Today), view.Row.MeetsAt);
        Assert.Equal(AssemblyState.Adjourned, (await _building.Service.FindAsync(first, Staff, default))!.Row.State);
        Assert.Equal("assembly.early", (await _building.Desk.OpenAsync(second.Value, Staff, default)).Error!.Code);
        await _building.Call.RunAsync(second.Value, default);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            Assert.True(await db.Notifications.AnyAsync(n => n.Type == AssemblyCall.SecondCall));
            await db.Assemblies.Where(a => a.Id == second.Value).ExecuteUpdateAsync(s => s.SetProperty(a => a.MeetsAt, _world.Clock.Now));
        }

        Assert.True((await _building.Desk.OpenAsync(second.Value, Staff, default)).Ok);
        foreach (var one in new[] { "401", "302" })
            await _building.Register.ArriveAsync(second.Value, $"u{_building.Owner(one).Id}", ArrivalWay.List, Staff, default);
        view = (await _building.Service.FindAsync(second.Value, Staff, default))!;
        Assert.Equal(
            "assembly.out_of_reach",
            (await _building.Voting.OpenAsync(view.Items[1].Id, TimeSpan.FromMinutes(5), Staff, default)).Error!.Code);
        Assert.True((await _building.Voting.OpenAsync(view.Items[0].Id, TimeSpan.FromMinutes(5), Staff, default)).Ok);
        Assert.Equal("assembly.no_third", (await _building.Desk.AdjournAsync(second.Value, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task The_call_reaches_each_owner_once_and_names_who_owes_to_owners_alone()
    {
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            db.Charges.Add(new Portal.Data.Payments.Charge
            {
                ApartmentId = _building.Unit("301"), Kind = Portal.Data.Payments.ChargeKind.Fee, Concept = "Cuota", Amount = 100_000,
                IssuedOn = _world.Clock.Today.AddDays(-40), DueOn = _world.Clock.Today.AddDays(-20),
            });
            await db.SaveChangesAsync();
        }

        var draft = _building.Draft(Item("Pintura")) with { Kind = AssemblyKind.Ordinary, MeetsAt = _world.Clock.Now.AddDays(15) };
        var id = (await _building.Desk.SaveAsync(null, draft, Staff, default)).Value;
        Assert.Null(await _building.Service.FindAsync(id, _building.Owner("101"), default));
        Assert.Equal("assembly.law.call", (await _building.Desk.ConveneAsync(id, Staff, default)).Error!.Code);
        var later = draft with { MeetsAt = _world.Clock.Now.AddDays(16), Revision = 1 };
        Assert.True((await _building.Desk.SaveAsync(id, later, Staff, default)).Ok);
        Assert.Equal("stale", (await _building.Desk.SaveAsync(id, draft with { Revision = 1 }, Staff, default)).Error!.Code);
        Assert.True((await _building.Desk.ConveneAsync(id, Staff, default)).Ok);
        Assert.Equal("assembly.not_now", (await _building.Desk.SaveAsync(id, draft with { Revision = 2 }, Staff, default)).Error!.Code);
        await _building.Call.RunAsync(id, default);
        await _building.Call.RunAsync(id, default);
        var view = (await _building.Service.FindAsync(id, _building.Owner("101"), default))!;
        Assert.Equal(("Torre A 301", 7), (view.Debtors.Single().Unit, view.Told));
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            Assert.Equal(7, await db.Notifications.CountAsync(n => n.Type == AssemblyCall.Called));
            Assert.False(await db.Notifications.AnyAsync(
                n => n.RecipientId == AuthorityWorld.Id(Who.Tenant) && n.Type == AssemblyCall.Called));
        }

        Assert.Empty((await _building.Service.FindAsync(id, _building.Guard, default))!.Debtors);
        Assert.Null(await _building.Service.FindAsync(id, _world.As(Who.Tenant), default));
    }

    [Fact]
    public async Task A_proxy_is_given_replaced_taken_back_and_limited_as_the_bylaws_say()
    {
        var draft = _building.Draft(Item("Pintura")) with { MostProxies = 1 };
        await _building.OpenAsync(draft);
        Assert.True((await _building.ProxyAsync("201", "102", "10203040")).Ok);
        Assert.Equal("assembly.too_many_proxies", (await _building.ProxyAsync("202", "102", "10203040")).Error!.Code);
        Assert.Equal("not_found", (await _building.Register.GiveProxyAsync(
            _building.Id, new ProxyInput(_building.Unit("301"), "X", "99887766", null), _building.Owner("201"), default)).Error!.Code);

        // Somebody without an account, with a signed paper, found by their document at the door.
        var paper = await _building.Register.GiveProxyAsync(
            _building.Id, new ProxyInput(_building.Unit("302"), "Abogada Ruiz", "52.111.222", "Votar No"), _building.Guard, default);
        Assert.True(paper.Ok);
        var found = (await _building.Register.SearchAsync(_building.Id, "52111222", _building.Guard, default)).Single();
        Assert.Equal(("Abogada Ruiz", 10.75m), (found.Name, found.Units.Single().Coefficient));
        Assert.Equal(1, (await _building.Register.ArriveAsync(_building.Id, found.Key, ArrivalWay.Guard, _building.Guard, default)).Value);
        var again = await _building.Register.ArriveAsync(_building.Id, found.Key, ArrivalWay.Guard, _building.Guard, default);
        Assert.Equal("assembly.already_in", again.Error!.Code);

        // The holder is in the room: what is given now counts now, and taken back it does not.
        await _building.ArriveAsync("102");
        Assert.Equal(4, (await _building.DeskAsync()).Quorum.Units);
        var given = (await _building.Service.ProxiesAsync(_building.Id, _building.Owner("201"), default)).Single();
        Assert.True((await _building.Register.RevokeProxyAsync(given.Id, _building.Owner("201"), default)).Ok);
        Assert.Equal(3, (await _building.DeskAsync()).Quorum.Units);
        Assert.Equal(
            "assembly.proxy_over", (await _building.Register.RevokeProxyAsync(given.Id, _building.Owner("201"), default)).Error!.Code);
        Assert.True((await _building.ProxyAsync("202", "102", "10203040")).Ok);
        Assert.Equal(4, (await _building.DeskAsync()).Quorum.Units);
        await _building.ArriveAsync("301");
        Assert.Equal("assembly.owner_here", (await _building.ProxyAsync("301", "401", "778899")).Error!.Code);
    }

    [Fact]
    public async Task From_afar_one_registers_oneself_and_what_needs_seventy_of_all_is_not_decided()
    {
        var draft = _building.Draft(Item("Pintura"), Item("Reforma", VoteThreshold.Qualified)) with { Mode = AssemblyMode.Mixed };
        var id = (await _building.Desk.SaveAsync(null, draft, Staff, default)).Value;
        Assert.Equal("assembly.law.qualified_remote", (await _building.Desk.ConveneAsync(id, Staff, default)).Error!.Code);
        await _building.OpenAsync(_building.Draft(Item("Pintura")) with { Mode = AssemblyMode.Mixed });
        Assert.Equal(2, (await _building.Register.JoinAsync(_building.Id, _building.Owner("102"), default)).Value);
        await _building.Register.JoinAsync(_building.Id, _building.Owner("101"), default);
        await _building.Register.JoinAsync(_building.Id, _building.Owner("201"), default);
        var phone = (await _building.Service.PhoneAsync(_building.Id, _building.Owner("102"), default))!;
        // All that is theirs is here: there is nothing to join with.
        Assert.Equal((false, 2), (phone.MayJoin, phone.Carried.Count));
        Assert.True((await _building.Register.LeaveAsync(_building.Id, [_building.Unit("102")], _building.Owner("102"), default)).Ok);
        Assert.Equal(
            "not_found",
            (await _building.Register.LeaveAsync(_building.Id, [_building.Unit("101")], _building.Owner("102"), default)).Error!.Code);
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        Assert.Equal("assembly.in_person", (await _building.Register.JoinAsync(_building.Id, _building.Owner("102"), default)).Error!.Code);
    }

    [Fact]
    public async Task The_wall_names_nobody_and_tells_no_partial_count()
    {
        var view = await _building.OpenAsync(_building.Draft(Item("Pintura")));
        foreach (var one in new[] { "101", "102", "201", "301" }) await _building.ArriveAsync(one);
        var vote = await _building.VoteAsync(1);
        await _building.CastAsync(vote, BallotChoice.Yes, "101");
        var wall = (await _world.Get<AssemblyWall>().FindAsync(view.ProjectorToken, default))!;
        Assert.Equal((1, 18.5m, 5), (wall.Voted.Units, wall.Voted.Coefficient, wall.Represented.Units));
        Assert.Null(wall.Running!.Outcome);
        await _building.CloseAsync(vote);
        wall = (await _world.Get<AssemblyWall>().FindAsync(view.ProjectorToken, default))!;
        Assert.Equal(18.5m, wall.Last!.Outcome!.For);
        Assert.DoesNotContain("Dueño", System.Text.Json.JsonSerializer.Serialize(wall), StringComparison.Ordinal);
        Assert.Null(await _world.Get<AssemblyWall>().FindAsync(new string('0', 32), default));
    }

    [Fact]
    public async Task The_act_stays_as_it_was_published_and_is_found_by_its_code()
    {
        await _building.OpenAsync(_building.Draft(Item("Informe", VoteThreshold.Informative), Item("Pintura", amount: 1_000_000)));
        foreach (var one in new[] { "101", "102", "201", "301" }) await _building.ArriveAsync(one);
        var items = (await _building.ViewAsync()).Items;
        Assert.True((await _building.Desk.PresentAsync(_building.Id, items[0].Id, Staff, default)).Ok);
        var vote = await _building.VoteAsync(2);
        Assert.Equal("assembly.vote_running", (await _building.Desk.CloseAsync(_building.Id, Staff, default)).Error!.Code);
        Assert.Null(await _building.Acts.RecountAsync(_building.Id, Staff, default));
        await _building.CastAsync(vote, BallotChoice.Yes, "102", "402");
        await _building.CastAsync(vote, BallotChoice.Yes, "101");
        await _building.CloseAsync(vote);
        Assert.True((await _building.Desk.CloseAsync(_building.Id, Staff, default)).Ok);
        Assert.Equal("assembly.signers", (await _building.Acts.PublishAsync(_building.Id, Staff, default)).Error!.Code);
        Assert.Null(await _building.Acts.FindAsync(_building.Id, _building.Owner("401"), default));
        Assert.True((await _building.Acts.MinuteAsync(_building.Id, "Ana", "Luis", "Se leyó el informe.", 1, Staff, default)).Ok);
        // Who opened the form before that does not write over it.
        Assert.Equal("stale", (await _building.Acts.MinuteAsync(_building.Id, "Otra", "Luis", null, 1, Staff, default)).Error!.Code);
        Assert.True((await _building.Acts.PublishAsync(_building.Id, Staff, default)).Ok);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            await db.Profiles.Where(p => p.UserId == _building.Owner("201").Id)
                .ExecuteUpdateAsync(s => s.SetProperty(p => p.FirstName, "Otro"));
        }

        var act = (await _building.Acts.FindAsync(_building.Id, _building.Owner("401"), default))!;
        Assert.Equal("Ana", act.Facts.President);
        Assert.Equal(5, act.Facts.Attendees.Count);
        Assert.DoesNotContain(act.Facts.Attendees, a => a.Person.StartsWith("Otro", StringComparison.Ordinal));
        var voted = act.Facts.Items[1];
        Assert.Equal((true, 41.25m, 5), (voted.Outcome!.Passed, voted.Outcome.Yes.Coefficient, voted.Ballots.Count));
        Assert.Equal("assembly.not_now", (await _building.Acts.MinuteAsync(_building.Id, "X", "Y", null, 2, Staff, default)).Error!.Code);
        var found = await _world.Get<Portal.Data.Operations.DocumentVerification>().FindAssemblyAsync(act.Code, default);
        Assert.Equal((false, act.Number, 1), (found!.Receipt, found.Number, found.Votes));
    }

    [Fact]
    public async Task A_quorum_that_is_lost_while_a_vote_runs_decides_nothing_and_what_was_decided_needs_its_act()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura"), Item("Cerca"), Item("Portón")));
        foreach (var one in new[] { "102", "201", "202", "401" }) await _building.ArriveAsync(one);
        var paint = await _building.VoteAsync(1);
        Assert.True((await _building.CastAsync(paint, BallotChoice.Yes, "102", "402")).Ok);
        Assert.True((await _building.LeaveAsync("201", "401")).Ok);

        // Yes has 22.75 of the 35.25 that are left, and nobody decides with 35.25.
        Assert.True((await _building.DeskAsync()).Running!.Outcome.Passed);
        Assert.Equal("assembly.quorum_lost", (await _building.Voting.CloseAsync(paint, Staff, default)).Error!.Code);
        await _building.ArriveAsync("201");
        Assert.Equal("assembly.quorum_lost", (await _building.Voting.CloseAsync(paint, Staff, default)).Error!.Code);
        await _building.ArriveAsync("401");
        var closed = await _building.CloseAsync(paint);
        Assert.Equal((22.75m, 59.50m, false), (closed.For, closed.Whole, closed.Passed));
        Assert.Equal("assembly.vote_closed", (await _building.Voting.CloseAsync(paint, Staff, default)).Error!.Code);

        // Who voted and left was there when they voted.
        var fence = await _building.VoteAsync(2);
        Assert.True((await _building.CastAsync(fence, BallotChoice.Yes, "401")).Ok);
        Assert.True((await _building.LeaveAsync("401")).Ok);
        Assert.Equal(59.50m, (await _building.CloseAsync(fence)).Whole);

        // No quorum is left: it is closed with its act, and does not meet a second time over what it decided.
        Assert.Equal("assembly.decided", (await _building.Desk.AdjournAsync(_building.Id, Staff, default)).Error!.Code);
        Assert.True((await _building.Desk.CloseAsync(_building.Id, Staff, default)).Ok);
    }

    [Fact]
    public async Task A_vote_that_is_annulled_while_it_runs_is_counted_again_by_who_was_there_then()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        foreach (var one in new[] { "101", "102", "201", "301" }) await _building.ArriveAsync(one);
        var vote = await _building.VoteAsync(1);
        Assert.True((await _building.Voting.AnnulAsync(vote, "Se leyó otro texto", Staff, default)).Ok);
        await _building.ArriveAsync("401");
        var lines = (await _building.Acts.RecountAsync(_building.Id, Staff, default))!;
        Assert.Equal((8, 5), (lines.Count, lines.Count(l => l.Represented)));
    }

    [Fact]
    public async Task The_desk_casts_for_one_person_whatever_name_their_proxies_give_them_and_each_giver_sees_their_own_line()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        Assert.True((await _building.ProxyAsync("202", "102", "10203040")).Ok);
        foreach (var one in new[] { "102", "401" }) await _building.ArriveAsync(one);
        var named = new ProxyInput(_building.Unit("201"), "La vecina del 102", "10.203.040", null);
        Assert.True((await _building.Register.GiveProxyAsync(_building.Id, named, Staff, default)).Ok);
        var vote = await _building.VoteAsync(1);
        var choices = new[] { "102", "402", "201", "202" }.ToDictionary(_building.Unit, _ => BallotChoice.Yes);
        var cast = await _building.Voting.CastAtDeskAsync(vote, choices, Guid.NewGuid(), Staff, default);
        Assert.Empty(cast.Errors);

        var whole = (await _building.Service.ReceiptAsync(cast.Value, _building.Owner("102"), default))!;
        Assert.Equal((4, 2), (whole.Lines.Count, whole.Copies.Count));
        var mine = (await _building.Service.ReceiptAsync(cast.Value, _building.Owner("201"), default))!;
        Assert.Equal(("Torre A 201", 1), (mine.Lines.Single().Unit, mine.Copies.Count));
        Assert.Null(await _building.Service.ReceiptAsync(cast.Value, _building.Owner("401"), default));
    }

    [Fact]
    public async Task A_namesake_in_the_room_carries_nothing_of_who_is_meant_and_what_is_not_in_the_register_has_no_proxy()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        Task<Result<long>> GiveAsync(long unit, string document) => _building.Register.GiveProxyAsync(
            _building.Id, new ProxyInput(unit, "María Pérez", document, null), _building.Guard, default);
        Assert.True((await GiveAsync(_building.Unit("301"), "11112222")).Ok);
        var found = (await _building.Register.SearchAsync(_building.Id, "11112222", _building.Guard, default)).Single();
        Assert.True((await _building.Register.ArriveAsync(_building.Id, found.Key, ArrivalWay.Guard, _building.Guard, default)).Ok);
        Assert.True((await GiveAsync(_building.Unit("302"), "33334444")).Ok);
        Assert.Equal(1, (await _building.DeskAsync()).Quorum.Units);
        Assert.True((await GiveAsync(_building.Unit("401"), "11.112.222")).Ok);
        Assert.Equal(2, (await _building.DeskAsync()).Quorum.Units);

        // Both are there: two people, of whom each comes, votes and leaves alone.
        var other = (await _building.Register.SearchAsync(_building.Id, "33334444", _building.Guard, default)).Single();
        Assert.False(other.Here);
        Assert.True((await _building.Register.ArriveAsync(_building.Id, other.Key, ArrivalWay.Guard, _building.Guard, default)).Ok);
        var desk = await _building.DeskAsync();
        Assert.Equal((2, 2), (desk.Holders, desk.Here.Select(l => l.Carrier).Distinct().Count()));
        Assert.Equal(1, desk.Here.Single(l => l.ApartmentId == _building.Unit("302")).Votes);
        Assert.Equal(2, desk.Here.Single(l => l.ApartmentId == _building.Unit("401")).Votes);
        await _building.ArriveAsync("101");
        await _building.ArriveAsync("202");
        var vote = await _building.VoteAsync(1);
        var both = new[] { "301", "302" }.ToDictionary(_building.Unit, _ => BallotChoice.Yes);
        Assert.Equal(
            "assembly.one_at_a_time",
            (await _building.Voting.CastAtDeskAsync(vote, both, Guid.NewGuid(), Staff, default)).Error!.Code);

        // Built while it meets.
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            var tower = await db.Towers.SingleAsync(t => t.Id == AuthorityWorld.Tower);
            var owner = await db.Owners.SingleAsync(o => o.Id == AuthorityWorld.OwnerRow(Who.Neighbour));
            db.AddUnit(tower, "901", owner, new DateOnly(2024, 1, 1), 5_901, 5_901);
            await db.SaveChangesAsync();
        }

        Assert.Equal("not_found", (await GiveAsync(5_901, "11112222")).Error!.Code);
        Assert.Equal(5, (await _building.DeskAsync()).Quorum.Units);
    }

    [Fact]
    public async Task Who_only_holds_a_proxy_joins_from_afar_and_sees_nothing_once_it_is_taken_back()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")) with { Mode = AssemblyMode.Mixed });
        var tenant = _world.As(Who.Tenant);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
        {
            (await db.Profiles.SingleAsync(p => p.UserId == tenant.Id)).DocumentNumber = "55667788";
            await db.SaveChangesAsync();
        }

        var input = new ProxyInput(_building.Unit("201"), "Inquilina", "55667788", null);
        var owner = _building.Owner("201");
        var given = await _building.Register.GiveProxyAsync(_building.Id, input, owner, default);
        Assert.True((await _building.Service.PhoneAsync(_building.Id, tenant, default))!.MayJoin);
        Assert.True((await _building.Register.RevokeProxyAsync(given.Value, owner, default)).Ok);
        Assert.Null(await _building.Service.FindAsync(_building.Id, tenant, default));

        Assert.True((await _building.Register.GiveProxyAsync(_building.Id, input, owner, default)).Ok);
        Assert.Equal(1, (await _building.Register.JoinAsync(_building.Id, tenant, default)).Value);
        Assert.False((await _building.Service.PhoneAsync(_building.Id, tenant, default))!.MayJoin);

        // The owner's arrival ends it; who came sees what they took part in.
        Assert.True((await _building.Service.PhoneAsync(_building.Id, owner, default))!.MayJoin);
        Assert.Equal(1, (await _building.Register.JoinAsync(_building.Id, owner, default)).Value);
        Assert.False((await _building.Service.PhoneAsync(_building.Id, owner, default))!.MayJoin);
        Assert.Empty((await _building.Service.PhoneAsync(_building.Id, tenant, default))!.Carried);
    }

    [Fact]
    public async Task What_was_put_off_is_next_on_the_wall_after_the_last_item()
    {
        var view = await _building.OpenAsync(_building.Draft(Item("Pintura"), Item("Cerca")));
        foreach (var one in new[] { "101", "102", "201", "301" }) await _building.ArriveAsync(one);
        await _building.CloseAsync(await _building.VoteAsync(2));
        Assert.Equal(1, (await _world.Get<AssemblyWall>().FindAsync(view.ProjectorToken, default))!.Next!.Position);
    }

    [Fact]
    public async Task An_extraordinary_one_decides_nothing_that_its_call_did_not_name()
    {
        await _building.OpenAsync(_building.Draft(Item("Pintura")));
        Assert.Equal("assembly.binding", (await _building.Desk.AddItemAsync(_building.Id, Item("Otro"), Staff, default)).Error!.Code);
    }
}
