using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

/// <summary>What makes the office quick: words found, answers kept ready, people in turn, kept filters, who else is here.</summary>
public sealed class PqrsDeskTests(TestDatabase database) : PqrsTest(database)
{
    private async Task<List<long>> FindAsync(string search, CurrentUser? user = null) =>
        [.. (await Cases.ListAsync(new ListQuery(search), user ?? Carolina, default)).Rows.Select(r => r.Id).Order()];

    [Fact]
    public async Task Words_are_found_in_what_was_written_whatever_their_order_accents_and_operators()
    {
        var leak = await FiledAsync();
        var noise = await FiledAsync("Ruido en el salón");
        await Handling.ReplyAsync(leak, "El plomero de Acueductos S.A. revisó la bajante.", [], Diego, default);
        await Handling.NoteAsync(noise, "Hablar con el vecino del 1304.", [], Diego, default);

        Assert.Equal([leak], await FindAsync("techo filtracion"));
        Assert.Equal([noise], await FindAsync("salon"));
        Assert.Equal([leak, noise], await FindAsync("humedad got"));
        Assert.Equal([leak], await FindAsync("bajante"));
        Assert.Equal([leak], await FindAsync("acueduc"));
        Assert.Equal([noise], await FindAsync("vecino"));
        Assert.Equal([noise], await FindAsync("en el ruido"));
        Assert.Empty(await FindAsync("techo ruido"));
        foreach (var hostile in new[] { "+", "-techo", "\"techo", "techo*", "(techo", "@distance", "~", "%", "'", "the", "el", "a b" })
            await FindAsync(hostile);
        Assert.Equal([leak], await FindAsync("-\"techo*"));
        Assert.Equal([leak], await FindAsync((await CaseAsync(leak)).Number));
        Assert.Equal([leak, noise], await FindAsync("Ruiz"));
    }

    [Fact]
    public async Task An_internal_note_finds_nothing_for_the_petitioner()
    {
        var id = await FiledAsync();
        await Handling.NoteAsync(id, "Sospechoso.", [], Diego, default);
        await Handling.ReplyAsync(id, "Revisaremos.", [], Diego, default);

        Assert.Empty(await FindAsync("sospechoso", Andrea));
        Assert.Equal([id], await FindAsync("revisaremos", Andrea));
        Assert.Empty(await FindAsync("revisaremos", Bruno));
    }

    [Fact]
    public async Task An_answer_kept_ready_is_filled_and_an_open_hole_is_never_sent()
    {
        var answers = Service<PqrsAnswerService>();
        var saved = await answers.SaveAsync(new(null, "Visita", "Hola {nombre}: vamos al {apartamento} por {numero}.", 1), Diego, default);
        Assert.True(saved.Ok);
        Assert.Equal("pqrs.answer.taken", (await answers.SaveAsync(new(null, "visita", "Otra.", null), Diego, default)).Error!.Code);
        Assert.Equal("pqrs.answer.hole", (await answers.SaveAsync(new(null, "Mal", "{nonbre}", null), Diego, default)).Error!.Code);

        var filled = PqrsHoles.Fill(
            (await answers.ListAsync(1, Diego, default))[0].Text,
            new Dictionary<string, string?> { ["nombre"] = "Andrea", ["numero"] = "PQRS-2026-000001", ["apartamento"] = "" });
        Assert.Equal("Hola Andrea: vamos al {apartamento} por PQRS-2026-000001.", filled);
        var id = await FiledAsync();
        Assert.Equal("pqrs.hole", (await Handling.ReplyAsync(id, filled, [], Diego, default)).Error!.Code);
        Assert.Equal("pqrs.hole", (await MoveAsync(id, PqrsAct.Resolve, filled)).Error!.Code);
        Assert.True((await Handling.ReplyAsync(id, filled.Replace("{apartamento}", "1204", StringComparison.Ordinal), [], Diego, default)).Ok);
        Assert.True((await answers.DeleteAsync(saved.Value, Diego, default)).Ok);
        Assert.Empty(await answers.ListAsync(null, Diego, default));
    }

