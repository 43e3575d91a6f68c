using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Documents;
using Portal.Data.Notices;

namespace Portal.Tests.Authority;

/// <summary>The library: the office keeps it, everybody reads what is for them.</summary>
public sealed class DocumentsMatrix : AreaMatrix
{
    private const long ForAll = 921, ForOwners = 922, ForOffice = 923, Empty = 901, Mine = 911;

    /// <summary>Where papers of no kind of their own land, as the migration made it.</summary>
    public const long Folder = 6;

    private static readonly byte[] Text = "Hola"u8.ToArray();

    private static readonly DocumentInput Words = new(
        "Bylaws", Folder, DocumentKind.Bylaws, new DateOnly(2026, 1, 1), "", "", NoticeResidents.All);

    public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.DocumentFolders.Add(new DocumentFolder { Id = Empty, Name = "Nothing" });
        await db.SaveChangesAsync();
        await FileAsync(ForAll, "all", "", "all");
        await FileAsync(ForOwners, "owners", "", "owners");
        await FileAsync(ForOffice, "office", "1,2", "all");
        db.DocumentReads.Add(new DocumentRead { VersionId = ForAll, UserId = AuthorityWorld.Id(Who.Owner), ReadAt = world.Clock.UtcNow });
        db.DocumentUploads.Add(new DocumentUpload
        {
            Id = Mine, UserId = AuthorityWorld.Id(Who.Staff), FileName = "hola.txt", Size = Text.Length,
        });
        db.DocumentParts.Add(new DocumentPart { UploadId = Mine, Number = 0, Content = Text });

        // With ids of our own: those that the server gives go on from one test to the next.
        Task FileAsync(long id, string title, string roles, string residents) => db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO documents (id, folder_id, title, title_key, kind, dated_on, roles, residents, created_at)
            VALUES ({id}, {Folder}, {title}, {title.ToUpperInvariant()}, 'other', '2010-01-01', {roles}, {residents}, '2010-01-01');
            INSERT INTO document_versions (id, document_id, number, file_name, content_type, size, sha256, created_at)
            VALUES ({id}, {id}, 1, 'hola.txt', 'text/plain', {Text.Length}, SHA2({Text}, 256), '2010-01-01');
            INSERT INTO document_parts (version_id, number, content) VALUES ({id}, 0, {Text})
            """);
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<DocumentService>(nameof(DocumentService.ListAsync), (s, user, _) => Sees(s, user, "all"), SignedIn),
            Method<DocumentService>(
                nameof(DocumentService.ListAsync), (s, user, _) => Sees(s, user, "owners"), [.. Office, Who.Owner, Who.Neighbour]),
            Method<DocumentService>(nameof(DocumentService.ListAsync), (s, user, _) => Sees(s, user, "office"), Office),
            Method<DocumentService>(
                nameof(DocumentService.FoldersAsync), async (s, user, _) => await s.FoldersAsync(user, default), SignedIn),
            Method<DocumentService>(
                nameof(DocumentService.FindAsync), (s, user, _) => Of(s.FindAsync(ForOwners, user, default)),
                [.. Office, Who.Owner, Who.Neighbour]),
            Method<DocumentService>(nameof(DocumentService.EditAsync), (s, user, _) => Of(s.EditAsync(ForAll, user, default)), Office),
            Method<DocumentService>(nameof(DocumentService.OpenAsync), (s, user, _) => Of(s.OpenAsync(ForOffice, user, default)), Office),
            Method<DocumentService>(
                nameof(DocumentService.OpenAsync), (s, user, _) => Of(s.OpenAsync(ForOwners, user, default)),
                [.. Office, Who.Owner, Who.Neighbour]),
            Method<DocumentService>(
                nameof(DocumentService.ReadersAsync), (s, user, _) => Of(s.ReadersAsync(ForAll, new(), user, default)), Office),
            Method<DocumentService>(nameof(DocumentService.AudiencesAsync), (s, user, _) => Of(s.AudiencesAsync(user, default)), Office),
            Method<DocumentDesk>(nameof(DocumentDesk.AddAsync), (s, user, _) => Of(s.AddAsync(Words, 999, user, default)), Office),
            Method<DocumentDesk>(
                nameof(DocumentDesk.AddVersionAsync), (s, user, _) => Of(s.AddVersionAsync(ForAll, 999, "New", user, default)), Office),
            Method<DocumentDesk>(nameof(DocumentDesk.ChangeAsync), (s, user, _) => Of(s.ChangeAsync(ForAll, Words, user, default)), Office),
            Method<DocumentDesk>(
                nameof(DocumentDesk.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(ForAll, "Nobody needs it", user, default)), Office),
            Method<DocumentDesk>(
                nameof(DocumentDesk.SaveFolderAsync), (s, user, _) => Of(s.SaveFolderAsync(null, "New", user, default)), Office),
            Method<DocumentDesk>(
                nameof(DocumentDesk.DeleteFolderAsync), (s, user, _) => Of(s.DeleteFolderAsync(Empty, user, default)), Office),
            Method<DocumentUploads>(
                nameof(DocumentUploads.BeginAsync), (s, user, _) => Of(s.BeginAsync("a.pdf", 10, user, default)), Office),
            // What is on its way belongs to who sends it: the administrator does not reach it either.
            Method<DocumentUploads>(
                nameof(DocumentUploads.PieceAsync), (s, user, _) => Of(s.PieceAsync(Mine, 0, Text, user, default)), Who.Staff),
            Method<DocumentUploads>(
                nameof(DocumentUploads.NextAsync), (s, user, _) => Of(s.NextAsync(Mine, user, default), next => next is not null),
                Who.Staff),
            Method<DocumentUploads>(nameof(DocumentUploads.FinishAsync), (s, user, _) => Of(s.FinishAsync(Mine, user, default)), Who.Staff),
            Method<DocumentUploads>(nameof(DocumentUploads.DropAsync), (s, user, _) => Of(s.DropAsync(Mine, user, default)), Who.Staff),
            Page("/documents", SignedIn),
            Page("/documents/{Id:long}", $"/documents/{ForOwners}", [.. Office, Who.Owner, Who.Neighbour]),
            Endpoint(
                HttpMethod.Get, "/documents/versions/{id:long}", $"/documents/versions/{ForOwners}", [.. Office, Who.Owner, Who.Neighbour]),
            Endpoint(
                HttpMethod.Put, "/documents/uploads/{id:long}/{number:int}", $"/documents/uploads/{Mine}/0", new ByteArrayContent(Text),
                Who.Staff),
        ];

    private static Task<object?> Sees(DocumentService s, CurrentUser user, string title) =>
        Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Title == title));
}
