using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Documents;
using Portal.Data.Notices;
using Portal.Data.Operations;
using Portal.Tests.Authority;
using Portal.Tests.Server;

namespace Portal.Tests.Documents;

/// <summary>The library of documents: how files come, who sees them, and how long they are kept.</summary>
public sealed class LibraryTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.4\n" + new string('x', 700_000));

    private const long Folder = DocumentsMatrix.Folder;

    private readonly AuthorityWorld _world = new(database);

    private CurrentUser Staff => _world.As(Who.Staff);

    private DocumentService Service => _world.Get<DocumentService>();

    private DocumentDesk Desk => _world.Get<DocumentDesk>();

    private DocumentUploads Uploads => _world.Get<DocumentUploads>();

    public Task InitializeAsync() => _world.BeginAsync(new DocumentsMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_file_comes_in_pieces_goes_on_where_it_was_interrupted_and_is_what_was_sent()
    {
        var id = (await Uploads.BeginAsync("reglamento.pdf", Pdf.Length, Staff, default)).Value;
        Assert.True((await Uploads.PieceAsync(id, 0, Pdf[..DocumentFiles.Piece], Staff, default)).Ok);
        Assert.Equal("document.incomplete", (await Uploads.FinishAsync(id, Staff, default)).Error!.Code);
        Assert.Equal(1, await Uploads.NextAsync(id, Staff, default));
        // Its answer was lost: the same piece again.
        Assert.True((await Uploads.PieceAsync(id, 0, Pdf[..DocumentFiles.Piece], Staff, default)).Ok);
        Assert.Equal("document.piece", (await Uploads.PieceAsync(id, 1, [1, 2, 3], Staff, default)).Error!.Code);
        Assert.Equal("document.piece", (await Uploads.PieceAsync(id, 2, [1], Staff, default)).Error!.Code);
        Assert.True((await Uploads.PieceAsync(id, 1, Pdf[DocumentFiles.Piece..], Staff, default)).Ok);
        var file = (await Uploads.FinishAsync(id, Staff, default)).Value;
        Assert.Equal(("reglamento.pdf", "application/pdf"), (file.Name, file.ContentType));

        var document = (await Desk.AddAsync(Input("Reglamento"), id, Staff, default)).Value;
        var view = (await Service.FindAsync(document, Staff, default))!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Pdf)), view.Versions.Single().Sha256);
        Assert.Equal(Pdf, await ReadAsync(view.Document.VersionId, Staff));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.False(await db.DocumentUploads.AnyAsync(u => u.Id == id));
    }

    [Theory]
    [InlineData("foto.pdf", "GIF89a\u0001\u0000", null)]
    [InlineData("dibujo.txt", "  <svg xmlns='http://www.w3.org/2000/svg'/>", null)]
    [InlineData("pagina.txt", "<!DOCTYPE html><script>alert(1)</script>", null)]
    [InlineData("programa.txt", "MZ\u0000\u0001", null)]
    [InlineData("nota.txt", "Buenas tardes", "nota.txt")]
    [InlineData("saldos.csv", "apto;saldo\r\n101;0", "saldos.csv")]
    [InlineData("acta.docx", "%PDF-1.7", "acta.docx.pdf")]
    [InlineData("viejo.docx", "PK\u0003\u0004no", null)]
    public async Task What_a_file_is_its_content_says_and_never_its_name(string name, string content, string? called)
    {
        var bytes = Encoding.Latin1.GetBytes(content);
        var id = (await Uploads.BeginAsync(name, bytes.Length, Staff, default)).Value;
        await Uploads.PieceAsync(id, 0, bytes, Staff, default);
        var done = await Uploads.FinishAsync(id, Staff, default);
        Assert.Equal(called, done.Ok ? done.Value.Name : null);
        if (called is null)
        {
            Assert.Equal("document.kind", done.Error!.Code);
            Assert.Null(await Uploads.NextAsync(id, Staff, default));
        }
    }

    [Fact]
    public async Task A_presentation_is_taken_and_one_with_macros_is_not()
    {
        Assert.True((await SendAsync("informe.pptx", Zip("ppt/presentation.xml"))).Ok);
        Assert.Equal("document.kind", (await SendAsync("informe.pptx", Zip("ppt/presentation.xml", "ppt/vbaProject.bin"))).Error!.Code);
    }

    [Theory]
    [InlineData("page.html", 10, "document.kind")]
    [InlineData("photo.svg", 10, "document.kind")]
    [InlineData("nothing.pdf", 0, "document.empty")]
    [InlineData("film.pdf", 41 * 1024 * 1024, "document.large")]
    public async Task What_is_not_taken_is_refused_by_name_before_any_of_it_is_sent(string name, long size, string code)
    {
        var refused = (await Uploads.BeginAsync($"C:\\papers\\{name}", size, Staff, default)).Error!;
        Assert.Equal((code, name), (refused.Code, (string)refused.Values[0]!));
    }

    [Fact]
    public async Task Versions_stay_are_numbered_and_say_what_changed()
    {
        var document = await AddAsync("Manual", "Uno");
        var same = (await SendAsync("manual.txt", "Uno"u8.ToArray())).Value.Id;
        Assert.Equal("document.same", (await Desk.AddVersionAsync(document, same, "Nothing", Staff, default)).Error!.Code);
        var second = (await SendAsync("manual.txt", "Dos"u8.ToArray())).Value.Id;
        Assert.Equal("required", (await Desk.AddVersionAsync(document, second, " ", Staff, default)).Error!.Code);
        Assert.True((await Desk.AddVersionAsync(document, second, "Corrige el artículo 12", Staff, default)).Ok);
        var view = (await Service.FindAsync(document, Staff, default))!;
        Assert.Equal([(2, "Corrige el artículo 12"), (1, null)], view.Versions.Select(v => (v.Number, v.Note)));
        Assert.Equal(["Dos", "Uno"], await Task.WhenAll(view.Versions.Select(async v => Encoding.UTF8.GetString(await ReadAsync(v.Id, Staff)))));
        Assert.Equal(2, view.Document.Version);
    }

    [Fact]
    public async Task Who_opened_which_version_and_when_is_noted_and_the_office_sees_it()
    {
        var owner = _world.As(Who.Owner);
        var document = await AddAsync("Acta", "Se decidió");
        var version = (await Service.FindAsync(document, owner, default))!;
        Assert.Null(version.Document.Opened);
        Assert.Null(version.Versions[0].By);
        await ReadAsync(version.Document.VersionId, owner);
        await ReadAsync(version.Document.VersionId, owner);
        var reads = await Service.ReadersAsync(document, new(), Staff, default);
        Assert.Equal(2, reads.Total);
        Assert.All(reads.Rows, r => Assert.Equal(("Owner Prueba", 1), (r.Name, r.Version)));
        Assert.Equal(2, (await Service.FindAsync(document, Staff, default))!.Document.Opened);
    }

    [Theory]
    [InlineData("", "", NoticeResidents.All, "Owner Neighbour Tenant Guard")]
    [InlineData("", "3", NoticeResidents.All, "Owner Neighbour Tenant")]
    [InlineData("1", "", NoticeResidents.All, "Owner Neighbour Tenant")]
    [InlineData("2", "", NoticeResidents.All, "")]
    [InlineData("", "", NoticeResidents.Owners, "Owner Neighbour")]
    [InlineData("", "", NoticeResidents.Tenants, "Tenant")]
    [InlineData("", "4", NoticeResidents.Owners, "")]
    [InlineData("", "1,2", NoticeResidents.All, "")]
    public async Task A_document_is_seen_and_opened_by_those_it_is_for(string towers, string roles, NoticeResidents residents, string seen)
    {
        var document = await AddAsync("Papel", "Texto", input => input with { Towers = towers, Roles = roles, Residents = residents });
        var version = (await Service.FindAsync(document, Staff, default))!.Document.VersionId;
        foreach (var who in new[] { Who.Owner, Who.Neighbour, Who.Tenant, Who.Guard })
        {
            var user = _world.As(who);
            var expected = seen.Split(' ').Contains(who.ToString());
            Assert.Equal(expected, (await Service.ListAsync(new(), user, default)).Rows.Any(r => r.Id == document));
            Assert.Equal(expected, await Service.FindAsync(document, user, default) is not null);
            Assert.Equal(expected, await Service.OpenAsync(version, user, default) is not null);
        }
    }

    [Fact]
    public async Task A_title_is_found_whatever_its_accents()
    {
        var document = await AddAsync("Póliza de zonas comunes año 2026", "Texto");
        foreach (var typed in new[] { "poliza", "PÓLIZA", "comunes poliza", "ano 2026" })
            Assert.Equal(document, Assert.Single((await Service.ListAsync(new ListQuery(typed), Staff, default)).Rows).Id);
        Assert.Empty((await Service.ListAsync(new ListQuery("poliza 2025"), Staff, default)).Rows);
    }

    [Fact]
    public async Task Nothing_is_deleted_before_its_time_and_then_with_a_reason_that_stays()
    {
        var today = _world.Clock.Today;
        var other = await AddAsync("Otro", "Texto", input => input with { DatedOn = today.AddYears(-6) });
        // It came today: five years from now, whatever is written on it.
        Assert.Equal(today.AddYears(5), (await Service.FindAsync(other, Staff, default))!.KeptUntil);
        await AgeAsync(other, today.AddYears(-5).AddDays(1));
        var kept = (await Desk.DeleteAsync(other, "Ya no se necesita", Staff, default)).Error!;
        Assert.Equal(("document.kept", today.AddDays(1)), (kept.Code, kept.Values[0]));
        await AgeAsync(other, today.AddYears(-5));
        Assert.Equal("document.reason", (await Desk.DeleteAsync(other, "no", Staff, default)).Error!.Code);
        Assert.True((await Desk.DeleteAsync(other, "Ya no se necesita", Staff, default)).Ok);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var told = await db.AuditLog.SingleAsync(e => e.Action == "document_deleted" && e.RecordId == other);
        Assert.Contains("Ya no se necesita", told.NewValue!, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData("Texto"u8)), told.NewValue!, StringComparison.Ordinal);
        Assert.False(await db.DocumentVersions.AnyAsync(v => v.DocumentId == other));

        var accounts = await AddAsync("Cuentas", "Texto", input => input with { Kind = DocumentKind.Accounts });
        await AgeAsync(accounts, today.AddYears(-10).AddDays(1));
        Assert.Equal("document.kept", (await Desk.DeleteAsync(accounts, "Ya no se necesita", Staff, default)).Error!.Code);
        var minutes = await AddAsync("Acta", "Texto", input => input with { Kind = DocumentKind.Minutes });
        await AgeAsync(minutes, today.AddYears(-40));
        Assert.Equal("document.kept.ever", (await Desk.DeleteAsync(minutes, "Ya no se necesita", Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Nobody_shortens_the_time_of_a_document_by_calling_it_something_else()
    {
        var today = _world.Clock.Today;
        DocumentInput Accounts(DocumentInput input) => input with { Kind = DocumentKind.Accounts, DatedOn = today };
        var slip = await AddAsync("Cuentas", "Uno", Accounts);
        Assert.True((await Desk.ChangeAsync(slip, Input("Otro"), Staff, default)).Ok);
        var old = await AddAsync("Cuentas", "Dos", Accounts);
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.Documents.Where(d => d.Id == old).ExecuteUpdateAsync(set => set.SetProperty(d => d.CreatedAt, _world.Clock.UtcNow.AddDays(-2)));
        var refused = (await Desk.ChangeAsync(old, Input("Otro"), Staff, default)).Error!;
        Assert.Equal(("document.shorter", today.AddYears(10)), (refused.Code, refused.Values[0]));
        Assert.True((await Desk.ChangeAsync(old, Accounts(Input("Otro nombre")), Staff, default)).Ok);
        Assert.True((await Desk.ChangeAsync(old, Input("Otro") with { Kind = DocumentKind.Minutes }, Staff, default)).Ok);
        Assert.Equal("document.shorter.ever", (await Desk.ChangeAsync(old, Accounts(Input("Otro")), Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task Papers_of_other_rooms_are_filed_once_and_the_next_of_their_kind_is_a_version()
    {
        async Task<long?> FileAsync(string version, string text)
        {
            var paper = new ShelfPaper(
                "budget:2026", version, DocumentKind.Other, "Presupuesto 2026", "presupuesto.txt", Encoding.UTF8.GetBytes(text),
                _world.Clock.Today, NoticeAudience.Everybody, "Versión aprobada");
            return (await _world.Store.WriteAsync<long>(
                CurrentUser.System, async (db, ct) => await DocumentShelf.FileAsync(db, paper, ct) ?? 0, default)).Value;
        }

        var first = await FileAsync("budget:1", new string('a', DocumentFiles.Piece + 5));
        Assert.Equal(0, await FileAsync("budget:1", "Another"));
        Assert.Equal(first, await FileAsync("budget:2", "Two"));
        var view = (await Service.FindAsync(first!.Value, Staff, default))!;
        Assert.Equal((2, true, "Otros documentos"), (view.Versions.Count, view.Filed, view.Document.Folder));
        Assert.Equal(DocumentFiles.Piece + 5, (await ReadAsync(view.Versions[1].Id, Staff)).Length);
    }

    [Fact]
    public async Task Folders_are_renamed_and_only_an_empty_one_of_ones_own_is_taken_away()
    {
        var folder = (await Desk.SaveFolderAsync(null, "Planos", Staff, default)).Value;
        Assert.Equal("folder.name", (await Desk.SaveFolderAsync(null, "planós", Staff, default)).Error!.Code);
        await AddAsync("Plano", "Texto", input => input with { FolderId = folder });
        Assert.Equal("folder.full", (await Desk.DeleteFolderAsync(folder, Staff, default)).Error!.Code);
        Assert.Equal("folder.lands", (await Desk.DeleteFolderAsync(Folder, Staff, default)).Error!.Code);
        Assert.Equal(1, (await Service.FoldersAsync(_world.As(Who.Owner), default)).Single(f => f.Id == folder).Documents);
    }

    [Fact]
    public async Task What_nobody_kept_is_gone_a_day_later()
    {
        var sent = (await SendAsync("hola.txt", "Hola"u8.ToArray())).Value.Id;
        await using (var db = await _world.Store.OpenAsync(CurrentUser.System, default))
            await db.DocumentUploads.Where(u => u.Id == sent).ExecuteUpdateAsync(set => set.SetProperty(u => u.CreatedAt, _world.Clock.UtcNow.AddHours(-25)));
        await new SpentUploads(_world.Store, _world.Clock).RunAsync(_world.Clock.Today, default);
        Assert.Null(await Uploads.NextAsync(sent, Staff, default));
        await using var after = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.False(await after.DocumentParts.AnyAsync(p => p.UploadId == sent));
    }

    private DocumentInput Input(string title) =>
        new(title, Folder, DocumentKind.Other, _world.Clock.Today, "", "", NoticeResidents.All);

    private async Task<Result<UploadedFile>> SendAsync(string name, byte[] content)
    {
        var id = (await Uploads.BeginAsync(name, content.Length, Staff, default)).Value;
        foreach (var (number, piece) in content.Chunk(DocumentFiles.Piece).Index()) await Uploads.PieceAsync(id, number, piece, Staff, default);
        return await Uploads.FinishAsync(id, Staff, default);
    }

    private async Task<long> AddAsync(string title, string text, Func<DocumentInput, DocumentInput>? with = null)
    {
        var file = (await SendAsync("papel.txt", Encoding.UTF8.GetBytes(text))).Value;
        return (await Desk.AddAsync(with is null ? Input(title) : with(Input(title)), file.Id, Staff, default)).Value;
    }

    private async Task<byte[]> ReadAsync(long version, CurrentUser user)
    {
        var file = (await Service.OpenAsync(version, user, default))!;
        using var content = new MemoryStream();
        await file.CopyAsync(content, default);
        Assert.Equal(file.Size, content.Length);
        return content.ToArray();
    }

    /// <summary>As if it had come on that day.</summary>
    private async Task AgeAsync(long document, DateOnly on)
    {
        var at = _world.Clock.ToUtc(on.ToDateTime(new TimeOnly(12, 0)));
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        await db.Documents.Where(d => d.Id == document).ExecuteUpdateAsync(set => set.SetProperty(d => d.DatedOn, on).SetProperty(d => d.CreatedAt, at));
        await db.DocumentVersions.Where(v => v.DocumentId == document).ExecuteUpdateAsync(set => set.SetProperty(v => v.CreatedAt, at));
    }

    private static byte[] Zip(params string[] parts)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in parts) zip.CreateEntry(part);
        }

        return memory.ToArray();
    }
}
