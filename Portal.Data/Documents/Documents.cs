using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Identity;
using Portal.Data.Notices;

namespace Portal.Data.Documents;

/// <summary>What a document is, which says how long it is kept (<see cref="DocumentRetention"/>).</summary>
[StoredByName]
public enum DocumentKind { Accounts, Minutes, Budget, Contract, Bylaws, Notice, Survey, Other }

/// <summary>Where documents lie.</summary>
[Table("document_folders")]
public sealed class DocumentFolder : Updated
{
    public long Id { get; set; }

    [MaxLength(80)]
    public string Name { get; set; } = "";

    /// <summary>The kind of papers that other rooms put here, in snake case; such a folder stays.</summary>
    [MaxLength(20)]
    public string? Lands { get; set; }
}

/// <summary>A document of the library. Its files are its versions: all of them stay.</summary>
[Table("documents")]
public sealed class Document : Updated
{
    public long Id { get; private set; }

    public long FolderId { get; private set; }
    public DocumentFolder? Folder { get; private set; }

    [MaxLength(200)]
    public string Title { get; private set; } = "";

    /// <summary>The title without its accents, in capitals: what a search looks at.</summary>
    [MaxLength(200)]
    public string TitleKey { get; private set; } = "";

    public DocumentKind Kind { get; private set; }

    /// <summary>The day on the paper. It is kept from the later of this and its last version.</summary>
    public DateOnly DatedOn { get; private set; }

    /// <summary>Whom it is for: ids with commas between; empty: all.</summary>
    [MaxLength(255)]
    public string Towers { get; private set; } = "";

    /// <inheritdoc cref="Towers"/>
    [MaxLength(100)]
    public string Roles { get; private set; } = "";

    public NoticeResidents Residents { get; private set; }

    /// <summary>What another room made it from, such as <c>budget:2026</c>; null for what a person put here.</summary>
    [MaxLength(60)]
    public string? Source { get; private set; }

    /// <summary>The number of its last version.</summary>
    public int Version { get; private set; }

    public long? AddedBy { get; private set; }

    public List<DocumentVersion> Versions { get; private set; } = [];

    /// <summary>A new one without a file yet: <see cref="Add"/> gives it its first.</summary>
    internal static Document Begin(DocumentInput input, long folder, string? source, long? by)
    {
        var made = new Document { Source = source, AddedBy = by };
        made.Describe(input, folder);
        return made;
    }

    /// <summary>What it is called, what it is, where it lies and whom it is for.</summary>
    internal void Describe(DocumentInput input, long folder)
    {
        (Title, TitleKey) = (input.Title.Trim(), KeyOf(input.Title));
        (FolderId, Kind, DatedOn, Residents) = (folder, input.Kind, input.DatedOn, input.Residents);
        (Towers, Roles) = (NoticeAudience.Write(NoticeAudience.Read(input.Towers)), NoticeAudience.Write(NoticeAudience.Read(input.Roles)));
    }

    /// <summary>Whom it is for from now on.</summary>
    internal void Address(NoticeAudience to) => (Towers, Roles, Residents) = (to.Towers, to.Roles, to.Residents);

    /// <summary>The next version.</summary>
    internal DocumentVersion Add(DocumentVersion version)
    {
        Versions.Add(version.As(this, ++Version));
        return version;
    }

    /// <summary>As a title is looked for.</summary>
    internal static string KeyOf(string text)
    {
        var key = Spelling.Unaccented(text.Trim()).ToUpperInvariant();
        return key.Length <= 200 ? key : key[..200];
    }
}

/// <summary>A file of a document, as it came; it is never changed.</summary>
[Table("document_versions")]
public sealed class DocumentVersion : Stamped
{
    public long Id { get; private set; }

    public long DocumentId { get; private set; }
    public Document? Document { get; private set; }

    /// <summary>From 1.</summary>
    public int Number { get; private set; }

    [MaxLength(200)]
    public string FileName { get; init; } = "";

    [MaxLength(100)]
    public string ContentType { get; init; } = "";

    /// <summary>In bytes.</summary>
    public long Size { get; init; }

    /// <summary>Of the whole content, in hexadecimal.</summary>
    [Column(TypeName = "char(64)")]
    public string Sha256 { get; init; } = "";

    /// <summary>What is different from the one before.</summary>
    [MaxLength(500)]
    public string? Note { get; init; }

    /// <summary>As <see cref="Document.Source"/>, of this version alone.</summary>
    [MaxLength(60)]
    public string? Source { get; init; }

    public long? AddedBy { get; init; }

    internal DocumentVersion As(Document document, int number)
    {
        (Document, Number) = (document, number);
        return this;
    }
}

/// <summary>A file on its way, of the person who sends it.</summary>
[Table("document_uploads"), NotAudited]
public sealed class DocumentUpload : Stamped
{
    public long Id { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    /// <summary>In bytes, as the browser said; the pieces have to come to it.</summary>
    public long Size { get; set; }

    /// <summary>What it is, judged by its content; null until all of it is here.</summary>
    [MaxLength(100)]
    public string? ContentType { get; set; }

    [Column(TypeName = "char(64)")]
    public string? Sha256 { get; set; }
}

/// <summary>A piece of a file: of an upload first, then of the version that it became.</summary>
[Table("document_parts"), NotAudited]
public sealed class DocumentPart
{
    public long Id { get; set; }

    public long? UploadId { get; set; }
    public DocumentUpload? Upload { get; set; }

    public long? VersionId { get; set; }
    public DocumentVersion? Version { get; set; }

    /// <summary>From 0.</summary>
    public int Number { get; set; }

    [Column(TypeName = "mediumblob")]
    public byte[] Content { get; set; } = [];
}

/// <summary>Somebody opened a version: one row each time.</summary>
[Table("document_reads"), NotAudited]
public sealed class DocumentRead
{
    public long Id { get; set; }

    public long VersionId { get; set; }
    public DocumentVersion? Version { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime ReadAt { get; set; }
}
