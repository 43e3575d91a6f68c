using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Data.Backups;

internal delegate void SeesLine(ReadOnlySpan<byte> beginning);

/// <summary>A dump, read line by line; lines of data may be as long as a file and are never held whole.</summary>
internal static partial class DumpLines
{
    /// <summary>What a dump that came to its end ends with.</summary>
    public const string End = "-- Dump completed";

    private const int Beginning = 64, Piece = 128 * 1024;

    /// <summary>Shows the first bytes of each line.</summary>
    public static async Task ReadAsync(Stream from, SeesLine sees, CancellationToken ct)
    {
        var (buffer, line) = (new byte[Piece], new byte[Beginning]);
        var held = 0;
        for (int read; (read = await from.ReadAsync(buffer, ct)) > 0;)
        {
            for (var at = 0; at < read;)
            {
                var end = buffer.AsSpan(at, read - at).IndexOf((byte)'\n');
                var length = end < 0 ? read - at : end;
                var taken = Math.Min(length, Beginning - held);
                buffer.AsSpan(at, taken).CopyTo(line.AsSpan(held));
                held += taken;
                at += length;
                if (end < 0) continue;
                sees(line.AsSpan(0, held));
                held = 0;
                at++;
            }
        }

        if (held > 0) sees(line.AsSpan(0, held));
    }

    /// <summary>
    /// Copies a dump as it can be loaded under any account and name: who made a trigger, a view, a routine (DEFINER) need not exist here,
    /// so it belongs to whoever loads it; a line that would alter the database of the original is turned to the new one. Lines of data are
    /// not touched: none begins so.
    /// </summary>
    public static async Task CopyForAsync(Stream from, Stream to, string database, CancellationToken ct)
    {
        var buffer = new byte[Piece];
        var held = new List<byte>(Beginning);
        var (beginning, whole) = (true, false);
        for (int read; (read = await from.ReadAsync(buffer, ct)) > 0;)
        {
            for (var at = 0; at < read;)
            {
                if (beginning || whole)
                {
                    // Held until it is known what the line is; one that is changed, until its end.
                    var next = buffer[at++];
                    held.Add(next);
                    if (next == '\n')
                    {
                        await to.WriteAsync(whole || IsChanged(held) ? Changed(held, database) : [.. held], ct);
                        held.Clear();
                        (beginning, whole) = (true, false);
                    }
                    else if (beginning && held.Count == 24)
                    {
                        beginning = false;
                        whole = IsChanged(held);
                        if (whole) continue;
                        await to.WriteAsync((byte[])[.. held], ct);
                        held.Clear();
                    }

                    continue;
                }

                var end = buffer.AsSpan(at, read - at).IndexOf((byte)'\n');
                var length = end < 0 ? read - at : end + 1;
                await to.WriteAsync(buffer.AsMemory(at, length), ct);
                at += length;
                beginning = end >= 0;
            }
        }

        if (held.Count > 0) await to.WriteAsync((byte[])[.. held], ct);
    }

    private static bool IsChanged(List<byte> beginning) => Changing().IsMatch(Encoding.Latin1.GetString([.. beginning]));

    private static byte[] Changed(List<byte> line, string database)
    {
        var text = Encoding.Latin1.GetString([.. line]);
        text = Definer().Replace(text, "", 1);
        var name = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(database.Replace("`", "``", StringComparison.Ordinal)));
        text = AlteredDatabase().Replace(text, m => $"{m.Groups[1].Value}`{name}`", 1);
        return Encoding.Latin1.GetBytes(text);
    }

    // Within the first 24 bytes: /*!50003 CREATE*/, /*!50013 DEFINER=..., CREATE DEFINER=..., ALTER DATABASE.
    [GeneratedRegex(@"^(/\*!\d{5,6} (CREATE|DEFINER)|CREATE DEFINER|ALTER DATABASE)", RegexOptions.CultureInvariant)]
    private static partial Regex Changing();

    [GeneratedRegex(@"DEFINER\s*=\s*`(?:[^`]|``)*`@`(?:[^`]|``)*`", RegexOptions.CultureInvariant)]
    private static partial Regex Definer();

    [GeneratedRegex(@"^((?:/\*!\d{5,6} )?ALTER DATABASE )`(?:[^`]|``)*`", RegexOptions.CultureInvariant)]
    private static partial Regex AlteredDatabase();
}
