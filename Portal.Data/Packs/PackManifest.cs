using System.Text.Json;

namespace Portal.Data.Packs;

/// <summary>A pack cannot be made, is not what was signed, or cannot be taken in; the message is for who runs the machine.</summary>
public sealed class PackException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a pack says of itself; the signature is over its bytes. Times are UTC.</summary>
/// <param name="Format">1; another is of another version of the portal.</param>
/// <param name="Building">As its settings call it.</param>
/// <param name="Schema">Number of the last migration of the database it was made of.</param>
/// <param name="Server">Kind and version of the server it came from; any kind takes it in.</param>
/// <param name="LeftOut">Tables that belong to the installation and not to the building, with the reason.</param>
/// <param name="Books">Pesos and counts of the ledger and the accounts: they must come out the same.</param>
/// <param name="BooksAgree">Whether the books agreed with themselves when the pack was made.</param>
public sealed record PackManifest(
    int Format, string Building, int Schema, string Server, string MadeBy, DateTime MadeAt, IReadOnlyList<PackedTable> Tables,
    IReadOnlyDictionary<string, string> LeftOut, IReadOnlyDictionary<string, decimal> Books, bool BooksAgree,
    IReadOnlyList<PackedFile> Files)
{
    public const int ThisFormat = 1;

    public const string FileName = "manifest.json", Signature = "manifest.sig", Signer = "signer.pem";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public long Rows => Tables.Sum(t => t.Rows);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="PackException">It cannot be read.</exception>
    public static PackManifest Read(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<PackManifest>(text, Json) is { Format: ThisFormat } manifest
                ? manifest
                : throw new PackException("The pack is of another version of the portal: take it in with that one.");
        }
        catch (JsonException damaged)
        {
            throw new PackException("The pack's manifest cannot be read: it is damaged.", damaged);
        }
    }
}

/// <param name="Columns">In their order; columns that the database works out are not among them.</param>
/// <param name="Hash">SHA-256 of all rows in the order of their key, the same on every server: see <see cref="PackRows"/>.</param>
public sealed record PackedTable(string Name, IReadOnlyList<string> Columns, long Rows, string Hash);

/// <param name="Path">Within the pack, with slashes.</param>
public sealed record PackedFile(string Path, long Bytes, string Sha256);
