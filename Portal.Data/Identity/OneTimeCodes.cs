using System.Security.Cryptography;
using System.Text;

namespace Portal.Data.Identity;

/// <summary>
/// Codes that the office hands out on paper or by word: sixty random bits in letters that are not confused, kept only as a hash.
/// </summary>
internal static class OneTimeCodes
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    private const int Length = 12;

    /// <summary>Such as <c>K7QM-3XTP-9WDC</c>.</summary>
    public static string New() => Group(RandomNumberGenerator.GetString(Letters, Length));

    /// <summary>How it is kept; written with or without dashes, spaces and capitals it is the same code.</summary>
    public static string HashOf(string? code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Plain(code))));

    /// <summary>Compared without telling by time how much of it was right.</summary>
    public static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(one)), Encoding.ASCII.GetBytes(HashOf(other)));

    private static string Group(string code) => string.Join('-', code.Chunk(4).Select(part => new string(part)));

    private static string Plain(string? code) => string.Concat((code ?? "").Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant));
}
