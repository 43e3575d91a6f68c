using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Operations;
using Portal.Data.Privacy;
using Portal.Tests.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Privacy;

/// <summary>What people ask of their data, and its days by Ley 1581 of 2012, arts 14 and 15.</summary>
public sealed class DataRequestTests(TestDatabase database) : PqrsTest(database)
{
    private static readonly DateOnly Friday = new(2026, 12, 4);

    private DataRequestService Requests => Service<DataRequestService>();

    private DataRequestDesk Desk => Service<DataRequestDesk>();

    private static DateOnly Dec(int day) => new(2026, 12, day);

    private static (DateOnly?, DateOnly?, DateOnly?) Days(DateOnly? due, DateOnly? noteBy, DateOnly? noted) => (due, noteBy, noted);

    private static (DateOnly?, DateOnly?, DateOnly?) Days(DataRequestView seen) => (seen.Request.Due, seen.NoteBy, seen.NotedOn);

    private async Task<long> FiledAsync(DataRequestKind kind, CurrentUser? who = null) =>
        (await Requests.FileAsync(new(kind, "Mi apellido está mal escrito."), who ?? Andrea, default)).Value;

    private async Task<DataRequestView> SeenAsync(long id, CurrentUser? who = null) =>
        (await Requests.FindAsync(id, who ?? Diego, default))!;

    private async Task<List<string>> ToldAsync(CurrentUser who)
    {
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        return await db.Notifications.Where(n => n.RecipientId == who.Id && n.Type!.StartsWith("privacy."))
            .OrderBy(n => n.Id).Select(n => n.Type!).ToListAsync();
    }

    private async Task RunAsync(DateOnly day)
    {
        Clock.Go(day);
        var job = Service<IEnumerable<IJobHandler>>().OfType<DataRequestAlarms>().Single();
        await job.RunAsync(day, default);
        await job.RunAsync(day, default);
    }

    [Fact]
    public async Task The_worked_example_of_the_specification()
    {
        Clock.Go(Friday);
        var (inquiry, claim) = (await FiledAsync(DataRequestKind.Inquiry), await FiledAsync(DataRequestKind.Correct));
        Assert.Equal(Dec(21), (await SeenAsync(inquiry)).Request.Due);
        Assert.Null((await SeenAsync(inquiry)).NoteBy);
        var seen = await SeenAsync(claim);
        Assert.Equal(Days(Dec(29), Dec(9), Friday), Days(seen));

        Assert.Equal(Dec(29), (await SeenAsync(inquiry)).ExtendedDue);
        Assert.True((await Desk.ExtendAsync(inquiry, "Falta el archivo físico.", Diego, default)).Ok);
        Assert.True((await Desk.ExtendAsync(claim, "Falta el archivo físico.", Diego, default)).Ok);
        Assert.Equal(Dec(29), (await SeenAsync(inquiry)).Request.Due);
        Assert.Equal(new DateOnly(2027, 1, 12), (await SeenAsync(claim)).Request.Due);
        Assert.Equal("data_request.extended", (await Desk.ExtendAsync(claim, "Otra vez.", Diego, default)).Error!.Code);
    }

