using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

/// <summary>Who sees and who may do what; another's case answers like one that is not there.</summary>
public sealed class PqrsReachTests(TestDatabase database) : PqrsTest(database)
{
    private static readonly byte[] Pdf = "%PDF-1.7"u8.ToArray();

    [Fact]
    public async Task Another_residents_case_is_not_there()
    {
        var id = await FiledAsync();

        Assert.Null(await Cases.FindAsync(id, Bruno, default));
        Assert.Null(await Cases.FindAsync(id, Guard, default));
        Assert.Null(await Cases.FindAsync(id, CurrentUser.Nobody, default));
        Assert.Equal(0, (await Cases.ListAsync(new ListQuery(), Bruno, default)).Total);
        Assert.Equal(new PqrsCounts(0, 0, 0, 0, 0, 0), await Cases.CountsAsync(Bruno, default));
        Assert.Equal("not_found", (await Petitioner.WriteAsync(id, "Hola", [], Bruno, default)).Error!.Code);
        Assert.Equal("not_found", (await Petitioner.RateAsync(id, 5, Bruno, default)).Error!.Code);
        Assert.Equal("not_found", (await Handling.ReplyAsync(id, "Hola", [], Bruno, default)).Error!.Code);
        Assert.Equal("not_found", (await Handling.NoteAsync(id, "Hola", [], Guard, default)).Error!.Code);
    }

    [Fact]
    public async Task A_petitioner_does_not_handle_their_own_case_and_staff_do_not_speak_for_them()
    {
        var id = await FiledAsync();
        var seen = (await CaseAsync(id)).Seen;

        Assert.Equal("forbidden", (await Handling.MoveAsync(id, PqrsAct.Resolve, "Ya", seen, Andrea, default)).Error!.Code);
        Assert.Equal("forbidden", (await Handling.AssignAsync(id, null, seen, Andrea, default)).Error!.Code);
        Assert.Equal("forbidden", (await Handling.PrioritiseAsync(id, PqrsPriority.Low, seen, Andrea, default)).Error!.Code);
        Assert.Equal("forbidden", (await Handling.ExtendAsync(id, 1, "Ya", seen, Andrea, default)).Error!.Code);
        Assert.Equal("forbidden", (await Handling.NoteAsync(id, "Ya", [], Andrea, default)).Error!.Code);
        Assert.Equal("not_found", (await Petitioner.WriteAsync(id, "Hola", [], Carolina, default)).Error!.Code);
    }

    [Fact]
    public async Task A_file_of_a_note_is_only_for_those_who_handle()
    {
        var id = await FiledAsync();
        await Handling.NoteAsync(id, "Cotización", [new("cotizacion.pdf", Pdf)], Carolina, default);
        await Handling.ReplyAsync(id, "Acta", [new("acta.pdf", Pdf)], Carolina, default);
        var files = (await CaseAsync(id)).Entries.SelectMany(e => e.Files).ToDictionary(f => f.Name, f => f.Id);

        Assert.NotNull(await Cases.FileAsync(files["cotizacion.pdf"], Diego, default));
        Assert.Null(await Cases.FileAsync(files["cotizacion.pdf"], Andrea, default));
        Assert.Equal("application/pdf", (await Cases.FileAsync(files["acta.pdf"], Andrea, default))!.ContentType);
        Assert.Null(await Cases.FileAsync(files["acta.pdf"], Bruno, default));
        Assert.Null(await Cases.FileAsync(files["acta.pdf"], Guard, default));
    }

    [Fact]
    public async Task A_reply_tells_staff_since_when_it_was_read()
    {
        var id = await FiledAsync();
        await Handling.ReplyAsync(id, "Vamos mañana.", [], Carolina, default);
        Assert.True(Assert.Single((await Cases.ListAsync(new ListQuery(), Andrea, default)).Rows).Unread);

        await Petitioner.SeenAsync(id, Bruno, default);
        Assert.Null((await CaseAsync(id)).Entries[^1].SeenAt);
        await Petitioner.SeenAsync(id, Andrea, default);

        Assert.Equal(new DateTime(2026, 10, 28, 12, 0, 0), (await CaseAsync(id)).Entries[^1].SeenAt);
        Assert.False(Assert.Single((await Cases.ListAsync(new ListQuery(), Andrea, default)).Rows).Unread);
    }

    [Fact]
    public async Task A_rating_comes_after_the_resolution()
    {
        var id = await FiledAsync();
        Assert.Equal("pqrs.rating_early", (await Petitioner.RateAsync(id, 5, Andrea, default)).Error!.Code);
        await MoveAsync(id, PqrsAct.Resolve, "Quedó.");
        Assert.Equal("pqrs.rating", (await Petitioner.RateAsync(id, 6, Andrea, default)).Error!.Code);
        Assert.True((await Petitioner.RateAsync(id, 5, Andrea, default)).Ok);
        Assert.Equal(5, (await CaseAsync(id)).Rating);
    }
}
