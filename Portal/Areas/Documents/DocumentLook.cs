using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Documents;
using Portal.Data.Notices;
using Portal.Resources;

namespace Portal.Areas.Documents;

/// <summary>How a document is shown and named.</summary>
internal static class DocumentLook
{
    public static Glyph IconOf(string contentType) => contentType.StartsWith("image/", StringComparison.Ordinal) ? Glyph.Image : Glyph.File;

    public static string SizeOf(long bytes) => bytes < 1024 * 1024
        ? $"{Formats.Number(Math.Max(1, bytes / 1024))} KB"
        : $"{Formats.Number(bytes / (1024m * 1024m), 1)} MB";

    /// <summary>What a person calls a file of this type: PDF, Word, imagen.</summary>
    public static string TypeOf(string contentType, IStringLocalizer<LibraryWords> l) => contentType switch
    {
        "application/pdf" => "PDF",
        "text/csv" => "CSV",
        "text/plain" => l["type.text"],
        _ when contentType.StartsWith("image/", StringComparison.Ordinal) => l["type.image"],
        _ when contentType.Contains("wordprocessing", StringComparison.Ordinal) => "Word",
        _ when contentType.Contains("spreadsheet", StringComparison.Ordinal) => "Excel",
        _ when contentType.Contains("presentation", StringComparison.Ordinal) => "PowerPoint",
        _ => l["type.file"],
    };

    /// <summary>Whom it is for: "Torre A · Propietarios".</summary>
    public static string To(NoticeAudience to, NoticeAudiences all, IStringLocalizer<LibraryWords> l)
    {
        List<string> parts = [];
        if (Named(to.Towers, all.Towers, name => name) is { } towers) parts.Add(towers);
        if (to.Residents != NoticeResidents.All) parts.Add(l[$"residents.{to.Residents}"]);
        if (Named(to.Roles, all.Roles, name => Role(name, l)) is { } roles) parts.Add(roles);
        return parts.Count == 0 ? l["to.all"] : string.Join(" · ", parts);
    }

    public static string Role(string name, IStringLocalizer<LibraryWords> l) =>
        l["role." + name.ToLowerInvariant()] is { ResourceNotFound: false } words ? words : name;

    /// <summary>Until when it is kept, with the law that says so.</summary>
    public static string Kept(DocumentView view, IStringLocalizer<LibraryWords> l) => view.KeptUntil is { } until
        ? l[view.Document.Kind is DocumentKind.Accounts or DocumentKind.Budget ? "kept.books" : "kept.setting", Formats.LongDate(until)]
        : l["kept.ever"];

    private static string? Named(string ids, IReadOnlyList<(int Id, string Name)> all, Func<string, string> name) =>
        ids.Length == 0 ? null : string.Join(", ", all.Where(one => NoticeAudience.Read(ids).Contains(one.Id)).Select(one => name(one.Name)));
}
