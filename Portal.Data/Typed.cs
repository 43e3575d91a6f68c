namespace Portal.Data;

/// <summary>What people type, before it is kept.</summary>
internal static class Typed
{
    /// <summary>Without the spaces around it; null where nothing else was typed, so that a column says so in one way.</summary>
    public static string? TrimToNull(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
