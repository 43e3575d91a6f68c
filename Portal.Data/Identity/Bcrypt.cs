using System.Security.Cryptography;
using System.Text;
using Library = BCrypt.Net.BCrypt;

namespace Portal.Data.Identity;

/// <summary>
/// bcrypt as it is written in a password column: <c>$2b$11$</c>, 22 characters of salt, 31 of hash. The prefixes 2a, 2b and 2y name the
/// same computation (y is PHP's, b is OpenBSD's and Python's); 2x, the defective one, is not accepted. BCrypt.Net computes; what it is
/// given is narrowed here, because it would take 2x and any cost, and refuse what older systems wrote.
/// <para>
/// bcrypt reads 72 bytes. A longer password goes through SHA-384 first, and its hash is written as <c>$sha384$2b$11$…</c>: it is whole.
/// A longer one that an older system cut is recognised as it was set, and made again (<see cref="IsCut"/>).
/// </para>
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

    private const string Long = "$sha384";

    public static string Hash(string password, int cost)
    {
        var salt = Library.GenerateSalt(cost, 'b');
        return IsLong(password) ? Long + Library.HashPassword(Shortened(password), salt) : Library.HashPassword(password, salt);
    }

    /// <summary>Whether a stored hash tells of no more than the first 72 bytes of this password.</summary>
    public static bool IsCut(string stored, string password) => IsLong(password) && !stored.StartsWith(Long, StringComparison.Ordinal);

    /// <summary>The cost a stored hash was made with; null where it is no bcrypt hash.</summary>
    public static int? CostOf(string? stored)
    {
        if (stored?.StartsWith(Long, StringComparison.Ordinal) == true) stored = stored[Long.Length..];
        if (stored is not { Length: HeadLength + SaltLength + HashLength }) return null;
        if (stored[..3] is not ("$2a" or "$2b" or "$2y") || stored[3] != '$' || stored[6] != '$') return null;
        if (!char.IsAsciiDigit(stored[4]) || !char.IsAsciiDigit(stored[5])) return null;
        if (stored.AsSpan(HeadLength).ContainsAnyExcept(Alphabet)) return null;
        var cost = (stored[4] - '0') * 10 + (stored[5] - '0');
        return cost is >= LowestCost and <= HighestCost ? cost : null;
    }

    public static bool Verify(string stored, string password)
    {
        if (CostOf(stored) is null) return false;
        if (!stored.StartsWith(Long, StringComparison.Ordinal)) return Library.Verify(password, Canonical(stored));
        return Library.Verify(Shortened(password), Canonical(stored[Long.Length..]));
    }

    private static bool IsLong(string password) => Encoding.UTF8.GetByteCount(password) > LongestPassword;

    /// <summary>64 letters, none of them a zero byte, at which some implementations stop.</summary>
    private static string Shortened(string password) => Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(password)));

    /// <summary>
    /// The last letter of the salt has four bits that mean nothing, that of the hash two. Some systems wrote them as chance had it;
    /// BCrypt.Net compares text and writes them as zeros.
    /// </summary>
    private static string Canonical(string stored)
    {
        var letters = stored.ToCharArray();
        Clear(HeadLength + SaltLength - 1, 4);
        Clear(letters.Length - 1, 2);
        return new string(letters);

        void Clear(int at, int bits) => letters[at] = Alphabet[Alphabet.IndexOf(letters[at], StringComparison.Ordinal) >> bits << bits];
    }
}
