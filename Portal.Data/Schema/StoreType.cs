using System.Text.RegularExpressions;

namespace Portal.Data.Schema;

/// <summary>Column types as both servers mean them: one spelling for what MariaDB and MySQL print differently
/// (<c>int(11)</c> and <c>int</c>, <c>boolean</c> and <c>tinyint(1)</c>, blanks in an enum's list).</summary>
internal static partial class StoreType
{
    public static string Normalise(string type)
    {
        var text = type.Trim();
        if (text.StartsWith("enum", StringComparison.OrdinalIgnoreCase) || text.StartsWith("set", StringComparison.OrdinalIgnoreCase))
        {
            return text[..text.IndexOf('(')].ToLowerInvariant().TrimEnd()
                + "("
                + string.Join(',', Values(text).Select(value => $"'{value}'"))
                + ")";
        }
        text = Blanks().Replace(text.ToLowerInvariant(), " ").Replace(", ", ",", StringComparison.Ordinal);
        text = text switch
        {
            "boolean" or "bool" => "tinyint(1)",
            "integer" => "int",
            "double precision" => "double",
            _ => text,
        };
        text = text.Replace("integer", "int", StringComparison.Ordinal).Replace("numeric", "decimal", StringComparison.Ordinal);
        text = text.StartsWith("tinyint(1)", StringComparison.Ordinal) ? text : DisplayWidth().Replace(text, "$1");
        return text.Replace("(0)", "", StringComparison.Ordinal);
    }

    /// <summary>The words of an <c>enum('a','b')</c>, still escaped as written.</summary>
    public static IReadOnlyList<string> Values(string type) => [.. Word().Matches(type).Select(match => match.Groups[1].Value)];

    /// <summary>The name before the bracket, and the numbers in it: <c>decimal(10,2)</c> is (decimal, 10, 2).</summary>
    public static (string Name, int First, int Second) Parts(string normalised)
    {
        var match = Shape().Match(normalised);
        return (match.Groups[1].Value, Number(match.Groups[2]), Number(match.Groups[3]));
        static int Number(Group group) =>
            group.Success ? int.Parse(group.ValueSpan, provider: System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(tinyint|smallint|mediumint|int|bigint)\(\d+\)")]
    private static partial Regex DisplayWidth();

    [GeneratedRegex(@"'((?:[^']|'')*)'")]
    private static partial Regex Word();

    [GeneratedRegex(@"^([a-z]+)(?:\((\d+)(?:,(\d+))?\))?")]
    private static partial Regex Shape();
}
