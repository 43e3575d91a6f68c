using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Operations;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

/// <summary>Warnings of a last day: whom they reach, and that each comes once.</summary>
public sealed class PqrsAlarmTests(TestDatabase database) : PqrsTest(database)
{
    private async Task<List<(string Type, long To)>> RunAsync(DateOnly day)
    {
        Clock.Go(day);
        long last;
        await using (var db = await Store.OpenAsync(CurrentUser.System, default))
            last = await db.Notifications.MaxAsync(n => (long?)n.Id) ?? 0;
        var job = Service<IEnumerable<IJobHandler>>().OfType<PqrsAlarmJob>().Single();
        await job.RunAsync(day, default);
        await job.RunAsync(day, default);
        await using var after = await Store.OpenAsync(CurrentUser.System, default);
        return [.. (await after.Notifications.Where(n => n.Id > last).OrderBy(n => n.Id).ToListAsync()).Select(n => (n.Type!, n.RecipientId))];
    }

    [Fact]
    public async Task Each_step_comes_once_to_who_has_it_and_the_administrators_hear_of_what_is_late()
    {
        // Filed on 28 October: its last day is 20 November 2026.
        var id = await FiledAsync();
        Assert.Equal(new DateOnly(2026, 11, 20), (await CaseAsync(id)).DueOn);

        Assert.Empty(await RunAsync(new(2026, 11, 13)));
        Assert.Equal(
            [("pqrs.due_soon", Carolina.Id), ("pqrs.due_soon", Diego.Id)], (await RunAsync(new(2026, 11, 17))).OrderBy(t => t.To));
        await Handling.AssignAsync(id, Diego.Id, (await CaseAsync(id)).Seen, Carolina, default);
        Assert.Empty(await RunAsync(new(2026, 11, 18)));
        Assert.Equal([("pqrs.due_tomorrow", Diego.Id)], await RunAsync(new(2026, 11, 19)));
        Assert.Equal([("pqrs.due_today", Diego.Id)], await RunAsync(new(2026, 11, 20)));
        Assert.Empty(await RunAsync(new(2026, 11, 21)));
        Assert.Equal(
            [("pqrs.expired", Carolina.Id), ("pqrs.expired", Diego.Id)], (await RunAsync(new(2026, 11, 23))).OrderBy(t => t.To));
        Assert.Empty(await RunAsync(new(2026, 11, 24)));
    }

    [Fact]
    public async Task A_day_that_moved_warns_anew_and_a_held_case_never()
    {
        var id = await FiledAsync();
        Assert.NotEmpty(await RunAsync(new(2026, 11, 18)));
        Assert.True((await Handling.ExtendAsync(id, 5, "Falta una pieza.", (await CaseAsync(id)).Seen, Diego, default)).Ok);
        Assert.Empty(await RunAsync(new(2026, 11, 20)));
        Assert.Equal("pqrs.due_soon", Assert.Single((await RunAsync(new(2026, 11, 24))).DistinctBy(t => t.Type)).Type);
        Assert.True((await MoveAsync(id, PqrsAct.Wait, "¿Nos envías fotos?", Diego)).Ok);

        Assert.Empty(await RunAsync(new(2026, 12, 15)));
        // Asked on 24 November: silent for a month on 28 December, the first business day after it.
        Assert.Equal([("pqrs.silent", Diego.Id)], await RunAsync(new(2026, 12, 28)));
        Assert.Empty(await RunAsync(new(2026, 12, 29)));
    }
}
