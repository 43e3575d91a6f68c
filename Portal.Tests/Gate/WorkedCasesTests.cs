using System.Text.Json;
using Portal.Data.Gate;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;
using Verdict = Portal.Data.Gate.Verdict;

namespace Portal.Tests.Gate;

/// <summary>The twelve cases by which the rules of a late queue are told (docs/decisions/072).</summary>
public sealed class WorkedCasesTests(TestDatabase database) : DatabaseTest(database)
{
    private GateWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new GateWorld(Database);
        await _world.BeginAsync();
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private Terminal A => _world.A;

    private Terminal B => _world.B;

    private Terminal LateA()
    {
        A.Offline = true;
        return A;
    }

    private Task<Verdict> AskAsync(string typed) => _world.Get<GateLookup>().AskAsync(typed, _world.Guard, default);

    [Fact]
    public async Task Case_1_a_scan_over_an_answer_lets_in_who_was_scanned()
    {
        var (lina, otto) = (await _world.AnnounceAsync("Lina"), await _world.AnnounceAsync("Otto"));
        _world.Now(4, 18, 5);
        Assert.Equal((VerdictKind.Expected, lina.Id), ((await AskAsync(lina.Code!)).Kind, (await AskAsync(lina.Code!)).VisitId));
        var scanned = await AskAsync(otto.Code!);
        Assert.Equal((VerdictKind.Expected, otto.Id), (scanned.Kind, scanned.VisitId));
        await A.SendAsync("enter", At(4, 18, 5), new { visit = scanned.VisitId, authority = "pass" });
        Assert.Equal(["Lina announced - -", "Otto inside 4_18:05 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_2_enter_twice_is_one_row_and_one_event()
    {
        var otto = await _world.AnnounceAsync("Otto");
        _world.Now(4, 18, 5, 1);
        var once = A.Event("enter", At(4, 18, 5), new { visit = otto.Id, authority = "pass" });
        await A.SendAsync(once);
        await A.SendAsync(once);
        Assert.Equal(["Otto inside 4_18:05 -"], await _world.RowsAsync());
        Assert.Equal(1, await _world.EventsAsync());

        // Should a terminal make two of it all the same, it is one entry.
        var again = await A.SendAsync("enter", At(4, 18, 5).AddMilliseconds(300), new { visit = otto.Id, authority = "pass" });
        Assert.Equal((EventOutcome.Merged, otto.Id), (again.Outcome, again.Visit!.Value));
        Assert.Equal(["Otto inside 4_18:05 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_3_the_second_press_of_a_slot_lets_nobody_else_out()
    {
        _world.Now(4, 9, 0);
        var lina = await A.SendAsync("enter", At(4, 9, 0), Terminal.WalkIn("Lina", "1001"));
        _world.Now(4, 9, 30);
        await A.SendAsync("enter", At(4, 9, 30), Terminal.WalkIn("Otto", "1002"));
        _world.Now(4, 11, 0, 1);
        await A.SendAsync("exit", At(4, 11, 0), new { visit = lina.Visit });
        var second = await A.SendAsync("exit", At(4, 11, 0), new { visit = lina.Visit });
        Assert.Equal(EventOutcome.Merged, second.Outcome);
        Assert.Equal(["Lina left 4_09:00 4_11:00", "Otto inside 4_09:30 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_4_who_stays_over_midnight_leaves_the_next_day()
    {
        _world.Now(4, 23, 50);
        var lina = await A.SendAsync("enter", At(4, 23, 50), Terminal.WalkIn("Lina", "1001"));
        _world.Now(5, 0, 20);
        await A.SendAsync("exit", At(5, 0, 20), new { visit = lina.Visit });
        Assert.Equal(["Lina left 4_23:50 5_00:20"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_5_a_late_exit_takes_the_place_of_the_nights()
    {
        _world.Now(4, 19, 30);
        var lina = await A.SendAsync("enter", At(4, 19, 30), Terminal.WalkIn("Lina", "1001"));
        _world.Now(4, 20, 15);
        await A.SendAsync("enter", At(4, 20, 15), Terminal.WalkIn("Otto", "1002"));
        _world.Now(5, 4, 0);
        await new ForgottenExits(_world.Get<Data.PortalStore>(), _world.Get<Data.BuildingClock>()).RunAsync(new DateOnly(2026, 12, 4), default);
        Assert.Equal(["Lina left 4_19:30 5_04:00 auto", "Otto inside 4_20:15 -"], await _world.RowsAsync());
        _world.Now(5, 4, 40);
        await LateA().SendAsync("exit", At(4, 23, 10), new { visit = lina.Visit });
        Assert.Equal(["Lina left 4_19:30 4_23:10", "Otto inside 4_20:15 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_6_sent_again_after_a_lost_answer_it_is_one_row()
    {
        var otto = await _world.AnnounceAsync("Otto");
        _world.Now(4, 18, 3);
        var sent = A.Event("enter", At(4, 18, 3), new { visit = otto.Id, authority = "pass" });
        var first = (await A.SendAsync(sent))[0];
        _world.Now(4, 18, 10);
        var again = (await A.SendAsync(sent))[0];
        Assert.Equal((first.Outcome, first.Visit, first.At), (again.Outcome, again.Visit, again.At));
        Assert.Equal(["Otto inside 4_18:03 -"], await _world.RowsAsync());
    }

    [Theory]
    [InlineData(10, "Lina inside 4_18:20 - offline revoked", EventOutcome.Conflict)]
    [InlineData(30, "Lina inside 4_18:20 - offline", EventOutcome.Applied)]
    public async Task Case_7_revoked_before_the_entry_is_a_conflict_and_after_it_is_none(int minute, string row, EventOutcome outcome)
    {
        var lina = await _world.AnnounceAsync("Lina");
        var entry = LateA().Event("enter", At(4, 18, 20), new { visit = lina.Id, authority = "pass" });
        _world.Now(4, 18, minute);
        Assert.True((await _world.Get<VisitService>().RevokeAsync(lina.Id, _world.People.As(Who.Owner), default)).Ok);
        _world.Now(4, 18, 50);
        Assert.Equal(outcome, (await A.SendAsync(entry))[0].Outcome);
        Assert.Equal([row], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_8_one_pass_at_two_terminals_is_two_rows()
    {
        var lina = await _world.AnnounceAsync("Lina", "KJH482", "1001");
        _world.Now(4, 19, 5);
        await B.SendAsync("enter", At(4, 19, 5), new { visit = lina.Id, authority = "pass" });
        _world.Now(4, 19, 30);
        var late = await LateA().SendAsync("enter", At(4, 19, 2), new { visit = lina.Id, authority = "pass" });
        Assert.Equal((EventOutcome.Conflict, "pass_reused"), (late.Outcome, late.Reason));
        Assert.Equal(["Lina inside 4_19:05 -", "Lina inside 4_19:02 - offline pass_reused"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_9_a_clock_that_was_wrong_is_put_right_and_one_that_cannot_be_is_doubted()
    {
        LateA().Offset = 420;
        var (lina, otto) = (
            A.Event("enter", At(4, 9, 0), Terminal.WalkIn("Lina", "1001")), A.Event("enter", At(5, 9, 10), Terminal.WalkIn("Otto", "1002")));
        _world.Now(4, 9, 40);
        await A.SendAsync(lina, otto);
        Assert.Equal(["Lina inside 4_09:07 - offline", "Otto inside 4_09:40 - offline time_doubt"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_10_a_late_entry_fills_the_exit_that_was_there_before()
    {
        _world.Now(4, 12, 30);
        var exit = await B.SendAsync("exit", At(4, 12, 30), new { plate = "KJH482" });
        Assert.Equal((EventOutcome.Conflict, "exit_without_entry"), (exit.Outcome, exit.Reason));
        Assert.Equal(["KJH 482 left - 4_12:30 exit_without_entry"], await _world.RowsAsync());
        _world.Now(4, 12, 45);
        await LateA().SendAsync("enter", At(4, 11, 40), Terminal.WalkIn("Lina", plate: "KJH482"));
        Assert.Equal(["Lina left 4_11:40 4_12:30 offline"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_11_a_car_that_comes_again_must_have_gone()
    {
        _world.Now(4, 10, 0);
        await A.SendAsync("enter", At(4, 10, 0), Terminal.WalkIn("Lina", plate: "KJH482"));
        _world.Now(4, 15, 0);
        await A.SendAsync("enter", At(4, 15, 0), Terminal.WalkIn("Lina", plate: "kjh-482"));
        Assert.Equal(["Lina left 4_10:00 4_15:00 auto", "Lina inside 4_15:00 -"], await _world.RowsAsync());
    }

    [Fact]
    public async Task Case_12_an_undo_counts_by_when_it_was_pressed()
    {
        var a = LateA();
        var (lina, otto) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        JsonElement[] queue =
        [
            a.Event("enter", At(4, 11, 0), Terminal.WalkIn("Lina", "1001"), lina), a.Event("undo", At(4, 11, 4), new { of = lina }),
            a.Event("enter", At(4, 11, 5), Terminal.WalkIn("Otto", "1002"), otto), a.Event("undo", At(4, 11, 16), new { of = otto }),
        ];
        _world.Now(4, 12, 0);
        var results = await a.SendAsync(queue);
        Assert.Equal((EventOutcome.Refused, "undo_late"), (results[3].Outcome, results[3].Reason));
        Assert.Equal(["Lina void 4_11:00 - offline", "Otto inside 4_11:05 - offline"], await _world.RowsAsync());
    }
}
