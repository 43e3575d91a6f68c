using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Home;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;
using Verdict = Portal.Data.Gate.Verdict;

namespace Portal.Tests.Gate;

public sealed class GateTests(TestDatabase database) : DatabaseTest(database)
{
    private AuthorityWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new AuthorityWorld(Database);
        await _world.BeginAsync(new Empty());
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private CurrentUser Guard => _world.As(Who.Guard);

    private GateService Service => _world.Get<GateService>();

    private async Task<AnnouncedVisit> AnnounceAsync(double fromHours = -1, double untilHours = 3)
    {
        var now = _world.Clock.Now;
        var made = await _world
            .Get<VisitService>()
            .AnnounceAsync(
                new Announcement(
                    VisitorKind.Guest, AuthorityWorld.Apartment, "Laura Gómez", "52 000 001", 2, "kjh482", null, now.AddHours(fromHours),
                    now.AddHours(untilHours)),
                _world.As(Who.Owner),
                default
            );
        return made.Value;
    }

    private Task<Verdict> AskAsync(string typed) => _world.Get<GateLookup>().AskAsync(typed, Guard, default);

    private static WalkIn Walk(string key, string name = "Ana Niño") =>
        new(VisitorKind.Guest, AuthorityWorld.Apartment, name, "1020304050", 1, "abc 12d", null, null, key);

    [Fact]
    public async Task An_announced_visitor_comes_in_by_their_code_plate_or_name_and_only_once()
    {
        var visit = await AnnounceAsync();
        Assert.Equal("KJH 482", visit.Plate);
        foreach (var typed in new[] { visit.Code!, $"{visit.Code![..3]} {visit.Code[3..]}", "KJH482", "Laura" })
        {
            Assert.Equal((VerdictKind.Expected, visit.Id), ((await AskAsync(typed)).Kind, (await AskAsync(typed)).VisitId!.Value));
        }

        Assert.True((await Service.AdmitAsync(visit.Id, false, Guard, default)).Ok);
        Assert.Equal("gate.inside", (await Service.AdmitAsync(visit.Id, false, Guard, default)).Error!.Code);
        Assert.Equal(VerdictKind.Used, (await AskAsync(visit.Code!)).Kind);
        Assert.Equal([visit.Id], (await Service.InsideAsync(Guard, default)).Select(v => v.Id));

        Assert.True((await Service.ExitAsync(visit.Id, Guard, default)).Ok);
        Assert.Empty(await Service.InsideAsync(Guard, default));
        Assert.True((await Service.UndoExitAsync(visit.Id, Guard, default)).Ok);
        Assert.Single(await Service.InsideAsync(Guard, default));
    }

    [Fact]
    public async Task Twenty_guards_who_admit_one_visitor_log_them_once()
    {
        var visit = await AnnounceAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Service.AdmitAsync(visit.Id, false, Guard, default)));
        Assert.Equal(1, results.Count(r => r.Ok));
    }

    [Fact]
    public async Task What_the_terminal_sends_twice_is_logged_once()
    {
        var key = Guid.NewGuid().ToString();
        var first = await Service.EnterAsync(Walk(key), Guard, default);
        var again = await Service.EnterAsync(Walk(key), Guard, default);
        Assert.Equal(first.Value, again.Value);
        Assert.Single(await Service.InsideAsync(Guard, default));
    }

    [Theory]
    [InlineData(-5, -1, VerdictKind.Expired, "gate.expired")]
    [InlineData(2, 5, VerdictKind.TooEarly, "gate.early")]
    public async Task Outside_its_window_a_pass_needs_the_hosts_word(double from, double until, VerdictKind kind, string code)
    {
        var visit = await AnnounceAsync(Math.Max(from, -1), 5);
        await Database.ExecuteAsync(
            $"UPDATE visitors SET expected_from = '{_world.Clock.Now.AddHours(from):yyyy-MM-dd HH:mm:ss}', expected_until = '{_world.Clock.Now.AddHours(until):yyyy-MM-dd HH:mm:ss}' WHERE id = {visit.Id}"
        );
        Assert.Equal(kind, (await AskAsync(visit.Code!)).Kind);
        Assert.Equal(code, (await Service.AdmitAsync(visit.Id, false, Guard, default)).Error!.Code);
        Assert.True((await Service.AdmitAsync(visit.Id, approved: true, Guard, default)).Ok);
    }

    [Fact]
    public async Task A_revoked_pass_does_not_open()
    {
        var visit = await AnnounceAsync();
        Assert.Equal("not_found", (await _world.Get<VisitService>().RevokeAsync(visit.Id, _world.As(Who.Neighbour), default)).Error!.Code);
        Assert.True((await _world.Get<VisitService>().RevokeAsync(visit.Id, _world.As(Who.Owner), default)).Ok);
        Assert.Equal(VerdictKind.Revoked, (await AskAsync(visit.Code!)).Kind);
        Assert.Equal("gate.used", (await Service.AdmitAsync(visit.Id, true, Guard, default)).Error!.Code);
    }

    [Fact]
    public async Task A_document_brings_back_the_last_visits_data()
    {
        var entered = await Service.EnterAsync(Walk(Guid.NewGuid().ToString()), Guard, default);
        await Service.ExitAsync(entered.Value, Guard, default);
        var known = await AskAsync("1020304050");
        Assert.Equal(
            (VerdictKind.Known, "Ana Niño", AuthorityWorld.Apartment, "ABC 12D"),
            (known.Kind, known.Visitor, known.ApartmentId, known.Plate)
        );
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("99999999")).Kind);
    }

    [Fact]
    public async Task Every_missing_field_of_an_entry_is_named_at_once()
    {
        var refused = await Service.EnterAsync(
            new WalkIn(VisitorKind.Guest, 0, " ", "", 0, null, null, null, Guid.NewGuid().ToString()), Guard, default);
        Assert.Equal(
            [nameof(WalkIn.Name), nameof(WalkIn.Identification), nameof(WalkIn.ApartmentId), nameof(WalkIn.People)],
            refused.Errors.Select(e => e.Field)
        );
        Assert.True(
            (
                await Service.EnterAsync(
                    Walk(Guid.NewGuid().ToString()) with
                    {
                        Kind = VisitorKind.Taxi,
                        Identification = "",
                    },
                    Guard,
                    default
                )
            ).Ok
        );
    }

    [Fact]
    public async Task An_exit_nobody_logged_is_closed_at_night_and_marked_so()
    {
        var entered = await Service.EnterAsync(Walk(Guid.NewGuid().ToString()), Guard, default);
        var yesterday = _world.Clock.Today.AddDays(-1);
        await Database.ExecuteAsync(
            $"UPDATE visitors SET visit_date = '{yesterday:yyyy-MM-dd}', enter_time = '15:00:00' WHERE id = {entered.Value}"
        );
        await new ForgottenExits(_world.Store, _world.Clock).RunAsync(yesterday, default);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var visit = await db.Visitors.SingleAsync(v => v.Id == entered.Value);
        Assert.Equal((VisitorState.Left, true), (visit.State, visit.AutoClosed));
    }

    [Fact]
    public async Task The_figures_of_a_day_are_kept_once()
    {
        var day = _world.Clock.Today;
        var job = new DailyFigures(_world.Store);
        await job.RunAsync(day, default);
        await job.RunAsync(day, default);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(3, await db.DailyFigures.CountAsync(f => f.Day == day));
    }

    private sealed class Empty : AreaMatrix
    {
        public override IEnumerable<Entry> Entries => [];
    }
}
