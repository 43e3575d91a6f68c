using System.Security.Cryptography;

namespace Portal.Data.Operations;

/// <summary>What a document carries so that anybody can ask the portal whether it is genuine: <c>7F3K-92QD</c>, forty random bits.</summary>
internal static class VerificationCode
{
    /// <summary>Letters and digits that are not taken for each other on paper.</summary>
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    public static string New()
    {
        var code = RandomNumberGenerator.GetString(Letters, 8);
        return $"{code[..4]}-{code[4..]}";
    }
}