    [Fact]
    public async Task New_cases_of_a_category_go_to_its_people_in_turn_also_when_filed_at_once()
    {
        var answers = Service<PqrsAnswerService>();
        Assert.True((await answers.SaveTurnsAsync(1, [Carolina.Id, Diego.Id], Carolina, default)).Ok);
        Assert.Equal("pqrs.not_a_handler", (await answers.SaveTurnsAsync(1, [Guard.Id], Carolina, default)).Error!.Code);

        var ids = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => FiledAsync($"Caso {n}")));

        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var counts = await db.Pqrs.Where(p => ids.Contains(p.Id)).GroupBy(p => p.AssignedTo).Select(g => g.Count()).ToListAsync();
        Assert.Equal([3, 3], counts);
        Assert.True((await answers.SaveTurnsAsync(1, [], Carolina, default)).Ok);
        Assert.Null((await CaseAsync(await FiledAsync("Sin turno"))).Assignee);
    }

    [Fact]
    public async Task A_kept_filter_counts_and_is_shared_or_ones_own()
    {
        var filters = Service<PqrsFilterService>();
        await FiledAsync();
        await FiledAsync("Ruido");
        Assert.True((await filters.SaveAsync("Ruidos", "q=ruido", false, Diego, default)).Ok);
        Assert.True((await filters.SaveAsync("Abiertas", "state=open", true, Diego, default)).Ok);
        Assert.Equal("pqrs.filter.none", (await filters.SaveAsync("Nada", " ", true, Diego, default)).Error!.Code);

        var own = await filters.ListAsync(Read, Diego, default);
        var others = await filters.ListAsync(Read, Carolina, default);

        Assert.Equal([("Abiertas", 2), ("Ruidos", 1)], own.Select(f => (f.Name, f.Count)));
        Assert.Equal(["Abiertas"], others.Select(f => f.Name));
        Assert.Equal(Error.NotFound, (await filters.DeleteAsync(others[0].Id, Carolina, default)).Error);
        Assert.True((await filters.DeleteAsync(others[0].Id, Diego, default)).Ok);

        static ListQuery Read(string address) => address.StartsWith("q=", StringComparison.Ordinal)
            ? new ListQuery(address[2..])
            : new ListQuery(Filters: new Dictionary<string, string> { ["state"] = address["state=".Length..] });
    }

    [Fact]
    public async Task Who_is_at_a_case_is_seen_by_others_for_forty_five_seconds()
    {
        var presence = Service<PqrsPresenceService>();
        var id = await FiledAsync();

        Assert.Empty(await presence.BeatAsync(id, false, Diego, default));
        var seen = Assert.Single(await presence.BeatAsync(id, true, Carolina, default));
        Assert.Equal((Diego.Id, false), (seen.Person.Id, seen.Writing));
        Assert.True(Assert.Single(await presence.ListAsync(Diego, default)).Writing);
        Assert.Empty(await presence.BeatAsync(id, true, Andrea, default));
        Clock.Now += PqrsPresenceService.Lasting + TimeSpan.FromSeconds(1);
        Assert.Empty(await presence.ListAsync(Diego, default));
        await presence.BeatAsync(id, true, Carolina, default);
        await presence.LeaveAsync(id, Carolina, default);
        Assert.Empty(await presence.ListAsync(Diego, default));
    }

    [Fact]
    public async Task The_month_is_told_of_what_is_in_the_database_and_stays_as_it_was()
    {
        var reports = Service<PqrsReportService>();
        var first = await FiledAsync();
        var second = await FiledAsync("Ruido");
        Clock.Go(new DateOnly(2026, 10, 30));
        Assert.True((await MoveAsync(first, PqrsAct.Resolve)).Ok);
        Assert.True((await Petitioner.RateAsync(first, 4, Andrea, default)).Ok);
        Clock.Go(new DateOnly(2026, 11, 5));
        var october = (await reports.PeriodAsync(null, null, Carolina, default))!.Period;
        Assert.Equal((new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31)), (october.From, october.To));
        Assert.Equal((0, 2, 0, 1, 1), (october.All.Opening, october.All.Received, october.All.Reopened, october.All.Resolved, october.All.Closing));
        Assert.Equal((1, 4m), (october.All.Rated, october.All.Rating!.Value));

        Assert.True((await Petitioner.ReopenAsync(first, "Sigue.", Andrea, default)).Ok);
        Assert.True((await MoveAsync(second, PqrsAct.Close, "Duplicada.")).Ok);
        Clock.Go(new DateOnly(2026, 12, 9));
        var again = (await reports.PeriodAsync(october.From, october.To, Carolina, default))!;

        Assert.Equal(october.All, again.Period.All);
        Assert.Equal((2, 1, 1), (again.Months[^1].Received, again.Months[^1].Resolved, again.Months[^1].Closing));
        var november = (await reports.PeriodAsync(new(2026, 11, 1), new(2026, 11, 30), Carolina, default))!.Period.All;
        Assert.Equal((1, 0, 1, 1, 1), (november.Opening, november.Received, november.Reopened, november.Resolved, november.Closing));
        Assert.Equal(1, november.Overdue);
        Assert.Null(await reports.PeriodAsync(null, null, Andrea, default));
        var load = await reports.LoadAsync(Carolina, default);
        Assert.Equal((1, 1), (load.Sum(l => l.Active), load.Sum(l => l.Overdue)));
    }

    [Fact]
    public async Task A_petition_without_a_name_is_answered_to_its_code_and_names_nobody_anywhere()
    {
        var anonymous = Service<PqrsAnonymousService>();
        var filing = new PqrsAnonymousFiling(PqrsKind.Complaint, 2, "Trato indebido", "Un guarda grita a los niños.", "Temo represalias del guarda.");
        Assert.Equal("pqrs.reason", (await anonymous.FileAsync(filing with { Reason = "No." }, default)).Error!.Code);

        var both = await Task.WhenAll(anonymous.FileAsync(filing, default), anonymous.FileAsync(filing with { Title = "Otra" }, default));
        Assert.All(both, r => Assert.True(r.Ok));
        var (number, code) = (both[0].Value.Number, both[0].Value.Code);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var row = await db.Pqrs.SingleAsync(p => p.Number == number);
        Assert.Equal(1, await db.Users.CountAsync(u => u.UserName == "anonymous"));
        Assert.Null(await anonymous.ReadAsync(number, "AAAABBBBCCCC", default));
        Assert.Null(await anonymous.ReadAsync(both[1].Value.Number, code, default));
        Assert.Equal(Error.NotFound, (await anonymous.WriteAsync(number, "AAAABBBBCCCC", "Hola", default)).Error);

        Assert.True((await MoveAsync(row.Id, PqrsAct.Wait, "¿En qué turno?", Diego)).Ok);
        Assert.True((await Handling.NoteAsync(row.Id, "Parece cierto.", [], Diego, default)).Ok);
        Assert.True((await anonymous.WriteAsync(number, code.ToLowerInvariant(), "De noche.", default)).Ok);
        var read = (await anonymous.ReadAsync($" {number[5..]} ", $"{code[..4]}-{code[4..8]}-{code[8..]}", default))!;
        Assert.Equal(PqrsState.InProgress, read.State);
        Assert.Equal(["Un guarda grita a los niños.", "¿En qué turno?", "De noche."], read.Entries.Select(e => e.Text));
        Assert.Contains((await CaseAsync(row.Id)).Entries, e => e is { Kind: PqrsEntryKind.Note, Text: "Temo represalias del guarda." });

        var audited = await db.AuditLog.Where(a => a.TableName == "pqrs" && a.RecordId == row.Id && a.Action == "insert").SingleAsync();
        Assert.Null(audited.UserId);
        Assert.Null(audited.IpAddress);
        Assert.DoesNotContain(code, audited.NewValue ?? "", StringComparison.Ordinal);
        Assert.Null(await Cases.FindAsync(row.Id, Andrea, default));
        Assert.Null(await Cases.FindAsync(row.Id, CurrentUser.Nobody, default));
        Assert.False(await db.Notifications.AnyAsync(n => n.Recipient!.UserName == "anonymous"));
    }
}
