using System.Globalization;
using System.Text;

namespace Portal.Documents.Calendars;

/// <summary>
/// Writes the lines of an iCalendar file (RFC 5545): UTF-8, ended by CR LF, folded after 75 octets without cutting a character, text
/// escaped.
/// </summary>
internal sealed class IcsLines
{
    /// <summary>The longest line in octets, without its end (RFC 5545, 3.1).</summary>
    private const int Longest = 75;

    private readonly StringBuilder text = new();

    public void Begin(string component) => Line("BEGIN:" + component);

    public void End(string component) => Line("END:" + component);

    /// <summary>A property whose value is free text; left out where there is none.</summary>
    public void Text(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) Line($"{name}:{Escaped(value)}");
    }

    /// <summary>An instant in UTC.</summary>
    public void Instant(string name, DateTime utc) => Line($"{name}:{Local(utc)}Z");

    /// <summary>A wall-clock time of a zone.</summary>
    public void Wall(string name, string zone, DateTime wall) => Line($"{name};TZID={zone}:{Local(wall)}");

    /// <summary>A line that needs no escaping.</summary>
    public void Line(string line)
    {
        var room = Longest;
        foreach (var letter in line.EnumerateRunes())
        {
            if (letter.Utf8SequenceLength > room)
            {
                // The space that begins a continued line counts as well.
                text.Append("\r\n ");
                room = Longest - 1;
            }

            text.Append(letter.ToString());
            room -= letter.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(text.ToString());

    internal static string Local(DateTime time) => time.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    /// <summary>
    /// Backslash, comma, semicolon and line ends are written with a backslash (3.3.11); other control signs may not stand in a file.
    /// </summary>
    private static string Escaped(string value)
    {
        var safe = new StringBuilder(value.Length + 8);
        foreach (var letter in value.Trim().ReplaceLineEndings("\n"))
        {
            if (letter == '\n') safe.Append("\\n");
            else if (letter is '\\' or ',' or ';') safe.Append('\\').Append(letter);
            else if (letter == '\t' || !char.IsControl(letter)) safe.Append(letter);
        }

        return safe.ToString();
    }
}