    [Fact]
    public async Task The_person_follows_it_hears_of_each_step_and_nobody_else_sees_it()
    {
        Clock.Go(Friday);
        var id = await FiledAsync(DataRequestKind.Inquiry);
        Assert.Equal("HD-2026-000001", (await SeenAsync(id, Andrea)).Request.Number);
        Assert.Null(await Requests.FindAsync(id, Bruno, default));
        Assert.Null(await Requests.FindAsync(id, Guard, default));
        Assert.Empty((await Requests.MineAsync(new(), Bruno, default)).Rows);
        Assert.Equal(["privacy.filed"], await ToldAsync(Diego));
        Assert.Equal("forbidden", (await Desk.AnswerAsync(id, DataRequestOutcome.Granted, "No.", Andrea, default)).Error!.Code);

        Assert.Equal(["required", "required"], (await Desk.AnswerAsync(id, null, " ", Diego, default)).Errors.Select(e => e.Code));
        Assert.True((await Desk.AnswerAsync(id, DataRequestOutcome.Granted, "Tenemos tu nombre y tu placa.", Diego, default)).Ok);
        var seen = await SeenAsync(id, Andrea);
        Assert.Equal(DataRequestState.Answered, seen.Request.State);
        Assert.Equal(Friday, seen.Request.Answered);
        Assert.Equal("Tenemos tu nombre y tu placa.", seen.Events[^1].Text);
        Assert.Null(seen.Events[^1].By);
        Assert.Equal("Diego Páez", (await SeenAsync(id)).Events[^1].By);
        Assert.Equal(["privacy.answered"], await ToldAsync(Andrea));
        Assert.Equal("data_request.over", (await Desk.AnswerAsync(id, DataRequestOutcome.Denied, "No.", Diego, default)).Error!.Code);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        Assert.Contains(await db.AuditLog.Where(e => e.TableName == "data_requests").ToListAsync(), e => e.UserId == Diego.Id);
    }

    [Fact]
    public async Task A_claim_that_lacks_something_stops_counts_anew_when_it_arrives_and_is_given_up_after_two_months()
    {
        Clock.Go(Friday);
        var (sent, silent) = (await FiledAsync(DataRequestKind.Update), await FiledAsync(DataRequestKind.Erase));
        var inquiry = await FiledAsync(DataRequestKind.Inquiry);
        Assert.Equal("data_request.inquiry", (await Desk.AskAsync(inquiry, "¿Cuál?", Diego, default)).Error!.Code);

        // Five business days: to Monday 14 December, for the 8th is a holiday.
        Assert.Equal(Dec(14), (await SeenAsync(sent)).AskBy);
        Clock.Go(Dec(14));
        foreach (var id in new[] { sent, silent }) Assert.True((await Desk.AskAsync(id, "¿Qué número es?", Diego, default)).Ok);
        var waiting = (await SeenAsync(sent)).Request;
        Assert.Null(waiting.Due);
        Assert.Equal(new DateOnly(2027, 2, 14), waiting.GivenUpAfter);
        Assert.Empty(await Requests.NotesAsync(Andrea.Id, Diego, default));
        Assert.Equal("not_found", (await Requests.CompleteAsync(sent, "El 123.", Bruno, default)).Error!.Code);

        Clock.Go(Dec(16));
        Assert.True((await Requests.CompleteAsync(sent, "El 123.", Andrea, default)).Ok);
        var seen = await SeenAsync(sent);
        Assert.Equal(Dec(16), seen.CountsFrom);
        Assert.Equal(DataRequestTerms.Due(DataRequestKind.Update, Dec(16)), seen.Request.Due);
        Assert.Equal(sent, Assert.Single(await Requests.NotesAsync(Andrea.Id, Diego, default)).Id);

        await RunAsync(new(2027, 2, 14));
        Assert.Equal(DataRequestState.Incomplete, (await SeenAsync(silent)).Request.State);
        await RunAsync(new(2027, 2, 15));
        Assert.Equal(DataRequestState.Abandoned, (await SeenAsync(silent)).Request.State);
        Assert.Single(await ToldAsync(Andrea), type => type == "privacy.abandoned");
    }

    [Fact]
    public async Task What_is_asked_for_too_late_and_extended_too_late_is_refused_with_the_day()
    {
        Clock.Go(Friday);
        var id = await FiledAsync(DataRequestKind.Correct);
        Clock.Go(Dec(15));
        Assert.Equal(Dec(14), (await Desk.AskAsync(id, "¿Cuál?", Diego, default)).Error!.Values[0]);
        Clock.Go(Dec(30));
        var late = (await Desk.ExtendAsync(id, "Tarde.", Diego, default)).Error!;
        Assert.Equal("data_request.late", late.Code);
        Assert.Equal(Dec(29), late.Values[0]);
        Assert.Null((await SeenAsync(id)).ExtendedDue);
        Assert.True((await SeenAsync(id)).Request.IsOverdue(Dec(30)));
    }

