using System.Security.Cryptography;

namespace Portal.Data.Operations;

/// <summary>
/// What a document carries so that anybody can ask the portal whether it is genuine: <c>7F3K-92QD</c>, forty random bits.
/// </summary>
internal static class VerificationCode
{
    /// <summary>Letters and digits that are not taken for each other on paper.</summary>
    internal const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    private const int Half = 4;

    public static string New()
    {
        var code = RandomNumberGenerator.GetString(Letters, 2 * Half);
        return $"{code[..Half]}-{code[Half..]}";
    }

    /// <summary>
    /// The code out of what a scanner types: it reads the address in the QR code, and a scanner that is set to another keyboard types other
    /// signs between letters and digits.
    /// </summary>
    /// <returns>Null where there is none.</returns>
    public static string? Scanned(string typed)
    {
        const string Name = "code";
        var at = typed.LastIndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return Read(at < 0 ? typed : typed[(at + Name.Length)..]);
    }

    /// <summary>The code as it is stored, from what a person typed: small letters, spaces and a missing dash are forgiven.</summary>
    /// <returns>Null where it cannot be a code.</returns>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Length > 40) return null;
        var code = string.Concat(typed.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return code.Length == 2 * Half && code.All(char.IsAscii) ? $"{code[..Half]}-{code[Half..]}" : null;
    }
}
