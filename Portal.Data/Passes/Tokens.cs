using System.Text.RegularExpressions;

namespace Portal.Data.Passes;

/// <summary>The secret of a pass's address, <c>/p/…</c>, which its QR shows.</summary>
internal static partial class Tokens
{
    /// <summary>The 32 hexadecimal digits at the end of what was scanned; null where there are none.</summary>
    public static string? Read(string? scanned) =>
        scanned is not null && Shape().Match(scanned.Trim()) is { Success: true } found ? found.Groups[1].Value.ToLowerInvariant() : null;

    // A scanner with another keyboard's layout writes other signs for : and /.
    [GeneratedRegex("(?:^|[^0-9a-fA-F])([0-9a-fA-F]{32})$")]
    private static partial Regex Shape();
}
