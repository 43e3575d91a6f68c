using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

public sealed class PqrsHandlingTests(TestDatabase database) : PqrsTest(database)
{
    private static DateOnly Nov(int day) => new(2026, 11, day);

    [Fact]
    public async Task The_whole_story_of_the_leak()
    {
        var id = await FiledAsync();
        Clock.Go(new DateOnly(2026, 10, 29));
        Assert.True((await MoveAsync(id, PqrsAct.Start, "La revisamos con el plomero esta semana.", Diego)).Ok);
        Clock.Go(Nov(10));
        Assert.True((await MoveAsync(id, PqrsAct.Wait, "¿Nos envías fotos?")).Ok);
        Clock.Go(Nov(12));
        Assert.Equal(ClockState.Held, (await CaseAsync(id)).Clock!.State);
        Assert.True((await Petitioner.WriteAsync(id, "Adjunto las fotos.", [], Andrea, default)).Ok);
        Clock.Go(Nov(17));
        Assert.True((await Handling.NoteAsync(id, "El 1304 aceptó visita.", [], Carolina, default)).Ok);
        Assert.True((await Handling.ReplyAsync(id, "El plomero visita el jueves.", [], Carolina, default)).Ok);
        Clock.Go(Nov(20));

        var staff = await CaseAsync(id);
        var owner = await CaseAsync(id, Andrea);

        Assert.Equal((13, 15, 2, Nov(24)), (staff.Clock!.Used, staff.Clock.Given, staff.Clock.HeldDays, staff.Clock.DueOn));
        Assert.Equal(
            [
                PqrsEntryKind.Filed,
                PqrsEntryKind.Status,
                PqrsEntryKind.Reply,
                PqrsEntryKind.Message,
                PqrsEntryKind.Note,
                PqrsEntryKind.Reply,
            ],
            staff.Entries.Select(e => e.Kind)
        );
        Assert.Equal(2, staff.Entries[3].HeldDays);
        Assert.Equal((PqrsState.WaitingForPetitioner, PqrsState.InProgress), (staff.Entries[3].Previous!.Value, staff.Entries[3].State));
        Assert.DoesNotContain(owner.Entries, e => e.Internal || e.Kind == PqrsEntryKind.Note);
        Assert.Equal(5, owner.Entries.Count);
        Assert.Equal(Diego.Id, staff.Assignee!.Id);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(
            ["pqrs.in_progress", "pqrs.waiting", "pqrs.reply"],
            await db.Notifications.Where(n => n.RecipientId == Andrea.Id).OrderBy(n => n.Id).Select(n => n.Type!).ToListAsync()
        );
        Assert.Contains("pqrs.message", await db.Notifications.Where(n => n.RecipientId == Diego.Id).Select(n => n.Type!).ToListAsync());
    }

    [Fact]
    public async Task Of_two_who_move_a_case_at_once_one_wins_and_the_other_hears_what_changed()
    {
        var id = await FiledAsync();
        var seen = (await CaseAsync(id)).Seen;

        var both = await Task.WhenAll(
            Handling.MoveAsync(id, PqrsAct.Start, null, seen, Diego, default),
            Handling.MoveAsync(id, PqrsAct.Resolve, "Ya quedó.", seen, Carolina, default));

        var lost = Assert.Single(both, r => !r.Ok);
        var winner = both[0].Ok ? ("Diego Páez", PqrsState.InProgress) : ("Carolina Mejía", PqrsState.Resolved);
        Assert.Equal("pqrs.changed.state", lost.Error!.Code);
        Assert.Equal(winner, ((string)lost.Error.Values[0]!, (PqrsState)lost.Error.Values[1]!));
        Assert.Equal(winner.Item2, (await CaseAsync(id)).State);
    }

    [Fact]
    public async Task An_act_that_its_state_does_not_allow_is_refused()
    {
        var id = await FiledAsync();

        Assert.Equal("pqrs.act_not_allowed", (await MoveAsync(id, PqrsAct.Reopen)).Error!.Code);
        Assert.Equal(("required", "Comment"), ((await MoveAsync(id, PqrsAct.Wait, " ")).Error!.Code, "Comment"));
        Assert.True((await MoveAsync(id, PqrsAct.Close, "Es repetida.")).Ok);
        Assert.Equal("pqrs.not_active", (await Handling.ReplyAsync(id, "Hola", [], Carolina, default)).Error!.Code);
        Assert.True((await Handling.NoteAsync(id, "Queda anotado.", [], Carolina, default)).Ok);
    }

    [Fact]
    public async Task The_first_answer_to_an_open_case_puts_it_in_progress_and_gives_it_to_who_answered()
    {
        var id = await FiledAsync();
        await Handling.ReplyAsync(id, "La recibimos.", [], Diego, default);

        var found = await CaseAsync(id);
        Assert.Equal((PqrsState.InProgress, Diego.Id), (found.State, found.Assignee!.Id));
        Assert.Equal(PqrsState.Open, found.Entries[1].Previous);
    }