    [Fact]
    public async Task The_office_files_for_somebody_without_an_account_and_puts_the_note_itself()
    {
        Clock.Go(Dec(9));
        var filing = new DataRequestDeskFiling(
            new(DataRequestKind.Erase, "Borren mi documento."), null, "Gloria Páez", "gloria@correo.example", DataRequestChannel.Letter,
            Friday);
        Assert.Equal(
            ["Name", "Contact"],
            (await Desk.FileForAsync(filing with { Name = null, Contact = " " }, Diego, default)).Errors.Select(e => e.Field));
        Assert.Equal("data_request.received", (await Desk.FileForAsync(filing with { ReceivedOn = Dec(10) }, Diego, default)).Error!.Code);
        var id = (await Desk.FileForAsync(filing, Diego, default)).Value;
        var seen = await SeenAsync(id);
        Assert.Equal(Days(Dec(29), Dec(9), null), Days(seen));
        Assert.True((await Desk.NoteAsync(id, Diego, default)).Ok);
        Assert.Equal(Dec(9), (await SeenAsync(id)).NotedOn);
        Assert.Equal("data_request.noted", (await Desk.NoteAsync(id, Diego, default)).Error!.Code);

        var own = (await Desk.FileForAsync(
            filing with { AccountId = Bruno.Id, Name = null, Contact = null, Channel = DataRequestChannel.Desk }, Diego, default)).Value;
        Assert.Equal("Bruno Salas", (await SeenAsync(own, Bruno)).Request.Person);
        Assert.Equal(["privacy.filed_for_you"], await ToldAsync(Bruno));
    }

    [Fact]
    public async Task The_list_begins_with_what_is_most_overdue_and_the_office_is_reminded_once_before_and_once_after()
    {
        Clock.Go(Friday);
        var late = await FiledAsync(DataRequestKind.Inquiry);
        var later = await FiledAsync(DataRequestKind.Correct);
        var done = await FiledAsync(DataRequestKind.Inquiry, Bruno);
        var waits = await FiledAsync(DataRequestKind.Erase, Bruno);
        await Desk.AnswerAsync(done, DataRequestOutcome.Denied, "No tenemos nada.", Diego, default);
        await Desk.AskAsync(waits, "¿Qué?", Diego, default);
        Assert.Equal([late, later, waits, done], (await Desk.ListAsync(new(), Diego, default)).Rows.Select(r => r.Id));
        Assert.Equal([waits], (await ListAsync("state", "incomplete")).Select(r => r.Id));
        Assert.Equal([waits, done], (await Desk.ListAsync(new("bruno"), Diego, default)).Rows.Select(r => r.Id));

        await RunAsync(Dec(16));
        await RunAsync(Dec(18));
        await RunAsync(Dec(22));
        Assert.Equal([late], (await ListAsync("state", "overdue")).Select(r => r.Id));
        var told = await ToldAsync(Diego);
        Assert.Equal(2, told.Count(t => t == "privacy.due_soon") + told.Count(t => t == "privacy.overdue"));
    }

    private async Task<IReadOnlyList<DataRequestRow>> ListAsync(string filter, string value) =>
        (await Desk.ListAsync(new(Filters: new Dictionary<string, string> { [filter] = value }), Diego, default)).Rows;

    [Fact]
    public async Task Nobody_has_more_than_five_open_at_a_time()
    {
        for (var i = 0; i < DataRequestService.MostOpen; i++) await FiledAsync(DataRequestKind.Inquiry);
        var refused = await Requests.FileAsync(new(DataRequestKind.Inquiry, "Otra."), Andrea, default);
        Assert.Equal("data_request.many", refused.Error!.Code);
        Assert.True((await Requests.FileAsync(new(DataRequestKind.Inquiry, "Otra."), Bruno, default)).Ok);
    }
}
