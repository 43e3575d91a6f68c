using System.Text.RegularExpressions;

namespace Portal.Data.Operations;

/// <summary>
/// What a log may say of an exception. The database server quotes values of rows in its messages ("Duplicate entry 'maria@…' for key"), and
/// those may be a person's name, mail or document.
/// </summary>
public static partial class SafeText
{
    /// <summary>As <see cref="Exception.ToString"/>, without the values.</summary>
    public static string Of(Exception exception) => Of(exception.ToString());

    public static string Of(string text) => Quoted().Replace(text, "${before}'…'");

    [GeneratedRegex(
        @"(?<before>Duplicate entry |(?:Incorrect|Truncated incorrect) [\w ()]+ value: |Out of range value for column '[^']*' at row \d+: )'(?:[^']|'(?! for | at |$|\.|\r|\n))*'",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