    [Fact]
    public async Task Reopening_counts_clears_the_rating_and_restarts_the_clock()
    {
        var id = await FiledAsync();
        await MoveAsync(id, PqrsAct.Resolve, "Quedó.");
        Assert.True((await Petitioner.RateAsync(id, 2, Andrea, default)).Ok);
        Clock.Go(Nov(17));

        Assert.True((await Petitioner.ReopenAsync(id, "Volvió a gotear.", Andrea, default)).Ok);

        var found = await CaseAsync(id);
        Assert.Equal((PqrsState.InProgress, 1, null, null), (found.State, found.ReopenedCount, found.Rating, found.ResolvedAt));
        Assert.Equal(BusinessDays.Deadline(Nov(17), 15, []), found.DueOn);
        Assert.Equal(0, found.Clock!.Used);
        Assert.Equal("pqrs.not_reopened_by_you", (await Petitioner.ReopenAsync(id, "Otra vez.", Andrea, default)).Error!.Code);
        await MoveAsync(id, PqrsAct.Resolve, "Ahora sí.");
        await MoveAsync(id, PqrsAct.Close, null);
        Assert.Equal("pqrs.not_reopened_by_you", (await Petitioner.ReopenAsync(id, "Otra vez.", Andrea, default)).Error!.Code);
        Assert.True((await MoveAsync(id, PqrsAct.Reopen, "El plomero no vino.")).Ok);
        Assert.Equal(2, (await CaseAsync(id)).ReopenedCount);
    }

    [Fact]
    public async Task An_extension_is_explained_has_a_limit_and_comes_before_the_end()
    {
        var id = await FiledAsync();
        Clock.Go(Nov(10));

        Assert.True((await Handling.ExtendAsync(id, 5, "El repuesto llega el 25.", (await CaseAsync(id)).Seen, Diego, default)).Ok);

        var found = await CaseAsync(id, Andrea);
        Assert.Equal((Nov(27), 20), (found.DueOn!.Value, found.Clock!.Given));
        Assert.Equal(
            (PqrsEntryKind.Deadline, "El repuesto llega el 25.", Nov(27)),
            (found.Entries[^1].Kind, found.Entries[^1].Text, found.Entries[^1].DueOn!.Value)
        );
        var seen = (await CaseAsync(id)).Seen;
        var most = await Handling.ExtendAsync(id, 11, "Más.", seen, Diego, default);
        Assert.Equal(
            ("pqrs.extend.most", 30, 20, 10),
            (most.Error!.Code, most.Error.Values[0], most.Error.Values[1], most.Error.Values[2])
        );
        Assert.Equal(
            "pqrs.changed.deadline",
            (await Handling.ExtendAsync(id, 1, "Más.", seen with { DueOn = Nov(20) }, Diego, default)).Error!.Code
        );
        Clock.Go(Nov(30));
        Assert.Equal("pqrs.extend.late", (await Handling.ExtendAsync(id, 1, "Más.", seen, Diego, default)).Error!.Code);
    }

    [Fact]
    public async Task Assignment_and_priority_are_internal_and_told_to_the_assignee()
    {
        var id = await FiledAsync();
        Assert.True((await Handling.AssignAsync(id, Diego.Id, (await CaseAsync(id)).Seen, Carolina, default)).Ok);
        Assert.True((await Handling.PrioritiseAsync(id, PqrsPriority.Urgent, (await CaseAsync(id)).Seen, Carolina, default)).Ok);

        Assert.Equal(
            "pqrs.not_a_handler",
            (await Handling.AssignAsync(id, Andrea.Id, (await CaseAsync(id)).Seen, Carolina, default)).Error!.Code
        );
        var stale = await Handling.AssignAsync(id, Carolina.Id, (await CaseAsync(id)).Seen with { AssignedTo = null }, Carolina, default);
        Assert.Equal(("pqrs.changed.assignee", "Diego Páez"), (stale.Error!.Code, stale.Error.Values[1]));
        Assert.Single((await CaseAsync(id, Andrea)).Entries);
        Assert.Equal(["Diego Páez", "Urgent"], (await CaseAsync(id)).Entries.Skip(1).Select(e => e.Text!));
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        Assert.Contains("pqrs.assigned", await db.Notifications.Where(n => n.RecipientId == Diego.Id).Select(n => n.Type!).ToListAsync());
    }

    [Fact]
    public async Task A_case_asked_and_answered_on_one_day_loses_no_day()
    {
        var id = await FiledAsync();
        await MoveAsync(id, PqrsAct.Wait, "¿Cuál baño?");
        await Petitioner.WriteAsync(id, "El principal.", [], Andrea, default);

        Assert.Equal((Nov(20), 0), ((await CaseAsync(id)).DueOn!.Value, (await CaseAsync(id)).Clock!.HeldDays));
    }
}
