using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;
using Verdict = Portal.Data.Gate.Verdict;

namespace Portal.Tests.Gate;

/// <summary>What the gate is asked, and what it is told of who comes and goes. It is Friday the 4th of December 2026, 19:00.</summary>
public sealed class GateTests(TestDatabase database) : DatabaseTest(database)
{
    private GateWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new GateWorld(Database);
        await _world.BeginAsync();
        _world.Now(4, 19, 0);
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private GateService Service => _world.Get<GateService>();

    private Task<Verdict> AskAsync(string typed) => _world.Get<GateLookup>().AskAsync(typed, _world.Guard, default);

    private async Task<IEnumerable<long>> InsideAsync() => (await Service.InsideAsync(_world.Guard, default)).Select(v => v.Id);

    private Task<EventResult> ComesAsync(AnnouncedVisit visit, bool approved = false) =>
        _world.A.SendAsync("enter", _world.Get<BuildingClock>().Now, new { visit = visit.Id, name = visit.Name, vk = "guest", people = 1, authority = "pass", approved });

    [Fact]
    public async Task An_announced_visitor_comes_in_by_their_code_plate_or_name_and_only_once()
    {
        var visit = await _world.AnnounceAsync("Laura Gómez", "kjh482", "52 000 001");
        Assert.Equal("KJH 482", visit.Plate);
        foreach (var typed in new[] { visit.Code!, $"{visit.Code![..3]} {visit.Code[3..]}", "KJH482", "kjh-482", "Laura", "52000001" })
        {
            var verdict = await AskAsync(typed);
            Assert.Equal((VerdictKind.Expected, visit.Id), (verdict.Kind, verdict.VisitId!.Value));
        }

        Assert.Equal(EventOutcome.Applied, (await ComesAsync(visit)).Outcome);
        Assert.Equal(VerdictKind.Used, (await AskAsync(visit.Code!)).Kind);
        foreach (var typed in new[] { "KJH482", "Laura Gómez" }) Assert.Equal(VerdictKind.Inside, (await AskAsync(typed)).Kind);
        Assert.Equal([visit.Id], await InsideAsync());

        var left = _world.A.Event("exit", At(4, 19, 5), new { visit = visit.Id });
        _world.Now(4, 19, 5);
        await _world.A.SendAsync(left);
        Assert.Empty(await InsideAsync());
        await _world.A.SendAsync("undo", At(4, 19, 5), new { of = left.GetProperty("key").GetString() });
        Assert.Equal([visit.Id], await InsideAsync());
    }

    [Theory]
    [InlineData(23, VerdictKind.Expired)]
    [InlineData(15, VerdictKind.TooEarly)]
    public async Task Outside_its_window_a_pass_needs_the_hosts_word(int hour, VerdictKind kind)
    {
        var (visit, other) = (await _world.AnnounceAsync("Lina"), await _world.AnnounceAsync("Otto"));
        _world.Now(4, hour, 0);
        Assert.Equal(kind, (await AskAsync(visit.Code!)).Kind);
        Assert.Equal((EventOutcome.Conflict, "outside_window"), await OutcomeAsync(visit, approved: false));
        Assert.Equal((EventOutcome.Applied, null), await OutcomeAsync(other, approved: true));

        async Task<(EventOutcome, string?)> OutcomeAsync(AnnouncedVisit one, bool approved) =>
            await ComesAsync(one, approved) is var told ? (told.Outcome, told.Flags.FirstOrDefault()) : default;
    }

    [Fact]
    public async Task A_revoked_pass_does_not_open()
    {
        var visit = await _world.AnnounceAsync("Laura Gómez");
        var visits = _world.Get<VisitService>();
        Assert.Equal("not_found", (await visits.RevokeAsync(visit.Id, _world.People.As(Who.Neighbour), default)).Error!.Code);
        Assert.True((await visits.RevokeAsync(visit.Id, _world.People.As(Who.Owner), default)).Ok);
        Assert.Equal(VerdictKind.Revoked, (await AskAsync(visit.Code!)).Kind);
    }

    [Fact]
    public async Task A_document_brings_back_the_last_visits_data()
    {
        var came = await _world.A.SendAsync("enter", At(4, 19, 0), Terminal.WalkIn("Ana Niño", "1020304050", "abc 12d"));
        Assert.Equal(VerdictKind.Inside, (await AskAsync("1.020.304.050")).Kind);
        await _world.A.SendAsync("exit", At(4, 19, 0), new { visit = came.Visit });
        var known = await AskAsync("1020304050");
        Assert.Equal(
            (VerdictKind.Known, "Ana Niño", AuthorityWorld.Apartment, "ABC 12D"), (known.Kind, known.Visitor, known.ApartmentId, known.Plate));
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("99999999")).Kind);
    }

    [Fact]
    public async Task An_exit_nobody_logged_is_closed_at_night_and_marked_so()
    {
        _world.Now(4, 15, 0);
        var came = await _world.A.SendAsync("enter", At(4, 15, 0), Terminal.WalkIn("Ana Niño", "1020304050"));
        _world.Now(5, 4, 0);
        await new ForgottenExits(_world.Get<PortalStore>(), _world.Get<BuildingClock>()).RunAsync(new(2026, 12, 4), default);
        Assert.Equal(["Ana Niño left 4_15:00 5_04:00 auto"], await _world.RowsAsync());
        Assert.NotNull(came.Visit);
    }

    [Fact]
    public async Task The_figures_of_a_day_are_kept_once()
    {
        var day = new DateOnly(2026, 12, 4);
        var job = new DailyFigures(_world.Get<PortalStore>());
        await job.RunAsync(day, default);
        await job.RunAsync(day, default);
        await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
        Assert.Equal(3, await db.DailyFigures.CountAsync(f => f.Day == day));
    }
}
