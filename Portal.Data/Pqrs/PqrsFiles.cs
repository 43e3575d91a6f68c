using System.IO.Compression;
using System.Text;

namespace Portal.Data.Pqrs;

/// <summary>Which files a case takes, judged by what is in them and never by what they are called.</summary>
public static class PqrsFiles
{
    public const int MostPerMessage = 5;

    /// <summary>In bytes: 8 MB.</summary>
    public const int LargestSize = 8 * 1024 * 1024;

    /// <summary>For the file chooser.</summary>
    public const string Accept = ".jpg,.jpeg,.png,.webp,.heic,.pdf,.docx,.xlsx";

    private static readonly (string Type, string[] Extensions, Func<byte[], bool> Matches)[] Kinds =
    [
        ("image/jpeg", [".jpg", ".jpeg"], content => Starts(content, 0, [0xFF, 0xD8, 0xFF])),
        ("image/png", [".png"], content => Starts(content, 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])),
        ("image/webp", [".webp"], content => Starts(content, 0, "RIFF"u8) && Starts(content, 8, "WEBP"u8)),
        (
            "image/heic",
            [".heic"],
            content =>
                Starts(content, 4, "ftyp"u8)
                && (Starts(content, 8, "heic"u8) || Starts(content, 8, "heix"u8) || Starts(content, 8, "mif1"u8))
        ),
        ("application/pdf", [".pdf"], content => Starts(content, 0, "%PDF-"u8)),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", [".docx"],
            content => HoldsPart(content, "word/document.xml")),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".xlsx"], content => HoldsPart(content, "xl/workbook.xml")),
    ];

    /// <summary>Shown in the browser; anything else is only saved.</summary>
    public static bool IsPicture(string contentType) => contentType is "image/jpeg" or "image/png" or "image/webp";

    /// <summary>Why one file is not taken, so that it is said when it is picked; null where it is.</summary>
    public static Error? Refusal(PqrsUpload upload) => Check([upload]).Errors is [{ } error, ..] ? error : null;

    /// <summary>The rows for what was uploaded, or every reason against it at once.</summary>
    internal static (List<PqrsAttachment> Rows, List<Error> Errors) Check(IReadOnlyList<PqrsUpload> uploads)
    {
        var errors = new List<Error>();
        var rows = new List<PqrsAttachment>();
        if (uploads.Count > MostPerMessage) errors.Add(new Error("pqrs.files.many", "Files", uploads.Count, MostPerMessage));
        foreach (var upload in uploads)
        {
            var name = Name(upload.Name);
            if (upload.Content.Length == 0) errors.Add(new Error("pqrs.files.empty", "Files", name));
            else if (upload.Content.Length > LargestSize)
                errors.Add(new Error("pqrs.files.large", "Files", name, LargestSize / (1024 * 1024)));
            else if (Array.Find(Kinds, kind => kind.Matches(upload.Content)) is { Type: { } type, Extensions: { } extensions })
                rows.Add(
                    new PqrsAttachment
                    {
                        FileName = Ended(name, extensions), ContentType = type, Size = upload.Content.Length, Content = upload.Content,
                    });
            else
                errors.Add(new Error("pqrs.files.kind", "Files", name));
        }

        return (rows, errors);
    }

    /// <summary>As <see cref="Check"/>, for photographs and PDFs alone.</summary>
    /// <param name="most">How many may come.</param>
    internal static (List<PqrsAttachment> Rows, List<Error> Errors) CheckPapers(IReadOnlyList<PqrsUpload> uploads, int most)
    {
        var (rows, errors) = Check(uploads);
        errors.RemoveAll(e => e.Code == "pqrs.files.many");
        if (uploads.Count > most) errors.Add(new Error("pqrs.files.many", "Files", uploads.Count, most));
        errors.AddRange(
            rows.Where(r => r.ContentType != "application/pdf" && !r.ContentType.StartsWith("image/", StringComparison.Ordinal))
                .Select(r => new Error("pqrs.files.kind", "Files", r.FileName)));
        return (rows, errors);
    }

    /// <summary>
    /// What a file of the library is, and what it is to be called; null for what is not taken. Beside what a case takes these are
    /// presentations and plain text.
    /// </summary>
    internal static (string Name, string Type)? Recognise(string given, byte[] content)
    {
        var name = Name(given);
        if (Array.Find(Kinds, kind => kind.Matches(content)) is { Type: { } type, Extensions: { } extensions })
            return (Ended(name, extensions), type);
        if (HoldsPart(content, "ppt/presentation.xml"))
            return (Ended(name, [".pptx"]), "application/vnd.openxmlformats-officedocument.presentationml.presentation");
        if (!IsText(content)) return null;
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? (name, "text/csv") : (Ended(name, [".txt"]), "text/plain");
    }

    /// <summary>A picture called report.exe is stored as report.exe.jpg: it opens as what it is.</summary>
    private static string Ended(string name, string[] extensions) =>
        extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? name : name + extensions[0];

    /// <summary>
    /// Letters, and none of the signs that only programs write. What begins like HTML, SVG or XML is none of it: some reader would show it as
    /// that.
    /// </summary>
    private static bool IsText(byte[] content)
    {
        if (content.AsSpan().IndexOfAnyExceptInRange((byte)0x20, byte.MaxValue) >= 0
            && content.Any(b => b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')))
            return false;
        if (Starts(content, 0, [0xFF, 0xFE]) || Starts(content, 0, [0xFE, 0xFF])) return false;
        var begins = Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, 512)).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        return begins.Length > 0 && begins[0] != '<' && !begins.StartsWith("%!", StringComparison.Ordinal);
    }

    /// <summary>The last part of the path, without what a file system or a header would trip over.</summary>
    internal static string Name(string given)
    {
        var last = given[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = string.Concat(last.Where(c => !char.IsControl(c) && !"<>:\"|?*".Contains(c))).Trim();
        if (clean.Length == 0) return "file";
        return clean.Length <= 190 ? clean : clean[..180] + Path.GetExtension(clean) is { Length: <= 190 } shorter ? shorter : clean[..190];
    }

    private static bool Starts(byte[] content, int at, ReadOnlySpan<byte> with) =>
        content.Length >= at + with.Length && content.AsSpan(at, with.Length).SequenceEqual(with);

    private static bool HoldsPart(byte[] content, string part)
    {
        if (!Starts(content, 0, "PK"u8)) return false;
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content, writable: false));
            return archive.GetEntry(part) is not null
                && archive.GetEntry("word/vbaProject.bin") is null
                && archive.GetEntry("xl/vbaProject.bin") is null
                && archive.GetEntry("ppt/vbaProject.bin") is null;
        }
        catch (InvalidDataException)
        {
            // It begins like an archive and is none.
            return false;
        }
    }
}
