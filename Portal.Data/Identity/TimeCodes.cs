using System.Security.Cryptography;
using OtpNet;

namespace Portal.Data.Identity;

/// <summary>
/// The codes of an authenticator app: six digits from a secret and the time, new every 30 s (TOTP, RFC 6238, SHA-1, as every app has it). A
/// clock may be one interval off in either direction.
/// </summary>
public static class TimeCodes
{
    public const int Digits = 6;

    /// <summary>As long as the hash: RFC 4226 recommends 160 bits.</summary>
    private const int SecretBytes = 20;

    /// <summary>A new secret, in the letters that apps take (base 32).</summary>
    public static string NewSecret() => Base32Encoding.ToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The secret in groups of four, to be typed.</summary>
    public static string Grouped(string secret) => string.Join(' ', secret.Chunk(4).Select(part => new string(part)));

    /// <summary>What an app reads out of the square: <c>otpauth://totp/…</c> (Google's key URI format).</summary>
    public static string Address(string issuer, string account, string secret)
    {
        // A colon parts the two in the label.
        var (who, what) = (Uri.EscapeDataString(issuer.Replace(":", " ", StringComparison.Ordinal)), Uri.EscapeDataString(account));
        return $"otpauth://totp/{who}:{what}?secret={secret}&issuer={who}&algorithm=SHA1&digits={Digits}&period=30";
    }

    /// <summary>The code of a moment (UTC).</summary>
    public static string At(string secret, DateTime now) => new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(now);

    /// <summary>The interval whose code was typed, at most one off; null: it is none of the three. Spaces do not matter.</summary>
    public static long? StepOf(string secret, string? typed, DateTime now)
    {
        var code = string.Concat((typed ?? "").Where(c => !char.IsWhiteSpace(c) && c != '-'));
        if (code.Length != Digits || !code.All(char.IsAsciiDigit)) return null;
        var totp = new Totp(Base32Encoding.ToBytes(secret));
        return totp.VerifyTotp(now, code, out var step, new VerificationWindow(previous: 1, future: 1)) ? step : null;
    }
}

/// <summary>Ten codes for who has lost the app: 120 random bits each, kept as SHA-256.</summary>
public static class RecoveryCodes
{
    public const int Count = 10;

    /// <summary>At so few the person is asked to make new ones.</summary>
    public const int Few = 3;

    /// <summary>Without I, L, O and U, which are confused or make words; 32 of them are 5 bits each.</summary>
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int Length = 24;

    /// <summary>Such as <c>K7QM3X-TP9WDC-0A1B2C-D3E4F5</c>.</summary>
    internal static string New() =>
        string.Join('-', RandomNumberGenerator.GetString(Letters, Length).Chunk(6).Select(part => new string(part)));

    /// <summary>Whether what was typed can be such a code at all; one of the app is shorter.</summary>
    internal static bool LooksLike(string? typed) => (typed ?? "").Count(char.IsLetterOrDigit) == Length;

    internal static string HashOf(string? typed) => OneTimeCodes.HashOf(typed);
}
