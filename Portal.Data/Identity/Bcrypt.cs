using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace Portal.Data.Identity;

/// <summary>
/// bcrypt as it is written in a password column: <c>$2b$11$</c>, 22 characters of salt, 31 of hash. The prefixes 2a, 2b and 2y name the
/// same
/// computation (y is PHP's, b is OpenBSD's and Python's); 2x, the defective one, is not accepted. The function itself is Bouncy Castle's;
/// its own
/// parser is not used because it refuses salts with spare bits set, which older systems wrote.
/// </summary>
internal static class Bcrypt
{
    /// <summary>bcrypt reads no further: what comes after in a longer password is ignored by every implementation.</summary>
    public const int LongestPassword = 72;

    public const int LowestCost = 4;

    /// <summary>A hash that claims more would hold a processor for minutes; it is treated as unreadable.</summary>
    public const int HighestCost = 18;

    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int SaltLength = 22;
    private const int HashLength = 31;
    private const int HeadLength = 7;

    public static string Hash(string password, int cost)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = BCrypt.Generate(Input(password), salt, cost);
        return $"$2b${cost:00}${Encode(salt, SaltLength)}{Encode(hash.AsSpan(0, 23), HashLength)}";
    }

    /// <summary>The cost a stored hash was made with; null where it is no bcrypt hash.</summary>
    public static int? CostOf(string? stored)
    {
        if (stored is not { Length: HeadLength + SaltLength + HashLength }) return null;
        if (stored[..3] is not ("$2a" or "$2b" or "$2y") || stored[3] != '$' || stored[6] != '$') return null;
        if (!char.IsAsciiDigit(stored[4]) || !char.IsAsciiDigit(stored[5])) return null;
        if (stored.AsSpan(HeadLength).ContainsAnyExcept(Alphabet)) return null;
        var cost = (stored[4] - '0') * 10 + (stored[5] - '0');
        return cost is >= LowestCost and <= HighestCost ? cost : null;
    }

    public static bool Verify(string stored, string password)
    {
        if (CostOf(stored) is not { } cost) return false;
        var salt = Decode(stored.AsSpan(HeadLength, SaltLength), 16);
        var expected = Decode(stored.AsSpan(HeadLength + SaltLength, HashLength), 23);
        var actual = BCrypt.Generate(Input(password), salt, cost);
        return CryptographicOperations.FixedTimeEquals(expected, actual.AsSpan(0, 23));
    }

    private static byte[] Input(string password)
    {
        // The final zero byte is part of the computation, where there is room for it.
        var bytes = Encoding.UTF8.GetBytes(password + "\0");
        return bytes.Length <= LongestPassword ? bytes : bytes[..LongestPassword];
    }

    private static string Encode(ReadOnlySpan<byte> bytes, int length)
    {
        var text = new StringBuilder(length);
        int buffer = 0, bits = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8 | value) & 0xFFFF;
            for (bits += 8; bits >= 6; bits -= 6) text.Append(Alphabet[buffer >> (bits - 6) & 63]);
        }

        if (bits > 0) text.Append(Alphabet[buffer << (6 - bits) & 63]);
        return text.ToString();
    }

    private static byte[] Decode(ReadOnlySpan<char> text, int length)
    {
        var bytes = new byte[length];
        int buffer = 0, bits = 0, written = 0;
        foreach (var letter in text)
        {
            buffer = (buffer << 6 | Alphabet.IndexOf(letter, StringComparison.Ordinal)) & 0xFFFF;
            bits += 6;
            if (bits < 8 || written == length) continue;
            bits -= 8;
            bytes[written++] = (byte)(buffer >> bits);
        }

        return bytes;
    }
}
