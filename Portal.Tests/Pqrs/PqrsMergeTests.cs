using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

/// <summary>Cases answered together: each petitioner keeps their number, their answer and their last day.</summary>
public sealed class PqrsMergeTests(TestDatabase database) : PqrsTest(database)
{
    private PqrsMergeService Merge => Service<PqrsMergeService>();

    private async Task<long> BrunoAsync() => (await Filing.FileAsync(Leak(Bruno, "Gotea el techo"), Bruno, default)).Value.Id;

    [Fact]
    public async Task One_answer_reaches_both_and_a_note_stays_where_it_was_written()
    {
        var (main, other) = (await FiledAsync(), await BrunoAsync());
        Assert.True((await Merge.MergeAsync(other, main, Diego, default)).Ok);

        Assert.True((await Handling.NoteAsync(main, "El 1204 paga tarde.", [], Diego, default)).Ok);
        Assert.True((await Handling.ReplyAsync(main, "El plomero va el jueves.", [new("a.pdf", "%PDF-1"u8.ToArray())], Diego, default)).Ok);
        Assert.True((await MoveAsync(main, PqrsAct.Resolve, "Quedó reparado.", Diego)).Ok);

        var bruno = await CaseAsync(other, Bruno);
        Assert.Equal(PqrsState.Resolved, bruno.State);
        Assert.Equal(
            ["El plomero va el jueves.", "Quedó reparado."], bruno.Entries.Where(e => e.Kind == PqrsEntryKind.Reply).Select(e => e.Text!));
        Assert.Equal("a.pdf", Assert.Single(bruno.Entries.SelectMany(e => e.Files)).Name);
        var staff = await CaseAsync(other);
        Assert.DoesNotContain(staff.Entries, e => e.Kind == PqrsEntryKind.Note);
        var number = (await CaseAsync(main)).Number;
        Assert.Contains(staff.Entries, e => e.Kind == PqrsEntryKind.Merged && e.Text == number);
        Assert.DoesNotContain(bruno.Entries, e => e.Text?.Contains(number, StringComparison.Ordinal) == true);
        Assert.Null(bruno.MergedInto);
        Assert.NotEqual(number, bruno.Number);
    }

    [Fact]
    public async Task A_merged_case_is_answered_in_the_other_until_it_is_taken_out_again()
    {
        var (main, other) = (await FiledAsync(), await BrunoAsync());
        Assert.True((await Merge.MergeAsync(other, main, Diego, default)).Ok);

        var refused = await Handling.ReplyAsync(other, "Hola.", [], Diego, default);
        Assert.Equal("pqrs.merged", refused.Error!.Code);
        Assert.Equal((await CaseAsync(main)).Number, refused.Error.Values[0]);
        Assert.Equal("pqrs.merged", (await MoveAsync(other, PqrsAct.Resolve)).Error!.Code);

        Assert.True((await Merge.UndoAsync(other, Diego, default)).Ok);
        Assert.True((await Handling.ReplyAsync(other, "Hola.", [], Diego, default)).Ok);
        Assert.True((await MoveAsync(main, PqrsAct.Resolve)).Ok);
        Assert.Equal(PqrsState.InProgress, (await CaseAsync(other)).State);
    }

    [Fact]
    public async Task The_question_to_one_petitioner_holds_only_their_case_and_an_extension_moves_both()
    {
        var (main, other) = (await FiledAsync(), await BrunoAsync());
        Assert.True((await Merge.MergeAsync(other, main, Diego, default)).Ok);

        Assert.True((await Handling.ExtendAsync(main, 5, "Falta una pieza.", (await CaseAsync(main)).Seen, Diego, default)).Ok);
        Assert.True((await MoveAsync(main, PqrsAct.Wait, "¿Fotos?", Diego)).Ok);

        var merged = await CaseAsync(other);
        Assert.Equal((20, PqrsState.Open), (merged.Clock!.Given, merged.State));
        Assert.Equal(PqrsState.WaitingForPetitioner, (await CaseAsync(main)).State);
    }

    [Fact]
    public async Task A_petitioner_who_opens_theirs_again_goes_on_alone()
    {
        var (main, other) = (await FiledAsync(), await BrunoAsync());
        Assert.True((await Merge.MergeAsync(other, main, Diego, default)).Ok);
        Assert.True((await MoveAsync(main, PqrsAct.Resolve)).Ok);

        Assert.True((await Petitioner.ReopenAsync(other, "Aún gotea.", Bruno, default)).Ok);

        Assert.Equal(PqrsState.Resolved, (await CaseAsync(main)).State);
        Assert.True((await Handling.ReplyAsync(other, "Vamos hoy.", [], Diego, default)).Ok);
    }

    [Fact]
    public async Task Nonsense_is_refused_and_two_who_merge_each_into_the_other_make_no_circle()
    {
        var (main, other) = (await FiledAsync(), await BrunoAsync());
        Assert.Equal("pqrs.merge.itself", (await Merge.MergeAsync(main, main, Diego, default)).Error!.Code);

        var both = await Task.WhenAll(Merge.MergeAsync(other, main, Diego, default), Merge.MergeAsync(main, other, Carolina, default));

        Assert.Single(both, r => r.Ok);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(1, await db.Pqrs.CountAsync(p => p.MergedIntoId != null));
        Assert.Equal(Error.Forbidden, (await Merge.MergeAsync(main, other, Andrea, default)).Error);
        Assert.Equal(Error.NotFound, (await Merge.MergeAsync(other, main, Andrea, default)).Error);
    }
}
