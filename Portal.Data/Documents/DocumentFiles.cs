using Portal.Data.Pqrs;

namespace Portal.Data.Documents;

/// <summary>Which files the library takes. What a file is, its content says (<see cref="PqrsFiles"/>), and never its name.</summary>
public static class DocumentFiles
{
    /// <summary>In bytes: 40 MB.</summary>
    public const long LargestSize = 40 * 1024 * 1024;

    /// <summary>Of a piece in which a file comes, in bytes: below what every server takes in one statement.</summary>
    public const int Piece = 512 * 1024;

    /// <summary>Characters of a file's name.</summary>
    public const int LongestName = 190;

    private static readonly string[] Endings =
        [".pdf", ".jpg", ".jpeg", ".png", ".webp", ".heic", ".docx", ".xlsx", ".pptx", ".txt", ".csv"];

    /// <summary>For the file chooser.</summary>
    public static string Accept { get; } = string.Join(',', Endings);

    /// <summary>In how many pieces a file comes.</summary>
    public static int Pieces(long size) => (int)((size + Piece - 1) / Piece);

    /// <summary>What speaks against a file before any of it is sent; null: nothing.</summary>
    /// <returns><c>document.empty</c>, <c>document.large</c>, <c>document.kind</c>, with the file's name.</returns>
    public static Error? Picked(string name, long size)
    {
        var clean = PqrsFiles.Name(name);
        if (size <= 0) return new Error("document.empty", null, clean);
        if (size > LargestSize) return new Error("document.large", null, clean, (int)(LargestSize / (1024 * 1024)));
        return Endings.Contains(Path.GetExtension(clean), StringComparer.OrdinalIgnoreCase)
            ? null : new Error("document.kind", null, clean);
    }
}
